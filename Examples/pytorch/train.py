"""Trains on handwritten digits in PyTorch and records it, in three lines more than without (the import, `with`, `step`).

    python3 train.py run.jsonl.gz && gradcheck report run.jsonl.gz
    python3 train.py run.jsonl.gz --deep && gradcheck report run.jsonl.gz

With --deep it is twelve layers of sigmoids, through which no gradient comes to the first.
"""

import collections
import csv
import gzip
import pathlib
import sys

import torch
from torch import nn

ROOT = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "Recorders" / "pytorch"))  # Not needed where gradtrace.py lies beside your script.
from gradtrace import record  # noqa: E402

STEPS, BATCH = 200, 64


def digits():
    """The pixels of each image, standardized, and which digit it shows."""
    with gzip.open(ROOT / "Examples" / "data" / "digits.csv.gz", "rt") as file:
        rows = torch.tensor([[float(cell) for cell in row] for row in csv.reader(file)])
    pixels, classes = rows[:, :-1], rows[:, -1].long()
    return (pixels - pixels.mean(0)) / pixels.std(0).clamp(min=1e-6), classes


def network(*widths, activation):
    """Dense layers with activations between them, all with names: those by which a report speaks of them."""
    layers = collections.OrderedDict()
    for number, (inputs, units) in enumerate(zip(widths, widths[1:]), 1):
        layers[f"dense{number}"] = nn.Linear(inputs, units)
        layers[f"activation{number}"] = activation()
    layers.popitem()
    return nn.Sequential(layers)


def main(path, *options):
    torch.manual_seed(1)
    pixels, classes = digits()
    is_deep = "--deep" in options
    model = network(*[64] * 13, 10, activation=nn.Sigmoid) if is_deep else network(64, 32, 32, 10, activation=nn.ReLU)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    loss_function = nn.CrossEntropyLoss()
    run = {"plannedSteps": STEPS, "examplesPerEpoch": len(classes)}  # Optional, as is `every`.
    with record(model, optimizer, path, every=5 if is_deep else 1, **run) as step:
        for _ in range(STEPS):
            batch = torch.randint(len(classes), (BATCH,))
            loss = loss_function(model(pixels[batch]), classes[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            step(loss)
    print(f"loss of the last batch {loss.item():.3f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
