"""The network of a model file (Documentation/model-file.md) in PyTorch.

Layers, losses and parameters have the names of the model file; what they compute is PyTorch's. Tensors have the
examples first; shapes are those of one example.
"""

import itertools
import math

import torch
from torch import nn
from torch.nn import functional

# MARK: - Layers
#
# Each function takes the shapes of its inputs and its arguments, and gives a module.

LAYERS = {}


def layer(*kinds):
    """Registers a function as the maker of the layers `kinds`; with several, it gets the kind as first argument."""

    def register(make):
        for kind in kinds:
            LAYERS[kind] = make if len(kinds) == 1 else partial_kind(make, kind)
        return make

    def partial_kind(make, kind):
        return lambda shapes, *positional, **arguments: make(kind, shapes, *positional, **arguments)

    return register


class Function(nn.Module):
    """A layer without parameters."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, *inputs):
        return self.function(*inputs)


ACTIVATIONS = {
    "relu": nn.ReLU,
    "leaky-relu": lambda slope=0.01: nn.LeakyReLU(slope),
    "elu": lambda alpha=1.0: nn.ELU(alpha),
    "selu": nn.SELU,
    "celu": lambda alpha=1.0: nn.CELU(alpha),
    "gelu": lambda approximation="none": nn.GELU(approximation),
    "silu": nn.SiLU,
    "mish": nn.Mish,
    "softplus": nn.Softplus,
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    # PyTorch's own takes 1/6 in Float for its derivative in Double.
    "hard-sigmoid": lambda: Function(lambda x: functional.relu6(x + 3) / 6),
    "hard-tanh": nn.Hardtanh,
    "softmax": lambda: nn.Softmax(-1),
    "log-softmax": lambda: nn.LogSoftmax(-1),
    "identity": nn.Identity,
}


@layer(*ACTIVATIONS)
def activation(kind, shapes, *positional, **arguments):
    return ACTIVATIONS[kind](*positional, **arguments)


@layer("prelu")
def prelu(shapes, per_channel=False):
    return PReLU(shapes[0][feature_axis(shapes[0]) - 1] if per_channel else 1)


class PReLU(nn.PReLU):
    """PyTorch's, which has its features on the first axis, with those of a sequence on the last."""

    def forward(self, x):
        return super().forward(x.movedim(-1, 1)).movedim(1, -1) if x.dim() == 3 else super().forward(x)


def feature_axis(shape):
    """The place of the feature axis, from 1: the first of C × H × W, the last of T × features."""
    return 1 if len(shape) == 3 else len(shape)


@layer("dense")
def dense(shapes, units, bias=True):
    return nn.Linear(shapes[0][-1], units, bias)


def sizes(value, count):
    """A number for every axis, or one for each."""
    return tuple(value) if isinstance(value, list) else (value,) * count


@layer("convolution-1d", "convolution-2d")
def convolution(
    kind, shapes, channels, kernel, stride=1, padding=0, dilation=1, groups=1, bias=True
):
    module, axes = (nn.Conv1d, 1) if kind == "convolution-1d" else (nn.Conv2d, 2)
    return module(
        shapes[0][0], channels, sizes(kernel, axes), sizes(stride, axes),
        padding if padding == "same" else sizes(padding, axes), sizes(dilation, axes), groups, bias,
    )  # fmt: skip


@layer("transposed-convolution-2d")
def transposed_convolution(
    shapes, channels, kernel, stride=1, padding=0, output_padding=0, dilation=1, groups=1, bias=True
):
    return nn.ConvTranspose2d(
        shapes[0][0], channels, sizes(kernel, 2), sizes(stride, 2), sizes(padding, 2),
        sizes(output_padding, 2), groups, bias, sizes(dilation, 2),
    )  # fmt: skip


@layer("max-pool-1d", "max-pool-2d", "average-pool-1d", "average-pool-2d")
def pool(kind, shapes, kernel, stride=None, padding=0):
    module = {
        "max-pool-1d": nn.MaxPool1d,
        "max-pool-2d": nn.MaxPool2d,
        "average-pool-1d": nn.AvgPool1d,
        "average-pool-2d": nn.AvgPool2d,
    }[kind]
    axes = int(kind[-2])
    return module(
        sizes(kernel, axes), sizes(stride or kernel, axes), sizes(padding, axes)
    )


