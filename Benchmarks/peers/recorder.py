"""Times a step of PyTorch recorded by Recorders/pytorch/gradtrace.py beside the bare one, and writes a table in Markdown.

python recorder.py [REPEATS [THREADS …]]

The network of mlp-784-512. After 20 steps to warm up, both take turns in blocks of 50 steps, which hold a window's end
each; the fastest block of each counts.
"""

import pathlib
import sys
import tempfile
import time

import torch

from workloads import WORKLOADS, sgd

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "Recorders" / "pytorch"))
from gradtrace import record  # noqa: E402

BLOCK = 50
LIMITS = {1: 2.0, 10: 1.3}


def make_step(workload, path=None, every=1):
    """A function that trains by one step on the same batch, recorded if there is a path."""
    torch.manual_seed(1)
    network = workload.network().train()
    optimizer = sgd(network.parameters())
    loss_function = torch.nn.CrossEntropyLoss()
    examples = torch.randn(workload.batch, *workload.input_shape)
    classes = torch.arange(workload.batch) % 10
    ended = record(network, optimizer, path, every=every) if path else lambda loss: None

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = loss_function(network(examples), classes)
        loss.backward()
        optimizer.step()
        ended(loss)

    return step


def block(step):
    began = time.perf_counter()
    for _ in range(BLOCK):
        step()
    return 1000 * (time.perf_counter() - began) / BLOCK


def main(repeats=9, *threads):
    workload = WORKLOADS["mlp-784-512"]
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for count in map(int, threads or (2, 1)):
            torch.set_num_threads(count)
            steps = {0: make_step(workload)}
            steps |= {every: make_step(workload, f"{folder}/{every}.jsonl.gz", every) for every in LIMITS}
            for step in steps.values():
                for _ in range(20):
                    step()
            fastest = dict.fromkeys(steps, float("inf"))
            for _ in range(int(repeats)):
                for key, step in steps.items():
                    fastest[key] = min(fastest[key], block(step))
            for every, limit in LIMITS.items():
                ratio = fastest[every] / fastest[0]
                shown = f"{ratio:.2f}" if ratio <= limit else f"**{ratio:.2f}**"
                rows.append(
                    f"| {every} | {count} | {fastest[0]:.3f} | {fastest[every]:.3f} | {shown} | {limit:.1f} |"
                )
    print(
        f"""
A step of MLP 784-512-512-512-10, batch 128, in PyTorch {torch.__version__}, bare and recorded by
`Recorders/pytorch/gradtrace.py` in a `.jsonl.gz`; the fastest of {repeats} blocks of {BLOCK} steps each, in milliseconds
(`peers/recorder.py`):

| every … steps | threads | bare | recorded | ratio | at most |
|---|---|---|---|---|---|
{chr(10).join(rows)}"""
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
