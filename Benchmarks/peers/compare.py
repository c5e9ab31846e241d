"""Compares our training step, every pass recorded, with PyTorch's bare one, and writes a table in Markdown.

python compare.py STEP GRADCHECK [--workloads NAME …] [--threads N …] [--blocks N] [--output FILE]

STEP is the program of Sources/step, GRADCHECK the command. Three processes hold the same network: ours recorded, ours bare, and PyTorch.
All are pinned to the same cores, the recording's writer among them; each takes 20 steps to warm up and then blocks of
50 steps in turn with the others; the fastest block of each counts.
"""

import argparse
import json
import os
import pathlib
import platform
import subprocess
import sys
import tempfile
import time

import torch

HERE = pathlib.Path(__file__).parent
# Longer than the threads of a pool wait for work before they sleep.
PAUSE = 0.05


class Limits:
    """What a workload must reach: our recorded step over PyTorch's for 2 threads and 1, and recorded over bare."""

    def __init__(self, title, two, one, recorded):
        self.title = title
        self.ratio = {2: two, 1: one}
        self.recorded = recorded


LIMITS = {
    "mlp-784-512": Limits("MLP 784-512-512-512-10, batch 128", 0.70, 0.75, 1.02),
    "mlp-64-32": Limits("MLP 64-32-10, batch 32", 0.08, 0.08, 1.10),
    "mlp-64-32-adam": Limits("MLP 64-32-10, batch 32, Adam", 0.08, 0.08, 1.10),
    "deep-tanh": Limits("50 layers of 64, tanh, batch 64", 0.20, 0.30, 1.10),
    "lenet-5": Limits("LeNet-5, 28 × 28, batch 64", 0.50, 0.50, 1.05),
    "convolutions": Limits("convolutions 32-64-128 on 3 × 32 × 32, batch 32", 0.60, 0.60, 1.05),
    "resnet-8": Limits("ResNet-8 with batch norm on 3 × 32 × 32, batch 32", 0.70, 0.70, 1.05),
    "lstm": Limits("LSTM 64 units, length 50, 16 features, batch 32", 0.50, 0.50, 1.02),
    "transformer": Limits(
        "transformer block, width 128, 4 heads, feed-forward 512, length 64, batch 16",
        0.70, 0.70, 1.02,
    ),
}  # fmt: skip


