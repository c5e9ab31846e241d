"""Records training in PyTorch for `gradcheck diagnose`; Documentation/pytorch.md tells more."""
import contextlib, gzip, json, math, re, torch
from collections import Counter, defaultdict
from functools import partial

WINDOW = 50  # The steps over which units are counted; at first a fifth of that.
ENDS = {"tanh": (-1, 1), "sigmoid": (0, 1), "hard-sigmoid": (0, 1)}  # Where slopes are flat.
CHANNELS = re.compile("convolution|batch-norm|instance-norm|group-norm|prelu")
SPELLINGS = {"(?<=[a-z])(?=[A-Z]|[0-9])": "-", "^linear$": "dense", "^conv-": "convolution-",
             "^(.*)-transpose": r"transposed-\1", "-norm-.d": "-norm", "^rmsn": "rms-n",
             "-lu": "lu", "u6": "u-6", "^hard": "hard-", "avg": "average", "cell$|multihead-": ""}
rounded = lambda x: float(f"{x:.7g}")  # All that Float32 holds.
wide = lambda x: x.detach().to_dense().flatten().to(torch.promote_types(x.dtype, torch.float32))
NOUGHT = torch.zeros(())
leaves = torch.utils._pytree.tree_leaves
tensors = lambda *values: [x for x in leaves(values) if isinstance(x, torch.Tensor) and x.numel()]
STRING_OR_WORD = re.compile(r'("(?:\\.|[^"\\])*")|-?Infinity|NaN')

def measure(x, space=None, counts=2):
    """A tensor's size; its rms, max and up to three counts, not by slow booleans, on its device."""
    row, tiny = wide(x), torch.finfo(x.dtype if x.is_floating_point() else torch.float32).tiny
    size, limits = torch.abs(row, out=space), torch.finfo(row.dtype)
    most = size.amax()
    is_moderate = row.is_cpu and 1e-12 < most.item() < 1e12  # A GPU would have to be waited for.
    has_small = counts > 1 and not (is_moderate and size.amin().item() >= tiny)
    unit = 1 if is_moderate else most.clamp(limits.tiny, limits.max)  # The squares of 1e-25 are 0.
    rms = (size if is_moderate else size.div_(unit)).square_().mean().sqrt() * unit
    odd = NOUGHT if is_moderate else (row - row).ne_(0).sum()
    zeros = [torch.eq(row, 0, out=size).sum() if has_small else NOUGHT] if counts > 1 else []
    below = [row.abs().lt_(tiny).sum() - zeros[0] if has_small else NOUGHT] if counts > 2 else []
    return x.numel(), torch.stack([rms, most, odd, *zeros, *below])

def statistics(readings, scale=1.0):
    """What these measures come to together, of numbers that had been multiplied by `scale`."""
    if not readings:
        return {}
    count, rms, most, *odd = zip(*[(size, *row.tolist()) for size, row in readings])
    squares = sum(n * x * x for n, x in zip(count, rms))
    return {"count": int(sum(count)), "rms": rounded(math.sqrt(squares / sum(count)) / scale),
            "max": rounded(max(most, key=lambda x: (x != x, x)) / scale),
            **{key: int(sum(each)) for key, each in zip(("nonFinite", "zeros", "subnormal"), odd)}}

class Layer:
    """A leaf module, a further call of one without parameters, or what a larger module holds."""
    def __init__(self, name, module=None, parameters=()):
        known = [kind for kind in type(module).__mro__ if "torch.nn.mod" in kind.__module__][:-1]
        self.kind = "input" if module is None else (known or [type(module)])[0].__name__
        for found, spelling in SPELLINGS.items():
            self.kind = re.sub(found, spelling, self.kind).lower()
        self.name, self.parameters, self.repeats = name or self.kind, dict(parameters), {}
        self.inputs, self.axis, self.units, self.active, self.last = [], -1, None, None, None
        own = (module.min_val, module.max_val) if self.kind == "hard-tanh" else (None, None)
        self.low, self.high = ENDS.get(self.kind, own)
        self.is_cell = isinstance(module, torch.nn.RNNCellBase)