@layer("global-average-pool")
def global_average_pool(shapes):
    return Function(lambda x: x.flatten(2).mean(-1))


@layer("global-max-pool")
def global_max_pool(shapes):
    return Function(lambda x: x.flatten(2).max(-1).values)


@layer("batch-norm")
def batch_norm(shapes, momentum=0.1, epsilon=1e-5, affine=True):
    module = nn.BatchNorm2d if len(shapes[0]) == 3 else nn.BatchNorm1d
    return module(shapes[0][0], epsilon, momentum, affine)


@layer("instance-norm")
def instance_norm(shapes, momentum=0.1, epsilon=1e-5, affine=True, running_statistics=False):
    module = nn.InstanceNorm2d if len(shapes[0]) == 3 else nn.InstanceNorm1d
    return module(shapes[0][0], epsilon, momentum, affine, running_statistics)


def normalized(shape):
    """What layer and RMS normalization take together: the last axis, of C × H × W all three."""
    return shape if len(shape) == 3 else shape[-1:]


@layer("layer-norm")
def layer_norm(shapes, epsilon=1e-5, affine=True):
    return nn.LayerNorm(normalized(shapes[0]), epsilon, affine)


@layer("rms-norm")
def rms_norm(shapes, epsilon=1e-5, affine=True):
    return nn.RMSNorm(normalized(shapes[0]), epsilon, affine)


@layer("group-norm")
def group_norm(shapes, groups, epsilon=1e-5, affine=True):
    return nn.GroupNorm(groups, shapes[0][0], epsilon, affine)


@layer("dropout")
def dropout(shapes, rate):
    return nn.Dropout(rate)


@layer("spatial-dropout")
def spatial_dropout(shapes, rate):
    return nn.Dropout2d(rate)


@layer("embedding")
def embedding(shapes, vocabulary, units):
    return nn.Embedding(vocabulary, units)


class Recurrent(nn.Module):
    """A recurrent network whose output is the whole sequence or each direction's last state, side by side."""

    def __init__(self, network, output):
        super().__init__()
        self.network = network
        self.output = output

    def forward(self, x, lengths):
        packed = nn.utils.rnn.pack_padded_sequence(
            x, lengths, batch_first=True, enforce_sorted=False
        )
        outputs, state = self.network(packed)
        if self.output == "sequence":
            return nn.utils.rnn.pad_packed_sequence(
                outputs, batch_first=True, total_length=x.shape[1]
            )[0]
        last = state[0] if isinstance(state, tuple) else state
        directions = 2 if self.network.bidirectional else 1
        return torch.cat(list(last[-directions:]), -1)


@layer("rnn", "lstm", "gru")
def recurrent(
    kind, shapes, units, layers=1, bidirectional=False, output="last", activation="tanh"
):
    settings = dict(num_layers=layers, bidirectional=bidirectional, batch_first=True)
    if kind == "rnn":
        settings["nonlinearity"] = activation
    module = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}[kind]
    return Recurrent(module(shapes[0][-1], units, **settings), output)


class Attention(nn.Module):
    """Multi-head attention over PyTorch's scaled dot-product attention."""

    def __init__(self, widths, heads, causal, bias):
        super().__init__()
        query, key, value = widths
        self.query = nn.Linear(query, query, bias)
        self.key = nn.Linear(key, query, bias)
        self.value = nn.Linear(value, query, bias)
        self.output = nn.Linear(query, query, bias)
        self.heads = heads
        self.causal = causal

    def forward(self, query, key=None, value=None, lengths=None):
        key, value = query if key is None else key, query if value is None else value

        def split(x):
            return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)

        # Positions past an example's end are seen by none.
        positions = torch.arange(key.shape[1])
        seen = (positions < lengths[:, None])[:, None, None, :]
        if self.causal:
            seen = seen & (positions <= torch.arange(query.shape[1])[:, None])
        mixed = functional.scaled_dot_product_attention(
            split(self.query(query)), split(self.key(key)), split(self.value(value)), attn_mask=seen
        )
        return self.output(mixed.transpose(1, 2).flatten(2))


@layer("attention")
def attention(shapes, heads, causal=False, bias=True):
    widths = [shape[-1] for shape in shapes]
    return Attention(widths if len(widths) == 3 else widths * 3, heads, causal, bias)


