"""What `gradcheck run` does with the digits, as a script for PyTorch and matplotlib: train, watch, draw, report.

python digits.py DATA.csv.gz FOLDER

Trains 64-128-10 for ten epochs, records gradient, update and activity of every layer at every step by hooks, and
writes four charts and a page into FOLDER.
"""

import pathlib
import sys

import matplotlib

matplotlib.use("Agg")

import numpy
import torch
from matplotlib import pyplot
from torch import nn

EPOCHS = 10
BATCH = 64


def load(path):
    """The digits, standardized as their training part is: training and test part."""
    rows = numpy.loadtxt(path, delimiter=",", dtype=numpy.float32)
    numpy.random.default_rng(1).shuffle(rows)
    inputs, classes = rows[:, :-1], rows[:, -1].astype(int)
    count = int(0.7 * len(rows))
    mean, deviation = inputs[:count].mean(0), inputs[:count].std(0)
    inputs = (inputs - mean) / numpy.where(deviation > 0, deviation, 1)
    inputs, classes = torch.from_numpy(inputs), torch.from_numpy(classes)
    return (inputs[:count], classes[:count]), (inputs[count:], classes[count:])


class Recorder:
    """What every layer did at every step."""

    def __init__(self, network):
        self.network = network
        self.losses, self.deltas, self.updates, self.silent = [], {}, {}, []
        for name, layer in network.named_children():
            if isinstance(layer, nn.Linear):
                layer.register_forward_hook(self.delta(name))
            if isinstance(layer, nn.ReLU):
                layer.register_forward_hook(self.activity)

    def delta(self, name):
        def record(delta):
            self.deltas.setdefault(name, []).append(delta.square().mean().sqrt().item())

        def watch(layer, inputs, output):
            if output.requires_grad:
                output.register_hook(record)

        return watch

    def activity(self, layer, inputs, output):
        self.silent.append((output == 0).all(0).float().mean().item())

    def step(self, optimizer, loss):
        before = [p.detach().clone() for p in self.network.parameters()]
        optimizer.step()
        self.losses.append(loss.item())
        for (name, p), old in zip(self.network.named_parameters(), before):
            ratio = (p.detach() - old).norm() / old.norm().clamp_min(1e-12)
            self.updates.setdefault(name, []).append(ratio.item())


def chart(path, title, series, logarithmic=True):
    figure, axes = pyplot.subplots(figsize=(12, 6.75), dpi=100)
    for name, values in series.items():
        axes.plot(values, label=name)
    if logarithmic:
        axes.set_yscale("log")
    axes.set_title(title)
    axes.set_xlabel("step")
    axes.legend()
    figure.savefig(path)
    pyplot.close(figure)


def main():
    data, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(1)
    (inputs, classes), (test_inputs, test_classes) = load(data)
    network = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 10))
    optimizer = torch.optim.SGD(network.parameters(), lr=0.1, momentum=0.9, weight_decay=0.003)
    loss_function = nn.CrossEntropyLoss()
    recorder = Recorder(network)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(inputs)).split(BATCH):
            optimizer.zero_grad(set_to_none=True)
            loss = loss_function(network(inputs[batch]), classes[batch])
            loss.backward()
            recorder.step(optimizer, loss)
    with torch.no_grad():
        accuracy = (network(test_inputs).argmax(1) == test_classes).float().mean().item()
    chart(folder / "loss.png", "Loss", {"training": recorder.losses})
    chart(folder / "delta.png", "RMS of δ by layer", recorder.deltas)
    chart(folder / "update.png", "Update : weight", recorder.updates)
    chart(folder / "silent.png", "Silent units", {"relu": recorder.silent}, logarithmic=False)
    (folder / "report.md").write_text(
        f"# Digits\n\nTest accuracy {accuracy:.1%}, last loss {recorder.losses[-1]:.4f}.\n\n"
        + "\n".join(f"![]({name}.png)" for name in ("loss", "delta", "update", "silent"))
    )


if __name__ == "__main__":
    main()
