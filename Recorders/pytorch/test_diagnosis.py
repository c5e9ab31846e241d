"""Runs recorded in PyTorch and what `gradcheck diagnose` says of them: `GRADCHECK=path python -m unittest test_diagnosis`."""

import json
import os
import subprocess
import tempfile
import unittest

import torch
from torch import nn
from torch.nn import functional

from gradtrace import record

FEATURES, CLASSES = 20, 4


class Loop(nn.Module):
    """A cell that reads one number at each time step."""

    def __init__(self, scale):
        super().__init__()
        self.cell, self.head = nn.RNNCell(1, 24), nn.Linear(24, CLASSES)
        nn.init.orthogonal_(self.cell.weight_hh, scale)

    def forward(self, x):
        state = None
        for part in x.split(1, dim=1):
            state = self.cell(part, state)
        return self.head(state)


def perceptron(activation, scale=1.0, layers=2):
    """Dense layers whose initial weights are PyTorch's times `scale`."""
    modules = []
    for number in range(layers):
        dense = nn.Linear(32 if number else FEATURES, 32)
        with torch.no_grad():
            dense.weight.mul_(scale)
        modules += [dense, activation()]
    return nn.Sequential(*modules, nn.Linear(32, CLASSES))


@unittest.skipUnless("GRADCHECK" in os.environ, "GRADCHECK doesn't say where gradcheck is")
class DiagnosisTests(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(1)
        torch.set_num_threads(1)

    def diagnosis(self, model, x, y, rate=0.1, steps=200):
        optimizer = torch.optim.SGD(model.parameters(), lr=rate)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "run.jsonl.gz")
            with record(model, optimizer, path, plannedSteps=steps) as step:
                for _ in range(steps):
                    batch = torch.randint(len(x), (64,))
                    loss = functional.cross_entropy(model(x[batch]), y[batch])
                    optimizer.zero_grad()
                    loss.backward()
                    optimizer.step()
                    step(loss)
            command = [os.environ["GRADCHECK"], "diagnose", path, "--format", "json", "--fail-on", "never"]
            return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)

    def root(self, diagnosis):
        finding = diagnosis["findings"][diagnosis["rootCause"]]
        return finding["id"], finding["layer"]

    def assert_healthy(self, diagnosis, looked_for):
        self.assertEqual(diagnosis["verdict"], "healthy")
        self.assertNotIn(looked_for, [each["id"] for each in diagnosis["notChecked"]])

    def test_saturated_tanh(self):
        x = torch.randn(4096, FEATURES)
        y = (x[:, 0] * x[:, 1] > 0).long() + 2 * (x[:, 2] > 0).long()
        healthy = self.diagnosis(perceptron(nn.Tanh, 1.7, layers=4), x, y, rate=0.2, steps=400)
        self.assert_healthy(healthy, "saturated-activation")
        saturated = self.diagnosis(perceptron(nn.Tanh, 60, layers=4), x, y, rate=0.002, steps=400)
        self.assertEqual(self.root(saturated), ("saturated-activation", "1"))

    def test_unnormalized_input(self):
        centers, y = torch.randn(CLASSES, FEATURES), torch.randint(CLASSES, (512,))
        x = centers[y] + 0.7 * torch.randn(512, FEATURES)
        healthy = self.diagnosis(perceptron(nn.ReLU), x, y)
        self.assert_healthy(healthy, "unnormalized-input")
        self.assert_healthy(healthy, "dormant-units")
        self.assert_healthy(healthy, "subnormal-gradient")
        far = self.diagnosis(perceptron(nn.ReLU), x + 40, y)
        self.assertEqual(self.root(far), ("unnormalized-input", "input"))
        # One feature alone, so that only its size beside the others' tells; the RMS of all is below 10.
        x[:, 0] *= 1000
        uneven = self.diagnosis(perceptron(nn.ReLU), x / 100, y)
        self.assertEqual(self.root(uneven), ("unnormalized-input", "input"))
        [finding] = [each for each in uneven["findings"] if each["id"] == "unnormalized-input"]
        self.assertEqual(finding["statistic"], "feature-spread")

    def test_delta_that_vanishes_through_time(self):
        y = torch.randint(CLASSES, (512,))
        x = 0.3 * torch.randn(512, 16)
        late = torch.cat([x[:, :-3], x[:, -3:] + y[:, None] - 1.5], 1)
        self.assert_healthy(self.diagnosis(Loop(1.0), late, y), "vanishing-through-time")
        x[:, 0] = 2 * y - 3
        self.assertEqual(self.root(self.diagnosis(Loop(0.2), x, y)), ("vanishing-through-time", "cell"))


if __name__ == "__main__":
    unittest.main()
