"""A small network with a backward pass written by hand, to be checked by gradcheck: plain Python.

    gradcheck check --program "python3 network.py"
    gradcheck check --program "python3 network.py --mistake"

The first is right. In the second, tanh's derivative is taken as 1 - a² of its input instead of 1 - z²
of its output. All that the check needs is main(): a first line that names the parameters, then an
answer to each line that comes. Documentation/program-protocol.md has the rules.
"""

import json
import math
import random
import sys

INPUTS, HIDDEN, CLASSES, EXAMPLES = 6, 5, 3, 4
SHAPES = {
    "hidden/weight": [HIDDEN, INPUTS],
    "hidden/bias": [HIDDEN],
    "output/weight": [CLASSES, HIDDEN],
    "output/bias": [CLASSES],
}


def initial_parameters():
    return {
        name: [random.gauss(0, 1 / math.sqrt(shape[-1])) for _ in range(math.prod(shape))]
        for name, shape in SHAPES.items()
    }


def dense(weight, bias, inputs):
    width = len(inputs)
    return [
        b + sum(w * x for w, x in zip(weight[unit * width : (unit + 1) * width], inputs))
        for unit, b in enumerate(bias)
    ]


def softmax(logits):
    exponentials = [math.exp(v - max(logits)) for v in logits]
    return [v / sum(exponentials) for v in exponentials]


def forward(p, pixels):
    a = dense(p["hidden/weight"], p["hidden/bias"], pixels)
    z = [math.tanh(v) for v in a]
    return a, z, softmax(dense(p["output/weight"], p["output/bias"], z))


def value(p, examples):
    return -sum(math.log(forward(p, x)[2][label]) for x, label in examples) / len(examples)


def gradient(p, examples, slope):
    g = {name: [0.0] * len(values) for name, values in p.items()}
    for x, label in examples:
        a, z, chances = forward(p, x)
        delta = [(c - (k == label)) / len(examples) for k, c in enumerate(chances)]
        below = [
            slope(a[j], z[j]) * sum(delta[k] * p["output/weight"][k * HIDDEN + j] for k in range(CLASSES))
            for j in range(HIDDEN)
        ]
        for layer, deltas, inputs in (("output", delta, z), ("hidden", below, x)):
            for unit, d in enumerate(deltas):
                g[f"{layer}/bias"][unit] += d
                for place, v in enumerate(inputs):
                    g[f"{layer}/weight"][unit * len(inputs) + place] += d * v
    return g


def changed(start, request):
    """The parameters of one request: those of the first line, but for what the request says."""
    p = {name: list(values) for name, values in start.items()}
    p.update(request.get("tensors", {}))
    for name, place, number in request.get("entries", []):
        p[name][place] = number
    return p


def main(mistake):
    random.seed(1)
    start = initial_parameters()
    examples = [
        ([random.gauss(0, 1) for _ in range(INPUTS)], random.randrange(CLASSES))
        for _ in range(EXAMPLES)
    ]
    slope = (lambda a, z: 1 - a * a) if mistake else (lambda a, z: 1 - z * z)

    def say(answer):
        print(json.dumps(answer), flush=True)

    say(
        {
            "format": "gradient-program",
            "version": 1,
            "name": "two dense layers, by hand",
            "examples": EXAMPLES,
            "parameters": [
                {"name": name, "shape": SHAPES[name], "values": values}
                for name, values in start.items()
            ],
        }
    )
    for line in sys.stdin:
        request = json.loads(line)
        p = changed(start, request)
        if request["request"] == "value":
            say({"value": value(p, examples)})
        elif request["request"] == "gradient":
            say({"gradient": gradient(p, examples, slope)})
        else:
            break


if __name__ == "__main__":
    main(mistake="--mistake" in sys.argv[1:])
