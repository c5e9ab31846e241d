"""A training loop that is none of ours, recorded for gradcheck: plain Python, an object a step.

    python3 record.py run.jsonl.gz && gradcheck report run.jsonl.gz

Whatever trains the network, this is all there is to it: a first line that names the layers, then
the statistics of each step. Documentation/trace.md lists them; leave out those that you don't have.

With --uphill a sign is wrong, as easily happens in a loop of one's own: slowly each step climbs.
"""

import csv
import gzip
import json
import math
import pathlib
import random
import sys

DIGITS = pathlib.Path(__file__).parent.parent / "data" / "digits.csv.gz"
UPHILL = "--uphill" in sys.argv
INPUTS, HIDDEN, CLASSES, BATCH, STEPS = 64, 16, 10, 16, 400 if UPHILL else 300
RATE = 0.001 if UPHILL else 0.1


def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


def rms(values):
    return math.sqrt(sum(v * v for v in values) / len(values))


def flat(rows):
    return [v for row in rows for v in row]


def statistics(rows, **more):
    values = flat(rows)
    return {
        "count": len(values),
        "rms": rms(values),
        "max": max(map(abs, values)),
        "zeros": values.count(0),
        "nonFinite": sum(not math.isfinite(v) for v in values),
        **more,
    }


def softmax(logits):
    exponentials = [math.exp(v - max(logits)) for v in logits]
    return [v / sum(exponentials) for v in exponentials]


def initial_weight(units, inputs):
    return [[random.gauss(0, math.sqrt(2 / inputs)) for _ in range(inputs)] for _ in range(units)]


def update(weight, gradient):
    """Moves the weights in place and says what happened to them."""
    for row, slopes in zip(weight, gradient):
        for i, slope in enumerate(slopes):
            row[i] += RATE * slope if UPHILL else -RATE * slope
    return {
        "rms": rms(flat(weight)),
        "gradientRms": rms(flat(gradient)),
        "updateRms": RATE * rms(flat(gradient)),
    }


def gradient_of(deltas, inputs):
    columns = list(zip(*inputs))
    return [[dot(delta, column) for column in columns] for delta in zip(*deltas)]


def main(path):
    random.seed(1)
    with gzip.open(DIGITS, "rt") as file:
        examples = [
            ([float(v) / 8 - 1 for v in row[:-1]], int(row[-1])) for row in csv.reader(file)
        ]
    first, second = initial_weight(HIDDEN, INPUTS), initial_weight(CLASSES, HIDDEN)
    with gzip.open(path, "wt") as trace:
        trace.write(
            json.dumps(
                {
                    "format": "gradient-trace",
                    "version": 1,
                    "producer": "record.py",
                    "run": {
                        "name": "uphill" if UPHILL else "any-framework",
                        "plannedSteps": STEPS,
                        "examplesPerEpoch": len(examples),
                    },
                    "layers": [
                        {"name": "input", "kind": "input"},
                        {
                            "name": "hidden",
                            "kind": "dense",
                            "parameters": [{"name": "weight", "shape": [HIDDEN, INPUTS]}],
                        },
                        {"name": "relu", "kind": "relu", "units": HIDDEN},
                        {
                            "name": "output",
                            "kind": "dense",
                            "parameters": [{"name": "weight", "shape": [CLASSES, HIDDEN]}],
                        },
                    ],
                }
            )
            + "\n"
        )
        for step in range(STEPS):
            batch = random.sample(examples, BATCH)
            pixels, labels = [pixels for pixels, _ in batch], [label for _, label in batch]
            a1 = [[dot(row, x) for row in first] for x in pixels]
            z1 = [[max(0.0, v) for v in row] for row in a1]
            a2 = [[dot(row, z) for row in second] for z in z1]
            chances = [softmax(row) for row in a2]
            loss = -sum(math.log(row[label]) for row, label in zip(chances, labels)) / BATCH

            d2 = [
                [(p - (k == label)) / BATCH for k, p in enumerate(row)]
                for row, label in zip(chances, labels)
            ]
            dz1 = [[dot(column, delta) for column in zip(*second)] for delta in d2]
            d1 = [[d * (a > 0) for d, a in zip(deltas, row)] for deltas, row in zip(dz1, a1)]

            trace.write(
                json.dumps(
                    {
                        "step": step,
                        "loss": loss,
                        "learningRate": RATE,
                        "examples": BATCH,
                        "lossDivisor": BATCH,
                        "layers": {
                            "hidden": {
                                "activation": statistics(a1),
                                "delta": statistics(d1),
                                "parameters": {"weight": update(first, gradient_of(d1, pixels))},
                            },
                            "relu": {
                                "activation": statistics(
                                    z1, activeCounts=[sum(v > 0 for v in unit) for unit in zip(*z1)]
                                ),
                                "delta": statistics(dz1),
                            },
                            "output": {
                                "activation": statistics(a2),
                                "delta": statistics(d2),
                                "parameters": {"weight": update(second, gradient_of(d2, z1))},
                            },
                        },
                    }
                )
                + "\n"
            )


if __name__ == "__main__":
    main(sys.argv[1])
