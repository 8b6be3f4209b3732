"""The cloud net: a small U-shaped segmentation net, one score a cell of 2 x 2 pixels, about 60 thousand parameters."""
import copy

import torch
from torch import nn
from torch.nn import functional as F

# Common names, in the order of the input's channels: what Sentinel-2 and most small cameras have, and what helps over snow.
BANDS = {"clouds": ("blue", "green", "red", "nir"),
         "clouds-swir": ("blue", "green", "red", "nir", "swir16", "swir22", "cirrus")}
STRIDE = 2
MULTIPLE = 16
DYNAMIC = {"input": {0: "n", 2: "h", 3: "w"}, "cloud": {0: "n", 2: "h2", 3: "w2"}}
# Centre and gain of the square root of reflectance, so that the stem sees about N(0, 1) on land, sea and cloud.
MEAN = dict(blue=0.55, green=0.5, red=0.5, nir=0.6, swir16=0.4, swir22=0.35, cirrus=0.15)
GAIN = dict(blue=4.0, green=4.0, red=4.0, nir=4.0, swir16=4.0, swir22=4.0, cirrus=6.0)


def conv(cin, cout, k=3, stride=1, dilation=1, act=True):
    """Convolution, batch norm, ReLU."""
    layers = [nn.Conv2d(cin, cout, k, stride, dilation * (k // 2), dilation, bias=False), nn.BatchNorm2d(cout)]
    return nn.Sequential(*layers, nn.ReLU()) if act else nn.Sequential(*layers)


class Residual(nn.Module):
    def __init__(self, c, dilation=1):
        super().__init__()
        self.a, self.b = conv(c, c, dilation=dilation), conv(c, c, dilation=dilation, act=False)

    def forward(self, x):
        return F.relu(x + self.b(self.a(x)))


class CloudNet(nn.Module):
    def __init__(self, name, c2=12, c4=20, c8=28, c16=32):
        super().__init__()
        self.name, bands = name, BANDS[name]
        self.register_buffer("mean", torch.tensor([MEAN[b] for b in bands]).view(1, -1, 1, 1))
        self.register_buffer("gain", torch.tensor([GAIN[b] for b in bands]).view(1, -1, 1, 1))
        self.stem = nn.Sequential(conv(len(bands), c2, stride=2), Residual(c2))
        self.down4 = nn.Sequential(conv(c2, c4, stride=2), Residual(c4))
        self.down8 = nn.Sequential(conv(c4, c8, stride=2), Residual(c8))
        # Bright ground and bright cloud differ in what lies around: the lowest level sees about 4 km.
        self.down16 = nn.Sequential(conv(c8, c16, stride=2), Residual(c16, 2))
        self.lat16, self.lat8, self.lat4 = (conv(a, b, 1, act=False) for a, b in ((c16, c8), (c8, c4), (c4, c2)))
        self.up8, self.up4, self.up2 = conv(c8, c8), conv(c4, c4), conv(c2, c2)
        self.cloud = nn.Conv2d(c2, 1, 1)

    def logits(self, x):
        x = 2.0 - F.relu(2.0 - F.relu(x))  # a clip to 0..2: sunlit cloud exceeds 1 at the top of the atmosphere
        x = (torch.sqrt(x) - self.mean) * self.gain
        s2 = self.stem(x)
        s4 = self.down4(s2)
        s8 = self.down8(s4)
        y = self.up8(F.relu(s8 + twice(self.lat16(self.down16(s8)))))
        y = self.up4(F.relu(s4 + twice(self.lat8(y))))
        y = self.up2(F.relu(s2 + twice(self.lat4(y))))
        return self.cloud(y)

    def forward(self, x):
        return torch.sigmoid(self.logits(x))


def twice(x):
    return F.interpolate(x, scale_factor=2.0, mode="nearest")


def fuse(net):
    """A copy with every batch norm folded into its convolution."""
    net = copy.deepcopy(net).eval()
    for m in net.modules():
        if isinstance(m, nn.Sequential) and len(m) > 1 and isinstance(m[0], nn.Conv2d) and isinstance(m[1], nn.BatchNorm2d):
            m[0], m[1] = nn.utils.fusion.fuse_conv_bn_eval(m[0], m[1]), nn.Identity()
    return net


def export(net, path, bands):
    """Writes the net in float32; opset 11 is what OpenCV 4.6 reads as well."""
    torch.onnx.export(fuse(net), torch.rand(1, len(bands), 64, 64), path, opset_version=11, input_names=["input"],
                      output_names=["cloud"], dynamic_axes=DYNAMIC)


def macs_per_pixel(net, channels, side=256):
    """Multiply-accumulates of all convolutions, per input pixel."""
    total, hooks = [0], []
    for m in net.modules():
        if isinstance(m, nn.Conv2d):
            hooks.append(m.register_forward_hook(lambda m, i, o: total.__setitem__(
                0, total[0] + m.weight.numel() * o.shape[-1] * o.shape[-2])))
    with torch.no_grad():
        net.eval()(torch.zeros(1, channels, side, side))
    for h in hooks:
        h.remove()
    return total[0] / side ** 2
