#!/usr/bin/python3
"""YOLOX-nano of the shared models on 416 x 416 tiles of an aircraft scene: network by OpenCV's DNN module, grid decoded in NumPy.
Usage: yolox-tile.py DATASETS. Run here: writes yolox-tile.json."""
import json
import os
import sys

import cv2
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
IMAGE, SIDE = "72fa2a77-cf8e-44a2-9ab2-f11ca63b4b72.jpg", 416
CORNERS = [(x, y) for y in range(0, 2560 - SIDE, 428) for x in range(0, 2560 - SIDE, 428)]
THRESHOLD, IOU = 0.2, 0.5


def decode(out, strides=(8, 16, 32)):
    grids = [np.stack(np.meshgrid(np.arange(SIDE // s), np.arange(SIDE // s)), 2).reshape(-1, 2) for s in strides]
    stride = np.concatenate([np.full((len(g), 1), s) for g, s in zip(grids, strides)])
    xy = (out[:, :2] + np.concatenate(grids)) * stride
    wh = np.exp(out[:, 2:4]) * stride
    return xy, wh, out[:, 4:5] * out[:, 5:]


def main():
    folder = sys.argv[1]
    net = cv2.dnn.readNetFromONNX(os.path.join(folder, "models-foreign", "yolox_nano-coco_bigisland1729.onnx"))
    image = cv2.imread(os.path.join(folder, "airbus-aircraft", "images", IMAGE))  # blue, green, red
    tiles = []
    for x, y in CORNERS:
        tile = image[y:y + SIDE, x:x + SIDE]
        net.setInput(tile.transpose(2, 0, 1)[None].astype(np.float32))
        xy, wh, scores = decode(net.forward()[0])
        best, top = scores.argmax(1), scores.max(1)
        found = []
        for c in np.unique(best[top >= THRESHOLD]):
            own = np.flatnonzero((best == c) & (top >= THRESHOLD))
            boxes = [[float(v) for v in (*(xy[i] - wh[i] / 2), *wh[i])] for i in own]
            for i in np.array(cv2.dnn.NMSBoxes(boxes, [float(s) for s in top[own]], THRESHOLD, IOU)).ravel():
                a, b, w, h = boxes[i]
                found.append([int(c), float(top[own][i]), max(0, a), max(0, b), min(SIDE, a + w), min(SIDE, b + h)])
        if found:
            found.sort(key=lambda f: -f[1])
            tiles.append({"x": x, "y": y, "expected": [[f[0], *(round(v, 4) for v in f[1:])] for f in found]})
    with open(os.path.join(HERE, "yolox-tile.json"), "w") as f:
        json.dump({"image": IMAGE, "side": SIDE, "threshold": THRESHOLD, "nmsIou": IOU, "tiles": tiles}, f)
        f.write("\n")
    for tile in tiles:
        print(tile)


cv2.setNumThreads(1)
main()
