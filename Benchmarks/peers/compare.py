"""Runs our training step and PyTorch's in turn and prints the milliseconds of each and their ratio.

python compare.py PATH-TO-OUR-STEP
"""

import json
import pathlib
import subprocess
import sys

PEER = pathlib.Path(__file__).with_name("step.py")
ROUNDS = 3
THREADS = ["1", "2"]


def run(*command):
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main():
    ours = {threads: {"recorded": [], "bare": []} for threads in THREADS}
    theirs = {threads: [] for threads in THREADS}
    for _ in range(ROUNDS):
        for threads in THREADS:
            result = run(sys.argv[1], threads)
            for mode in ours[threads]:
                ours[threads][mode].append(result[mode])
            peer = run(sys.executable, PEER, "--threads", threads)
            theirs[threads].append(peer["milliseconds"][threads])

    print(f"A training step of 784-512-512-512-10, batch 128: the fastest of {ROUNDS} rounds, ms")
    print(f"Matrix products: {result['products']}. Peer: {peer['peer']}.")
    print(f"The trace holds {result['bytes']} bytes per weight layer and step.\n")
    print("threads  recorded  not recorded  PyTorch  recorded / PyTorch")
    for threads in THREADS:
        recorded, bare = (min(ours[threads][mode]) for mode in ("recorded", "bare"))
        torch = min(theirs[threads])
        print(
            f"{threads:>7}  {recorded:8.2f}  {bare:12.2f}  {torch:7.2f}  {recorded / torch:18.2f}"
        )


if __name__ == "__main__":
    main()
