"""The ship net: a small U-shaped centre-point detector, stride 2, that turns with the picture: 0.12 M learned parameters."""
import copy
import os
import sys

import torch
from torch import nn
from torch.nn import functional as F

sys.path.append(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import equivariant
from equivariant import Conv, Readout, Residual, twice

BANDS = ("B02", "B03", "B04", "B08")
STRIDE = 2
MAX_SIDE = 128.0  # longest box side in input pixels


class ShipNet(nn.Module):
    def __init__(self, c2=24, c4=48, c8=64, c16=80, head=32):
        super().__init__()
        # Scale of the square root of reflectance over sea and port, so that the stem sees about N(0, 1).
        self.register_buffer("mean", torch.tensor([0.24, 0.26, 0.24, 0.28]).view(1, 4, 1, 1))
        self.stem = nn.Sequential(Conv(4, c2, 6, stride=2, lift=True), Residual(c2))
        self.down4 = nn.Sequential(Conv(c2, c4, 2, stride=2), Residual(c4))
        self.down8 = nn.Sequential(Conv(c4, c8, 2, stride=2), Residual(c8), Residual(c8))
        # Whether a bright bar is a ship or a quay shows only from afar. No dilation: what lies 64 px away must not matter, or
        # tiles would need a wider overlap than 128 px to give what the whole scene gives.
        self.down16 = nn.Sequential(Conv(c8, c16, 2, stride=2), Residual(c16))
        self.lat16, self.lat8, self.lat4 = (Conv(a, b, 1, act=False) for a, b in ((c16, c8), (c8, c4), (c4, c2)))
        self.up8, self.up4, self.up2 = Conv(c8, c8), Conv(c4, c4), Conv(c2, head)
        self.neck = Conv(head, head)
        self.heat = Readout(head, "scalar", -4.6)  # ships are rare: start at a score of 0.01
        self.size = Readout(head, "sides", -2.0)  # 15 px
        self.offset = Readout(head, "place", 0.5)  # the middle of the cell
        self.mask = Readout(head, "scalar", -3.0)  # which pixels are ship: in training only

    def forward(self, x):
        x = 1.0 - F.relu(1.0 - F.relu(x))  # a clip to 0..1: OpenCV 4.6 cannot read Clip as opset 11 writes it
        x = (torch.sqrt(x) - self.mean) * 8.0
        s2 = self.stem(x)
        s4 = self.down4(s2)
        s8 = self.down8(s4)
        s16 = self.down16(s8)
        y = self.up8(F.relu(s8 + twice(self.lat16(s16))))
        y = self.up4(F.relu(s4 + twice(self.lat8(y))))
        y = self.neck(self.up2(F.relu(s2 + twice(self.lat4(y)))))
        # The sigmoid is close to exp for small boxes and can never run away for large ones.
        # The offset is free: a peak some cells off the middle of a long ship can still give its box.
        out = torch.sigmoid(self.heat(y)), MAX_SIDE * torch.sigmoid(self.size(y)), self.offset(y)
        return (*out, self.mask(y)) if self.training else out


def shipped(net):
    """A copy of ordinary convolutions without what only training needs."""
    net = copy.deepcopy(net)
    del net.mask
    return equivariant.plain(net)


def export(net, path, writer=None):
    """ONNX with free batch and sides; `writer` is that of `quantise.py` for a net it made."""
    names = ["heatmap", "size", "offset"]
    axes = {"input": {0: "n", 2: "h", 3: "w"}, **{k: {0: "n", 2: "h2", 3: "w2"} for k in names}}
    example = torch.rand(1, 4, 64, 64)
    if writer:
        return writer(net, example, path, ["input"], names, axes)
    torch.onnx.export(shipped(net), example, path, opset_version=11, input_names=["input"], output_names=names, dynamic_axes=axes)
