"""Ten steps of PyTorch's optimizers, and of Lion, from descriptions as they stand in a model file."""

import torch
import yaml

import model_file

# The text of `optimizer` in a model file, by the name of its golden file.
CONFIGURATIONS = {
    "sgd": "{sgd: 0.1}",
    "sgd-decay": "{sgd: {learning-rate: 0.1, weight-decay: 0.05}}",
    "sgd-momentum": "{sgd: {learning-rate: 0.05, momentum: 0.9}}",
    "sgd-nesterov": "{sgd: {learning-rate: 0.05, momentum: 0.8, nesterov: true, weight-decay: 0.01}}",
    "adam": "adam",
    "adam-settings":
        "{adam: {learning-rate: 0.02, betas: [0.8, 0.99], eps: 0.001, weight-decay: 0.1}}",
    "adam-amsgrad": "{adam: {learning-rate: 0.01, amsgrad: true}}",
    "adamw": "adamw",
    "adamw-settings":
        "{adamw: {learning-rate: 0.02, betas: [0.8, 0.99], eps: 0.001, weight-decay: 0.3}}",
    "rmsprop": "rmsprop",
    "rmsprop-momentum":
        "{rmsprop: {learning-rate: 0.005, alpha: 0.9, eps: 0.001, momentum: 0.7, weight-decay: 0.1}}",
    "rmsprop-centered": "{rmsprop: {learning-rate: 0.005, centered: true}}",
    "adagrad": "adagrad",
    "adagrad-settings":
        "{adagrad: {learning-rate: 0.1, lr-decay: 0.2, weight-decay: 0.1, "
        "initial-accumulator-value: 0.5}}",
    "adadelta": "adadelta",
    "adadelta-settings":
        "{adadelta: {learning-rate: 0.5, rho: 0.8, eps: 0.0001, weight-decay: 0.1}}",
    "lion": "lion",
    "lion-settings": "{lion: {learning-rate: 0.01, betas: [0.8, 0.95], weight-decay: 0.3}}",
}  # fmt: skip

PARAMETERS = 13
STEPS = 10


class Lion(torch.optim.Optimizer):
    """Evolved sign momentum (Chen et al., 2023), in the order of its authors' code (google/automl, lion_pytorch.py).

    w ← (1 − αλ) w; w ← w − α sign(β₁m + (1 − β₁)g); m ← β₂m + (1 − β₂)g.
    """

    def __init__(self, parameters, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(parameters, dict(lr=lr, betas=betas, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            rate, (beta1, beta2) = group["lr"], group["betas"]
            for w in group["params"]:
                g, m = w.grad, self.state[w].setdefault("momentum", torch.zeros_like(w))
                w.mul_(1 - rate * group["weight_decay"])
                w.sub_(rate * torch.sign(beta1 * m + (1 - beta1) * g))
                m.mul_(beta2).add_((1 - beta2) * g)


OPTIMIZERS = {
    "sgd": torch.optim.SGD,
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
    "rmsprop": torch.optim.RMSprop,
    "adagrad": torch.optim.Adagrad,
    "adadelta": torch.optim.Adadelta,
    "lion": Lion,
}



def make(description, parameters):
    """The optimizer that a model file's `optimizer` describes."""
    kind, positional, named = model_file.member(description)
    if "learning_rate" in named:
        named["lr"] = named.pop("learning_rate")
    return OPTIMIZERS[kind](parameters, *positional, **named)


def ten_steps(text, numbers):
    """Start, gradients and values after each of ten steps of the optimizer that `text` describes."""
    start = numbers.normal((PARAMETERS,))
    gradients = numbers.normal((STEPS, PARAMETERS))
    # What sparse gradients and dead units bring: a number without gradient, and one that gets it late.
    gradients[:, 3] = 0
    gradients[:7, 4] = 0
    value = start.clone().requires_grad_()
    optimizer = make(yaml.safe_load(text), [value])
    after = []
    for gradient in gradients:
        value.grad = gradient.clone()
        optimizer.step()
        after.append(value.detach().clone())
    return {"start": start, "gradients": gradients, "after": torch.stack(after)}
