#!/usr/bin/python3
"""The quantised YOLOv8n of the shared models on one 640 x 640 tile of an aircraft scene, by an evaluator of its own: each ONNX
operator written out in PyTorch, integer convolutions in float64 (exact). Suppression by OpenCV.
Usage: yolov8-tile.py DATASETS. Run here: writes yolov8-tile.json."""
import json
import os
import sys

import cv2
import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
IMAGE, X, Y, SIDE = "72fa2a77-cf8e-44a2-9ab2-f11ca63b4b72.jpg", 1920, 384, 640
THRESHOLD, IOU = 0.1, 0.5


def run(model, feeds):
    values = {i.name: torch.from_numpy(np.array(numpy_helper.to_array(i))) for i in model.graph.initializer}
    values.update(feeds)
    for node in model.graph.node:
        attrs = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
        out = OPS[node.op_type](attrs, *[values.get(n) if n else None for n in node.input])
        values.update(zip(node.output, out if isinstance(out, (tuple, list)) else [out]))
    return values[model.graph.output[0].name]


def dynamic_quantize(_, x):
    """https://onnx.ai/onnx/operators/onnx__DynamicQuantizeLinear.html; ties to even as the standard says."""
    low, high = torch.clamp(x.min(), max=0), torch.clamp(x.max(), min=0)
    scale = (high - low) / 255
    zero = torch.clamp(torch.round(-low / scale), 0, 255)
    return torch.clamp(torch.round(x / scale) + zero, 0, 255).to(torch.uint8), scale, zero.to(torch.uint8)


def pads(attrs, n=4):
    p = list(attrs.get("pads", [0] * n))
    assert p[: n // 2] == p[n // 2:]
    return p[: n // 2]


def conv_integer(attrs, x, w, xz=None, wz=None):
    x = x.double() - (0 if xz is None else xz.double())
    w = w.double()
    if wz is not None:
        w = w - (wz.double().reshape(-1, 1, 1, 1) if wz.numel() > 1 else wz.double())
    y = F.conv2d(x, w, stride=list(attrs.get("strides", [1, 1])), padding=pads(attrs), groups=attrs.get("group", 1))
    return y.round().to(torch.int32)


def reshape(_, x, shape):
    shape = [x.shape[i] if n == 0 else int(n) for i, n in enumerate(shape.tolist())]
    return x.reshape(shape)


def slice_(_, x, starts, ends, axes=None, steps=None):
    for k, (s, e) in enumerate(zip(starts.tolist(), ends.tolist())):
        axis = axes.tolist()[k] if axes is not None else k
        step = steps.tolist()[k] if steps is not None else 1
        n = x.shape[axis]
        s, e = (max(0, v + n) if v < 0 else min(v, n) for v in (s, e))
        x = x.index_select(axis, torch.arange(s, e, step))
    return x


KINDS = {1: torch.float32, 6: torch.int32, 7: torch.int64}
OPS = {
    "DynamicQuantizeLinear": dynamic_quantize,
    "ConvInteger": conv_integer,
    "Cast": lambda a, x: x.to(KINDS[a["to"]]),
    "Mul": lambda a, x, y: x * y,
    "Add": lambda a, x, y: x + y,
    "Sub": lambda a, x, y: x - y,
    "Div": lambda a, x, y: x / y,
    "Sigmoid": lambda a, x: torch.sigmoid(x),
    "Softmax": lambda a, x: torch.softmax(x, a.get("axis", -1)),
    "Reshape": reshape,
    "Transpose": lambda a, x: x.permute(*a["perm"]),
    "Concat": lambda a, *xs: torch.cat(xs, a["axis"]),
    "Split": lambda a, x, split=None: torch.split(x, split.tolist() if split is not None else x.shape[a["axis"]] // 2, a.get("axis", 0)),
    "MaxPool": lambda a, x: F.max_pool2d(x, list(a["kernel_shape"]), list(a["strides"]), pads(a)),
    "Resize": lambda a, x, roi=None, scales=None, sizes=None: F.interpolate(x, scale_factor=2.0, mode="nearest"),
    "Slice": slice_,
}


def main():
    folder = sys.argv[1]
    model = onnx.load(os.path.join(folder, "models-foreign", "yolov8n-coco-int8dyn_lamri.onnx"))
    image = np.array(Image.open(os.path.join(folder, "airbus-aircraft", "images", IMAGE)).convert("RGB"))[Y:Y + SIDE, X:X + SIDE]
    x = torch.from_numpy(image.transpose(2, 0, 1)[None].astype(np.float32) / np.float32(255))
    out = run(model, {model.graph.input[0].name: x})[0].numpy()
    scores, best = out[4:].max(0), out[4:].argmax(0)
    found = []
    for c in np.unique(best[scores >= THRESHOLD]):
        own = np.flatnonzero((best == c) & (scores >= THRESHOLD))
        boxes = [[float(a - w / 2), float(b - h / 2), float(w), float(h)] for a, b, w, h in out[:4, own].T]
        for i in np.array(cv2.dnn.NMSBoxes(boxes, [float(s) for s in scores[own]], THRESHOLD, IOU)).ravel():
            a, b, w, h = boxes[i]
            found.append([int(c), float(scores[own][i]), max(0, a), max(0, b), min(SIDE, a + w), min(SIDE, b + h)])
    found.sort(key=lambda f: -f[1])
    rows = [[f[0], *(round(v, 4) for v in f[1:])] for f in found]
    with open(os.path.join(HERE, "yolov8-tile.json"), "w") as f:
        json.dump({"image": IMAGE, "x": X, "y": Y, "side": SIDE, "threshold": THRESHOLD, "nmsIou": IOU, "expected": rows}, f)
    print(*rows, sep="\n")


torch.set_num_threads(1)
main()
