"""Static int8 quantisation of a convolutional torch network into an ONNX file, for the recipes in this folder.

Needs torch alone (Debian's python3-torch 1.13 is enough). In a recipe, once the network is trained:

    import quantise                                # with models/shipped/ on sys.path
    small = quantise.quantise(net, batches, keep_float=("stem.0", "heat", "size", "offset"))
    quantise.export(small, example, "net-int8.onnx", inputs=["input"], outputs=["heatmap", "size", "offset"], dynamic_axes=...)

`net` takes one tensor; `torch.fx` must be able to trace it (no branches on values). `batches` is a list of inputs as they occur:
training data, without made extremes; some tens of crops are enough. `keep_float` names convolutions that stay in float32, as
`named_modules` has them or by the start of that name: the first, whose input spans sunlit roofs and dark water, and heads of few
channels in front of a sigmoid lose most and save least. With these four in float, ships-s2 lost no AP50 and ran 2.1 times as fast.
`small(x)` is the network as the file computes it, so what quantising costs can be measured in torch as well; the runtime, which
rounds in another order, then differs by a step here and there. The card names the file so that `--model name:int8` finds it:

    "variants": {"int8": {"file": "net-int8.onnx", "sha256": "…", "precision": "int8", "quality": {…}}}

What it does: batch norms are folded into convolutions. Weights are symmetric and have a scale for each output channel; activations
are uint8 with one scale and zero point for each tensor; all ranges minimise the squared error over `batches`, not the largest
value. Biases are int32 and shifted by the mean error that rounding leaves in each channel. In the file every quantised tensor goes
through QuantizeLinear and DequantizeLinear (opset 13), the form in which onnxruntime and others find integer operators; weights
are stored as int8.

`bits` is the width of weights. Seven are the default: pairs of products of unsigned and signed 8-bit numbers are added up in 16
bits with saturation on x86 processors without VNNI, and seven bits can never reach that.
"""
import copy

import torch
from torch import fx, nn
from torch.fx.experimental.optimization import fuse
from torch.nn import functional as F

OPSET = 13
LEVELS = 255  # activations are uint8
BINS = 2048


class RoundTrip(torch.autograd.Function):
    """Activations to uint8 and back."""

    @staticmethod
    def forward(ctx, x, scale, zero):
        return torch.fake_quantize_per_tensor_affine(x, scale, zero, 0, LEVELS)

    @staticmethod
    def symbolic(g, x, scale, zero):
        s = g.op("Constant", value_t=torch.tensor(scale, dtype=torch.float32))
        z = g.op("Constant", value_t=torch.tensor(zero, dtype=torch.uint8))
        back = g.op("DequantizeLinear", g.op("QuantizeLinear", x, s, z), s, z)
        back.setType(x.type())
        return back


class FromIntegers(torch.autograd.Function):
    """Stored integers to floats, a scale for each output channel."""

    @staticmethod
    def forward(ctx, q, scale, zero):
        return q.float() * scale.view(-1, *[1] * (q.dim() - 1))

    @staticmethod
    def symbolic(g, q, scale, zero):
        out = g.op("DequantizeLinear", q, scale, zero, axis_i=0)
        out.setType(q.type().with_dtype(torch.float32))
        return out


