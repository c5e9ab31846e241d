"""Trains one workload in PyTorch in blocks of steps, one each time it is told to, as Sources/step does in Swift.

python peer.py WORKLOAD THREADS
"""

import sys
import time

import torch

from workloads import WORKLOADS

WARM_UP = 20
BLOCK = 50


def main():
    name, threads = sys.argv[1:]
    torch.set_num_threads(int(threads))
    step = WORKLOADS[name].make_step()
    for _ in range(WARM_UP):
        step()
    print("ready", flush=True)
    for line in sys.stdin:
        if line.strip() != "block":
            break
        began = time.perf_counter()
        for _ in range(BLOCK):
            step()
        print(1000 * (time.perf_counter() - began) / BLOCK, flush=True)


if __name__ == "__main__":
    main()
