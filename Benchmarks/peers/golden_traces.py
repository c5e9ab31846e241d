"""Writes the golden traces: short runs in PyTorch, recorded by Recorders/pytorch/gradtrace.py.

python golden_traces.py FOLDER

For each run two files. NAME.jsonl.gz is the trace. NAME.safetensors holds what it takes to repeat the run elsewhere: the
metadata `model`, the text of a model file without data and training; the tensors `input` and `target`, whose first axis is
the step, and the initial `parameter/LAYER/weight` ….

Inputs and parameters are multiples of 1/1024, some times a power of 2, so that Float holds them exactly.
"""

import collections
import pathlib
import sys

import numpy
import torch
from torch import nn

import golden
import model_file

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "Recorders" / "pytorch"))
from gradtrace import record  # noqa: E402

STEPS = 6
CLASSES = 4


class Run:
    """A network as PyTorch and as a model file have it, and how it is trained."""

    def __init__(self, model, input_shape, network, make_optimizer, examples=16, input_scale=1, factors=None):
        self.text = f"model:\n  input: {input_shape}\n  layers:\n{model}loss: softmax-cross-entropy\n"
        self.shape = (STEPS, examples, *input_shape)
        self.network = network
        self.make_optimizer = make_optimizer
        self.input_scale = input_scale
        # Powers of 2 by which the weights of some layers are multiplied.
        self.factors = factors or {}


class Reader(nn.Module):
    """An LSTM, of which all positions count."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(3, 6, batch_first=True)
        self.flat = nn.Flatten()
        self.out = nn.Linear(30, CLASSES)

    def forward(self, x):
        return self.out(self.flat(self.lstm(x)[0]))


def perceptron():
    return nn.Sequential(dict_of(
        fc1=nn.Linear(12, 16), act1=nn.ReLU(), fc2=nn.Linear(16, 16), act2=nn.ReLU(), out=nn.Linear(16, CLASSES),
    ))  # fmt: skip


def curves():
    return nn.Sequential(dict_of(
        fc1=nn.Linear(12, 16), act1=nn.Sigmoid(), fc2=nn.Linear(16, 16), act2=nn.Tanh(), out=nn.Linear(16, CLASSES),
    ))  # fmt: skip


def convolutions():
    return nn.Sequential(dict_of(
        conv1=nn.Conv2d(1, 6, 3, padding=1, bias=False), norm1=nn.BatchNorm2d(6), act1=nn.ReLU(), pool=nn.MaxPool2d(2),
        conv2=nn.Conv2d(6, 8, 3, bias=False), norm2=nn.BatchNorm2d(8), act2=nn.ReLU(),
        flat=nn.Flatten(), out=nn.Linear(32, CLASSES),
    ))  # fmt: skip


def dict_of(**modules):
    """Named modules in the order in which they are given."""
    return collections.OrderedDict(modules)


def adam(parameters):
    return torch.optim.Adam(parameters, lr=0.01)


def momentum(parameters):
    return torch.optim.SGD(parameters, lr=0.05, momentum=0.9)


RUNS = {
    "mlp": Run(
        """\
  - dense: {units: 16, name: fc1}
  - relu: {name: act1}
  - dense: {units: 16, name: fc2}
  - relu: {name: act2}
  - dense: {units: 4, name: out}
""",
        [12], perceptron, adam,
    ),
    # Both activations are saturated in part. In the first step the weights of the last layer are so small that some of δ
    # is subnormal.
    "curves": Run(
        """\
  - dense: {units: 16, name: fc1}
  - sigmoid: {name: act1}
  - dense: {units: 16, name: fc2}
  - tanh: {name: act2}
  - dense: {units: 4, name: out}
""",
        [12], curves, momentum, input_scale=3, factors={"fc2": 4.0, "out": 2.0**-120},
    ),
    "cnn": Run(
        """\
  - convolution-2d: {channels: 6, kernel: 3, padding: 1, bias: false, name: conv1}
  - batch-norm: {name: norm1}
  - relu: {name: act1}
  - max-pool-2d: {kernel: 2, name: pool}
  - convolution-2d: {channels: 8, kernel: 3, bias: false, name: conv2}
  - batch-norm: {name: norm2}
  - relu: {name: act2}
  - flatten: {name: flat}
  - dense: {units: 4, name: out}
""",
        [1, 8, 8], convolutions, momentum, examples=8,
    ),
    "lstm": Run(
        """\
  - lstm: {units: 6, output: sequence, name: lstm}
  - flatten: {name: flat}
  - dense: {units: 4, name: out}
""",
        [5, 3], Reader, adam,
    ),
}  # fmt: skip


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    for name, run in RUNS.items():
        numbers = golden.Numbers(f"trace-{name}")
        network = run.network()
        tensors = {"input": numbers.normal(run.shape, run.input_scale), "target": numbers.below(CLASSES, run.shape[:2])}
        for key, value in network.named_parameters():
            layer, parameter = key.split(".")
            is_weight = value.dim() > 1
            values = numbers.normal(value.shape, 1 / numpy.sqrt(value[0].numel()) if is_weight else 0.25)
            values += 1 if "norm" in layer and parameter == "weight" else 0
            values *= run.factors.get(layer, 1) if is_weight else 1
            tensors[f"parameter/{layer}/{model_file.parameter_name(parameter)}"] = values
            with torch.no_grad():
                value.copy_(values)
        golden.write(folder / f"{name}.safetensors", tensors, {"model": run.text})

        optimizer = run.make_optimizer(network.parameters())
        with record(network, optimizer, folder / f"{name}.jsonl.gz", plannedSteps=STEPS) as step:
            for inputs, classes in zip(tensors["input"].float(), tensors["target"]):
                loss = nn.functional.cross_entropy(network(inputs), classes)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                step(loss)


if __name__ == "__main__":
    main()
