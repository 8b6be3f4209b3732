#!/usr/bin/python3
"""Trains, exports and measures the Sentinel-2 ship detector of this folder. See README.md for the figures."""
import argparse
import json
import math
import os
import time

import numpy as np
import torch
from torch.nn import functional as F

import card
import data
import network

HERE = os.path.dirname(os.path.abspath(__file__))
MERGE_IOU = 0.3
# Leave-two-ports-out folds inside the training ports.
FOLDS = [("gdynia", "honolulu"), ("hedland", "cartagena"), ("algiers", "casablanca"), ("athens", "klang")]
# Shares of crops around a ship and at the shore (the rest falls anywhere), of crops turned freely, chances of a pasted ship
# and of its wake; then the usual knobs of the optimiser.
OPTS = dict(p_ship=0.5, p_shore=0.25, p_free=0.5, p_paste=0.5, p_wake=0.6, crop=128, batch=16, lr=3e-3, decay=0.02, ema=0.998, bf16=1)
FINE_STEPS, FINE = 1500, dict(lr=1e-3, crop=192, batch=8)  # the second stage


# ---------------------------------------------------------------------------------------------------- evaluation
def predict(forward, scene):
    """Boxes x, y, w, h and scores of a whole scene, best first, duplicates merged."""
    ph, pw = -scene.h % 16, -scene.w % 16
    x = F.pad(scene.pixels[None], (0, pw, 0, ph), mode="reflect")
    heat, size, offset = forward(x)
    peak = (heat == F.max_pool2d(heat, 3, 1, 1)) & (heat > 0.02)
    y, x = torch.nonzero(peak[0, 0], as_tuple=True)
    wh, d, score = size[0, :, y, x].T.numpy(), offset[0, :, y, x].T.numpy(), heat[0, 0, y, x].numpy()
    centre = (torch.stack([x, y], 1).numpy() + d) * network.STRIDE
    inside = (centre < [scene.w, scene.h]).all(1)
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


def figures(results):
    """Pooled figures of [(scene, boxes, scores)]."""
    hit = np.concatenate([match(b, s.boxes) for s, b, _ in results])
    score = np.concatenate([c for *_, c in results])
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
    print(name, json.dumps(figures(results)), flush=True)
    for r in results:
        print("   ", r[0].port, json.dumps(figures([r])), flush=True)


def opencv(path):
    """The ONNX file as OpenCV runs it, so that what is measured is what is shipped."""
    import cv2
    net, names = cv2.dnn.readNetFromONNX(path), ["heatmap", "size", "offset"]

    def forward(x):
        net.setInput(x.numpy())
        return [torch.from_numpy(o) for o in net.forward(names)]
    return forward


# ------------------------------------------------------------------------------------------------------ training
def loss_of(out, heat, weight, box, reg):
    p, size, offset = out
    p = p.clamp(1e-4, 1 - 1e-4)
    top = heat.eq(1).float() * weight
    pos = -((1 - p) ** 2) * torch.log(p) * top
    neg = -(p ** 2) * torch.log(1 - p) * (1 - heat) ** 4 * weight * (1 - top)
    focal = (pos + neg).sum() / (top.sum() + 4)
    n = p.shape[-1]
    cell = torch.stack(torch.meshgrid(torch.arange(n), torch.arange(n), indexing="xy"))[None].float()
    cx, wh = cell + offset, size / network.STRIDE
    lo, hi = cx - wh / 2, cx + wh / 2
    tlo, thi = box[:, :2] - box[:, 2:] / 2, box[:, :2] + box[:, 2:] / 2
    inter = (torch.minimum(hi, thi) - torch.maximum(lo, tlo)).clamp(min=0).prod(1)
    union = wh.prod(1) + box[:, 2:].prod(1) - inter
    hull = (torch.maximum(hi, thi) - torch.minimum(lo, tlo)).prod(1)
    giou = 1 - inter / union + (hull - union) / hull
    log_side = (torch.log(wh) - torch.log(box[:, 2:])).abs().sum(1)
    where = (box[:, :2] - cell).clamp(0, 1)
    shift = (offset - where).abs().sum(1)
    r = reg[:, 0]
    return focal + ((giou + 0.5 * log_side + 0.5 * shift) * r).sum() / (r.sum() + 4)


