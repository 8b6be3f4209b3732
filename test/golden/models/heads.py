#!/usr/bin/python3
"""What the heads must give: network outputs of seeded noise with objects in it, and their detections by numpy and OpenCV.
Run here: writes heads.json."""
import json
import os

import cv2
import numpy as np
from scipy import ndimage

HERE = os.path.dirname(os.path.abspath(__file__))
rng = np.random.RandomState(7)


def rounded(a):
    return np.round(np.asarray(a, np.float64), 4).astype(np.float32)


def tensor(a):
    return {"shape": list(a.shape), "data": [round(float(v), 4) for v in a.ravel()]}


def rows(found):
    """class, score, x0, y0, x1, y1; best first"""
    return [[int(c), *(round(float(v), 5) for v in r)] for c, *r in sorted(found, key=lambda f: -f[1])]


def centre(classes, h, w, stride, threshold):
    heat = rng.random_sample((1, classes, h, w)) ** 3
    for _ in range(12):
        c, y, x = rng.randint(classes), rng.randint(h), rng.randint(w)
        yy, xx = np.mgrid[0:h, 0:w]
        heat[0, c] = np.maximum(heat[0, c], rng.uniform(0.5, 1) * np.exp(-((yy - y) ** 2 + (xx - x) ** 2) / 4))
    heat, size, offset = rounded(heat), rounded(rng.uniform(4, 60, (1, 2, h, w))), rounded(rng.random_sample((1, 2, h, w)))
    found = []
    for c in range(classes):
        top = cv2.dilate(heat[0, c], np.ones((3, 3), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=-1)
        for y, x in np.argwhere((heat[0, c] >= top) & (heat[0, c] >= threshold)):
            cx, cy = (x + offset[0, 0, y, x]) * stride, (y + offset[0, 1, y, x]) * stride
            bw, bh = size[0, :, y, x]
            found.append((c, heat[0, c, y, x], cx - bw / 2, cy - bh / 2, cx + bw / 2, cy + bh / 2))
    return {"threshold": threshold, "strideCells": stride, "classes": classes,
            "outputs": {"heatmap": tensor(heat), "size": tensor(size), "offset": tensor(offset)}, "expected": rows(found)}


def yolo(kind, classes, anchors, threshold, iou):
    objects = rng.uniform([40, 40, 12, 12], [600, 600, 120, 120], (14, 4))
    owner = rng.randint(len(objects), size=anchors)
    xywh = rounded(objects[owner] + rng.normal(0, 3, (anchors, 4)))
    scores = rounded(rng.random_sample((anchors, classes)) ** 4 * 0.99 + rng.random_sample((anchors, classes)) * 0.01)
    objectness = rounded(rng.random_sample((anchors, 1)))
    if kind == "v5":
        out, final = np.concatenate([xywh, objectness, scores], 1)[None], scores * objectness
    else:
        out, final = np.concatenate([xywh, scores], 1).T[None], scores
    best, top, found = final.argmax(1), final.max(1), []
    for c in range(classes):
        own = np.flatnonzero((best == c) & (top >= threshold))
        boxes = [[float(x - w / 2), float(y - h / 2), float(w), float(h)] for x, y, w, h in xywh[own]]
        for i in np.array(cv2.dnn.NMSBoxes(boxes, [float(s) for s in top[own]], threshold, iou)).ravel():
            x, y, w, h = boxes[i]
            found.append((c, top[own][i], x, y, x + w, y + h))
    return {"threshold": threshold, "nmsIou": iou, "classes": classes, "outputs": {"output0": tensor(out)}, "expected": rows(found)}


def yolox(classes, width, height, threshold, iou, strides=(8, 16, 32)):
    """The decoding of `demo_postprocess` in github.com/Megvii-BaseDetection/YOLOX, written anew."""
    cells = np.concatenate([np.stack(np.meshgrid(np.arange(width // s), np.arange(height // s)), 2).reshape(-1, 2)
                            for s in strides])
    stride = np.concatenate([np.full((width // s) * (height // s), s) for s in strides])[:, None]
    raw = np.concatenate([rng.normal(0.5, 0.7, (len(cells), 2)), rng.normal(0.8, 0.5, (len(cells), 2)),
                          rng.random_sample((len(cells), 1 + classes)) ** 0.7], 1)
    raw = rounded(raw)
    xy, wh = (raw[:, :2] + cells) * stride, np.exp(raw[:, 2:4]) * stride
    final = raw[:, 4:5] * raw[:, 5:]
    best, top, found = final.argmax(1), final.max(1), []
    for c in range(classes):
        own = np.flatnonzero((best == c) & (top >= threshold))
        boxes = [[float(v) for v in (*(xy[i] - wh[i] / 2), *wh[i])] for i in own]
        for i in np.array(cv2.dnn.NMSBoxes(boxes, [float(s) for s in top[own]], threshold, iou)).ravel():
            x, y, w, h = boxes[i]
            found.append((c, top[own][i], x, y, x + w, y + h))
    return {"threshold": threshold, "nmsIou": iou, "classes": classes, "input": [width, height],
            "outputs": {"output": tensor(raw[None])}, "expected": rows(found)}


def segment(channels, background, h, w, stride, threshold, activation):
    smooth = np.stack([ndimage.gaussian_filter(rng.normal(size=(h, w)), 1.0) for _ in range(channels)])
    raw = rounded(smooth / smooth.std() * 2)[None]
    z = raw[0].astype(np.float64)
    score = np.exp(z) / np.exp(z).sum(0) if activation == "softmax" else 1 / (1 + np.exp(-z))
    best, found = score.argmax(0), []
    classes = [k for k in range(channels) if k != background]
    for c, k in enumerate(classes):
        labels, count = ndimage.label((best == k) & (score[k] >= 0.5), np.ones((3, 3)))
        for i, (ys, xs) in enumerate(ndimage.find_objects(labels)):
            pixels = labels == i + 1
            mean = score[k][pixels].mean()
            if pixels.sum() >= 3 and mean >= threshold:
                found.append((c, mean, xs.start * stride, ys.start * stride, xs.stop * stride, ys.stop * stride))
    return {"threshold": threshold, "classes": len(classes), "background": background, "activation": activation,
            "minPixels": 3, "strideCells": stride, "input": [w * stride, h * stride],
            "outputs": {"output": tensor(raw)}, "expected": rows(found)}


def yolo_obb(classes, anchors, threshold, iou):
    """Ultralytics' layout; greedy suppression by OpenCV's intersection of turned rectangles."""
    objects = rng.uniform([60, 60, 40, 12, -0.78], [580, 580, 120, 30, 2.35], (16, 5))
    owner = rng.randint(len(objects), size=anchors)
    boxes = rounded(objects[owner] + rng.normal(0, 1, (anchors, 5)) * [2, 2, 3, 2, 0.05])
    scores = rounded(rng.random_sample((anchors, classes)) ** 3)
    best, top, found, kept, turns = scores.argmax(1), scores.max(1), [], [], []
    turned = [((float(x), float(y)), (float(w), float(h)), float(np.degrees(r))) for x, y, w, h, r in boxes]

    def overlap(p, q):
        kind, points = cv2.rotatedRectangleIntersection(turned[p], turned[q])
        shared = 0 if points is None else cv2.contourArea(cv2.convexHull(points))
        return shared / (np.prod(turned[p][1]) + np.prod(turned[q][1]) - shared)

    for i in np.argsort(-top, kind="stable"):
        if top[i] < threshold or any(best[j] == best[i] and overlap(i, j) > iou for j in kept):
            continue
        kept.append(i)
        corners = cv2.boxPoints(turned[i])
        turns.append([round(float(v), 4) for v in (top[i], boxes[i][4], *corners.ravel())])
        found.append((best[i], top[i], *corners.min(0), *corners.max(0)))
    out = np.concatenate([boxes[:, :4], scores, boxes[:, 4:]], 1).T[None]
    return {"threshold": threshold, "nmsIou": iou, "classes": classes, "outputs": {"output0": tensor(out)}, "expected": rows(found),
            "turned": turns}  # score, angle, x and y of four corners in OpenCV's order


cases = {
    "centre, one class": centre(1, 24, 32, 2, 0.6),
    "centre, three classes": centre(3, 16, 12, 4, 0.7),
    "yolo v5": yolo("v5", 4, 400, 0.25, 0.45),
    "yolo v8": yolo("v8", 6, 400, 0.3, 0.6),
    "yolox": yolox(3, 160, 96, 0.3, 0.5),
    "segment with a background, softmax": segment(3, 1, 40, 56, 4, 0.6, "softmax"),
    "segment, each class by itself": segment(2, None, 40, 56, 1, 0.6, "sigmoid"),
    "yolo-obb": yolo_obb(3, 300, 0.3, 0.5),
}
with open(os.path.join(HERE, "heads.json"), "w") as f:
    json.dump(cases, f, separators=(",", ":"))
for name, case in cases.items():
    print(name, len(case["expected"]))