class PositionalEncoding(nn.Module):
    """Adds to each position a vector of its own: sines and cosines (Vaswani et al., 2017), or learned."""

    def __init__(self, kind, length, width):
        super().__init__()
        if kind == "learned":
            self.weight = nn.Parameter(torch.zeros(length, width))
        else:
            rates = 10000.0 ** (-torch.arange(0, width, 2) / width)
            angles = torch.arange(length)[:, None] * rates
            self.weight = torch.stack([angles.sin(), angles.cos()], -1).flatten(1)[:, :width]

    def forward(self, x):
        return x + self.weight[: x.shape[1]]


@layer("positional-encoding")
def positional_encoding(shapes, kind, length):
    return PositionalEncoding(kind, length, shapes[0][-1])


@layer("add")
def add(shapes):
    return Function(lambda *inputs: sum(inputs[1:], inputs[0]))


@layer("multiply")
def multiply(shapes):
    return Function(lambda *inputs: math.prod(inputs[1:], start=inputs[0]))


@layer("concatenate")
def concatenate(shapes, axis=None):
    return Function(lambda *inputs: torch.cat(inputs, axis or feature_axis(shapes[0])))


@layer("flatten")
def flatten(shapes):
    return nn.Flatten()


@layer("reshape")
def reshape(shapes, sizes):
    return Function(lambda x: x.reshape(x.shape[0], *sizes))


# Axes and places are counted from 1, and the examples are axis 0.


@layer("transpose")
def transpose(shapes, places):
    return Function(lambda x: x.permute(0, *places))


@layer("slice")
def slice_(shapes, axis=None, start=1, end=None):
    axis = axis or feature_axis(shapes[0])
    end = end or shapes[0][axis - 1]
    return Function(lambda x: x.narrow(axis, start - 1, end - start + 1))


# MARK: - Losses
#
# Each function takes outputs and targets and gives the terms of E, one for each example or position, and the
# weight of each of them in the mean.

LOSSES = {}


def elementwise(combine, term):
    """A loss that is a sum or a mean over the outputs, which are the last axis, of C × H × W all three."""

    def terms(output, target, **arguments):
        values = term(output, target, **arguments)
        return combine(values.flatten(1) if values.dim() == 4 else values), None

    return terms


def total(values):
    return values.sum(-1)


def mean(values):
    return values.mean(-1)


def softmax_cross_entropy(output, target, label_smoothing=0.0, class_weights=None):
    weights = None if class_weights is None else torch.tensor(class_weights, dtype=output.dtype)
    terms = functional.cross_entropy(
        output.movedim(-1, 1), target, weights, reduction="none", label_smoothing=label_smoothing
    )
    return terms, None if weights is None else weights[target]


LOSSES["softmax-cross-entropy"] = softmax_cross_entropy
LOSSES["negative-log-likelihood"] = lambda output, target: (
    functional.nll_loss(output.movedim(-1, 1), target, reduction="none"),
    None,
)
LOSSES["cosine"] = lambda output, target: (
    1 - functional.cosine_similarity(output, target, dim=-1),
    None,
)
LOSSES["half-squared-error"] = elementwise(
    total, lambda output, target: functional.mse_loss(output, target, reduction="none") / 2
)
LOSSES["sum-of-squares"] = elementwise(
    total, lambda output, target: functional.mse_loss(output, target, reduction="none")
)
LOSSES["kl-divergence"] = elementwise(
    total, lambda output, target: functional.kl_div(output, target, reduction="none")
)
LOSSES["mean-squared-error"] = elementwise(
    mean, lambda output, target: functional.mse_loss(output, target, reduction="none")
)
LOSSES["mean-absolute-error"] = elementwise(
    mean, lambda output, target: functional.l1_loss(output, target, reduction="none")
)
LOSSES["huber"] = elementwise(
    mean,
    lambda output, target, delta=1.0: functional.huber_loss(
        output, target, reduction="none", delta=delta
    ),
)
LOSSES["binary-cross-entropy"] = elementwise(
    mean,
    lambda output, target: functional.binary_cross_entropy_with_logits(
        output, target, reduction="none"
    ),
)
LOSSES["poisson"] = elementwise(
    mean, lambda output, target: functional.poisson_nll_loss(output, target, reduction="none")
)
LOSSES["hinge"] = elementwise(mean, lambda output, target: functional.relu(1 - output * target))


