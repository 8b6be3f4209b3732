#!/usr/bin/python3
"""Trains, exports, quantises and measures the Sentinel-2 ship detector of this folder. See README.md for the figures."""
import argparse
import json
import math
import os
import sys
import time

import numpy as np
import torch
from torch.nn import functional as F

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.dirname(HERE))
import card
import crops
import data
import measure
import network
import quantise

# Each pair of ports is measured by a net trained on the other eight; the net of the last pair is what ships.
PAIRS = {f"{a}+{b}": (a, b) for a, b in (
    ("gdynia", "honolulu"), ("hedland", "cartagena"), ("algiers", "casablanca"), ("athens", "klang"), data.TEST)}
SHIPPED = "+".join(data.TEST)
# Shares of crops around a ship and at the shore (the rest falls anywhere), of crops turned freely; how often a ship is pasted
# (tries and chance), at a berth and with a wake; made breakwaters and islets; weights of the mask and the side loss; then the
# usual knobs of the optimiser.
OPTS = dict(p_ship=0.5, p_shore=0.25, p_free=0.5, pastes=3, p_paste=0.6, p_berth=0.5, p_wake=0.6, p_bar=0.2, p_islet=0.08, paint=0.1,
            w_mask=0.3, w_side=0.5, crop=96, batch=16, lr=3e-3, decay=0.02, ema=0.998, bf16=1)
# Steps with small crops, many different ships each, then with large ones for the wide view; and what those change.
STEPS = (5000, 600)
LARGE = dict(lr=1e-3, crop=192, batch=6)


def loss_of(out, opts, mask, heat, weight, box, reg):
    """Terms: centres (focal), masks (focal), box overlap, sides, place. `box` holds x, y, w, h in cells."""
    p, size, offset, seg = out
    p = p.clamp(1e-4, 1 - 1e-4)
    top = heat.eq(1).float() * weight
    pos = -((1 - p) ** 2) * torch.log(p) * top
    neg = -(p ** 2) * torch.log(1 - p) * (1 - heat) ** 4 * weight * (1 - top)
    focal = (pos + neg).sum() / (top.sum() + 4)
    # Which pixels are ship: trains the layers below with more than one point a ship, and is not exported.
    wrong = (torch.sigmoid(seg) - mask).abs() ** 1.5
    seg = 4 * (F.binary_cross_entropy_with_logits(seg, mask, reduction="none") * wrong * weight).sum() / (mask.sum() + 40)
    n = p.shape[-1]
    cell = torch.stack(torch.meshgrid(torch.arange(n), torch.arange(n), indexing="xy"))[None].float()
    centre, wh = cell + offset, size / network.STRIDE
    lo, hi = centre - wh / 2, centre + wh / 2
    tlo, thi = box[:, :2] - box[:, 2:] / 2, box[:, :2] + box[:, 2:] / 2
    inter = (torch.minimum(hi, thi) - torch.maximum(lo, tlo)).clamp(min=0).prod(1)
    union = wh.prod(1) + box[:, 2:].prod(1) - inter
    hull = (torch.maximum(hi, thi) - torch.minimum(lo, tlo)).prod(1)
    giou = 1 - inter / union + (hull - union) / hull
    side = (torch.log(wh) - torch.log(box[:, 2:])).abs().sum(1)
    place = ((centre - box[:, :2]).abs() / box[:, 2:].clamp(min=2)).sum(1)
    r = reg[:, 0]
    mean = [(t * r).sum() / (r.sum() + 4) for t in (giou, side, place)]
    return focal + opts["w_mask"] * seg + mean[0] + opts["w_side"] * mean[1] + mean[2]


def train(scenes, steps, seed, opts, net=None, log=print):
    torch.manual_seed(seed)
    rng = np.random.RandomState(seed)
    net = (net or network.ShipNet()).train()
    now = [v for v in net.state_dict().values() if v.is_floating_point()]
    ema = [v.clone() for v in now]
    stream = crops.Crops(scenes, opts["crop"], rng, opts)
    optim = torch.optim.AdamW(net.parameters(), lr=opts["lr"], weight_decay=opts["decay"], foreach=True)
    start, mean = time.time(), 0.0
    for step in range(steps):
        for g in optim.param_groups:
            g["lr"] = opts["lr"] * min(1, (step + 1) / 100) * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * step / steps)))
        x, *t = stream.batch(opts["batch"])
        # bfloat16 convolutions halve the time on CPUs that have them and did not hurt; losses stay in float32.
        with torch.autocast("cpu", torch.bfloat16, enabled=opts["bf16"] > 0):
            out = net(x.contiguous(memory_format=torch.channels_last))
        loss = loss_of([o.float() for o in out], opts, *t)
        optim.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optim.step()
        with torch.no_grad():
            keep = min(opts["ema"], step / (step + 10))
            torch._foreach_mul_(ema, keep)
            torch._foreach_add_(ema, now, alpha=1 - keep)
        mean += loss.item() / 100
        if step % 100 == 99:
            log(f"  step {step + 1} loss {mean:.3f} {time.time() - start:.0f} s", flush=True)
            mean = 0.0
    with torch.no_grad():
        for v, e in zip(now, ema):
            v.copy_(e)
    return net.eval()


