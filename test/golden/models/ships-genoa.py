#!/usr/bin/python3
"""The shipped ship detector on a window of Genoa's harbour, by rasterio, OpenCV's DNN module and NumPy.
Usage: ships-genoa.py DATASETS, after each new training. Run here: writes ships-genoa.json."""
import glob
import hashlib
import json
import os
import sys

import cv2
import numpy as np
import rasterio
from rasterio.windows import Window

HERE = os.path.dirname(os.path.abspath(__file__))
MODEL = os.path.join(HERE, "..", "..", "..", "models", "ships-s2")
BANDS = ["B02", "B03", "B04", "B08"]
# The second is no multiple of the network's 16 pixels: its last column and row are repeated, as `tile-input.ts` does.
# The last is the whole scene, which Swath cuts into tiles and merges.
WINDOWS = [(256, 256, 512, 512, 0.05), (1000, 380, 250, 203, 0.05), (0, 0, 2201, 871, 0.3)]


def detect(net, folder, x, y, width, height, threshold):
    planes = []
    for band in BANDS:
        with rasterio.open(glob.glob(os.path.join(glob.escape(folder), f"*{band}*"))[0]) as src:
            planes.append(src.read(1, window=Window(x, y, width, height)).astype(np.float64) / 65535)
    pixels = np.pad(np.stack(planes), [(0, 0), (0, -height % 16), (0, -width % 16)], mode="edge").astype(np.float32)
    net.setInput(pixels[None])
    heat, size, offset = net.forward(["heatmap", "size", "offset"])
    top = cv2.dilate(heat[0, 0], np.ones((3, 3), np.uint8))
    found = []
    for row, column in np.argwhere((heat[0, 0] >= top) & (heat[0, 0] >= threshold)):
        w, h = size[0, :, row, column]
        cx, cy = (column + offset[0, 0, row, column]) * 2, (row + offset[0, 1, row, column]) * 2
        if cx < width and cy < height:
            box = max(0, cx - w / 2), max(0, cy - h / 2), min(width, cx + w / 2), min(height, cy + h / 2)
            found.append([0, *(round(float(v), 4) for v in (heat[0, 0, row, column], *box))])
    return sorted(found, key=lambda f: -f[1])


def main():
    onnx = os.path.join(MODEL, "ships-s2.onnx")
    net = cv2.dnn.readNetFromONNX(onnx)
    folder = os.path.join(sys.argv[1], "sen2ships", "genoa")
    cases = [{"window": {"x": x, "y": y, "width": w, "height": h}, "threshold": t, "expected": detect(net, folder, x, y, w, h, t)}
             for x, y, w, h, t in WINDOWS]
    with open(onnx, "rb") as f:
        result = {"sha256": hashlib.sha256(f.read()).hexdigest(), "cases": cases}
    with open(os.path.join(HERE, "ships-genoa.json"), "w") as f:
        json.dump(result, f)
        f.write("\n")
    print([len(c["expected"]) for c in cases])


main()