class Runner:
    """A process that trains when it is told to."""

    def __init__(self, command, cores, preload=None):
        environment = dict(os.environ)
        if preload:
            environment["LD_PRELOAD"] = preload
        self.process = subprocess.Popen(
            ["taskset", "--cpu-list", cores, *map(str, command)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
        )  # fmt: skip
        self.fastest = float("inf")
        self.expect("ready")

    def expect(self, answer):
        line = self.process.stdout.readline().strip()
        if line != answer:
            sys.exit(f"{self.process.args}: expected {answer!r}, got {line!r}")

    def tell(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()

    def block(self):
        time.sleep(PAUSE)
        self.tell("block")
        self.fastest = min(self.fastest, float(self.process.stdout.readline()))

    def steps(self, count):
        self.tell(f"steps {count}")
        self.expect("done")

    @property
    def resident_megabytes(self):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024

    def end(self):
        """Ends the process and returns what it has to say."""
        self.tell("end")
        answer = self.process.stdout.read()
        if self.process.wait() != 0:
            sys.exit(f"{self.process.args}: ended with {self.process.returncode}")
        return json.loads(answer) if answer else {}


def measure(step, name, threads, blocks):
    """The milliseconds of a step of each side, and their resident memory in megabytes."""
    cores = "0" if threads == 1 else f"0-{threads - 1}"
    runners = {
        "PyTorch": Runner([sys.executable, HERE / "peer.py", name, threads], cores),
        "recorded": Runner([step, name, threads, "recorded"], cores),
        "bare": Runner([step, name, threads, "bare"], cores),
    }
    for _ in range(blocks):
        for runner in runners.values():
            runner.block()
    result = {key: runner.fastest for key, runner in runners.items()}
    result["memory"] = {key: runner.resident_megabytes for key, runner in runners.items()}
    result["products"] = runners["recorded"].end()["products"]
    runners["bare"].end()
    runners["PyTorch"].end()
    return result


def observe(step, name, shim):
    """The allocations of a step on the training thread, and the bytes of trace for a weight layer and step."""
    runner = Runner([step, name, 1, "recorded"], "0", preload=shim)
    # A window's end and a block of trace rows are among them many times.
    runner.steps(1000)
    return runner.end()


def compile_shim(folder):
    shim = pathlib.Path(folder) / "allocations.so"
    subprocess.run(
        ["cc", "-O2", "-shared", "-fPIC", "-o", shim, HERE / "allocations.c"], check=True
    )
    return str(shim)


def digits(gradcheck, folder, runs):
    """The seconds in which a process trains the digits for ten epochs and reports: PyTorch's and ours."""
    examples = HERE.parent.parent / "Examples"
    data = examples / "data" / "digits.csv.gz"
    text = (examples / "digits" / "model.yaml").read_text()
    model = pathlib.Path(folder) / "model.yaml"
    model.write_text(
        text.replace("epochs: 20", "epochs: 10").replace("../data/digits.csv.gz", str(data))
    )
    commands = {
        "PyTorch": [sys.executable, HERE / "digits.py", data, f"{folder}/theirs"],
        "ours": [gradcheck, "run", model, "--allow-outside", "--output", f"{folder}/ours"],
    }
    fastest = dict.fromkeys(commands, float("inf"))
    for _ in range(runs):
        for key, command in commands.items():
            began = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            fastest[key] = min(fastest[key], time.perf_counter() - began)
    return fastest["PyTorch"], fastest["ours"]


def verdict(value, limit):
    return f"{value:.2f}" if value <= limit else f"**{value:.2f}**"


def processor():
    """The processor as Linux names it, with its cores and widest vector unit."""
    info = pathlib.Path("/proc/cpuinfo").read_text()
    model = next(line.split(":")[1].strip() for line in info.splitlines() if "model name" in line)
    vectors = "AVX-512" if "avx512f" in info else "AVX2" if "avx2" in info else "SSE"
    return f"{model}, {os.cpu_count()} cores, {vectors}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("step", type=pathlib.Path)
    parser.add_argument("gradcheck", type=pathlib.Path)
    parser.add_argument("--workloads", nargs="+", default=list(LIMITS))
    parser.add_argument("--threads", type=int, nargs="+", default=[2, 1])
    parser.add_argument("--blocks", type=int, default=9)
    parser.add_argument("--output", type=argparse.FileType("w"), default=sys.stdout)
    options = parser.parse_args()

    rows, memory, traces, products = [], [], [], set()
    with tempfile.TemporaryDirectory() as folder:
        shim = compile_shim(folder)
        for name in options.workloads:
            limits = LIMITS[name]
            for threads in options.threads:
                print(f"{name}, {threads} threads …", file=sys.stderr)
                result = measure(options.step, name, threads, options.blocks)
                ratio = result["recorded"] / result["PyTorch"]
                overhead = result["recorded"] / result["bare"]
                products.add(result["products"])
                rows.append(
                    f"| {limits.title} | {threads} | {result['PyTorch']:.3f} | "
                    f"{result['recorded']:.3f} | {verdict(ratio, limits.ratio[threads])} | "
                    f"{limits.ratio[threads]:.2f} | {result['bare']:.3f} | "
                    f"{verdict(overhead, limits.recorded)} | {limits.recorded:.2f} |"
                )
                if threads == options.threads[0]:
                    ours, theirs = (result["memory"][key] for key in ("recorded", "PyTorch"))
                    memory.append(
                        f"| {limits.title} | {theirs:.0f} | {ours:.0f} | {ours / theirs:.2f} |"
                    )
            seen = observe(options.step, name, shim)
            traces.append(f"| {limits.title} | {seen['allocations']} | {seen['bytes']} |")
        theirs, ours = digits(options.gradcheck, folder, runs=3)

    print(
        f"""# Our step beside PyTorch's

A training step with every backward pass recorded in a trace file, beside the bare step of PyTorch {torch.__version__},
eager, `zero_grad(set_to_none=True)`, the batch in memory: forward, softmax cross-entropy, backward, SGD with momentum
0.9 unless said. After 20 steps to warm up the processes take turns in blocks of 50 steps, pinned to the same cores, the
recording's writer among them; the fastest of {options.blocks} blocks counts. Written by `Scripts/bench`.

{processor()}; {platform.system()} {platform.release().split("-")[0]}; ours: {", ".join(sorted(products))}.

Milliseconds for a step; a ratio in bold is above its limit.

| workload | threads | PyTorch, bare | ours, recorded | recorded / PyTorch | at most | ours, bare | recorded / bare | at most |
|---|---|---|---|---|---|---|---|---|
{chr(10).join(rows)}

Resident memory of the processes, MB:

| workload | PyTorch | ours, recorded | ratio |
|---|---|---|---|
{chr(10).join(memory)}

Over 1,000 recorded steps: the most allocations of a step on the training thread after the first, and the bytes of the
trace for each weight layer and step.

| workload | allocations | bytes |
|---|---|---|
{chr(10).join(traces)}

A process that trains the digits for ten epochs and reports: {theirs:.2f} s in PyTorch with matplotlib
(`peers/digits.py`), {ours:.3f} s with `gradcheck run`, which checks the gradients too: {verdict(ours / theirs, 0.1)} of
it, at most 0.10.""",
        file=options.output,
    )


if __name__ == "__main__":
    main()