def loss(description, output, target, lengths=None):
    """E: the mean over the examples of E_n, which for a sequence is the mean over its valid positions.

    Where classes have weights, it is Σ w·E / Σ w.
    """
    kind, positional, named = member(description)
    terms, weights = LOSSES[kind](output, target, *positional, **named)
    weights = torch.ones_like(terms) if weights is None else weights
    if terms.dim() == 2:
        if lengths is None:
            lengths = torch.full(terms.shape[:1], terms.shape[1])
        share = (torch.arange(terms.shape[1]) < lengths[:, None]) / lengths[:, None]
        terms, weights = (terms * share).sum(-1), (weights * share).sum(-1)
    return terms.sum() / weights.sum()


# MARK: - Networks


def member(description):
    """`name`, `name: argument` or `name: {arguments}` as a name, positional and named arguments."""
    if isinstance(description, str):
        return description, [], {}
    [(kind, arguments)] = description.items()
    if isinstance(arguments, dict):
        return kind, [], {key.replace("-", "_"): value for key, value in arguments.items()}
    return kind, [arguments], {}


class Network(nn.Module):
    """The layers of `model`, a model file's section of that name as PyYAML reads it."""

    def __init__(self, model):
        super().__init__()
        given = model["input"]
        self.inputs = given if isinstance(given, dict) else {"input": given}
        self.layers = nn.ModuleDict()
        self.sources = {}
        shapes = dict(self.inputs)
        counts = {}
        above = next(iter(self.inputs))
        for description in model["layers"]:
            kind, positional, named = member(description)
            counts[kind] = counts.get(kind, 0) + 1
            name = named.pop("name", f"{kind}-{counts[kind]}")
            sources = named.pop("from", above)
            sources = sources if isinstance(sources, list) else [sources]
            sharer = named.pop("weights_of", None)
            if sharer:
                module = self.layers[sharer]
            else:
                module = LAYERS[kind]([shapes[source] for source in sources], *positional, **named)
            self.layers[name] = module
            self.sources[name] = sources
            shapes[name] = self.shape_after(module, [shapes[source] for source in sources])
            above = name
        self.shapes = shapes

    @staticmethod
    def shape_after(module, shapes):
        """The shape of a module's output, found by running it."""
        module.eval()
        examples = [torch.zeros(2, *shape) for shape in shapes]
        if isinstance(module, nn.Embedding):
            examples = [example.long() for example in examples]
        with torch.no_grad():
            return list(call(module, examples, lengths=None).shape[1:])

    @property
    def takes_indices(self):
        return any(isinstance(module, nn.Embedding) for module in self.layers.values())

    def forward(self, inputs, lengths=None):
        """The outputs of all layers by name, from those of the inputs."""
        values = dict(inputs)
        for name, module in self.layers.items():
            values[name] = call(module, [values[source] for source in self.sources[name]], lengths)
        return values

    @property
    def ends(self):
        """The names of the layers that feed nothing."""
        fed = set(itertools.chain.from_iterable(self.sources.values()))
        return [name for name in self.layers if name not in fed]

    def named_values(self):
        """Every parameter and running statistic once, by the name that model files give it."""
        seen = set()
        for name, module in self.layers.items():
            if id(module) in seen:
                continue
            seen.add(id(module))
            for key, value in itertools.chain(module.named_parameters(), module.named_buffers()):
                if not key.endswith("num_batches_tracked"):
                    yield f"{name}/{parameter_name(key)}", value


def call(module, inputs, lengths):
    if not isinstance(module, (Recurrent, Attention)):
        return module(*inputs)
    if lengths is None:
        lengths = torch.full(inputs[0].shape[:1], inputs[-1].shape[1])
    return module(*inputs, lengths=lengths)


def parameter_name(key):
    """PyTorch's name of a parameter as model files have it: network.weight_ih_l0_reverse, weight-input-0-reverse."""
    for theirs, ours in [
        ("network.", ""),
        ("_ih_l", "-input-"),
        ("_hh_l", "-hidden-"),
        ("running_var", "running-variance"),
        ("_", "-"),
        (".", "/"),
    ]:
        key = key.replace(theirs, ours)
    return key
