"""Boxes from the net's outputs and the figures of a detector: AP50, best F1, recall at 0.9 precision, with and without margin."""
import json

import numpy as np
import torch
from torch.nn import functional as F

import data
import network

MERGE_IOU = 0.3


def predict(forward, scene):
    """Boxes x, y, w, h and scores of a whole scene, best first, duplicates merged."""
    ph, pw = -scene.h % 16, -scene.w % 16
    x = F.pad(scene.pixels[None], (0, pw, 0, ph), mode="replicate")
    heat, size, offset = forward(x)
    peak = (heat == F.max_pool2d(heat, 3, 1, 1)) & (heat > 0.02)
    y, x = torch.nonzero(peak[0, 0], as_tuple=True)
    wh, d, score = size[0, :, y, x].T.numpy(), offset[0, :, y, x].T.numpy(), heat[0, 0, y, x].numpy()
    centre = (torch.stack([x, y], 1).numpy() + d) * network.STRIDE
    inside = ((centre >= 0) & (centre < [scene.w, scene.h])).all(1)
    boxes = np.concatenate([centre - wh / 2, wh], 1)[inside]
    order = np.argsort(-score[inside], kind="stable")
    boxes, score, keep = boxes[order], score[inside][order], []
    for i in range(len(boxes)):
        if not keep or iou(boxes[i:i + 1], boxes[keep])[0].max() < MERGE_IOU:
            keep.append(i)
    return boxes[keep], score[keep]


def iou(a, b):
    lo = np.maximum(a[:, None, :2], b[None, :, :2])
    hi = np.minimum(a[:, None, :2] + a[:, None, 2:], b[None, :, :2] + b[None, :, 2:])
    inter = np.clip(hi - lo, 0, None).prod(-1)
    return inter / (a[:, None, 2:].prod(-1) + b[None, :, 2:].prod(-1) - inter)


def match(boxes, truth, level=0.5):
    """True for each box (best first) that takes a so far untaken ship."""
    hit, free = np.zeros(len(boxes), bool), np.ones(len(truth), bool)
    o = iou(boxes, truth) if len(truth) else np.zeros((len(boxes), 1))
    for i in range(len(boxes)):
        j = int(np.argmax(np.where(free, o[i], -1))) if free.any() else 0
        if free.any() and o[i, j] >= level:
            hit[i], free[j] = True, False
    return hit


def afloat(scene):
    """True where a pixel belongs to something afloat: no water by McFeeters' NDWI (1996: green against near infrared, water
    above 0), but water all around it, and no longer than the longest ship labelled in sen2ships (68 px)."""
    import cv2
    green, nir = scene.pixels[data.BANDS.index("B03")], scene.pixels[data.NIR]
    dry = (green <= nir).numpy().astype(np.uint8)
    _, label, stats, _ = cv2.connectedComponentsWithStats(dry, connectivity=8)
    x, y, w, h = stats[:, :4].T
    ok = (x > 0) & (y > 0) & (x + w < scene.w) & (y + h < scene.h) & (np.maximum(w, h) <= 68)
    ok[0] = False  # the water
    return ok[label]


def margin(scene, boxes):
    """The false alarms that count neither way: most likely craft without a label. Two rules, from the labels and from a
    published index: the box is shorter than the shortest ship labelled in that scene, or its centre is afloat."""
    small = boxes[:, 2:].max(1) < scene.boxes[:, 2:].max(1).min() if len(scene.boxes) else np.zeros(len(boxes), bool)
    x, y = np.clip((boxes[:, :2] + boxes[:, 2:] / 2).astype(int), 0, [scene.w - 1, scene.h - 1]).T
    return small | afloat(scene)[y, x]


def figures(results, with_margin=False, level=0.5):
    """Pooled figures of [(scene, boxes, scores)]."""
    hits, scores = [], []
    for scene, boxes, score in results:
        hit = match(boxes, scene.boxes, level)
        keep = hit | ~margin(scene, boxes) if with_margin else np.ones(len(hit), bool)
        hits.append(hit[keep])
        scores.append(score[keep])
    hit, score = np.concatenate(hits), np.concatenate(scores)
    ships = sum(len(s.boxes) for s, *_ in results)
    if not len(score):
        return dict(ap50=0.0, bestF1=0.0, recallAt90Precision=0.0, threshold=0.5, ships=ships)
    order = np.argsort(-score, kind="stable")
    tp = np.cumsum(hit[order])
    recall, precision = tp / ships, tp / np.arange(1, len(tp) + 1)
    f1 = 2 * tp / (np.arange(1, len(tp) + 1) + ships)
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    ap = float(np.sum(np.diff(np.concatenate([[0], recall])) * envelope))
    best = int(np.argmax(f1))
    at90 = recall[precision >= 0.9]
    return dict(ap50=round(ap, 3), bestF1=round(float(f1[best]), 3),
                recallAt90Precision=round(float(at90.max()) if len(at90) else 0.0, 3),
                threshold=round(float(score[order][best]), 3), ships=ships)


def f1_at(results, threshold):
    hit = sum(match(b[c >= threshold], s.boxes).sum() for s, b, c in results)
    return round(2 * hit / (sum((c >= threshold).sum() for *_, c in results) + sum(len(s.boxes) for s, *_ in results)), 3)


def run(forward, scenes):
    with torch.no_grad():
        return [(s, *predict(forward, s)) for s in scenes]


def report(name, results):
    print(name, json.dumps(figures(results)), "with margin", json.dumps(figures(results, True)), flush=True)
    for r in results:
        print("   ", r[0].port, json.dumps(figures([r])), "with margin", json.dumps(figures([r], True)), flush=True)


def opencv(path):
    """The ONNX file as OpenCV runs it, so that what is measured is what is shipped."""
    import cv2
    net, names = cv2.dnn.readNetFromONNX(path), ["heatmap", "size", "offset"]

    def forward(x):
        net.setInput(x.numpy())
        return [torch.from_numpy(o) for o in net.forward(names)]
    return forward
