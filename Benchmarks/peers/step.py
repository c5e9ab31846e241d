"""Times one PyTorch training step of an MLP: forward, loss, backward, SGD with momentum.

Prints one JSON object with the fastest milliseconds per step for each number of threads:

    {"peer": "torch 2.13.0+cpu", "model": [784, 512, 512, 512, 10], "batch": 128, "milliseconds": {"1": 11.2, "2": 7.2}}
"""

import argparse
import json
import time

import torch

SIZES = [784, 512, 512, 512, 10]
BATCH = 128


def make_step():
    """Returns a function that trains the network by one step on the same random batch."""
    torch.manual_seed(1)
    layers = []
    for inputs, units in zip(SIZES, SIZES[1:]):
        layers += [torch.nn.Linear(inputs, units), torch.nn.ReLU()]
    network = torch.nn.Sequential(*layers[:-1])
    optimizer = torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.9)
    loss_function = torch.nn.CrossEntropyLoss()
    examples = torch.randn(BATCH, SIZES[0])
    labels = torch.randint(0, SIZES[-1], (BATCH,))

    def step():
        loss = loss_function(network(examples), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    return step


def fastest_milliseconds(threads, repeats, steps):
    """The fastest of `repeats` timings of `steps` steps, in milliseconds per step."""
    torch.set_num_threads(threads)
    step = make_step()
    for _ in range(steps):
        step()
    timings = []
    for _ in range(repeats):
        start = time.perf_counter()
        for _ in range(steps):
            step()
        timings.append((time.perf_counter() - start) / steps)
    return round(1000 * min(timings), 3)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--repeats", type=int, default=10)
    parser.add_argument("--steps", type=int, default=50)
    options = parser.parse_args()
    milliseconds = {
        str(threads): fastest_milliseconds(threads, options.repeats, options.steps)
        for threads in options.threads
    }
    print(
        json.dumps(
            {
                "peer": f"torch {torch.__version__}",
                "model": SIZES,
                "batch": BATCH,
                "milliseconds": milliseconds,
            }
        )
    )


if __name__ == "__main__":
    main()
