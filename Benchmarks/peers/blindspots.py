"""Shows what torch.autograd.gradcheck makes of wrong gradients that our check catches, and prints a table.

python blindspots.py

Double precision, default tolerances (eps 1e-6, atol 1e-5, rtol 1e-3). Tests/GradientCheckingTests/
PyTorchBlindSpotTests.swift asks the same of our check.
"""

import torch
from torch.autograd import gradcheck


class Wrong(torch.autograd.Function):
    """A function whose backward pass is somebody else's idea of its derivative."""

    @staticmethod
    def forward(context, values, function, derivative):
        context.save_for_backward(values)
        context.derivative = derivative
        return function(values)

    @staticmethod
    def backward(context, delta):
        (values,) = context.saved_tensors
        return delta * context.derivative(values), None, None


def wrong(function, derivative):
    return lambda values: Wrong.apply(values, function, derivative)


def says(function, values, **options):
    """What the check says: `passes`, or the beginning of its complaint."""
    try:
        return "passes" if gradcheck(function, values, **options) else "fails"
    except Exception as error:
        return "fails: " + str(error).strip().splitlines()[0].split(",")[0]


def sign_flip():
    values = torch.tensor([1.0, 2.0, 3.0], dtype=torch.double, requires_grad=True)
    return says(wrong(lambda x: 4e-6 * x.sum(), lambda x: torch.full_like(x, -4e-6)), values)


def zeroed_entry(count, places=20):
    """In fast mode, whose one projection is always the same: at how many places a zeroed entry of ones passes."""
    values = torch.linspace(-1, 1, count, dtype=torch.double, requires_grad=True)

    def passes(place):
        def derivative(values):
            ones = torch.ones_like(values)
            ones[place] = 0
            return ones

        return says(wrong(lambda x: x.sum(), derivative), values, fast_mode=True) == "passes"

    passed = sum(passes(index * count // places) for index in range(places))
    return f"passes at {passed} of {places} places"


class TwiceInTraining(torch.autograd.Function):
    """The identity, whose backward pass doubles δ."""

    @staticmethod
    def forward(context, values):
        return values.clone()

    @staticmethod
    def backward(context, delta):
        return 2 * delta


def in_training(layer):
    """The layer, whose backward pass is wrong while it trains."""
    return lambda values: (TwiceInTraining.apply(layer(values)) if layer.training else layer(values))


def dropout(training, wrong):
    torch.manual_seed(1)
    layer = torch.nn.Dropout(0.3).train(training)
    values = torch.randn(8, 7, dtype=torch.double, requires_grad=True)
    return says(in_training(layer) if wrong else layer, values)


def batch_norm(training):
    torch.manual_seed(1)
    layer = torch.nn.BatchNorm1d(7).double().train(training)
    values = torch.randn(8, 7, dtype=torch.double, requires_grad=True)
    return says(in_training(layer), values)


def kink():
    values = torch.tensor([0.0, 0.7], dtype=torch.double, requires_grad=True)
    return says(torch.relu, values)


ROWS = [
    ("4e-6 x with the derivative −4e-6", "wrong", sign_flip),
    ("one of 1,000 entries zeroed, fast mode", "wrong", lambda: zeroed_entry(1_000)),
    ("one of 10,000 entries zeroed, fast mode", "wrong", lambda: zeroed_entry(10_000)),
    ("one of 100,000 entries zeroed, fast mode", "wrong", lambda: zeroed_entry(100_000)),
    ("dropout in training", "right", lambda: dropout(True, False)),
    ("dropout, wrong in training, asked in evaluation", "wrong", lambda: dropout(False, True)),
    ("batch norm, wrong in training, asked in evaluation", "wrong", lambda: batch_norm(False)),
    ("batch norm, wrong in training, asked in training", "wrong", lambda: batch_norm(True)),
    ("max(x, 0) at 0, PyTorch's own", "right", kink),
]


def main():
    print(f"| gradient | it is | torch.autograd.gradcheck {torch.__version__} |")
    print("|---|---|---|")
    for title, truth, ask in ROWS:
        print(f"| {title} | {truth} | {ask()} |", flush=True)


if __name__ == "__main__":
    main()
