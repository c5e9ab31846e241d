"""Writes the golden values that the tests compare the toolkit with, computed by PyTorch in Double.

python golden.py FOLDER

For every configuration of golden.yaml a file NAME.safetensors, whose metadata holds `model`, the text of a model file
without data and training, and `mode` (training or evaluation), and whose tensors are `input` (or `input/NAME`),
`target` (or `target/NAME`), `lengths` where sequences are of unequal length, `parameter/LAYER/weight` …, and what
PyTorch makes of them: `output` (of each head `output/NAME`; zero past an example's length), `loss`, `delta/input` =
dE/d(input) where the input is no index, `gradient/LAYER/weight` …, and of batch normalization
`after/LAYER/running-mean` ….

For every optimizer of optimizers.py a file optimizer-NAME.safetensors with the metadata `optimizer` and the tensors
`start` [n], `gradients` [10, n] and `after` [10, n].

Inputs and parameters are multiples of 1/1024, so that Float holds them exactly.
"""

import json
import pathlib
import sys
import warnings
import zlib

import numpy
import torch
import yaml

import model_file
import optimizers


class Numbers:
    """Seeded random numbers; the seed comes from a configuration's name, so that one more changes no other."""

    def __init__(self, name):
        self.source = numpy.random.default_rng(zlib.crc32(name.encode()))

    def normal(self, shape, scale=1.0):
        values = self.source.normal(0, scale, shape)
        return torch.from_numpy(numpy.round(values * 1024) / 1024)

    def below(self, limit, shape):
        return torch.from_numpy(self.source.integers(0, limit, shape))


def kind_of(loss):
    return model_file.member(loss)[0]


def draw_target(loss, shape, examples, numbers):
    """Targets of the kind that a loss takes, for outputs of `shape`."""
    kind = kind_of(loss)
    if kind in ("softmax-cross-entropy", "negative-log-likelihood"):
        return numbers.below(shape[-1], (examples, *shape[:-1]))
    if kind == "binary-cross-entropy":
        return numbers.below(2, (examples, *shape)).double()
    if kind == "hinge":
        return 2 * numbers.below(2, (examples, *shape)).double() - 1
    if kind == "poisson":
        return numbers.below(5, (examples, *shape)).double()
    if kind == "kl-divergence":
        # Sixteenths that sum to one.
        parts = numbers.source.multinomial(16, [1 / shape[-1]] * shape[-1], examples)
        return torch.from_numpy(parts / 16)
    return numbers.normal((examples, *shape))


def parameters(network, numbers):
    """Random values for every parameter and running statistic, of a scale that keeps activations moderate."""
    values = {}
    for name, value in network.named_values():
        if name.endswith("running-variance"):
            values[name] = 0.5 + numbers.normal(value.shape).abs()
        elif value.dim() > 1:
            values[name] = numbers.normal(value.shape, 1 / (value[0].numel() ** 0.5))
        else:
            # Of norms the weight is a factor, elsewhere such vectors are biases.
            values[name] = numbers.normal(value.shape, 0.5) + (1 if name.endswith("weight") else 0)
    return values


def heads(configuration, network):
    """For each head the name under which its values are written, its output, loss and weight."""
    if "loss" in configuration:
        [end] = network.ends
        return [("", end, configuration["loss"], 1.0)]
    return [
        (f"/{head['target']}", head["output"], head["loss"], head["weight"])
        for head in configuration["losses"]
    ]


def without_padding(output, lengths):
    """An output with zero past the end of each example, where it is a sequence."""
    if lengths is None or output.dim() < 3:
        return output
    return output * (torch.arange(output.shape[1]) < lengths[:, None])[..., None]


