"""Convolutions that turn with the picture, for the recipes in this folder: a scene turned by a quarter gives the same answer, turned.

An image from orbit has no up. A plain network has to learn each kernel once for every heading, from few labels; here four kernels
are one, turned (group convolutions over the quarter turns, Cohen and Welling 2016, arXiv 1602.07576). Channels come in fields of
four, one for each turn. Even strides need even kernels: a window of 3 at stride 2 starts at the left pixel of a pair, so turned
input would fall between its steps.

What is learned is a quarter of what a plain network of the same width has; what it costs to run is the same: `plain` unfolds
the kernels and folds batch norms in, and what is left are ordinary convolutions to export, quantise or count.
"""
import copy

import torch
from torch import nn
from torch.nn import functional as F

TURNS = 4
# What a quarter turn of `torch.rot90` over (rows, columns) does to a vector (x to the right, y down).
QUARTER = torch.tensor([[0.0, 1.0], [-1.0, 0.0]])


def padding(k, stride):
    """So that an input of a multiple of the stride gives one output a step."""
    assert (k - stride) % 2 == 0, "a kernel that is even or odd as its stride turns with the picture"
    return (k - stride) // 2


class Conv(nn.Module):
    """Convolution, batch norm and, if asked for, ReLU. `cin` counts planes where `lift` is true, else channels of fields."""

    def __init__(self, cin, cout, k=3, stride=1, act=True, lift=False):
        super().__init__()
        self.k, self.stride, self.act, self.lift = k, stride, act, lift
        n = cout // TURNS
        self.weight = nn.Parameter(torch.empty(n, cin, 1, k, k) if lift else torch.empty(n, cin // TURNS, TURNS, k, k))
        nn.init.uniform_(self.weight, -1 / (cin * k * k) ** 0.5, 1 / (cin * k * k) ** 0.5)  # as nn.Conv2d
        self.norm = nn.BatchNorm2d(n)

    def kernels(self):
        """All kernels: of each field the one that is learned, turned; fields that are read turn among themselves as well."""
        turned = [torch.rot90(self.weight if self.lift else self.weight.roll(g, 2), g, (-2, -1)) for g in range(TURNS)]
        return torch.stack(turned, 1).flatten(0, 1).flatten(1, 2).contiguous(memory_format=torch.channels_last)

    def forward(self, x):
        x = F.conv2d(x, self.kernels(), None, self.stride, padding(self.k, self.stride))
        norm, seen = self.norm, [each_turn(v) for v in (self.norm.running_mean, self.norm.running_var)]
        x = F.batch_norm(x, *seen, each_turn(norm.weight), each_turn(norm.bias), self.training, norm.momentum, norm.eps)
        if self.training:
            for whole, one in zip(seen, (norm.running_mean, norm.running_var)):
                one.copy_(whole.view(-1, TURNS).mean(1))
        return F.relu(x) if self.act else x

    def plain(self):
        weight, norm = self.kernels().contiguous(), self.norm
        gain = each_turn(norm.weight / torch.sqrt(norm.running_var + norm.eps))
        bias = each_turn(norm.bias) - each_turn(norm.running_mean) * gain
        conv = convolution(weight * gain.view(-1, 1, 1, 1), bias, self.stride)
        return nn.Sequential(conv, nn.ReLU()) if self.act else conv


class Readout(nn.Module):
    """A 1 × 1 convolution from fields to planes that mean something. `kind`: "scalar", one plane that turns with the picture;
    "sides", width and height, which a quarter turn exchanges; "place", a vector (x, y) around `start`."""

    def __init__(self, cin, kind, start=0.0):
        super().__init__()
        n = cin // TURNS
        self.kind = kind
        self.weight = nn.Parameter(torch.empty(n, 1 if kind == "scalar" else 2).uniform_(-1 / cin ** 0.5, 1 / cin ** 0.5))
        start = torch.tensor([start])
        if kind == "place":
            self.register_buffer("bias", start)  # no learned vector points the same way after a turn
        else:
            self.bias = nn.Parameter(start)

    def kernels(self):
        w = self.weight
        if self.kind == "scalar":
            turned = [w.T] * TURNS
        elif self.kind == "sides":
            turned = [w.T, w.T.flip(0)] * 2
        else:
            turned = [torch.matrix_power(QUARTER, g) @ w.T for g in range(TURNS)]
        return torch.stack(turned, -1).flatten(1)[:, :, None, None]

    def forward(self, x):
        kernels = self.kernels()
        return F.conv2d(x, kernels, self.bias.expand(len(kernels)))

    def plain(self):
        kernels = self.kernels()
        return convolution(kernels, self.bias.expand(len(kernels)))


class Residual(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.a, self.b = Conv(c, c), Conv(c, c, act=False)

    def forward(self, x):
        return F.relu(x + self.b(self.a(x)))


def each_turn(values):
    return values.repeat_interleave(TURNS)


def convolution(weight, bias, stride=1):
    conv = nn.Conv2d(weight.shape[1], weight.shape[0], weight.shape[2], stride, padding(weight.shape[2], stride))
    conv.weight.data, conv.bias.data = weight.detach().clone(), bias.detach().clone()
    return conv


def plain(net):
    """A copy of the network that computes the same with ordinary convolutions, batch norms folded in."""
    net = copy.deepcopy(net).eval()
    for parent in list(net.modules()):
        for name, child in list(parent.named_children()):
            if isinstance(child, (Conv, Readout)):
                setattr(parent, name, child.plain())
    return net


def twice(x):
    """Each cell becomes four."""
    return F.interpolate(x, scale_factor=2.0, mode="nearest")


def macs_per_pixel(net, planes, side=256):
    """Multiply-accumulates of all convolutions of an ordinary network, per input pixel."""
    total, hooks = 0, []

    def count(conv, _, out):
        nonlocal total
        total += conv.weight.numel() * out.shape[-1] * out.shape[-2]
    for m in net.modules():
        if isinstance(m, nn.Conv2d):
            hooks.append(m.register_forward_hook(count))
    with torch.no_grad():
        net(torch.zeros(1, planes, side, side))
    for h in hooks:
        h.remove()
    return total / side ** 2
