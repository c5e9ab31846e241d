"""The recorder, held against what PyTorch says itself: `python -m unittest test_gradtrace`."""

import copy
import gzip
import json
import math
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest

import torch
from torch import nn
from torch.nn import functional

from gradtrace import Layer, record

NONE = float("nan")


class RecorderTests(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(1)
        self.folder = tempfile.TemporaryDirectory()
        self.path = os.path.join(self.folder.name, "run.jsonl.gz")

    def tearDown(self):
        self.folder.cleanup()

    def lines(self):
        """The header and the steps. That gzip reads them to the end is part of the test."""
        with gzip.open(self.path, "rt") as file:
            known = lambda pairs: {key: value for key, value in pairs if value is not None}
            header, *steps = [json.loads(line, object_pairs_hook=known) for line in file]
        return header, steps

    def layer(self, header, name):
        return next(layer for layer in header["layers"] if layer["name"] == name)

    def near(self, found, expected, tolerance=1e-6):
        expected = torch.as_tensor(expected).item()
        self.assertLessEqual(abs(found - expected), tolerance * abs(expected))

    def rms(self, x):
        return x.detach().double().square().mean().sqrt().item()

    def perceptron(self, **settings):
        model = nn.Sequential(nn.Linear(6, 8, **settings), nn.ReLU(), nn.Linear(8, 3))
        return model, torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)

    def batch(self, examples=5):
        return torch.randn(examples, 6), torch.arange(examples) % 3

    def train(self, model, optimizer, steps=3, loss_function=functional.cross_entropy, **settings):
        with record(model, optimizer, self.path, **settings) as step:
            for _ in range(steps):
                x, y = self.batch()
                loss = loss_function(model(x), y)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                step(loss)
        return self.lines()

    def test_statistics_are_those_of_the_tensors(self):
        model, optimizer = self.perceptron()
        x, y = self.batch()
        before = model[0].weight.detach().clone()
        initial = self.rms(before)
        with record(model, optimizer, self.path, plannedSteps=1) as step:
            hidden = model[0](x)
            fired = model[1](hidden)
            hidden.retain_grad()
            loss = functional.cross_entropy(model[2](fired), y)
            loss.backward()
            gradient = model[0].weight.grad.clone()
            optimizer.step()
            step(loss, epoch=2, validation_loss=0.5)
        header, [line] = self.lines()
        self.assertEqual((header["format"], header["version"]), ("gradient-trace", 1))
        self.assertEqual([layer["kind"] for layer in header["layers"]], ["input", "dense", "relu", "dense"])
        self.assertEqual([layer["inputs"] for layer in header["layers"]], [[], ["input"], ["0"], ["1"]])
        self.near(header["layers"][1]["parameters"][0]["initialRms"], initial)
        self.assertEqual([line[key] for key in ("step", "epoch", "examples", "lossDivisor")], [0, 2, 5, 5])
        self.assertEqual((line["validationLoss"], line["learningRate"]), (0.5, 0.1))
        self.near(line["loss"], loss)
        dense, relu = line["layers"]["0"], line["layers"]["1"]
        self.near(dense["activation"]["rms"], self.rms(hidden))
        self.near(dense["activation"]["max"], hidden.abs().max())
        self.near(dense["delta"]["rms"], self.rms(hidden.grad))
        self.assertEqual(dense["delta"]["zeros"], (hidden.grad == 0).sum())
        weight = dense["parameters"]["weight"]
        self.near(weight["gradientRms"], self.rms(gradient))
        self.near(weight["rms"], self.rms(model[0].weight))
        self.near(weight["updateRms"], self.rms(model[0].weight - before))
        self.assertEqual(weight["distinctRows"], 8)
        window = relu["unitWindow"]
        self.assertEqual(window["activeCounts"], (fired > 0).sum(0).tolist())
        self.assertEqual(window["lastActive"], [0 if n else None for n in window["activeCounts"]])
        self.assertEqual(relu["silentUnits"], window["activeCounts"].count(0))
        self.assertEqual(relu["activation"]["zeros"], (fired == 0).sum())

    def test_tiny_and_huge_numbers_are_measured(self):
        model = nn.Linear(4, 4, bias=False)
        optimizer = torch.optim.SGD(model.parameters(), lr=1e-30)
        for scale in (1e-25, 1e-40, 1e25):
            with record(model, optimizer, self.path) as step:
                loss = (model(torch.eye(4)) * scale).sum()
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                step(loss)
            _, [line] = self.lines()
            self.near(line["layers"]["dense"]["delta"]["rms"], torch.tensor(scale).item(), 1e-5)

    def test_gradients_are_those_before_clipping(self):
        model, optimizer = self.perceptron()
        x, y = self.batch()
        with record(model, optimizer, self.path) as step:
            loss = 100 * functional.cross_entropy(model(x), y)
            loss.backward()
            norm = nn.utils.clip_grad_norm_(model.parameters(), 0.5)
            optimizer.step()
            step(loss)
        _, [line] = self.lines()
        self.near(line["clipFactor"], 0.5 / norm, 1e-5)
        squares = sum(
            parameter["gradientRms"] ** 2 * model.get_parameter(f"{layer}.{name}").numel()
            for layer in "02"
            for name, parameter in line["layers"][layer]["parameters"].items()
        )
        self.near(math.sqrt(squares), norm, 1e-5)

    def test_an_exception_leaves_whole_lines_and_no_hooks(self):
        model, optimizer = self.perceptron()
        with self.assertRaises(KeyboardInterrupt):
            with record(model, optimizer, self.path) as step:
                for number in range(9):
                    x, y = self.batch()
                    loss = functional.cross_entropy(model(x), y)
                    loss.backward()
                    if number == 5:
                        raise KeyboardInterrupt
                    optimizer.step()
                    step(loss)
        self.assertEqual([line["step"] for line in self.lines()[1]], [0, 1, 2, 3, 4])
        self.assertFalse(any(module._forward_hooks or module._forward_pre_hooks for module in model.modules()))
        self.assertFalse(optimizer._optimizer_step_pre_hooks)
        model(self.batch()[0]).sum().backward()

    def test_a_killed_process_leaves_a_whole_file(self):
        script = (
            "import sys, time, torch\nfrom gradtrace import record\n"
            "model = torch.nn.Linear(4, 4)\noptimizer = torch.optim.SGD(model.parameters(), lr=0.1)\n"
            f"with record(model, optimizer, {self.path!r}) as step:\n"
            "    for number in range(10**6):\n"
            "        loss = model(torch.randn(8, 4)).square().mean()\n"
            "        optimizer.zero_grad(); loss.backward(); optimizer.step(); step(loss)\n"
            "        if number == 200: print('going', flush=True)\n"
            "        time.sleep(0.01)\n"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=pathlib.Path(__file__).parent
        )
        self.assertEqual(process.stdout.readline(), b"going\n")
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        _, steps = self.lines()
        # What was recorded in the first of these two seconds is there at the least.
        self.assertGreater(len(steps), 10)
        self.assertEqual([line["step"] for line in steps], list(range(len(steps))))

    def test_a_shared_module_is_one_layer_with_two_calls(self):
        class Twice(nn.Module):
            def __init__(self):
                super().__init__()
                self.first, self.shared, self.act = nn.Linear(6, 6), nn.Linear(6, 6), nn.ReLU(inplace=True)
                self.last = nn.Linear(6, 3)

            def forward(self, x):
                x = self.act(self.first(x))
                return self.last(self.act(self.shared(self.act(self.shared(x)))))

        model = Twice()
        header, steps = self.train(model, torch.optim.Adam(model.parameters()), plannedSteps=3)
        self.assertEqual(steps[0]["layers"]["shared"]["calls"], 2)
        self.assertEqual(steps[0]["layers"]["shared"]["activation"]["count"], 60)
        self.assertEqual(steps[0]["layers"]["shared"]["delta"]["count"], 60)
        # An activation that serves several layers is one of each, so that the way through the network is known.
        self.assertEqual(
            [(layer["name"], layer["inputs"]) for layer in header["layers"]],
            [
                ("input", []), ("first", ["input"]), ("act", ["first"]), ("shared", ["act"]),
                ("act/2", ["shared"]), ("act/3", ["shared"]), ("last", ["act/3"]),
            ],
        )  # fmt: skip
        self.assertEqual(len(steps[2]["layers"]["act/3"]["unitWindow"]["activeCounts"]), 6)

    def test_tied_weights_are_measured_once(self):
        model = nn.Sequential(nn.Linear(6, 6), nn.ReLU(), nn.Linear(6, 6))
        model[2].weight = model[0].weight
        _, steps = self.train(model, torch.optim.SGD(model.parameters(), lr=0.1))
        first, second = [steps[2]["layers"][name]["parameters"]["weight"] for name in "02"]
        self.assertEqual(first, second)
        self.near(first["updateRms"], 0.1 * first["gradientRms"], 1e-4)

    def test_two_backward_passes_before_a_step(self):
        """An optimizer's update between two backward passes of one step, as where two nets play in one model."""
        model = nn.ModuleDict({"a": nn.Linear(6, 3), "b": nn.Linear(6, 3)})
        rates = {"a": 0.1, "b": 0.2}
        optimizers = {key: torch.optim.SGD(model[key].parameters(), lr=rate) for key, rate in rates.items()}
        model.forward = lambda x, key: model[key](x)
        with record(model, optimizers, self.path) as step:
            for _ in range(2):
                x, y = self.batch()
                for key in "ab":
                    optimizers[key].zero_grad()
                    loss = functional.cross_entropy(model(x, key), y)
                    loss.backward()
                    optimizers[key].step()
                step(loss)
        _, steps = self.lines()
        for key, rate in rates.items():
            weight = steps[1]["layers"][key]["parameters"]["weight"]
            self.near(weight["updateRms"], rate * weight["gradientRms"], 1e-4)

    def test_branches_and_functions_between(self):
        class Residual(nn.Module):
            def __init__(self):
                super().__init__()
                self.a, self.b, self.c = nn.Linear(6, 6), nn.Linear(6, 6), nn.Linear(6, 3)

            def forward(self, x):
                x = self.a(x)
                return self.c(x + functional.gelu(self.b(x)))

        model = Residual()
        header, _ = self.train(model, torch.optim.Adam(model.parameters()))
        self.assertEqual(self.layer(header, "b")["inputs"], ["a"])
        self.assertEqual(self.layer(header, "c")["inputs"], ["a", "b"])

    def test_frozen_parameters(self):
        model, optimizer = self.perceptron()
        model[0].requires_grad_(False)
        header, steps = self.train(model, optimizer)
        self.assertTrue(header["layers"][1]["parameters"][0]["frozen"])
        weight = steps[2]["layers"]["0"]["parameters"]["weight"]
        self.assertEqual((weight["frozen"], weight["updateRms"]), (True, 0))
        self.assertNotIn("gradientRms", weight)
        self.near(weight["rms"], self.rms(model[0].weight))
        self.assertEqual(self.layer(header, "2")["inputs"], ["1"])
        self.assertEqual(self.layer(header, "1")["inputs"], ["0"])

    def test_a_sparse_gradient(self):
        class Words(nn.Module):
            def __init__(self):
                super().__init__()
                self.words, self.head = nn.Embedding(100, 4, sparse=True), nn.Linear(4, 3)

            def forward(self, x):
                return self.head(self.words(x).mean(1))

        model = Words()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        with record(model, optimizer, self.path) as step:
            loss = functional.cross_entropy(model(torch.tensor([[1, 1], [2, 7]])), torch.tensor([0, 2]))
            loss.backward()
            dense = model.words.weight.grad.to_dense()
            optimizer.step()
            step(loss)
        header, [line] = self.lines()
        weight = line["layers"]["words"]["parameters"]["weight"]
        self.near(weight["gradientRms"], self.rms(dense))
        self.assertEqual(weight["gradientZeros"], (dense == 0).sum())
        self.near(weight["updateRms"], 0.1 * self.rms(dense))
        self.assertEqual(line["examples"], 2)
        self.assertEqual(self.layer(header, "words")["units"], 4)

    def test_two_optimizers_and_the_steps_of_each(self):
        model = nn.ModuleDict({"a": nn.Linear(6, 3), "b": nn.Linear(6, 3)})
        model.forward = lambda x, key: model[key](x)
        optimizers = {key: torch.optim.SGD(model[key].parameters(), lr=rate) for key, rate in (("a", 0.1), ("b", 0.2))}
        with record(model, optimizers, self.path) as step:
            for key in "abba":
                x, y = self.batch()
                loss = functional.cross_entropy(model(x, key), y)
                optimizers[key].zero_grad()
                loss.backward()
                optimizers[key].step()
                step(loss)
        _, steps = self.lines()
        self.assertEqual([line["optimizer"] for line in steps], list("abba"))
        self.assertEqual([line["learningRate"] for line in steps], [0.1, 0.2, 0.2, 0.1])
        moved = [line["layers"]["b"]["parameters"]["weight"]["updateRms"] > 0 for line in steps]
        self.assertEqual(moved, [False, True, True, False])

    def test_accumulation_is_one_step(self):
        model, optimizer = self.perceptron()
        x, y = self.batch(12)
        logits = model(x)
        logits.retain_grad()
        whole = functional.cross_entropy(logits, y)
        whole.backward()
        expected = model[0].weight.grad.clone()
        optimizer.zero_grad()
        with record(model, optimizer, self.path) as step:
            for part in range(6):
                rows = slice(part % 3 * 4, part % 3 * 4 + 4)
                loss = functional.cross_entropy(model(x[rows]), y[rows]) / 3
                loss.backward()
                if part % 3 == 2:
                    optimizer.step()
                    optimizer.zero_grad()
                step(loss)
        _, steps = self.lines()
        self.assertEqual([line["examples"] for line in steps], [12, 12])
        self.near(steps[0]["loss"], whole, 1e-5)
        self.near(steps[0]["layers"]["0"]["parameters"]["weight"]["gradientRms"], self.rms(expected), 1e-5)
        self.near(steps[0]["layers"]["2"]["delta"]["rms"], self.rms(logits.grad), 1e-5)
        self.assertNotIn("calls", steps[0]["layers"]["0"])

    def test_passes_that_train_nothing_leave_nothing(self):
        model, optimizer = self.perceptron()
        with record(model, optimizer, self.path) as step:
            for _ in range(2):
                x, y = self.batch()
                loss = functional.cross_entropy(model(x), y)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                step(loss)
                model(torch.full((7, 6), NONE))
                with torch.no_grad():
                    model(torch.full((7, 6), NONE))
                # Another network's step, as in a GAN: the gradients are thrown away by zero_grad.
                model(torch.full((9, 6), 1e9)).sum().backward()
        _, steps = self.lines()
        self.assertEqual([line["examples"] for line in steps], [5, 5])
        self.assertLess(steps[1]["layers"]["0"]["activation"]["max"], 100)

    def test_layers_that_return_tuples(self):
        class Reader(nn.Module):
            def __init__(self, uses_state):
                super().__init__()
                self.lstm = nn.LSTM(2, 4, batch_first=True)
                self.attention = nn.MultiheadAttention(4, 2, batch_first=True)
                self.head, self.uses_state = nn.Linear(4, 3), uses_state

            def forward(self, x):
                x, (state, _) = self.lstm(x.unflatten(1, (3, 2)))
                if self.uses_state:
                    return self.head(state[-1])
                return self.head(self.attention(x, x, x)[0][:, -1])

        for uses_state in (False, True):
            model = Reader(uses_state)
            header, steps = self.train(model, torch.optim.Adam(model.parameters()))
            lstm = steps[1]["layers"]["lstm"]
            self.assertGreater(lstm["delta"]["rms"], 0)
            self.assertNotIn("deltaRmsByTime", lstm)
            self.assertGreater(lstm["parameters"]["weight_hh_l0"]["gradientRms"], 0)
            self.assertEqual(self.layer(header, "lstm")["units"], 4)
            self.assertEqual(self.layer(header, "head")["inputs"], ["lstm"] if uses_state else ["attention"])
        self.assertEqual(self.layer(header, "attention")["parameters"][0]["shape"], [12, 4])

    def test_a_cell_in_a_loop_is_called_several_times(self):
        class Loop(nn.Module):
            def __init__(self):
                super().__init__()
                self.cell, self.head = nn.LSTMCell(2, 4), nn.Linear(4, 3)

            def forward(self, x):
                state = None
                for part in x.unflatten(1, (3, 2)).unbind(1):
                    state = self.cell(part, state)
                return self.head(state[0])

        model = Loop()
        header, steps = self.train(model, torch.optim.Adam(model.parameters()))
        self.assertEqual(self.layer(header, "cell")["kind"], "lstm")
        cell = steps[0]["layers"]["cell"]
        self.assertEqual((cell["calls"], cell["delta"]["count"]), (3, 3 * 5 * 4))

    def test_delta_of_a_cell_by_time_step(self):
        class Loop(nn.Module):
            def __init__(self, cell):
                super().__init__()
                self.cell, self.head, self.states = cell, nn.Linear(4, 3), []

            def forward(self, x):
                state, self.states = None, []
                for part in x.unflatten(1, (3, 2)).unbind(1):
                    state = self.cell(part, state)
                    self.states.append(state[0] if isinstance(state, tuple) else state)
                    self.states[-1].retain_grad()
                return self.head(self.states[-1])

        for cell in (nn.RNNCell(2, 4), nn.GRUCell(2, 4), nn.LSTMCell(2, 4)):
            model = Loop(cell)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            parts = []
            with record(model, optimizer, self.path) as step:
                for _ in range(2):
                    x, y = self.batch(6)
                    loss = functional.cross_entropy(model(x[:4]), y[:4]) / 2
                    loss.backward()
                    first = [state.grad for state in model.states]
                    step(loss)
                    loss = functional.cross_entropy(model(x[4:]), y[4:]) / 2
                    loss.backward()
                    parts.append([torch.cat(both) for both in zip(first, [state.grad for state in model.states])])
                    optimizer.step()
                    step(loss)
                    optimizer.zero_grad()
                    model(x)
            _, steps = self.lines()
            for line, expected in zip(steps, parts, strict=True):
                found = line["layers"]["cell"]
                self.assertEqual((found["calls"], len(found["deltaRmsByTime"])), (3, 3))
                for rms, delta in zip(found["deltaRmsByTime"], expected):
                    self.near(rms, self.rms(delta), 1e-5)
                self.assertNotIn("deltaRmsByTime", line["layers"]["head"])

    def test_saturated_outputs_are_counted(self):
        values = torch.tensor([[-0.991, -0.98, 0.0], [0.005, 0.02, 0.5], [0.98, 0.995, 0.7]])

        def saturated(activation, inverse):
            model = nn.Sequential(nn.Linear(3, 3), activation, nn.Linear(3, 3))
            with torch.no_grad():
                model[0].weight.copy_(torch.eye(3))
                model[0].bias.zero_()
            optimizer = torch.optim.SGD(model.parameters(), lr=0.0)
            x = inverse(values)
            with record(model, optimizer, self.path) as step:
                for rows in (x, x, torch.full((1, 3), NONE)):
                    # Two parts of one step, and passes that train nothing.
                    for _ in range(2):
                        loss = model(rows).sum()
                        loss.backward()
                    model(x + 100)
                    optimizer.step()
                    step(loss)
                    optimizer.zero_grad()
                    with torch.no_grad():
                        model(x + 100)
            steps = self.lines()[1]
            self.assertEqual([line["layers"]["1"]["activation"]["count"] for line in steps], [18, 18, 6])
            self.assertNotIn("saturated", steps[0]["layers"]["0"])
            return [line["layers"]["1"]["saturated"] for line in steps]

        self.assertEqual(saturated(nn.Tanh(), torch.atanh), [4, 4, 0])
        self.assertEqual(saturated(nn.Hardtanh(), lambda x: x), [4, 4, 0])
        # What it is flat at are its own ends: here all up to 0.01.
        self.assertEqual(saturated(nn.Hardtanh(0, 2), lambda x: x), [8, 8, 0])
        # What no sigmoid gives is 0.001 instead; 0.005 and 0.995 are saturated besides.
        self.assertEqual(saturated(nn.Sigmoid(), lambda x: torch.logit(x.clamp(min=0.001))), [10, 10, 0])
        self.assertEqual(saturated(nn.Hardsigmoid(), lambda x: (x - 0.5) * 6), [10, 10, 0])

    def test_means_and_deviations_of_units(self):
        model = nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 3))
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        batches = [self.batch(5) for _ in range(12)]
        given = []
        with record(model, optimizer, self.path) as step:
            for x, y in batches:
                given.append(torch.tanh(model[0](x)).detach())
                loss = functional.cross_entropy(model(x), y)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                step(loss)
                model(torch.full((7, 6), NONE))
        _, steps = self.lines()
        told = [(line["step"], name) for line in steps for name in line["layers"] if "unitMeans" in line["layers"][name]]
        # The input at the start, the activation and the output at a window's end.
        self.assertEqual(told, [(0, "input"), (9, "1"), (9, "2")])
        for found, x in ((steps[0]["layers"]["input"], batches[0][0]), (steps[9]["layers"]["1"], given[9])):
            torch.testing.assert_close(torch.tensor(found["unitMeans"]), x.mean(0))
            torch.testing.assert_close(torch.tensor(found["unitDeviations"]), x.std(0, correction=0))

    def test_means_of_channels_and_of_numbers_that_are_none(self):
        images = torch.randn(4, 2, 3, 3) + torch.tensor([5.0, NONE])[:, None, None]
        model = nn.Sequential(nn.Conv2d(2, 3, 2), nn.Flatten(), nn.Linear(12, 3))
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        with record(model, optimizer, self.path) as step:
            loss = model(images).sum()
            loss.backward()
            optimizer.step()
            step(loss)
        means = self.lines()[1][0]["layers"]["input"]["unitMeans"]
        self.near(means[0], images[:, 0].mean())
        self.assertEqual(means[1:], ["NaN"])

    def test_subnormal_numbers_of_delta_are_counted(self):
        model = nn.Linear(4, 4, bias=False)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.0)
        weights = torch.tensor([1.0, 1e-39, 0.0, NONE])
        with record(model, optimizer, self.path) as step:
            loss = (model(torch.ones(3, 4)) * weights).sum()
            loss.backward()
            optimizer.step()
            step(loss)
        delta = self.lines()[1][0]["layers"]["dense"]["delta"]
        self.assertEqual((delta["subnormal"], delta["zeros"], delta["nonFinite"]), (3, 3, 3))

    def test_units_are_counted_in_passes_that_train(self):
        model, optimizer = self.perceptron(bias=False)
        with torch.no_grad():
            model[0].weight.copy_(torch.ones(8, 6))
        optimizer = torch.optim.SGD(model.parameters(), lr=0.0)
        with record(model, optimizer, self.path, every=5, plannedSteps=6) as step:
            for _ in range(6):
                loss = model(-torch.ones(3, 6)).sum()
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                step(loss)
                model(torch.ones(3, 6))
                model(torch.ones(3, 6)).sum().backward()
        window = self.lines()[1][1]["layers"]["1"]["unitWindow"]
        self.assertEqual((window["steps"], window["activeCounts"]), (6, [0] * 8))
        self.assertEqual(window["lastActive"], [None] * 8)

    def test_what_is_not_finite_is_a_word(self):
        model, optimizer = self.perceptron()
        with torch.no_grad():
            model[2].weight[1, 2] = NONE
        header, steps = self.train(model, optimizer, name='a "NaN", -Infinity')
        self.assertEqual(header["run"]["name"], 'a "NaN", -Infinity')
        self.assertEqual(steps[0]["loss"], "NaN")
        self.assertEqual(steps[0]["layers"]["2"]["activation"]["nonFinite"], 5)
        self.assertEqual(steps[0]["layers"]["2"]["activation"]["rms"], "NaN")
        self.assertEqual(steps[0]["layers"]["1"]["activation"]["nonFinite"], 0)
        self.assertEqual(steps[0]["layers"]["2"]["parameters"]["weight"]["gradientNonFinite"], 24)
        self.assertEqual(steps[0]["layers"]["2"]["parameters"]["weight"]["nonFinite"], 24)
        self.assertEqual(steps[0]["layers"]["2"]["parameters"]["weight"]["updateRms"], "NaN")

    def test_every_tenth_step_counts_the_units_of_all(self):
        model, optimizer = self.perceptron()
        _, steps = self.train(model, optimizer, steps=101, every=10)
        self.assertEqual([line["step"] for line in steps], list(range(0, 101, 10)))
        relus = [(line["step"], line["layers"]["1"]) for line in steps]
        windows = [(step, relu["unitWindow"]) for step, relu in relus if "unitWindow" in relu]
        self.assertEqual([(step, window["steps"]) for step, window in windows][-2:], [(40, 10), (90, 50)])
        self.assertTrue(all(max(window["activeCounts"]) <= 5 * window["steps"] for _, window in windows))
        self.assertTrue(any(last is not None and last % 10 for last in windows[-1][1]["lastActive"]))

    def test_half_precision_with_a_scaler(self):
        model, optimizer = self.perceptron()
        scaler = torch.amp.GradScaler("cpu", init_scale=1024.0)
        x, y = self.batch()
        functional.cross_entropy(model(x), y).backward()
        expected = self.rms(model[2].weight.grad)
        with record(model, optimizer, self.path, scaler=scaler) as step:
            for number in range(3):
                with torch.autocast("cpu", torch.bfloat16):
                    loss = functional.cross_entropy(model(x), y)
                optimizer.zero_grad()
                scaler.scale(loss * (float("inf") if number == 1 else 1)).backward()
                scaler.unscale_(optimizer)
                scaler.step(optimizer)
                scaler.update()
                step(loss)
        _, steps = self.lines()
        # The step that the scaler left out is none.
        self.assertEqual([line["step"] for line in steps], [0, 1])
        self.near(steps[0]["layers"]["2"]["parameters"]["weight"]["gradientRms"], expected, 0.02)
        self.assertEqual(steps[0]["clipFactor"], 1)
        self.assertEqual(steps[1]["layers"]["2"]["activation"]["nonFinite"], 0)

    def test_a_compiled_model_tells_of_its_parameters(self):
        model, optimizer = self.perceptron()
        compiled = torch.compile(model, backend="eager")
        _, steps = self.train(compiled, optimizer)
        self.assertGreater(steps[2]["layers"]["0"]["parameters"]["weight"]["updateRms"], 0)
        self.assertFalse(steps[2]["layers"]["0"]["activation"])

    def test_convolutions_count_channels(self):
        model = nn.Sequential(
            nn.Unflatten(1, (1, 2, 3)), nn.Conv2d(1, 4, 2), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(8, 3)
        )
        header, steps = self.train(model, torch.optim.Adam(model.parameters()), plannedSteps=3)
        self.assertEqual([layer.get("units") for layer in header["layers"]][2:5], [4, 4, 4])
        self.assertEqual(len(steps[2]["layers"]["3"]["unitWindow"]["activeCounts"]), 4)

    def test_what_is_unusual_does_no_harm(self):
        class Odd(nn.Module):
            """Sequences of any length, an axis that is none of units, arguments by name, outputs that are none."""

            class Nothing(nn.Module):
                def forward(self, x):
                    return {"index": x.argmax(-1)}

            class Twice(nn.Linear):
                pass

            def __init__(self):
                super().__init__()
                self.first, self.act, self.unused = self.Twice(2, 4), nn.ReLU(), nn.Linear(3, 3)
                self.nothing, self.scale = self.Nothing(), nn.Parameter(torch.ones(4))

            def forward(self, x):
                x = self.act(self.first(input=x).transpose(1, 2)) * self.scale[:, None]
                self.nothing(x)
                return x.mean(2)

        model = Odd()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        with record(model, optimizer, self.path) as step:
            twin = copy.deepcopy(model)
            for length in (3, 5, 5, 2, 7, 1, 3, 3, 3, 3, 3):
                loss = model(torch.randn(4, length, 2)).square().mean()
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                step(loss)
                with torch.no_grad():
                    twin(torch.randn(4, length, 2))
        header, steps = self.lines()
        self.assertEqual(len(steps), 11)
        self.assertEqual(self.layer(header, "first")["kind"], "dense")
        # Parameters of a module that has others in it are recorded; of one that was never called, that they stay.
        self.assertGreater(steps[0]["layers"]["odd"]["parameters"]["scale"]["updateRms"], 0)
        self.assertEqual(steps[0]["layers"]["unused"]["parameters"]["weight"]["updateRms"], 0)
        self.assertNotIn("gradientRms", steps[0]["layers"]["unused"]["parameters"]["weight"])

    def test_kinds_are_words_of_the_toolkit(self):
        kinds = {
            nn.Conv1d(1, 1, 1): "convolution-1d", nn.ConvTranspose2d(1, 1, 1): "transposed-convolution-2d",
            nn.BatchNorm1d(1): "batch-norm", nn.InstanceNorm2d(1): "instance-norm", nn.LayerNorm(1): "layer-norm",
            nn.RMSNorm(1): "rms-norm", nn.GroupNorm(1, 1): "group-norm", nn.MaxPool2d(1): "max-pool-2d",
            nn.AvgPool2d(1): "average-pool-2d", nn.ReLU6(): "relu-6", nn.LeakyReLU(): "leaky-relu",
            nn.PReLU(): "prelu", nn.ELU(): "elu", nn.SELU(): "selu", nn.GELU(): "gelu", nn.SiLU(): "silu",
            nn.LogSoftmax(1): "log-softmax", nn.Hardtanh(): "hard-tanh", nn.LSTM(1, 1): "lstm", nn.Tanh(): "tanh",
            nn.Dropout(): "dropout", nn.Embedding(1, 1): "embedding", nn.Identity(): "identity",
        }  # fmt: skip
        for module, kind in kinds.items():
            self.assertEqual(Layer("", module).kind, kind)


if __name__ == "__main__":
    unittest.main()