def run(configuration, inputs, targets, values, dtype):
    """What PyTorch makes of a configuration in numbers of one type, by the names of the file."""
    torch.set_default_dtype(dtype)
    network = model_file.Network(configuration["model"])
    network.train(configuration.get("mode", "training") == "training")
    with torch.no_grad():
        for name, value in network.named_values():
            value.copy_(values[name])

    def fitting(tensor):
        return tensor.to(dtype, copy=True) if tensor.is_floating_point() else tensor

    inputs = {name: fitting(value) for name, value in inputs.items()}
    for value in inputs.values():
        value.requires_grad_(value.is_floating_point())
    lengths = configuration.get("lengths")
    lengths = None if lengths is None else torch.tensor(lengths)
    outputs = network(inputs, lengths)
    loss = sum(
        weight * model_file.loss(kind, outputs[output], fitting(targets[f"target{name}"]), lengths)
        for name, output, kind, weight in heads(configuration, network)
    )
    loss.backward()

    results = {"loss": loss}
    for name, output, _, _ in heads(configuration, network):
        results[f"output{name}"] = without_padding(outputs[output], lengths)
    for name, value in inputs.items():
        if value.is_floating_point():
            results[f"delta/{name}"] = value.grad
    for name, value in network.named_values():
        if value.requires_grad:
            results[f"gradient/{name}"] = value.grad
        elif "running" in name:
            results[f"after/{name}"] = value
    return {name: value.detach().double() for name, value in results.items()}


def check(name, double, single):
    """Refuses a configuration that isn't a fair question: one of which PyTorch's own Float makes something else."""
    for key, value in double.items():
        scale = max(value.abs().max().item(), 1e-30)
        deviation = (value - single[key]).abs().max().item() / scale
        if not deviation < 5e-6 and value.abs().max() > 1e-12:
            sys.exit(f"{name}: {key} in Float is off by {deviation:.1e}; choose other numbers")


def golden_network(name, configuration):
    torch.set_default_dtype(torch.float64)
    numbers = Numbers(name)
    network = model_file.Network(configuration["model"])
    examples = configuration.get("examples", 2)
    if network.takes_indices:
        vocabulary = max(
            module.num_embeddings
            for module in network.layers.values()
            if isinstance(module, torch.nn.Embedding)
        )
        inputs = {
            key: numbers.below(vocabulary, (examples, *shape))
            for key, shape in network.inputs.items()
        }
    else:
        inputs = {
            key: numbers.normal((examples, *shape)) for key, shape in network.inputs.items()
        }
    targets = {
        f"target{key}": draw_target(loss, network.shapes[output], examples, numbers)
        for key, output, loss, _ in heads(configuration, network)
    }
    values = parameters(network, numbers)
    results = run(configuration, inputs, targets, values, torch.float64)
    check(name, results, run(configuration, inputs, targets, values, torch.float32))

    several = isinstance(configuration["model"]["input"], dict)
    tensors = {f"input/{key}" if several else key: value for key, value in inputs.items()}
    tensors |= targets
    if "lengths" in configuration:
        tensors["lengths"] = torch.tensor(configuration["lengths"])
    tensors |= {f"parameter/{key}": value for key, value in values.items()}
    tensors |= results
    text = yaml.safe_dump(
        {key: configuration[key] for key in ("model", "loss", "losses") if key in configuration},
        sort_keys=False,
        default_flow_style=None,
        width=100,
    )
    return tensors, {"model": text, "mode": configuration.get("mode", "training")}


def write(path, tensors, metadata):
    """Writes safetensors: the length of a JSON header in 8 bytes, the header, the numbers (little-endian)."""
    header, data = {"__metadata__": metadata}, b""
    for name, tensor in tensors.items():
        numbers = tensor.detach().double().numpy().astype("<f8").tobytes()
        header[name] = {
            "dtype": "F64",
            "shape": list(tensor.shape),
            "data_offsets": [len(data), len(data) + len(numbers)],
        }
        data += numbers
    text = json.dumps(header).encode()
    # The numbers begin at a multiple of eight.
    text += b" " * (-len(text) % 8)
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.safetensors"):
        old.unlink()
    torch.set_num_threads(1)
    # That PyTorch may copy an input for `padding: same` is of no matter here.
    warnings.filterwarnings("ignore", "Using padding='same'")
    text = pathlib.Path(__file__).with_name("golden.yaml").read_text()
    configurations = yaml.safe_load(text)
    for name, configuration in configurations.items():
        write(folder / f"{name}.safetensors", *golden_network(name, configuration))
    torch.set_default_dtype(torch.float64)
    for name, text in optimizers.CONFIGURATIONS.items():
        tensors = optimizers.ten_steps(text, Numbers(f"optimizer-{name}"))
        write(folder / f"optimizer-{name}.safetensors", tensors, {"optimizer": text})
    print(f"{len(configurations)} networks and {len(optimizers.CONFIGURATIONS)} optimizers")


if __name__ == "__main__":
    main()
