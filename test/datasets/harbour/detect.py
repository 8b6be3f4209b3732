#!/usr/bin/python3
"""How many of the built-in scenes' ships the shipped model finds, by OpenCV's own ONNX runtime.

    node dist/bin/swath.js dataset info builtin:harbour
    test/datasets/harbour/detect.py ~/.cache/swath/harbour-*
"""
import glob
import json
import os
import sys

import cv2
import numpy as np
import rasterio
from rasterio.warp import transform

MODEL = os.path.join(os.path.dirname(__file__), "../../../models/shipped/ships-s2")
SIDE, OVERLAP = 512, 96


def iou(a, b):
    w, h = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if w <= 0 or h <= 0:
        return 0.0
    area = lambda c: (c[2] - c[0]) * (c[3] - c[1])
    return w * h / (area(a) + area(b) - w * h)


def detect(net, card, pixels, threshold):
    out = card["head"]["outputs"]
    names = [out["heatmap"], out["size"], out["offset"]]
    starts = lambda n: sorted({*range(0, max(1, n - SIDE), SIDE - OVERLAP), max(0, n - SIDE)})
    found = []
    for y0 in starts(pixels.shape[1]):
        for x0 in starts(pixels.shape[2]):
            tile = np.zeros((1, 4, SIDE, SIDE), np.float32)
            part = pixels[:4, y0 : y0 + SIDE, x0 : x0 + SIDE]
            tile[0, :, : part.shape[1], : part.shape[2]] = part
            net.setInput(tile)
            heat, size, offset = net.forward(names)
            heat, size, offset = heat[0, 0], size[0], offset[0]
            for r, c in np.argwhere((heat == cv2.dilate(heat, np.ones((3, 3)))) & (heat >= threshold)):
                cx, cy = (c + offset[0, r, c]) * 2 + x0, (r + offset[1, r, c]) * 2 + y0
                w, h = size[:, r, c]
                found.append((heat[r, c], (cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2)))
    kept = []
    for score, box in sorted(found, reverse=True):
        if all(iou(box, other) < 0.3 for other in kept):
            kept.append(box)
    return kept


def labels_of(path, raster):
    with open(path) as file:
        features = json.load(file)["features"]
    for feature in features:
        ring = feature["geometry"]["coordinates"][0]
        xs, ys = transform("EPSG:4326", raster.crs, *zip(*ring))
        columns, rows = zip(*(~raster.transform * p for p in zip(xs, ys)))
        yield (min(columns), min(rows), max(columns), max(rows)), feature["properties"].get("ignore", False)


def main(folder):
    with open(f"{MODEL}/model.json") as file:
        card = json.load(file)
    net = cv2.dnn.readNetFromONNX(f"{MODEL}/{card['file']}")
    total = np.zeros(3, int)
    for path in sorted(glob.glob(f"{folder}/images/*.tif")):
        with rasterio.open(path) as raster:
            labels = list(labels_of(path.replace("/images/", "/labels/").replace(".tif", ".geojson"), raster))
            boxes = detect(net, card, raster.read().astype(np.float32) * 1e-4, card["thresholds"]["score"])
        taken, hits, false = set(), 0, 0
        for box in boxes:
            best = max((i for i in range(len(labels)) if i not in taken), key=lambda i: iou(box, labels[i][0]), default=None)
            if best is None or iou(box, labels[best][0]) < 0.3:
                false += 1
                continue
            taken.add(best)
            hits += not labels[best][1]
        ships = sum(not ignore for _, ignore in labels)
        print(f"{os.path.basename(path)}: {hits} of {ships} ships, {false} false alarms")
        total += ships, hits, false
    print(f"recall {total[1] / total[0]:.2f}, precision {total[1] / max(1, total[1] + total[2]):.2f}")


main(sys.argv[1])