class Point(nn.Module):
    """A tensor that is rounded to uint8. Looks at what passes first: `seen` is None, "range" or "histogram"."""

    def __init__(self):
        super().__init__()
        self.seen, self.low, self.high, self.counts = None, 0.0, 0.0, torch.zeros(BINS)
        self.scale, self.zero, self.is_on = 1.0, 0, False

    def forward(self, x):
        if self.seen == "range":  # zero must be representable: convolutions are padded with it
            self.low, self.high = min(self.low, float(x.min())), max(self.high, float(x.max()))
        elif self.seen == "histogram":
            self.counts += torch.histc(x.float(), BINS, self.low, self.high) if self.high > self.low else 0
        return RoundTrip.apply(x, self.scale, self.zero) if self.is_on else x

    def settle(self):
        """Chooses the range with the least squared error: a rare extreme is not worth coarser steps for all others."""
        centres = self.low + (torch.arange(BINS) + 0.5) * (self.high - self.low) / BINS
        best = (float("inf"), self.low, self.high)
        for top in torch.linspace(0.3, 1, 36).tolist():
            for bottom in torch.linspace(0.3, 1, 36).tolist() if self.low < 0 else [1.0]:
                scale, zero = self.steps(self.low * bottom, self.high * top)
                error = (torch.fake_quantize_per_tensor_affine(centres, scale, zero, 0, LEVELS) - centres) ** 2
                best = min(best, (float((error * self.counts).sum()), self.low * bottom, self.high * top))
        self.scale, self.zero = self.steps(*best[1:])

    @staticmethod
    def steps(low, high):
        scale = max((high - low) / LEVELS, 1e-8)
        return scale, int(round(-low / scale))


class IntegerConv(nn.Module):
    """A convolution with stored integers for weights and bias. Its input has been through a Point."""

    def __init__(self, conv, point, bits):
        super().__init__()
        self.at = dict(stride=conv.stride, padding=conv.padding, dilation=conv.dilation, groups=conv.groups)
        self.point, self.float_bias = [point], conv.bias.detach().clone()  # in a list: the point belongs to the graph
        top = 2 ** (bits - 1) - 1
        w = conv.weight.detach().flatten(1)
        scale = least_error_scale(w, top)
        self.register_buffer("weight", torch.round(w / scale).clamp(-top, top).to(torch.int8).view_as(conv.weight))
        self.register_buffer("scale", scale[:, 0])
        self.register_buffer("zero", torch.zeros(len(w), dtype=torch.int8))
        self.register_buffer("bias_zero", torch.zeros(len(w), dtype=torch.int32))
        self.set_bias(self.float_bias)

    def set_bias(self, bias):
        self.float_bias = bias
        self.register_buffer("bias_scale", self.scale * self.point[0].scale)  # what the integer operator takes for granted
        self.register_buffer("bias", torch.round(bias / self.bias_scale).clamp(-2.0 ** 31, 2.0 ** 31 - 256).to(torch.int32))

    def forward(self, x):
        weight = FromIntegers.apply(self.weight, self.scale, self.zero)
        return F.conv2d(x, weight, FromIntegers.apply(self.bias, self.bias_scale, self.bias_zero), **self.at)


def least_error_scale(w, top):
    """For each row the scale with the least squared rounding error."""
    full = w.abs().amax(1, keepdim=True).clamp(min=1e-8) / top
    best, error = full.clone(), torch.full_like(full, float("inf"))
    for share in torch.linspace(0.5, 1, 51).tolist():
        scale = full * share
        off = ((torch.round(w / scale).clamp(-top, top) * scale - w) ** 2).sum(1, keepdim=True)
        best, error = torch.where(off < error, scale, best), torch.minimum(off, error)
    return best


SUMS, RELUS, SAME = ("add", "cat"), ("relu",), ("interpolate", "max_pool2d")


def kind(graph, node):
    """What a node of the graph is, in the few words that matter here."""
    if node.op == "call_module":
        m = graph.get_submodule(node.target)
        return {nn.Conv2d: "conv", nn.ReLU: "relu", nn.MaxPool2d: "max_pool2d", nn.Upsample: "interpolate"}.get(type(m), "other")
    name = node.target if isinstance(node.target, str) else getattr(node.target, "__name__", "")
    return {"iadd": "add", "relu_": "relu"}.get(name, name) if node.op in ("call_function", "call_method") else "other"


