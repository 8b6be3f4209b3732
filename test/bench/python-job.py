#!/usr/bin/python3
"""The onboard job as a user would write it in Python: rasterio windows, OpenCV's DNN module, NumPy, one tile after the other.
Prints one line of JSON. Opening the file and the network, and a first tile, are outside of the measured time."""
import argparse
import json
import resource
import time

import cv2
import numpy as np
import rasterio
from rasterio.windows import Window


def starts(length, size, overlap):
    """As `planTiles` without a grid: the last tile is shifted back into the scene, where ours ends with it."""
    if length <= size:
        return [0]
    count = -(-(length - overlap) // (size - overlap))
    return [length - size if i == count - 1 else i * (size - overlap) for i in range(count)]


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("scene")
    ap.add_argument("model")
    ap.add_argument("--tile", type=int, default=512)
    ap.add_argument("--overlap", type=int, default=64)
    ap.add_argument("--score", type=float, default=0.3)
    ap.add_argument("--iou", type=float, default=0.3)
    ap.add_argument("--stride", type=int, default=2)
    ap.add_argument("--scale", type=float, default=1e-4)
    args = ap.parse_args()
    net, names, kernel = cv2.dnn.readNetFromONNX(args.model), ["heatmap", "size", "offset"], np.ones((3, 3), np.uint8)
    boxes, scores = [], []

    with rasterio.open(args.scene) as src:
        def detect(x, y):
            pixels = src.read(window=Window(x, y, args.tile, args.tile))
            net.setInput(pixels[None].astype(np.float32) * np.float32(args.scale))
            heat, size, offset = net.forward(names)
            heat = heat[0, 0]
            rows, columns = np.nonzero((heat >= args.score) & (heat >= cv2.dilate(heat, kernel)))
            w, h = size[0, :, rows, columns].T
            dx, dy = offset[0, :, rows, columns].T
            left = x + (columns + dx) * args.stride - w / 2
            top = y + (rows + dy) * args.stride - h / 2
            boxes.extend(np.stack([left, top, w, h], 1).tolist())
            scores.extend(heat[rows, columns].tolist())

        detect(0, 0)
        boxes.clear(), scores.clear()
        before, start = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
        tiles = 0
        for y in starts(src.height, args.tile, args.overlap):
            for x in starts(src.width, args.tile, args.overlap):
                detect(x, y)
                tiles += 1
        kept = cv2.dnn.NMSBoxes(boxes, scores, args.score, args.iou) if boxes else []
        wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"tiles": tiles, "wallSeconds": wall, "cpuSeconds": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
                      "maxRssBytes": after.ru_maxrss * 1024, "detections": len(kept), "threads": cv2.getNumThreads()}))


main()
