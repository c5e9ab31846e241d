"""Records a training run in PyTorch as JSON lines, which `gradcheck diagnose` and `gradcheck report` read.

    from gradtrace import record

    with record(model, optimizer, "run.jsonl.gz") as step:
        for x, y in batches:
            loss = loss_function(model(x), y)
            optimizer.zero_grad(); loss.backward(); optimizer.step(); step(loss)

A step is an update: losses told between two updates are added up, and passes whose gradients are thrown away leave
nothing. Layers are the leaf modules; what else computes, the setting `unseen` names. Needs PyTorch 2.1, nothing more.
"""

import collections, contextlib, functools, gzip, json, math, pathlib, re, time, types, warnings

import torch
from torch.utils._pytree import tree_leaves

WINDOW = 50  # The steps over which units are counted, fewer at first; histograms are taken at a window's end.
CHANCES = 256  # The random directions, and the most examples, that tell how many units are silent by chance.
KINDS = {"Linear": "dense", "MultiheadAttention": "attention", "RMSNorm": "rms-norm", "Hardtanh": "hard-tanh",
         "Hardsigmoid": "hard-sigmoid", "ReLU6": "relu-6", "RNNCell": "rnn", "LSTMCell": "lstm", "GRUCell": "gru"}
BOUNDS = {"sigmoid": (0.01, 0.99), "hard-sigmoid": (0.01, 0.99), "tanh": (-0.99, 0.99), "hard-tanh": (-0.99, 0.99)}
UNITS_FIRST = re.compile("convolution|pool|batch-norm|instance-norm|group-norm")
UNITS_LAST = re.compile("dense|rnn|lstm|gru|embedding|layer-norm|rms-norm|attention")
SHAPING = re.compile("View|Reshape|Transpose|Permute|Select|Slice|queeze|Expand|Clone|Copy|Accum|^T|Split|Unbind")


def kind_of(module):
    """The toolkit's word for a module: `convolution-2d` for Conv2d, `relu` for ReLU, `my-block` for MyBlock."""
    own = [kind.__name__ for kind in type(module).__mro__ if kind.__module__.startswith("torch.nn.modules.")][:-1]
    name = (own or [type(module).__name__])[0]
    words = re.sub("(?<=[a-z])(?=[A-Z]|[0-9])", "-", name).lower()
    words = re.sub("^conv(-transpose)?-", lambda m: "transposed-" * bool(m[1]) + "convolution-", words)
    words = re.sub("(norm)-.d", r"\1", words).replace("-lu", "lu").replace("avg", "average")
    return KINDS.get(name, words)


def tensors(*values):
    return [x for x in tree_leaves(values) if isinstance(x, torch.Tensor)]


def numbers(x):
    """The numbers of a tensor in a row; of a sparse one those that are there."""
    row = (x.detach().coalesce().values() if x.is_sparse else x.detach()).flatten()
    return row if row.numel() else row.new_zeros(1)


def squares(x):
    """The count and Σx², in Float64: squares of 1e-25 underflow in Float32."""
    row, norm = numbers(x), torch.linalg.vector_norm
    if row.is_cpu and row.dtype == torch.float32:
        # Four times as fast: the norms of short pieces in Float32, where nothing of weight underflows.
        whole = row.numel() & -1024
        norms = norm(row[:whole].view(-1, 1024), dim=1).double()
        found = norms.dot(norms) + norm(row[whole:]).double().square()
        if 1e-30 < found.item() / x.numel() < 1e30:
            return [x.numel(), found]
    wide = torch.float32 if row.device.type == "mps" else torch.float64
    return [x.numel(), sum(piece.dot(piece) for piece in (part.to(wide) for part in row.split(1 << 22)))]


def summary(x, is_whole=True):
    """The count and Σx², max |x|, how many are not zero and not finite; on the whole, Σx and how many are subnormal."""
    row, found = numbers(x), squares(x)
    size, count, wide = row.abs(), torch.count_nonzero, torch.promote_types(x.dtype, torch.float32)
    # To look at a number costs nothing on a CPU, and saves two passes.
    odd = torch.zeros(()) if row.is_cpu and found[1].isfinite() else count(row - row)
    rest = [row.sum(dtype=wide), count(size < torch.finfo(x.dtype).tiny)] if is_whole else []
    return [*found, size.amax(), count(row), odd, *rest]


