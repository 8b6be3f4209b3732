"""The ship net: a small U-shaped centre-point detector, stride 2, about 0.5 M parameters."""
import copy

import torch
from torch import nn
from torch.nn import functional as F

BANDS = ("B02", "B03", "B04", "B08")
STRIDE = 2
MAX_SIDE = 128.0  # longest box side in input pixels


def conv(cin, cout, k=3, stride=1, dilation=1, act=True):
    """Convolution, batch norm, ReLU. The exporter folds the norm into the convolution."""
    layers = [nn.Conv2d(cin, cout, k, stride, dilation * (k // 2), dilation, bias=False), nn.BatchNorm2d(cout)]
    return nn.Sequential(*layers, nn.ReLU(inplace=True)) if act else nn.Sequential(*layers)


class Residual(nn.Module):
    def __init__(self, c, dilation=1):
        super().__init__()
        self.a, self.b = conv(c, c, dilation=dilation), conv(c, c, dilation=dilation, act=False)

    def forward(self, x):
        return F.relu(x + self.b(self.a(x)))


class ShipNet(nn.Module):
    def __init__(self, c2=24, c4=48, c8=64, c16=80, head=32):
        super().__init__()
        # Scale of the square root of reflectance over sea and port, so that the stem sees about N(0, 1).
        self.register_buffer("mean", torch.tensor([0.24, 0.26, 0.24, 0.28]).view(1, 4, 1, 1))
        self.stem = nn.Sequential(conv(4, c2, 5, stride=2), Residual(c2))
        self.down4 = nn.Sequential(conv(c2, c4, stride=2), Residual(c4))
        self.down8 = nn.Sequential(conv(c4, c8, stride=2), Residual(c8), Residual(c8))
        # Whether a bright bar is a ship or a quay shows only from afar. No dilation: what lies 64 px away must not matter, or
        # tiles would need a wider overlap than 128 px to give what the whole scene gives.
        self.down16 = nn.Sequential(conv(c8, c16, stride=2), Residual(c16))
        self.lat16, self.lat8, self.lat4 = (conv(a, b, 1, act=False) for a, b in ((c16, c8), (c8, c4), (c4, c2)))
        self.up8, self.up4, self.up2 = conv(c8, c8), conv(c4, c4), conv(c2, head)
        self.neck = conv(head, head)
        self.heat, self.size, self.offset = (nn.Conv2d(head, n, 1) for n in (1, 2, 2))
        self.mask = nn.Conv2d(head, 1, 1)  # which pixels are ship: in training only
        nn.init.constant_(self.mask.bias, -3.0)
        self.middle = 0.5  # of a cell, where offsets start; in the bias of what is shipped
        nn.init.constant_(self.heat.bias, -4.6)  # ships are rare: start at a score of 0.01
        nn.init.constant_(self.size.bias, -2.0)  # 15 px

    def forward(self, x):
        x = 1.0 - F.relu(1.0 - F.relu(x))  # a clip to 0..1: OpenCV 4.6 cannot read Clip as opset 11 writes it
        x = (torch.sqrt(x) - self.mean) * 8.0
        s2 = self.stem(x)
        s4 = self.down4(s2)
        s8 = self.down8(s4)
        s16 = self.down16(s8)
        y = self.up8(F.relu(s8 + self._twice(self.lat16(s16))))
        y = self.up4(F.relu(s4 + self._twice(self.lat8(y))))
        y = self.neck(self.up2(F.relu(s2 + self._twice(self.lat4(y)))))
        # The sigmoid is close to exp for small boxes and can never run away for large ones.
        # The offset is free: a peak some cells off the middle of a long ship can still give its box.
        out = torch.sigmoid(self.heat(y)), MAX_SIDE * torch.sigmoid(self.size(y)), self.offset(y)
        if self.middle:
            out = (*out[:2], self.middle + out[2])
        return (*out, self.mask(y)) if self.training else out

    @staticmethod
    def _twice(x):
        return F.interpolate(x, scale_factor=2.0, mode="nearest")


def macs_per_pixel(net):
    """Multiply-accumulates of all convolutions, per input pixel."""
    total, hooks = [0], []
    for m in net.modules():
        if isinstance(m, nn.Conv2d):
            hooks.append(m.register_forward_hook(lambda m, i, o: total.__setitem__(
                0, total[0] + m.weight.numel() * o.shape[-1] * o.shape[-2])))
    with torch.no_grad():
        net.eval()(torch.zeros(1, 4, 256, 256))
    for h in hooks:
        h.remove()
    return total[0] / 256 ** 2


def shipped(net):
    """A copy without what only training needs, every batch norm folded into its convolution."""
    net = copy.deepcopy(net).eval()
    del net.mask
    net.offset.bias.data += net.middle
    net.middle = 0
    for m in net.modules():
        if isinstance(m, nn.Sequential) and len(m) > 1 and isinstance(m[0], nn.Conv2d) and isinstance(m[1], nn.BatchNorm2d):
            m[0], m[1] = nn.utils.fusion.fuse_conv_bn_eval(m[0], m[1]), nn.Identity()
    return net


def export(net, path, writer=None):
    """ONNX with free batch and sides; `writer` is that of `quantise.py` for a net it made."""
    names = ["heatmap", "size", "offset"]
    axes = {"input": {0: "n", 2: "h", 3: "w"}, **{k: {0: "n", 2: "h2", 3: "w2"} for k in names}}
    example = torch.rand(1, 4, 64, 64)
    if writer:
        return writer(net, example, path, ["input"], names, axes)
    torch.onnx.export(shipped(net), example, path, opset_version=11, input_names=["input"], output_names=names, dynamic_axes=axes)
