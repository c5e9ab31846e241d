"""Compares `gradcheck check --exhaustive` with torch.autograd.gradcheck, every entry of every gradient, and writes a table.

python check.py GRADCHECK [--output FILE]

Both check the gradient of the mean softmax cross-entropy by all parameters, in double precision, with one thread.
PyTorch's time is that of its check alone, per parameter (of LeNet-5 over its convolutions and its last layer, since all
would take a minute); ours is that of the whole process, and of it what remains without a process that says its version.
Fastest of 5 runs, of PyTorch's of 2.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy
import torch
from torch import nn

from workloads import lenet

TANH = {
    "tanh 64-32-10": [64, 32, 10],
    "tanh 64-128-64-10": [64, 128, 64, 10],
}


def tanh_net(sizes):
    layers = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        layers += [nn.Linear(inputs, outputs), nn.Tanh()]
    return nn.Sequential(*layers[:-1])


def tanh_model(sizes):
    lines = ["model:", f"  input: [{sizes[0]}]", "  layers:"]
    for units in sizes[1:-1]:
        lines += [f"    - dense: {units}", "    - tanh"]
    return "\n".join(lines + [f"    - dense: {sizes[-1]}", "loss: softmax-cross-entropy", ""])


LENET_MODEL = """\
model:
  input: [1, 28, 28]
  layers:
    - convolution-2d: {channels: 6, kernel: 5, padding: 2}
    - relu
    - max-pool-2d: 2
    - convolution-2d: {channels: 16, kernel: 5}
    - relu
    - max-pool-2d: 2
    - flatten
    - dense: 120
    - relu
    - dense: 84
    - relu
    - dense: 10
loss: softmax-cross-entropy
"""


def peer_seconds(net, features, classes, checked):
    """Seconds per parameter of PyTorch's check of the parameters whose names `checked` accepts."""
    net = net.double()
    names = [name for name, _ in net.named_parameters() if checked(name)]
    values = [dict(net.named_parameters())[name].detach().clone().requires_grad_() for name in names]

    def loss(*values):
        outputs = torch.func.functional_call(net, dict(zip(names, values)), (features,))
        return nn.functional.cross_entropy(outputs, classes)

    def seconds():
        start = time.perf_counter()
        torch.autograd.gradcheck(loss, values)
        return time.perf_counter() - start

    return min(seconds() for _ in range(2)) / sum(value.numel() for value in values)


def process_seconds(command):
    def seconds():
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - start

    return min(seconds() for _ in range(5))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("gradcheck", type=pathlib.Path)
    parser.add_argument("--output", type=pathlib.Path)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)
    random = numpy.random.default_rng(1)
    everything = lambda name: True
    tasks = [(title, tanh_net(sizes), tanh_model(sizes), (sizes[0],), 16, everything) for title, sizes in TANH.items()]
    small = lambda name: name[0] in "03" or name.startswith("11")
    tasks.append(("LeNet-5", lenet(), LENET_MODEL, (1, 28, 28), 4, small))

    rows = [
        "| network | parameters | examples | PyTorch, ms a parameter | ours, all entries | limit | ours, finite differences | limit |",
        "|---|---|---|---|---|---|---|---|",
    ]
    start = process_seconds([options.gradcheck, "--version"])
    for title, net, model, shape, examples, checked in tasks:
        print(title, "…", file=sys.stderr)
        features = random.standard_normal((examples, *shape))
        classes = random.integers(0, 10, examples)
        count = sum(value.numel() for value in net.parameters())
        peer = peer_seconds(net, torch.tensor(features), torch.tensor(classes), checked)
        cells = []
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder)
            (path / "model.yaml").write_text(model)
            numpy.savez(path / "batch.npz", input=features, target=classes)
            command = [options.gradcheck, "check", path / "model.yaml", "--batch", path / "batch.npz",
                       "--threads", "1", "--exhaustive", "--method"]
            for method, limit in [("dual", 20 if title == "LeNet-5" else 100), ("finite-difference", 20)]:
                if title == "LeNet-5" and method != "dual":
                    cells += ["", ""]
                    continue
                seconds = process_seconds([*command, method])
                cells.append(f"{seconds:.3f} s, {peer * count / seconds:.0f} times as fast "
                             f"({peer * count / (seconds - start):.0f} without starting)")
                cells.append(f"{limit}")
        rows.append(f"| {title} | {count:,} | {examples} | {peer * 1e3:.3f} | " + " | ".join(cells) + " |")
    table = "\n".join(rows) + "\n"
    if options.output:
        options.output.write_text(table)
    print(table)


if __name__ == "__main__":
    main()