def statistics(readings, scale=1.0):
    """What all these summaries come to, of numbers that had been multiplied by `scale`."""
    counts, squares, largest, nonzero, odd, *rest = map(list, zip(*readings))
    count, zeros = sum(counts), int(sum(counts) - sum(nonzero))
    found = {"count": count, "rms": math.sqrt(sum(squares) / count) / scale, "zeros": zeros, "nonFinite": int(sum(odd)),
             "max": max(largest, key=lambda size: (math.isnan(size), size)) / scale}
    return found | ({"mean": sum(rest[0]) / count / scale, "subnormal": int(sum(rest[1])) - zeros} if rest else {})


def histogram(x, factor):
    """How often each binary exponent of x · factor occurs, in 64 bins from 2^-48: the bits of a Float32 tell."""
    row = numbers(x).float() * factor
    found = torch.bincount((row.view(torch.int32) >> 23) & 255, minlength=256).tolist()
    zeros = row.numel() - torch.count_nonzero(row).item()
    return {"lowestExponent": -48, "counts": [sum(found[:80]) - zeros, *found[80:142], sum(found[142:255])]}


def plain(value):
    """JSON as traces have it: nothing for the unknown, seven digits a number, a word for one that is not finite."""
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items() if part is not None}
    if isinstance(value, list):
        return [plain(part) for part in value]
    if isinstance(value, float):
        word = str(value).replace("nan", "NaN").replace("inf", "Infinity")
        return float(f"{value:.7g}") if math.isfinite(value) else word
    return value


class Layer:
    """A leaf module (each further call of one without parameters too), or what a larger one holds itself."""

    def __init__(self, name, module=None, parameters=(), is_leaf=True):
        self.name, self.module, self.parameters, self.is_leaf = name, module, dict(parameters), is_leaf
        self.kind = kind_of(module) if module else "input"
        self.inputs, self.rank, self.axis, self.units, self.calls, self.repeats = [], 0, -1, None, [], {}
        self.is_rectifier, self.active, self.last, self.since = self.kind in ("relu", "relu-6"), None, -1, 0
        self.sample, is_product = None, self.kind == "dense" or self.kind.startswith("convolution")
        self.is_tried = is_product and getattr(module, "groups", 1) == 1

    def by_unit(self, x):
        """A tensor's numbers, a row for each unit."""
        return x.detach().movedim(self.axis, 0).flatten(1)

    def chance(self):
        """The share of random directions, without bias, that no example kept lies on the positive side of."""
        weight = torch.randn(CHANCES, *self.module.weight.shape[1:], generator=torch.Generator().manual_seed(0))
        x, weight, self.sample = self.sample, weight.to(self.sample), None
        output = x @ weight.T if self.kind == "dense" else self.module._conv_forward(x, weight, None)
        return (self.by_unit(output) <= 0).all(1).double().mean().item()

    def window(self, number, calls):
        """Which units have fired since the last window, which ends with this step."""
        above, nudges = self.inputs[0] if self.inputs else self, calls[-1].nudges if calls else None
        window = {"steps": number + 1 - self.since, "activeCounts": self.active.tolist(),
                  "lastActive": [None if step < 0 else step for step in self.last.tolist()],
                  "deltaMeans": None if nudges is None else nudges.tolist(),
                  "chanceSilent": None if above.sample is None else above.chance()}
        self.active, self.since = None, number + 1
        return window


def layers_of(module, name, seen):
    """The layers in a module, each once however many names it has."""
    children = [(key, child) for key, child in module.named_children() if key != "parametrizations"]
    is_leaf = not children or isinstance(module, torch.nn.MultiheadAttention)
    own = list(module.named_parameters(recurse=is_leaf))
    if module not in seen and (is_leaf or own):
        yield Layer(name or kind_of(module), module, own, is_leaf)
    seen.add(module)
    for key, child in [] if is_leaf else children:
        yield from layers_of(child, f"{name}.{key}" if name else key, seen)


