"""Expected AP50, precision and recall by another road than Swath's: /usr/bin/python3 recipe.py > expected.json

Swath walks the detections once, best score first. Here every threshold is an experiment of its own: drop what lies
below, match what is left from scratch on a full IoU matrix, count. AP is the mean over the labels k = 1 … n of the best
precision at a recall of at least k/n, which is what "all points interpolated" comes to.
"""

import json

import numpy as np

random = np.random.default_rng(20260813)


def make_scene(labels, extra, ties):
    truth, found = [], []
    for _ in range(labels):
        x, y = random.uniform(0, 400, 2)
        w, h = random.uniform(4, 40, 2)
        kind = str(random.choice(["ship", "plane"]))
        truth.append({"className": kind, "boxPx": [x, y, x + w, y + h], "ignore": bool(random.random() < 0.1)})
        for _ in range(random.choice([0, 1, 1, 1, 2])):
            shift = random.normal(0, 0.12, 4) * [w, h, w, h]
            box = np.array([x, y, x + w, y + h]) + shift
            if box[2] <= box[0] or box[3] <= box[1]:
                continue
            seen = kind if random.random() < 0.93 else "plane"
            found.append({"className": seen, "score": random.uniform(0.2, 1), "boxPx": list(box)})
    for _ in range(extra):
        x, y = random.uniform(0, 400, 2)
        w, h = random.uniform(4, 40, 2)
        found.append({"className": "ship", "score": random.uniform(0, 0.7), "boxPx": [x, y, x + w, y + h]})
    if ties:
        for one in found:
            one["score"] = round(one["score"], 1)
    for one in truth + found:
        one["boxPx"] = [round(float(v), 3) for v in one["boxPx"]]
    return {"labels": truth, "detections": found}


def overlaps(a, b):
    """Intersections, and the areas of both sides: shapes (n, m), (n,), (m,)."""
    a, b = np.array(a, float).reshape(-1, 4), np.array(b, float).reshape(-1, 4)
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    shared = np.prod(np.clip(high - low, 0, None), axis=2)
    return shared, np.prod(a[:, 2:] - a[:, :2], axis=1), np.prod(b[:, 2:] - b[:, :2], axis=1)


def count(scene, threshold):
    found = [d for d in scene["detections"] if d["score"] >= threshold]
    found.sort(key=lambda d: (-d["score"], d["boxPx"][1], d["boxPx"][0], d["boxPx"][3], d["boxPx"][2]))
    hits = misses = ignored = 0
    for kind in ("ship", "plane"):
        mine = [d["boxPx"] for d in found if d["className"] == kind]
        real = [t["boxPx"] for t in scene["labels"] if t["className"] == kind and not t["ignore"]]
        crowd = [t["boxPx"] for t in scene["labels"] if t["className"] == kind and t["ignore"]]
        shared, area, other = overlaps(mine, real)
        iou = shared / (area[:, None] + other[None, :] - shared)
        covered = overlaps(mine, crowd)[0] / area[:, None]
        for row in range(len(mine)):
            if iou.shape[1] and iou[row].max() >= 0.5:
                iou[:, iou[row].argmax()] = -1
                hits += 1
            elif covered.shape[1] and covered[row].max() >= 0.5:
                ignored += 1
            else:
                misses += 1
    return np.array([hits, misses, ignored])


def judge(scenes):
    n = sum(not t["ignore"] for s in scenes for t in s["labels"])
    scores = sorted({d["score"] for s in scenes for d in s["detections"]}, reverse=True)
    counts = np.array([sum(count(s, t) for s in scenes) for t in scores]).reshape(-1, 3)
    seen = counts[:, 0] + counts[:, 1]
    use = seen > 0
    precision, recall = counts[use, 0] / seen[use], counts[use, 0] / n
    levels = np.arange(1, n + 1) / n
    ap = np.mean([max(precision[recall >= level - 1e-12], default=0.0) for level in levels])
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-300)
    half = sum(count(s, 0.5) for s in scenes)
    return {
        "labels": n,
        "ap50": float(ap),
        "bestF1": float(max(f1, default=0.0)),
        "recallAtPrecision90": float(max(recall[precision >= 0.9], default=0.0)),
        "atHalf": {"truePositives": int(half[0]), "falsePositives": int(half[1]), "ignored": int(half[2])},
    }


cases = []
for name, shape in {
    "one scene": [(12, 5, False)],
    "three scenes, one empty": [(15, 8, False), (0, 4, False), (9, 0, False)],
    "tied scores": [(20, 15, True), (10, 10, True)],
    "nothing found": [(3, 0, False)],
}.items():
    scenes = [make_scene(*s) for s in shape]
    if name == "nothing found":
        scenes[0]["detections"] = []
    cases.append({"name": name, "scenes": scenes, "expected": judge(scenes)})
print(json.dumps(cases, indent=1))
