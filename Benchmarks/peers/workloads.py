"""The networks that are timed, in PyTorch as one would write them; ours stand in Sources/step/Workload.swift."""

import torch
from torch import nn


def sgd(parameters):
    return torch.optim.SGD(parameters, lr=0.01, momentum=0.9)


def adam(parameters):
    return torch.optim.Adam(parameters)


class Workload:
    """A network, its optimizer and a random batch of ten classes in memory."""

    def __init__(self, network, input_shape, batch, optimizer=sgd):
        self.network = network
        self.input_shape = input_shape
        self.batch = batch
        self.optimizer = optimizer

    def make_step(self):
        """A function that trains the network by one step on the same batch."""
        torch.manual_seed(1)
        network = self.network().train()
        optimizer = self.optimizer(network.parameters())
        loss_function = nn.CrossEntropyLoss()
        examples = torch.randn(self.batch, *self.input_shape)
        classes = torch.arange(self.batch) % 10

        def step():
            optimizer.zero_grad(set_to_none=True)
            loss = loss_function(network(examples), classes)
            loss.backward()
            optimizer.step()
            return loss.item()

        return step


def mlp(*widths, activation=nn.ReLU):
    layers = []
    for inputs, units in zip(widths, widths[1:]):
        layers += [nn.Linear(inputs, units), activation()]
    return nn.Sequential(*layers[:-1])


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
    )  # fmt: skip


def convolutions():
    return nn.Sequential(
        nn.Conv2d(3, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(64, 128, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(2048, 10),
    )  # fmt: skip


class Residual(nn.Module):
    """Two convolutions of 3 × 3 with batch norm beside a shortcut (He et al., 2015)."""

    def __init__(self, inputs, channels, stride):
        super().__init__()
        self.way = nn.Sequential(
            nn.Conv2d(inputs, channels, 3, stride, 1, bias=False), nn.BatchNorm2d(channels),
            nn.ReLU(),
            nn.Conv2d(channels, channels, 3, 1, 1, bias=False), nn.BatchNorm2d(channels),
        )  # fmt: skip
        self.shortcut = nn.Identity()
        if stride > 1:
            self.shortcut = nn.Sequential(
                nn.Conv2d(inputs, channels, 1, stride, bias=False), nn.BatchNorm2d(channels)
            )
        self.activation = nn.ReLU()

    def forward(self, x):
        return self.activation(self.way(x) + self.shortcut(x))


def resnet8():
    return nn.Sequential(
        nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU(),
        Residual(16, 16, 1), Residual(16, 32, 2), Residual(32, 64, 2),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10),
    )  # fmt: skip


class LSTMClassifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(16, 64, batch_first=True)
        self.head = nn.Linear(64, 10)

    def forward(self, x):
        return self.head(self.lstm(x)[0][:, -1])


class TransformerBlock(nn.Module):
    """Attention and a feed-forward network, each after a layer norm and beside a shortcut."""

    def __init__(self, width=128, heads=4, hidden=512):
        super().__init__()
        self.block = nn.TransformerEncoderLayer(
            width, heads, hidden, dropout=0.0, activation="relu", batch_first=True, norm_first=True
        )
        self.head = nn.Linear(width, 10)

    def forward(self, x):
        return self.head(self.block(x)[:, -1])


WORKLOADS = {
    "mlp-784-512": Workload(lambda: mlp(784, 512, 512, 512, 10), (784,), 128),
    "mlp-64-32": Workload(lambda: mlp(64, 32, 10), (64,), 32),
    "mlp-64-32-adam": Workload(lambda: mlp(64, 32, 10), (64,), 32, adam),
    "deep-tanh": Workload(lambda: mlp(*[64] * 51, 10, activation=nn.Tanh), (64,), 64),
    "lenet-5": Workload(lenet, (1, 28, 28), 64),
    "convolutions": Workload(convolutions, (3, 32, 32), 32),
    "resnet-8": Workload(resnet8, (3, 32, 32), 32),
    "lstm": Workload(LSTMClassifier, (50, 16), 32),
    "transformer": Workload(TransformerBlock, (64, 128), 16),
}
