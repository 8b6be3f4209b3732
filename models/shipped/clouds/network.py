"""The cloud net: a small U-shaped segmentation net that turns with the picture, one score a cell of 2 x 2 pixels."""
import torch
from torch import nn
from torch.nn import functional as F

import equivariant
from equivariant import Conv, Readout, Residual, twice

# Common names, in the order of the input's channels: what Sentinel-2 and most small cameras have, and what helps over snow.
BANDS = {"clouds": ("blue", "green", "red", "nir"),
         "clouds-swir": ("blue", "green", "red", "nir", "swir16", "swir22", "cirrus")}
STRIDE = 2
MULTIPLE = 16
DYNAMIC = {"input": {0: "n", 2: "h", 3: "w"}, "cloud": {0: "n", 2: "h2", 3: "w2"}}
# Centre and gain of the square root of reflectance, so that the stem sees about N(0, 1) on land, sea and cloud.
MEAN = dict(blue=0.55, green=0.5, red=0.5, nir=0.6, swir16=0.4, swir22=0.35, cirrus=0.15)
GAIN = dict(blue=4.0, green=4.0, red=4.0, nir=4.0, swir16=4.0, swir22=4.0, cirrus=6.0)


class CloudNet(nn.Module):
    def __init__(self, name, c2=12, c4=20, c8=28, c16=32):
        super().__init__()
        self.name, bands = name, BANDS[name]
        self.register_buffer("mean", torch.tensor([MEAN[b] for b in bands]).view(1, -1, 1, 1))
        self.register_buffer("gain", torch.tensor([GAIN[b] for b in bands]).view(1, -1, 1, 1))
        self.stem = nn.Sequential(Conv(len(bands), c2, 4, stride=2, lift=True), Residual(c2))
        self.down4 = nn.Sequential(Conv(c2, c4, 2, stride=2), Residual(c4))
        self.down8 = nn.Sequential(Conv(c4, c8, 2, stride=2), Residual(c8))
        # Bright ground and bright cloud differ in what lies around: the lowest level sees about 4 km.
        self.down16 = nn.Sequential(Conv(c8, c16, 2, stride=2), Residual(c16), Residual(c16))
        self.lat16, self.lat8, self.lat4 = (Conv(a, b, 1, act=False) for a, b in ((c16, c8), (c8, c4), (c4, c2)))
        self.up8, self.up4, self.up2 = Conv(c8, c8), Conv(c4, c4), Conv(c2, c2)
        self.cloud = Readout(c2, "scalar")

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


def export(net, path, bands):
    """Writes the net in float32; opset 11 is what OpenCV 4.6 reads as well."""
    torch.onnx.export(equivariant.plain(net), torch.rand(1, len(bands), 64, 64), path, opset_version=11, input_names=["input"],
                      output_names=["cloud"], dynamic_axes=DYNAMIC)