def train(scenes, steps, seed, opts, net=None, log=print):
    torch.manual_seed(seed)
    rng = np.random.RandomState(seed)
    net = (net or network.ShipNet()).train().to(memory_format=torch.channels_last)
    ema = {k: v.clone() for k, v in net.state_dict().items()}
    crops = data.Crops(scenes, opts["crop"], rng, opts)
    optim = torch.optim.AdamW(net.parameters(), lr=opts["lr"], weight_decay=opts["decay"])
    start, mean = time.time(), 0.0
    for step in range(steps):
        lr = opts["lr"] * min(1, (step + 1) / 100) * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * step / steps)))
        for g in optim.param_groups:
            g["lr"] = lr
        x, *t = crops.batch(opts["batch"])
        # bfloat16 convolutions halve the time on CPUs that have them and did not hurt; losses stay in float32.
        with torch.autocast("cpu", torch.bfloat16, enabled=opts["bf16"] > 0):
            out = net(x.contiguous(memory_format=torch.channels_last))
        loss = loss_of([o.float() for o in out], *t)
        optim.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optim.step()
        keep = min(opts["ema"], step / (step + 10))
        for k, v in net.state_dict().items():
            ema[k].mul_(keep).add_(v, alpha=1 - keep) if v.is_floating_point() else ema[k].copy_(v)
        mean += loss.item() / 100
        if step % 100 == 99:
            log(f"  step {step + 1} loss {mean:.3f} {time.time() - start:.0f} s", flush=True)
            mean = 0.0
    net.load_state_dict(ema)
    return net.to(memory_format=torch.contiguous_format).eval()


def recipe(scenes, steps, seed, opts):
    """Small crops first, many different ships per step; then fewer, larger ones at a lower rate, for the wide view."""
    net = train(scenes, steps, seed, opts)
    return train(scenes, FINE_STEPS, seed + 1, {**opts, **FINE}, net)


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--data", default=os.path.join(HERE, "..", "..", "..", "shared", "datasets"))
    ap.add_argument("--out", default=os.path.join(HERE, "ships-s2.onnx"))
    ap.add_argument("--steps", type=int, default=3500, help="first-stage steps of the final training")
    ap.add_argument("--fold-steps", type=int, default=3000, help="the same for a fold, which has fewer ports")
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--folds", default="0,1,2,3", help="folds measured before the final training; their scores set the threshold")
    ap.add_argument("--eval", metavar="FILE.onnx", help="only measure this file on the test ports, with OpenCV")
    ap.add_argument("--threads", type=int, default=2)
    for k, v in OPTS.items():
        ap.add_argument("--" + k.replace("_", "-"), type=type(v), default=v)
    args = ap.parse_args()
    opts = {k: getattr(args, k) for k in OPTS}
    torch.set_num_threads(args.threads)
    if args.eval:
        return report("genoa+valencia", run(opencv(args.eval), data.load(args.data, data.TEST)))
    scenes = data.load(args.data, data.TRAIN)
    held = []
    for f in filter(None, args.folds.split(",")):
        out = FOLDS[int(f)]
        net = recipe([s for s in scenes if s.port not in out], args.fold_steps, args.seed, opts)
        held.append(run(net, [s for s in scenes if s.port in out]))
        report("left out: " + " ".join(out), held[-1])
    if held:
        print("mean AP50 of the folds", round(float(np.mean([figures(r)["ap50"] for r in held])), 3))
        held = sum(held, [])
        report("validation, pooled", held)
    if args.out == "none":
        return
    net = recipe(scenes, args.steps, args.seed, opts)
    network.export(net, args.out)
    test = run(opencv(args.out), data.load(args.data, data.TEST))
    report("genoa+valencia", test)
    threshold = figures(held)["threshold"] if held else 0.3
    print("threshold", threshold, "F1 there on genoa+valencia", f1_at(test, threshold))
    card.write(args.out, net, threshold, args.seed, figures(test), {r[0].port: figures([r]) for r in test},
               figures(held) if held else None, f1_at(test, threshold))


if __name__ == "__main__":
    main()