class record(contextlib.AbstractContextManager):
    """Records a model's training until the end of its `with` block; call it after each step, with the loss.

    `optimizers` is one, several, or a dictionary by name. With `every=10` each tenth step is written. `scaler` is the
    GradScaler in use, `divisor` what the sum of the examples' errors is divided by to give the loss (by default the
    number of examples), `batch_axis` the inputs' axis of examples. `run` is what is known of the run: `name`,
    `plannedSteps`, `examplesPerEpoch`, `constantLoss` (the loss of the best constant prediction).
    """

    def __init__(self, model, optimizers, path, *, every=1, scaler=None, divisor=None, batch_axis=0, **run):
        several = optimizers if isinstance(optimizers, (dict, list, tuple)) else [optimizers]
        self.optimizers = several if isinstance(several, dict) else dict(enumerate(several, 1))
        self.every, self.scaler, self.divisor, self.batch_axis = every, scaler, divisor, batch_axis
        self.run = {"name": pathlib.Path(path).name.split(".")[0], "model": type(model).__name__, **run}
        self.file, self.packs, self.lines, self.due = open(path, "wb"), str(path).endswith(".gz"), [], 0
        root = getattr(model, "_orig_mod", model)
        self.unseen = set() if root is model else {"what is compiled"}
        self.found = list(layers_of(root, "", set()))
        self.parameters = list(dict.fromkeys(p for layer in self.found for p in layer.parameters.values()))
        self.layers, self.current, self.nodes, self.copies, self.initial = [], None, {}, {}, {}
        self.number, self.windows, self.scale = 0, 0, 1.0
        self.begin_step()
        self.handles = [model.register_forward_pre_hook(self.begin_pass, with_kwargs=True)]
        for layer in (layer for layer in self.found if layer.is_leaf):
            hook = functools.partial(self.called, layer)
            self.handles.append(layer.module.register_forward_hook(hook, with_kwargs=True))
        for parameter in (p for p in self.parameters if p.requires_grad):
            self.handles.append(parameter.register_post_accumulate_grad_hook(self.accumulated))
        for name, optimizer in self.optimizers.items():
            self.handles.append(optimizer.register_step_pre_hook(functools.partial(self.updating, name)))

    def __exit__(self, *_):
        for handle in self.handles:
            handle.remove()
        if self.number == 0:
            warnings.warn("gradtrace recorded nothing: no step of these optimizers was followed by step(loss)")
        self.write()
        self.file.close()

    def __deepcopy__(self, _):
        return self

    def write(self, line=None):
        """Adds a line. Each second's are a gzip member of their own, so that a killed process leaves a whole file."""
        self.lines += [json.dumps(plain(line), separators=(",", ":")) + "\n"] if line else []
        if not line or time.monotonic() >= self.due:
            data, self.lines, self.due = "".join(self.lines).encode(), [], time.monotonic() + 1
            self.file.write(gzip.compress(data, 2, mtime=0) if data and self.packs else data)
            self.file.flush()

    def begin_step(self):
        """Forgets the passes, losses and gradients so far: they have been recorded or thrown away."""
        self.passes, self.losses, self.updated, self.gradients, self.clipped, self.bins = {}, [], {}, {}, {}, {}
        for layer in self.layers:
            layer.calls = []
        after, window = self.number + self.every, WINDOW if self.number >= WINDOW else WINDOW // 5
        self.looks = self.number % self.every == 0
        is_end = after // window > self.number // window or after >= self.run.get("plannedSteps", math.inf)
        self.ends_window = self.looks and is_end

    def begin_pass(self, module, args, kwargs):
        self.current = types.SimpleNamespace(counts=collections.Counter(), examples=None, kept=[])
        self.scale = self.scaler.get_scale() if self.scaler else 1.0
        for x in tensors(args, kwargs)[:1]:
            self.current.examples = x.shape[self.batch_axis] if x.dim() else None
            if self.number == 0 and not self.layers:
                self.nodes[None] = Layer("input")
                self.place(self.nodes[None], [], x)
            if self.looks and x.is_floating_point() and torch.is_grad_enabled():
                self.current.kept = [self.look(self.layers[0], x)]

    def place(self, layer, inputs, output):
        """In the first step: finds what feeds a layer, on the way back through autograd's graph, and its units."""
        ahead, sources = [x.grad_fn for x in inputs], []
        for node in ahead:  # The list grows on the way.
            if node in self.nodes:
                sources.append(self.nodes[node])
            elif node:
                ahead += [above for above, _ in node.next_functions if above and above not in ahead]
                if node is not output.grad_fn and not SHAPING.search(node.name()):
                    self.unseen.add(re.sub("Backward.*", "", node.name()))
        layer.inputs, layer.rank = [above for above in self.layers if above in sources], output.dim()
        axis = layer.inputs[0].axis if sources and layer.inputs[0].rank == layer.rank else 1 if layer.rank > 3 else -1
        axis = -1 if UNITS_LAST.search(layer.kind) else 1 if UNITS_FIRST.search(layer.kind) else axis
        layer.axis = axis if layer.rank > 2 else -1
        layer.units = output.shape[layer.axis] if layer.rank else None
        self.layers.append(layer)

    def look(self, layer, x, active=None):
        """What a call of a layer gave; δ will be added when it comes back."""
        bounds = BOUNDS.get(layer.kind)
        outside = [1, ((x < bounds[0]) | (x > bounds[1])).sum()] if bounds else None
        return types.SimpleNamespace(layer=layer, output=summary(x.detach()), outside=outside, active=active, deltas={},
                                     bins=None, nudges=None)

    def called(self, layer, module, args, kwargs, output):
        if torch.compiler.is_compiling() or not torch.is_grad_enabled() or not (self.looks or layer.is_rectifier):
            return
        if self.current is None:
            self.begin_pass(module, args, kwargs)
        self.current.counts[layer] += 1
        nth, inputs, active = self.current.counts[layer], tensors(args, kwargs), None
        results = [x for x in tensors(output) if x.is_floating_point() and x.numel()]
        if nth > 1 and not layer.parameters:
            layer = layer.repeats.setdefault(nth, Layer(f"{layer.name}/{nth}", module))
        if not results:
            return
        if self.number == 0:
            if layer not in self.layers:
                self.place(layer, inputs, results[0])
            self.nodes |= {x.grad_fn: layer for x in results if x.grad_fn or x is results[0]}
        if layer.is_rectifier:
            active = torch.count_nonzero(layer.by_unit(results[0]), 1)
            if layer.active is None or layer.active.shape != active.shape:
                layer.active, layer.last = 0, layer.last if layer.active is None else -1
            layer.active, layer.last = layer.active + active, torch.where(active > 0, self.number, layer.last)
        if self.looks:
            call = self.look(layer, results[0], active)
            if layer.is_tried and self.windows & (self.windows + 1) == 0:
                x, most = inputs[0].detach(), min(CHANCES, (1 << 20) * len(inputs[0]) // inputs[0].numel() + 1)
                is_more = layer.sample is not None and layer.sample.shape[1:] == x.shape[1:]
                layer.sample = (torch.cat([layer.sample, x]) if is_more else x)[:most].clone()
            for rank, x in enumerate(results):
                if x.requires_grad:
                    x.register_hook(functools.partial(self.returned, self.current, call, rank))

    def returned(self, current, call, rank, delta):
        """Takes in δ of a pass, which by that turns out to be one of training."""
        if id(current) not in self.passes:
            if all(parameter.grad is None for parameter in self.parameters):
                self.begin_step()
            self.passes[id(current)] = current
            self.layers[0].calls += current.kept
        call.layer.calls += [] if call.deltas else [call]
        call.deltas.setdefault(rank, []).append(summary(delta))
        if self.ends_window:
            factor = (self.divisor or current.examples or 1) / self.scale
            call.bins, call.nudges = histogram(delta, factor), call.layer.by_unit(delta).abs().mean(1) * factor

    def accumulated(self, parameter):
        if self.looks:
            self.gradients[parameter] = summary(parameter.grad, is_whole=False)
            self.bins[parameter] = histogram(parameter.grad, 1 / self.scale) if self.ends_window else None

    def updating(self, name, optimizer, args, kwargs):
        """Before an update: keeps the parameters, and measures the gradients that clipping left."""
        first, self.updated[name] = not self.updated, float(optimizer.param_groups[0]["lr"])
        for p in self.parameters if first and self.looks else []:
            if self.number == 0:
                self.initial[p] = squares(p)
            if p.grad is not None:
                self.clipped[p] = squares(p.grad)
                self.gradients[p] = self.gradients.get(p) or summary(p.grad, is_whole=False)
            if p.requires_grad:
                wide = torch.promote_types(p.dtype, torch.float32)
                self.copies.setdefault(p, torch.empty_like(p, dtype=wide, requires_grad=False)).copy_(p.detach())

    def __call__(self, loss=None, *, epoch=None, validation_loss=None):
        """Ends a step, with the loss that was minimized; where nothing was updated since the last, the step goes on."""
        self.losses += [] if loss is None else [[1, torch.as_tensor(loss).detach()]]
        if self.updated:
            if self.looks:
                with torch.no_grad():
                    self.write(self.step(epoch, validation_loss))
            self.number, self.windows = self.number + 1, self.windows + self.ends_window
            self.current, self.nodes = None, {}
            self.begin_step()

    def step(self, epoch, validation_loss):
        """The line of a step. All numbers that were measured come from the device here, in one transfer."""
        self.weights = {p: squares(p) for p in self.parameters}
        self.updates = {p: squares(copy.sub_(p.detach())) for p, copy in self.copies.items()}
        calls = [call for layer in self.layers for call in layer.calls]
        readings = [delta for call in calls for deltas in call.deltas.values() for delta in deltas]
        readings += [reading for call in calls for reading in (call.output, call.outside) if reading]
        for measured in (self.weights, self.updates, self.gradients, self.clipped, {} if self.number else self.initial):
            readings += measured.values()
        found = [number for reading in self.losses + readings for number in reading[1:]]
        fetched = iter(torch.stack([number.to(found[-1].device) for number in found]).tolist())
        for reading in self.losses + readings:
            reading[1:] = [next(fetched) for _ in reading[1:]]
        if self.number == 0:
            self.write(self.header())
        before = sum(self.gradients[p][1] for p in self.clipped)
        after = sum(squares for _, squares in self.clipped.values())
        factor = math.sqrt(after / before) * self.scale if 0 < before < math.inf and math.isfinite(after) else 1.0
        examples = sum(each.examples or 0 for each in self.passes.values()) or None
        return {
            "step": self.number, "epoch": epoch, "loss": sum(loss for _, loss in self.losses) if self.losses else None,
            "validationLoss": validation_loss, "learningRate": next(iter(self.updated.values())),
            "clipFactor": 1.0 if factor > 1 - 1e-6 else factor,
            "examples": examples, "lossDivisor": self.divisor or examples,
            "optimizer": " and ".join(map(str, self.updated)) if len(self.optimizers) > 1 else None,
            "layers": {layer.name: self.entry(layer, layer.calls) for layer in self.layers},
        }

    def entry(self, layer, calls):
        """What a step's line has of a layer."""
        deltas = [call.deltas[min(call.deltas)] for call in calls if call.deltas]
        many = max((each.counts[layer] for each in self.passes.values()), default=0)
        delta = statistics(sum(deltas, []), self.scale) | {"histogram": calls[-1].bins} if deltas else None
        active = [call.active for call in calls if layer.is_rectifier and call.active.shape == calls[0].active.shape]
        is_loop = many > 1 and layer.kind in ("rnn", "lstm", "gru")
        return {
            "activation": statistics([call.output for call in calls]) if calls else None, "delta": delta,
            "saturated": int(sum(call.outside[1] for call in calls)) if layer.kind in BOUNDS and calls else None,
            "silentUnits": int((sum(active) == 0).sum()) if active else None,
            "calls": many if many > 1 and layer.parameters else None,
            "deltaRmsByTime": [statistics(d, self.scale)["rms"] for d in deltas[: -many - 1 : -1]] if is_loop else None,
            "unitWindow": layer.window(self.number, calls) if self.ends_window and layer.active is not None else None,
            "parameters": {name: self.parameter(p) for name, p in layer.parameters.items()} or None,
        }

    def parameter(self, p):
        (count, weight), gradient = self.weights[p], self.gradients.get(p)
        found = statistics([gradient], self.scale) if gradient else {}
        is_compared = p.dim() > 1 and count < 1 << 20 and self.ends_window
        return {
            "rms": math.sqrt(weight / count), "nonFinite": 0 if math.isfinite(weight) else int((~p.isfinite()).sum()),
            "gradientRms": found.get("rms"), "gradientMax": found.get("max"), "gradientZeros": found.get("zeros"),
            "gradientNonFinite": found.get("nonFinite"), "gradientHistogram": self.bins.get(p),
            "updateRms": math.sqrt(self.updates[p][1] / count) if p.requires_grad else 0,
            "frozen": None if p.requires_grad else True,
            "distinctRows": len(torch.unique(p.flatten(1), dim=0)) if is_compared else None,
        }

    def header(self):
        """The first line. The layers stand in the order in which they were called, those that weren't at the end."""
        self.layers += [layer for layer in self.found if layer not in self.layers]
        sizes = {p: math.sqrt(squares / count) for p, (count, squares) in self.initial.items()}
        described = [{
            "name": layer.name, "kind": layer.kind, "units": layer.units,
            "inputs": [above.name for above in layer.inputs],
            "parameters": [
                {"name": name, "shape": list(p.shape), "initialRms": sizes[p], "frozen": not p.requires_grad}
                for name, p in layer.parameters.items()
            ],
        } for layer in self.layers]
        unseen = ", ".join(sorted(self.unseen)) or "nothing"
        settings = {"pytorch": torch.__version__, "every": str(self.every), "unseen": unseen}
        run = {**self.run, "settings": settings | self.run.get("settings", {})}
        return {"format": "gradient-trace", "version": 1, "producer": "gradtrace 1.0", "run": run, "layers": described}
