#!/usr/bin/python3
"""Outlines of patches, by OpenCV: which cells each goes round (findContours), what approxPolyDP leaves of a ring.
Run here: writes outlines.json."""
import json
import os

import cv2
import numpy as np
from scipy import ndimage

HERE = os.path.dirname(os.path.abspath(__file__))
rng = np.random.RandomState(11)


def patches(mask):
    """Of each 8-connected patch: its first cell, bounds, cells with holes filled (by rows, as runs)."""
    found = []
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    for contour in contours:
        filled = np.zeros_like(mask)
        cv2.drawContours(filled, [contour], -1, 1, cv2.FILLED)
        cells = np.argwhere(filled)
        x, y, w, h = cv2.boundingRect(contour)
        first = np.argwhere((filled == 1) & (mask == 1))[0]
        found.append({"first": int(first[0] * mask.shape[1] + first[1]), "box": [x, y, x + w, y + h],
                      "filled": [int(r * mask.shape[1] + c) for r, c in cells]})
    return sorted(found, key=lambda p: p["first"])


masks = []
for h, w, blur, share in [(24, 30, 1.5, 0.5), (24, 30, 0.6, 0.35), (16, 16, 0.4, 0.25), (20, 40, 2.5, 0.6), (12, 12, 0.0, 0.45)]:
    noise = ndimage.gaussian_filter(rng.normal(size=(h, w)), blur) if blur else rng.normal(size=(h, w))
    mask = (noise > np.quantile(noise, 1 - share)).astype(np.uint8)
    masks.append({"width": w, "rows": ["".join(map(str, row)) for row in mask], "patches": patches(mask)})

rings = []
for points, size in [(40, 30), (120, 60), (300, 200), (25, 20)]:
    angle = np.sort(rng.uniform(0, 2 * np.pi, points))
    radius = size * (1 + 0.3 * np.sin(3 * angle) + 0.05 * rng.normal(size=points))
    ring = np.round(np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1)).astype(np.int32)
    ring = ring[np.any(ring != np.roll(ring, 1, 0), 1)]
    for tolerance in (0.5, 1.0, 2.5):
        kept = cv2.approxPolyDP(ring[:, None], tolerance, True)[:, 0]
        rings.append({"ring": ring.tolist(), "tolerance": tolerance, "kept": kept.tolist(),
                      "area": abs(float(cv2.contourArea(kept)))})

with open(os.path.join(HERE, "outlines.json"), "w") as f:
    json.dump({"masks": masks, "rings": rings}, f, separators=(",", ":"))
print(sum(len(m["patches"]) for m in masks), [len(r["kept"]) for r in rings], os.path.getsize(os.path.join(HERE, "outlines.json")))
