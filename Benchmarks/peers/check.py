"""Compares `gradcheck check --exhaustive` with torch.autograd.gradcheck, every entry of every gradient, and writes a table.

python check.py CHECK GRADCHECK [--output FILE]

Both check the gradient of the mean softmax cross-entropy by all parameters, in double precision, with one thread, within
a process that has started (CHECK is the benchmark's program); beside that stands the time of the whole command. PyTorch's
time is that per parameter (of LeNet-5 over its convolutions and its last layer, since all would take a minute). Fastest of
50 checks (LeNet-5: 3) and 5 commands, of PyTorch's of 3.
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

    return min(seconds() for _ in range(3)) / sum(value.numel() for value in values)


def process_seconds(command):
    def seconds():
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - start

    return min(seconds() for _ in range(5))


def checked_seconds(program, model, batch, method, repeats):
    command = [program, model, batch, method, str(repeats)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("check", type=pathlib.Path)
    parser.add_argument("gradcheck", type=pathlib.Path)
    parser.add_argument("--output", type=pathlib.Path)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)
    random = numpy.random.default_rng(1)
    everything = lambda name: True
    tasks = [(title, tanh_net(sizes), tanh_model(sizes), (sizes[0],), 16, everything,
              [("dual", 100), ("automatic", None), ("finite-difference", 20)], 50)
             for title, sizes in TANH.items()]
    small = lambda name: name[0] in "03" or name.startswith("11")
    tasks.append(("LeNet-5", lenet(), LENET_MODEL, (1, 28, 28), 4, small, [("dual", 20)], 3))

    rows = [
        "| network | parameters, examples | PyTorch, ms a parameter | oracle | check | times as fast | limit | command |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for title, net, model, shape, examples, checked, methods, repeats in tasks:
        print(title, "…", file=sys.stderr)
        features = random.standard_normal((examples, *shape))
        classes = random.integers(0, 10, examples)
        count = sum(value.numel() for value in net.parameters())
        peer = peer_seconds(net, torch.tensor(features), torch.tensor(classes), checked)
        with tempfile.TemporaryDirectory() as folder:
            path, batch = pathlib.Path(folder) / "model.yaml", pathlib.Path(folder) / "batch.npz"
            path.write_text(model)
            numpy.savez(batch, input=features, target=classes)
            for method, limit in methods:
                seconds = checked_seconds(options.check, path, batch, method, repeats)
                command = process_seconds([options.gradcheck, "check", path, "--batch", batch, "--threads", "1",
                                           "--exhaustive", "--method", method])
                rows.append(f"| {title} | {count:,}, {examples} | {peer * 1e3:.3f} | {method} | {seconds * 1e3:.1f} ms "
                            f"| {peer * count / seconds:.0f} | {limit or ''} | {command * 1e3:.0f} ms |")
    table = "\n".join(rows) + "\n"
    if options.output:
        options.output.write_text(table)
    print(table)


if __name__ == "__main__":
    main()
