#!/usr/bin/python3
"""ShipsNet of the shared models on 80 x 80 windows of PlanetScope pictures, by an evaluator of its own: each ONNX operator
written out in PyTorch. Both ways of handing over the pixels: plane after plane, as it was trained, and transposed, as its
input's shape says. Usage: shipsnet.py DATASETS. Run here: writes shipsnet.json."""
import glob
import json
import os
import sys

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
SIDE = 80


def scales(x, s, axis):
    return s.float() if s.dim() == 0 else s.float().reshape([-1 if i == axis else 1 for i in range(x.dim())])


def quantize(a, x, s, z):
    low, high = (0, 255) if z.dtype == torch.uint8 else (-128, 127)
    q = torch.round(x / scales(x, s, a["axis"])) + scales(x, z, a["axis"])
    return torch.clamp(q, low, high).to(z.dtype)


OPS = {
    "QuantizeLinear": quantize,
    "DequantizeLinear": lambda a, x, s, z: (x.float() - scales(x, z, a["axis"])) * scales(x, s, a["axis"]),
    "Transpose": lambda a, x: x.permute(*a["perm"]),
    "Conv": lambda a, x, w, b: F.conv2d(x, w, b, stride=list(a["strides"]), padding=a["pads"][0]),
    "Relu": lambda a, x: F.relu(x),
    "MaxPool": lambda a, x: F.max_pool2d(x, list(a["kernel_shape"]), list(a["strides"])),
    "Reshape": lambda a, x, shape: x.reshape(shape.tolist()),
    "MatMul": lambda a, x, y: x @ y,
    "Add": lambda a, x, y: x + y,
    "Softmax": lambda a, x: torch.softmax(x, -1),
}


def run(model, x):
    values = {i.name: torch.from_numpy(np.array(numpy_helper.to_array(i))) for i in model.graph.initializer}
    values[model.graph.input[0].name] = x
    for node in model.graph.node:
        attrs = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
        values[node.output[0]] = OPS[node.op_type](attrs, *[values[n] for n in node.input])
    return float(values[model.graph.output[0].name][0, 1])


def main():
    folder = sys.argv[1]
    model = onnx.load(os.path.join(folder, "models-foreign", "shipsnet80-quantqdq_azizbelkhiria.onnx"))
    windows = []
    for path in sorted(glob.glob(os.path.join(folder, "planetscope-ships", "*.png"))):
        image = np.array(Image.open(path).convert("RGB"))
        h, w = image.shape[:2]
        with open(path[:-3] + "txt") as f:
            labels = [[float(v) for v in line.split()[1:]] for line in f if line.strip()]
        spots = [(int(x * w) - SIDE // 2, int(y * h) - SIDE // 2, True) for x, y, _, _ in labels] + [(0, 0, False), (w - SIDE, 0, False)]
        for x, y, ship in spots:
            tile = image[y:y + SIDE, x:x + SIDE].astype(np.float32) / np.float32(255)
            if tile.shape != (SIDE, SIDE, 3):
                continue
            planar = torch.from_numpy(np.ascontiguousarray(tile.transpose(2, 0, 1)).reshape(1, SIDE, SIDE, 3))
            windows.append({"image": os.path.basename(path), "x": x, "y": y, "ship": ship,
                            "planar": round(run(model, planar), 5), "layout": round(run(model, torch.from_numpy(tile[None])), 5)})
    with open(os.path.join(HERE, "shipsnet.json"), "w") as f:
        json.dump(windows, f, indent=0)
        f.write("\n")
    for order in ("planar", "layout"):
        right = [(w[order] >= 0.5) == w["ship"] for w in windows]
        hits = [w[order] >= 0.5 for w in windows if w["ship"]]
        print(order, f"{sum(right)} of {len(right)} right, {sum(hits)} of {len(hits)} ships")


torch.set_num_threads(1)
main()
