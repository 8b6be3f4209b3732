#!/usr/bin/python3
"""What networks are fed, by OpenCV and NumPy: letterboxes, channel orders, layouts, scalings. Run here: writes input.json."""
import json
import os

import cv2
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
rng = np.random.RandomState(3)


def letterbox(image, width, height, anchor, margin):
    """Ultralytics' `LetterBox` (ultralytics/data/augment.py), on floats, without rounding pixels."""
    h, w = image.shape[:2]
    r = min(height / h, width / w)
    new_w, new_h = int(round(w * r)), int(round(h * r))
    dw, dh = width - new_w, height - new_h
    left, top = (int(round(dw / 2 - 0.1)), int(round(dh / 2 - 0.1))) if anchor == "centre" else (0, 0)
    scaled = cv2.resize(image, (new_w, new_h), interpolation=cv2.INTER_LINEAR).reshape(new_h, new_w, -1)
    planes = [cv2.copyMakeBorder(scaled[:, :, c], top, height - new_h - top, left, width - new_w - left,
                                 cv2.BORDER_CONSTANT, value=float(margin)) for c in range(scaled.shape[2])]
    return np.stack(planes, 2), {"x": left, "y": top, "width": new_w, "height": new_h}


def case(tile, size, bands, layout, pixel_order, fit, anchor, margin, scale, mean, std, dtype):
    """`tile` (width, height) of red, green, blue; `bands` is the order of the network's channels."""
    w, h = tile
    top = 256 if dtype == "uint8" else 3000
    rgb = rng.randint(0, top, (h, w, 3)).astype(np.float32)
    image = rgb[:, :, ["red", "green", "blue"].index(bands[0]):] if len(bands) == 1 else rgb
    image = image[:, :, [["red", "green", "blue"].index(b) for b in bands]] if len(bands) == 3 else image[:, :, :1]
    if fit == "letterbox":
        placed, where = letterbox(image, *size, anchor, margin)
    else:
        placed = np.pad(image, ((0, size[1] - h), (0, size[0] - w), (0, 0)), mode="edge")
        where = {"x": 0, "y": 0, "width": w, "height": h}
    numbers = (placed * scale - np.array(mean)) / np.array(std)
    planes = numbers.transpose(2, 0, 1)
    tensor = planes if layout == "NCHW" or pixel_order == "planar" else numbers
    return {"tile": tile, "size": size, "bands": bands, "layout": layout, "pixelOrder": pixel_order, "fit": fit, "anchor": anchor,
            "marginValue": margin, "scale": scale, "mean": mean, "std": std, "dtype": dtype, "placed": where,
            "samples": {b: rgb[:, :, i].ravel().astype(int).tolist() for i, b in enumerate(["red", "green", "blue"])},
            "expected": [round(float(v), 5) for v in tensor.ravel()]}


rgb, bgr, none, one = ["red", "green", "blue"], ["blue", "green", "red"], [0, 0, 0], [1, 1, 1]
imagenet = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
cases = {
    "RGB, NCHW, 0 to 1": case((9, 7), (9, 7), rgb, "NCHW", "layout", "pad", "centre", 0, 1 / 255, none, one, "uint8"),
    "BGR, NCHW, 0 to 255, padded": case((9, 7), (12, 10), bgr, "NCHW", "layout", "pad", "centre", 0, 1, none, one, "uint8"),
    "RGB, NHWC, mean and std of ImageNet": case((8, 8), (8, 8), rgb, "NHWC", "layout", "pad", "centre", 0, 1 / 255, *imagenet, "uint8"),
    "RGB, NHWC, planes reshaped": case((8, 6), (8, 6), rgb, "NHWC", "planar", "pad", "centre", 0, 1 / 255, none, one, "uint8"),
    "letterbox, larger, margins above and below": case((16, 9), (32, 32), rgb, "NCHW", "layout", "letterbox", "centre", 114, 1 / 255, none, one, "uint8"),
    "letterbox, smaller, margins left and right": case((11, 23), (16, 16), rgb, "NCHW", "layout", "letterbox", "centre", 114, 1 / 255, none, one, "uint8"),
    "letterbox in the corner, BGR, 0 to 255": case((20, 13), (16, 16), bgr, "NCHW", "layout", "letterbox", "corner", 114, 1, none, one, "uint8"),
    "letterbox, NHWC, counts with mean and std": case((10, 10), (15, 15), rgb, "NHWC", "layout", "letterbox", "centre", 0, 1e-4, [0.1, 0.2, 0.3], [2, 3, 4], "uint16"),
    "letterbox of the same size": case((12, 12), (12, 12), rgb, "NCHW", "layout", "letterbox", "centre", 114, 1 / 255, none, one, "uint8"),
}
with open(os.path.join(HERE, "input.json"), "w") as f:
    json.dump(cases, f, separators=(",", ":"))
print(len(cases), os.path.getsize(os.path.join(HERE, "input.json")))