def net_without(pair, scenes, seed, opts, folder):
    """The net that has not seen `pair`: read from `folder` where the same recipe has left it there, else trained (and left there)."""
    recipe = json.dumps([pair, seed, opts, STEPS, LARGE])
    path = folder and os.path.join(folder, f"{pair}.pt")
    if path and os.path.exists(path) and torch.load(path)["recipe"] == recipe:
        net = network.ShipNet().eval()
        net.load_state_dict(torch.load(path)["net"])
        return net
    print("without", pair, flush=True)
    scenes = [s for s in scenes if s.port not in PAIRS[pair]]
    net = train(scenes, STEPS[0], seed, opts)
    net = train(scenes, STEPS[1], seed + 1, {**opts, **LARGE}, net)
    if path:
        os.makedirs(folder, exist_ok=True)
        torch.save({"recipe": recipe, "net": net.state_dict()}, path)
    return net


def int8_path(out):
    return os.path.splitext(out)[0] + "-int8.onnx"


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--data", default=os.path.join(HERE, "..", "..", "..", "..", "shared", "datasets"))
    ap.add_argument("--out", default=os.path.join(HERE, "ships-s2.onnx"), help="weights; the card and the int8 file go beside them")
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--nets", metavar="DIR", help="keep each trained net here, and take it from here when it is there")
    ap.add_argument("--only", metavar="PAIRS", help=f"train the nets without these pairs into --nets and stop: {','.join(PAIRS)}")
    ap.add_argument("--eval", metavar="FILE.onnx", help="only measure this file on the test ports, with OpenCV")
    ap.add_argument("--threads", type=int, default=1, help="changes last bits, and so the weights")
    for k, v in OPTS.items():
        ap.add_argument("--" + k.replace("_", "-"), type=type(v), default=v)
    args = ap.parse_args()
    only = args.only.split(",") if args.only else []
    if only and (not args.nets or not set(only) <= set(PAIRS)):
        ap.error(f"--only wants --nets DIR and pairs out of {', '.join(PAIRS)}")
    opts = {k: getattr(args, k) for k in OPTS}
    torch.set_num_threads(args.threads)
    if args.eval:
        return measure.report(SHIPPED, measure.run(measure.opencv(args.eval), data.load(args.data, data.TEST)))
    scenes = data.load(args.data, data.TRAIN + data.TEST)
    of = lambda ports: [s for s in scenes if s.port in ports]
    net_of = lambda pair: net_without(pair, scenes, args.seed, opts, args.nets)
    if only:
        for pair in only:
            net_of(pair)
        return
    pairs = []
    for pair, ports in PAIRS.items():
        if pair != SHIPPED:
            pairs.append(measure.run(net_of(pair), of(ports)))
            measure.report(pair, pairs[-1])
    held, net, test = sum(pairs, []), net_of(SHIPPED), of(data.TEST)
    network.export(net, args.out)
    tested = measure.run(measure.opencv(args.out), test)
    measure.report(SHIPPED, tested)
    measure.report("the other pairs, pooled", held)
    quality = card.pairs_quality([*pairs, tested])
    print("mean of the pairs", json.dumps(quality["mean"]), "with margin", json.dumps(quality["meanWithMargin"]))
    # The int8 file is measured as torch computes it, rounding as the file does: OpenCV 4.6 reads no integer tensors.
    small, small_out = quantise.quantise(network.shipped(net), data.plain(of(data.TRAIN), 48, 192), keep_float=("heat", "size", "offset")), int8_path(args.out)
    network.export(small, small_out, quantise.export)
    small_tested = measure.run(small, test)
    measure.report(f"int8, {SHIPPED}", small_tested)
    threshold = measure.figures(held)["threshold"]
    print("threshold", threshold, f"F1 there on {SHIPPED}", measure.f1_at(tested, threshold))
    card.write(args.out, net, threshold, args.seed, of(data.TRAIN), pairs, tested, small_out, small_tested)


if __name__ == "__main__":
    main()