class record(contextlib.ExitStack):
    """Records training: `with record(model, optimizer, "run.jsonl.gz") as step: … step(loss)`."""
    __deepcopy__ = lambda self, _: self  # Whoever copies the model copies its hooks.

    def __init__(self, model, optimizers, path, *, every=1, scaler=None, divisor=None,
                 batch_axis=0, **run):
        super().__init__()
        self.every, self.scaler, self.divisor, self.batch_axis = every, scaler, divisor, batch_axis
        self.run, self.packs = {"model": type(model).__name__, **run}, str(path).endswith(".gz")
        self.file = self.enter_context(open(path, "wb", buffering=0))
        self.input, self.nodes, self.current, self.number = Layer("input"), {}, None, 0
        self.layers, self.found, self.before, self.since, inner = [self.input], [], {}, 0, ()
        self.enter_context(model.register_forward_pre_hook(self.begin_pass, with_kwargs=True))
        for name, module in getattr(model, "_orig_mod", model).named_modules():
            is_whole = hasattr(module, "in_proj_bias") or hasattr(module, "parametrizations")
            is_leaf = is_whole or not list(module.children())
            own = {key: p for key, p in module.named_parameters(recurse=is_leaf) if p.numel()}
            if (is_leaf or own) and not name.startswith(inner):
                self.found.append(Layer(name, module, own))
                if is_leaf:
                    hook = partial(self.called, self.found[-1])
                    self.enter_context(module.register_forward_hook(hook, with_kwargs=True))
            inner += (f"{name}.".lstrip("."),) if is_whole else ()
        self.tensors = list({p: 0 for each in self.found for p in each.parameters.values()})
        for p in (p for p in self.tensors if p.requires_grad):
            self.enter_context(p.register_post_accumulate_grad_hook(self.accumulated))
        named = optimizers if isinstance(optimizers, dict) else {"": optimizers}
        for name, optimizer in named.items():
            self.enter_context(optimizer.register_step_pre_hook(partial(self.updating, name)))
        self.begin_step()

    def begin_step(self):
        self.losses, self.updated, self.gradients, self.clipped = [], {}, {}, {}
        self.seen, self.deltas = defaultdict(list), defaultdict(partial(defaultdict, list))
        after, window = self.number + self.every, WINDOW if self.number >= WINDOW else WINDOW // 5
        is_last = after >= self.run.get("plannedSteps", math.inf)
        self.looks = self.number % self.every == 0
        self.ends_window = self.looks and (is_last or after // window > self.number // window)

    def begin_pass(self, module, args, kwargs):
        first, self.counts = (tensors(args, kwargs) or [torch.ones(())])[0], Counter()
        self.place(self.input, [], [first])
        told = self.take(self.input, first) if self.looks and first.is_floating_point() else {}
        self.current = {"examples": first.shape[self.batch_axis] if first.dim() else 0, **told}

    def place(self, layer, inputs, outputs):
        """In the first step: finds what feeds a layer, by autograd's graph, and its units."""
        if layer.units is None and outputs[0].dim():
            ahead = [x.grad_fn for x in inputs]
            for node in ahead:  # The list grows on the way.
                if node and node not in self.nodes:
                    ahead += [above for above, _ in node.next_functions if above not in ahead]
            layer.inputs = [each for each in self.layers if each in map(self.nodes.get, ahead)]
            has_channels = CHANNELS.search(layer.kind) or not layer.parameters and (
                layer.inputs[0].axis == 1 if layer.inputs else outputs[0].dim() > 3)
            layer.axis = 1 if has_channels and outputs[0].dim() > 2 else -1
            layer.units = outputs[0].shape[layer.axis]
            self.layers += [] if layer in self.layers else [layer]
        self.nodes |= {x.grad_fn: layer for x in outputs if x.grad_fn or x is outputs[0]}

    def take(self, layer, x):
        """What is told of an output, should its pass turn out to be one of training."""
        told, x = {"activation": measure(x)} if self.looks else {}, torch.atleast_2d(x.detach())
        others = tuple(set(range(x.dim())) - {layer.axis % x.dim()})
        if layer.kind in ("relu", "relu-6"):
            fired = torch.ne(x, 0, out=torch.empty_like(x, dtype=torch.float32))
            told["active"] = fired.sum(others).long()
        if self.looks and layer.high is not None:
            told["saturated"] = ((x < layer.low + 0.01) | (x > layer.high - 0.01)).count_nonzero()
        is_inner = layer.parameters and any(layer in each.inputs for each in self.layers)
        is_due = self.number == 0 if layer is self.input else self.ends_window and not is_inner
        if is_due and x.shape[layer.axis] <= 1 << 14:
            told["unitDeviations"], told["unitMeans"] = torch.std_mean(x.float(), others, False)
        return told

    def called(self, layer, module, args, kwargs, output):
        """After a module's call: takes what it gave, to be kept when a gradient comes back."""
        outputs = [x for x in tensors(output) if x.is_floating_point()]
        if not outputs or not torch.is_grad_enabled() or torch.compiler.is_compiling():
            return
        if self.current is None:
            self.begin_pass(module, args, kwargs)
        call = self.counts[layer] = self.counts[layer] + 1
        if call > 1 and not layer.parameters:
            layer = layer.repeats.setdefault(call, Layer(f"{layer.name}/{call}", module))
        if self.number == 0:
            self.place(layer, tensors(args, kwargs), outputs)
        hook = partial(self.returned, layer, call, self.take(layer, outputs[0]), self.current)
        torch.autograd.graph.register_multi_grad_hook([x for x in outputs if x.requires_grad], hook)

    def returned(self, layer, call, taken, origin, deltas):
        """Takes in δ of a pass, which by that turns out to be one of training."""
        if all(each is not origin for each in self.seen[self.input]):
            if all(parameter.grad is None for parameter in self.tensors):
                self.begin_step()
            self.seen[self.input].append(origin)
        self.seen[layer].append(taken)
        if self.looks:
            self.deltas[layer][call].append(measure(tensors(deltas)[0], counts=3))

    def accumulated(self, parameter):
        space = None if self.updated else self.before.get(parameter)
        self.gradients[parameter] = [measure(parameter.grad, space)] if self.looks else []

    def updating(self, name, optimizer, args, kwargs):
        """Before an update: keeps the parameters, and looks at what clipping left of gradients."""
        for p in (p for p in self.tensors if self.looks and not self.updated and p.requires_grad):
            before = self.before.setdefault(p, torch.empty_like(wide(p)))
            if p.grad is not None:
                self.clipped[p] = torch.abs(wide(p.grad), out=before).amax()
                self.gradients[p] = self.gradients.get(p) or [measure(p.grad, before)]
            before.copy_(p.detach().flatten())
        self.updated[name] = float(optimizer.param_groups[0]["lr"])
        self.scale = self.scaler.get_scale() if self.scaler else 1.0

    @torch.no_grad()
    def __call__(self, loss=None, *, epoch=None, validation_loss=None):
        """Ends a step, with the loss that was minimized; without an update the step goes on."""
        self.losses += [] if loss is None else [torch.as_tensor(loss).detach()]
        if self.updated:
            for layer, seen in self.seen.items():
                for active in (taken["active"] for taken in seen if "active" in taken):
                    if layer.active is None or layer.active.shape != active.shape:
                        layer.active, layer.last = 0 * active, 0 * active - 1
                    layer.active += active
                    layer.last.masked_fill_(active > 0, self.number)
            if self.number == 0:
                self.write(self.header())
            if self.looks:
                self.write(self.line(epoch, validation_loss))
            self.since = self.number + 1 if self.ends_window else self.since
            self.number, self.current, self.nodes = self.number + 1, None, {}
            self.begin_step()

    def write(self, line):
        """Each line is a gzip member of its own, so that a killed process leaves a whole file."""
        text = json.dumps(line) + "\n"
        if "NaN" in text or "Infinity" in text:  # JSON has no such numbers.
            text = STRING_OR_WORD.sub(lambda x: x[1] or f'"{x[0]}"', text)
        self.file.write(gzip.compress(text.encode(), 2, mtime=0) if self.packs else text.encode())

    def line(self, epoch, validation_loss):
        gradients = {p: statistics(self.gradients[p], self.scale) for p in self.gradients}
        before = max([gradients[p]["max"] for p in self.clipped], default=0)
        factor = max(map(float, self.clipped.values())) / before if 0 < before < math.inf else 1.0
        examples = sum(taken["examples"] for taken in self.seen[self.input]) or None
        parameters = {p: self.parameter(p, gradients.get(p, {})) for p in self.tensors}
        return {
            "step": self.number, "epoch": epoch, "validationLoss": validation_loss,
            "loss": sum(loss.item() for loss in self.losses) if self.losses else None,
            "examples": examples, "lossDivisor": self.divisor or examples,
            "learningRate": next(iter(self.updated.values())),
            "clipFactor": factor if factor < 1 - 1e-6 else 1.0,
            "optimizer": " and ".join(self.updated) or None,
            "layers": {layer.name: self.entry(layer, parameters) for layer in self.layers}}

    def entry(self, layer, parameters):
        seen, deltas, window = self.seen[layer], self.deltas[layer], None
        found = {key: [each[key] for each in seen if key in each] for each in seen for key in each}
        times = [deltas[call] for call in sorted(deltas)]
        if self.ends_window and layer.active is not None:
            window = {"steps": self.number + 1 - self.since, "activeCounts": layer.active.tolist(),
                      "lastActive": [None if each < 0 else each for each in layer.last.tolist()]}
            layer.active.zero_()
        return {
            "activation": statistics(found.get("activation", [])), "unitWindow": window,
            "delta": statistics(sum(times, []), self.scale),
            "deltaRmsByTime": [statistics(each, self.scale)["rms"] for each in times]
            if layer.is_cell else None,
            "calls": len(times) if len(times) > 1 and layer.parameters else None,
            "saturated": int(sum(found["saturated"])) if "saturated" in found else None,
            "silentUnits": int((layer.last < self.number).sum()) if "active" in found else None,
            **{key: list(map(rounded, found[key][-1].tolist())) for key in found if "unit" in key},
            "parameters": {name: parameters[p] for name, p in layer.parameters.items()}}

    def parameter(self, p, gradient):
        space = self.before.get(p)
        change = [] if space is None else [measure(space.sub_(p.flatten()), space, 1)]
        rows = p.flatten(1) if p.dim() > 1 and p.numel() < 1 << 20 and self.ends_window else None
        return {
            **statistics([measure(p, space, 1)]), "frozen": not p.requires_grad,
            "updateRms": statistics(change).get("rms", 0),
            **{f"gradient{key[0].upper()}{key[1:]}": value for key, value in gradient.items()},
            "distinctRows": None if rows is None else len(rows.unique(dim=0))}

    def header(self):
        """The first line. Layers stand in the order of their calls, those not called at the end."""
        self.layers += [layer for layer in self.found if layer not in self.layers]
        return {"format": "gradient-trace", "version": 1, "producer": "gradtrace 1.0",
                "run": self.run, "layers": [{
            "name": layer.name, "kind": layer.kind, "units": layer.units,
            "inputs": [above.name for above in layer.inputs], "parameters": [{
                "name": name, "shape": list(p.shape), "frozen": not p.requires_grad,
                "initialRms": statistics([measure(self.before.get(p, p))])["rms"],
            } for name, p in layer.parameters.items()]} for layer in self.layers]}
