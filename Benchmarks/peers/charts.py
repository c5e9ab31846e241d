"""Draws six charts of a long run with matplotlib and with ours, both from figures in memory, and writes a table.

python charts.py CHARTS [--repeats N] [--output FILE]

CHARTS is the program of Sources/charts. The run has 10,000 steps and 50 layers of 64 units, windows of 50 steps; each chart
is drawn at 1200 × 675 and written as PNG. The fastest of 5 counts. What matplotlib draws it is handed as arrays; ours reads
the steps first, which is counted too.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import matplotlib

matplotlib.use("Agg")

import numpy
from matplotlib import pyplot
from matplotlib.colors import ListedColormap

STEPS, LAYERS, UNITS, WINDOW = 10_000, 50, 64, 50
WINDOWS = STEPS // WINDOW
BINS = 64
AT_LEAST = 10


class Run:
    """The figures of a run, as Sources/charts has them."""

    def __init__(self):
        random = numpy.random.default_rng(1)
        self.steps = numpy.arange(STEPS)
        self.loss = 0.05 + 2.25 * numpy.exp(-self.steps / 800) * numpy.exp(0.1 * random.standard_normal(STEPS))
        decades = -4 + 0.03 * numpy.arange(LAYERS) + 0.1 * random.standard_normal((STEPS, LAYERS))
        self.delta = 10**decades
        self.ratio = 10 ** (-3 + 0.1 * random.standard_normal((STEPS, LAYERS)))
        ends = (numpy.arange(UNITS) + 1) * STEPS / UNITS
        dies = numpy.where(numpy.arange(UNITS) < UNITS / 4, ends, STEPS)
        self.dead = (numpy.arange(WINDOWS) * WINDOW)[None, :] >= dies[:, None]
        exponents = numpy.arange(BINS) - 48
        self.histogram = numpy.tile(3000 * numpy.exp(-0.5 * (exponents + 1.0) ** 2), (LAYERS, 1))
        self.exponents = exponents


def loss(run, axes):
    axes.plot(run.steps, run.loss, alpha=0.3)
    smooth = numpy.convolve(run.loss, numpy.ones(50) / 50, mode="same")
    axes.plot(run.steps, smooth)
    axes.set(xlabel="step", ylabel="loss", yscale="log", title="Training loss")


def flow(run, axes):
    last = run.delta[-WINDOW:]
    low, middle, high = numpy.percentile(last, [10, 50, 90], axis=0)
    axes.fill_between(range(LAYERS), low, high, alpha=0.3)
    axes.plot(range(LAYERS), middle, marker="o")
    axes.set(ylabel="δ per example, L2", yscale="log", title="Gradient flow over depth")
    axes.set_xticks(range(LAYERS), [f"dense-{layer + 1}" for layer in range(LAYERS)], rotation="vertical")


def heat_map(run, axes):
    image = axes.imshow(numpy.log10(run.delta).T, aspect="auto", cmap="cividis", interpolation="nearest")
    axes.figure.colorbar(image, label="log10 δ")
    axes.set_yticks(range(LAYERS), [f"dense-{layer + 1}" for layer in range(LAYERS)])
    axes.set(xlabel="step", title="δ by layer and step")


def update_ratio(run, axes):
    for layer in range(LAYERS):
        axes.plot(run.steps, run.ratio[:, layer], linewidth=0.8, label=f"dense-{layer + 1}")
    axes.axhline(1e-3, color="black")
    axes.set(xlabel="step", ylabel="update : weight", yscale="log", title="Update to weight ratio")
    axes.legend(ncols=5, fontsize=6)


def dead_units(run, axes):
    axes.imshow(run.dead, aspect="auto", cmap=ListedColormap(["#CFE5F3", "#222222"]), interpolation="nearest")
    axes.set(xlabel="window", ylabel="unit", title="Dead units of relu-50")


def ridges(run, axes):
    for layer in reversed(range(LAYERS)):
        ridge = layer + 2 * run.histogram[layer] / run.histogram[layer].max()
        axes.fill_between(run.exponents, layer, ridge, zorder=-layer)
        axes.plot(run.exponents, ridge, color="white", linewidth=0.8, zorder=-layer)
    axes.set_yticks(range(LAYERS), [f"relu-{layer + 1}" for layer in range(LAYERS)])
    axes.set(xlabel="log2 |activation|", title="Activations by layer")


# Ours by its id, its title, and matplotlib's.
CHARTS = [
    ("loss", "loss", loss),
    ("gradient-flow", "gradient flow over depth", flow),
    ("delta-map", "heat map of δ, 50 layers", heat_map),
    ("update-ratio", "update : weight of 50 layers", update_ratio),
    ("dead-units", "map of dead units", dead_units),
    ("activation-ridges", "activation ridges, 50 layers", ridges),
]


def draw(chart, run, path):
    """Draws one chart with matplotlib; the milliseconds that it took."""
    began = time.perf_counter()
    figure, axes = pyplot.subplots(figsize=(12, 6.75), dpi=100)
    chart(run, axes)
    figure.savefig(path)
    pyplot.close(figure)
    return 1000 * (time.perf_counter() - began)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("charts", type=pathlib.Path)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--keep", type=pathlib.Path, help="a folder for matplotlib's pictures")
    parser.add_argument("--output", type=pathlib.Path)
    options = parser.parse_args()

    command = [options.charts, STEPS, LAYERS, options.repeats, *(id for id, _, _ in CHARTS)]
    answer = subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout
    ours = json.loads(answer)
    run = Run()
    rows, total = [], 0.0
    with tempfile.TemporaryDirectory() as folder:
        pictures = options.keep or pathlib.Path(folder)
        pictures.mkdir(parents=True, exist_ok=True)
        for id, title, chart in CHARTS:
            if id not in ours:
                print(f"charts: {options.charts.name} has no {id}", file=sys.stderr)
                continue
            theirs = min(draw(chart, run, pictures / f"{id}.png") for _ in range(options.repeats))
            total += theirs
            rows.append(f"| {title} | {theirs:.0f} | {ours[id]:.0f} | {theirs / ours[id]:.1f} |")
    rows.append(f"| reading 10,000 steps | | {ours['gather']:.0f} | |")
    ratio = total / sum(ours.values())
    shown = f"{ratio:.1f}" if ratio >= AT_LEAST else f"**{ratio:.1f}**"
    rows.append(f"| together | {total:.0f} | {sum(ours.values()):.0f} | {shown} (at least {AT_LEAST}) |")
    table = (
        f"Milliseconds; matplotlib {matplotlib.__version__} with Agg, in a process that has started, as ours.\n\n"
        "| chart, 1200 × 675, PNG | matplotlib | ours | times as fast |\n|---|---|---|---|\n" + "\n".join(rows) + "\n"
    )
    if options.output:
        options.output.write_text(table)
    print(table)


if __name__ == "__main__":
    main()