def without_identities(graph):
    """Folded batch norms leave identities behind, which would stand between a convolution and its ReLU."""
    for n in list(graph.graph.nodes):
        if n.op == "call_module" and isinstance(graph.get_submodule(n.target), nn.Identity):
            n.replace_all_uses_with(n.args[0])
            graph.graph.erase_node(n)
    graph.recompile()
    return graph


def place_points(graph, keep_float):
    """Sets a Point behind every tensor that integer operators read or write, and returns the convolutions to convert."""
    kinds = {n: kind(graph, n) for n in graph.graph.nodes}
    is_kept = lambda name: any(name == k or name.startswith(k + ".") for k in keep_float)
    convs = [n for n in kinds if kinds[n] == "conv" and not is_kept(n.target)]
    # A sum, and the ReLU behind a sum or a convolution, are integer operators where all that they read comes from such.
    whole = set(convs)
    for n in kinds:
        reads = n.all_input_nodes
        is_sum = kinds[n] in SUMS and len(reads) > 1
        if (is_sum or kinds[n] in RELUS + SAME) and reads and all(r in whole for r in reads):
            whole.add(n)
    points = {}
    for n in list(kinds):
        absorbed = n in whole and kinds[n] not in RELUS and len(n.users) == 1 and all(kinds[u] in RELUS for u in n.users)
        if absorbed or not (n in whole or any(u in whole for u in n.users)):
            continue
        source = n.all_input_nodes[0] if n in whole and kinds[n] in SAME else None
        point = points.get(source) or Point()
        points[n] = point
        name = f"point_{n.name}"
        graph.add_submodule(name, point)
        with graph.graph.inserting_after(n):
            rounded = graph.graph.call_module(name, (n,))
        n.replace_all_uses_with(rounded, delete_user_cb=lambda user, r=rounded: user is not r)
        points[rounded] = point
    graph.recompile()
    return convs


def quantise(net, batches, keep_float=(), bits=7):
    """The network in integers, as a torch module that computes what the exported file computes. Leaves `net` alone."""
    graph = without_identities(fx.symbolic_trace(fuse(copy.deepcopy(net).eval())))
    exact = copy.deepcopy(graph)
    convs = place_points(graph, keep_float)
    points = [m for m in graph.modules() if isinstance(m, Point)]
    with torch.no_grad():
        for seen in ("range", "histogram", None):
            for p in points:
                p.seen = seen
            for x in batches if seen else []:
                graph(x)
        for p in points:
            p.settle()
            p.is_on = True
        for n in convs:
            point = graph.get_submodule(n.all_input_nodes[0].target)
            parent, _, leaf = n.target.rpartition(".")
            setattr(graph.get_submodule(parent), leaf, IntegerConv(graph.get_submodule(n.target), point, bits))
        correct_biases(graph, exact, [n.target for n in convs], batches)
    return graph


def correct_biases(graph, exact, names, batches):
    """Rounded weights shift the mean of a channel; the bias takes that back, layer by layer from the input on."""
    wanted = channel_means(exact, names, batches)
    for name in names:
        conv = graph.get_submodule(name)
        conv.set_bias(conv.float_bias + wanted[name] - channel_means(graph, [name], batches)[name])


def channel_means(net, names, batches):
    """Mean output of each channel of each convolution named."""
    outputs = {name: [] for name in names}
    keep = lambda name: lambda m, i, o: outputs[name].append(o.mean((0, 2, 3)))
    hooks = [net.get_submodule(name).register_forward_hook(keep(name)) for name in names]
    for x in batches:
        net(x)
    for h in hooks:
        h.remove()
    return {name: torch.stack(means).mean(0) for name, means in outputs.items()}


def export(graph, example, path, inputs, outputs, dynamic_axes):
    """Writes what `quantise` made as ONNX. `example` is an input of any size that the network takes."""
    torch.onnx.export(graph.eval(), example, path, opset_version=OPSET, input_names=inputs, output_names=outputs,
                      dynamic_axes=dynamic_axes, do_constant_folding=False, custom_opsets={})
