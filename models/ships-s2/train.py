#!/usr/bin/python3
"""Trains, exports, quantises and measures the Sentinel-2 ship detector of this folder. See README.md for the figures."""
import argparse
import copy
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

# Leave-two-ports-out folds inside the training ports; genoa + valencia are the fifth pair.
FOLDS = [("gdynia", "honolulu"), ("hedland", "cartagena"), ("algiers", "casablanca"), ("athens", "klang")]
STAGES = ["fold-0", "fold-1", "fold-2", "fold-3", "final"]
# Shares of crops around a ship and at the shore (the rest falls anywhere), of crops turned freely; how often a ship is pasted
# (tries and chance), at a berth and with a wake; made breakwaters and islets; weights of the mask and the side loss; then the
# usual knobs of the optimiser.
OPTS = dict(p_ship=0.5, p_shore=0.25, p_free=0.5, pastes=3, p_paste=0.6, p_berth=0.5, p_wake=0.6, p_bar=0.2, p_islet=0.08, paint=0.08,
            w_mask=0.3, w_side=0.5, crop=96, batch=16, lr=3e-3, decay=0.02, ema=0.998, bf16=1)
# Steps with small and with large crops in each round; what the large crops and the second round change.
ROUNDS = {"final": ((3400, 400), (2500, 300)), "fold": ((2000, 400), (1500, 300))}
FINE, AGAIN = dict(lr=1e-3, crop=192, batch=6), dict(lr=2e-3, paint=0.2)


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
    net = (net or network.ShipNet()).train().to(memory_format=torch.channels_last)
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
    return net.to(memory_format=torch.contiguous_format).eval()


def stage(name, scenes, seed, opts, rounds, folder):
    """The trained net of a stage: each round is read from `folder` where the same recipe has left it there, else trained (and
    left there). A round is small crops first, many different ships per step; then fewer, larger ones at a lower rate, for the
    wide view; `rounds` holds the steps of both for each. The mean of the weights after each round is better than either."""
    left_out = FOLDS[int(name[-1])] if name != "final" else ()
    scenes, net, ends = [s for s in scenes if s.port not in left_out], None, []
    for i, steps in enumerate(rounds):
        more = AGAIN if i else {}
        recipe = json.dumps([name, seed, opts, rounds[:i + 1], more, FINE])
        path = folder and os.path.join(folder, f"{name}-{i + 1}.pt")
        if path and os.path.exists(path) and torch.load(path)["recipe"] == recipe:
            net = network.ShipNet().eval()
            net.load_state_dict(torch.load(path)["net"])
            ends.append(copy.deepcopy(net.state_dict()))
            continue
        print(name, "round", i + 1, flush=True)
        net = train(scenes, steps[0], seed + 2 * i, {**opts, **more}, net)
        net = train(scenes, steps[1], seed + 2 * i + 1, {**opts, **more, **FINE}, net)
        ends.append(copy.deepcopy(net.state_dict()))
        if path:
            os.makedirs(folder, exist_ok=True)
            torch.save({"recipe": recipe, "net": net.state_dict()}, path)
    net.load_state_dict({k: sum(e[k] for e in ends) / len(ends) if v.is_floating_point() else v for k, v in ends[-1].items()})
    return net


def int8_path(out):
    return os.path.splitext(out)[0] + "-int8.onnx"


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--data", default=os.path.join(HERE, "..", "..", "..", "shared", "datasets"))
    ap.add_argument("--out", default=os.path.join(HERE, "ships-s2.onnx"), help="weights; the card and the int8 file go beside them")
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--rounds", type=int, default=2)
    ap.add_argument("--fold-rounds", type=int, default=2)
    ap.add_argument("--folds", default="0,1,2,3", help="folds measured before the final training; their scores set the threshold")
    ap.add_argument("--stages", metavar="DIR", help="keep each trained net here, and take it from here when it is there")
    ap.add_argument("--only", metavar="STAGES", help=f"train these stages into --stages and stop: {','.join(STAGES)}")
    ap.add_argument("--eval", metavar="FILE.onnx", help="only measure this file on the test ports, with OpenCV")
    ap.add_argument("--threads", type=int, default=2)
    for k, v in OPTS.items():
        ap.add_argument("--" + k.replace("_", "-"), type=type(v), default=v)
    args = ap.parse_args()
    opts = {k: getattr(args, k) for k in OPTS}
    torch.set_num_threads(args.threads)
    test = data.load(args.data, data.TEST) if not args.only else []
    if args.eval:
        return measure.report("genoa+valencia", measure.run(measure.opencv(args.eval), test))
    scenes = data.load(args.data, data.TRAIN)
    names = [f"fold-{f}" for f in args.folds.split(",") if f]

    def net_of(name):
        rounds = ROUNDS["final"][:args.rounds] if name == "final" else ROUNDS["fold"][:args.fold_rounds]
        return stage(name, scenes, args.seed, opts, rounds, args.stages)
    if args.only:
        for name in args.only.split(","):
            net_of(name)
        return
    pairs = []
    for name in names:
        net, out = net_of(name), FOLDS[int(name[-1])]
        pairs.append(measure.run(net, [s for s in scenes if s.port in out]))
        measure.report("left out: " + " ".join(out), pairs[-1])
    held = sum(pairs, [])
    net = net_of("final")
    network.export(net, args.out)
    tested = measure.run(measure.opencv(args.out), test)
    measure.report("genoa+valencia", tested)
    if held:
        measure.report("validation, pooled", held)
    for with_margin in (False, True):
        each = [measure.figures(p, with_margin) for p in pairs + [tested]]
        mean = {k: round(float(np.mean([e[k] for e in each])), 3) for k in ("ap50", "bestF1", "recallAt90Precision")}
        print("mean of the pairs", "with margin" if with_margin else "", json.dumps(mean))
    # The int8 file is measured as torch computes it, rounding as the file does: OpenCV 4.6 reads no integer tensors.
    small, small_out = quantise.quantise(network.shipped(net), data.plain(scenes, 48, 192), keep_float=("heat", "size", "offset")), int8_path(args.out)
    network.export(small, small_out, quantise.export)
    small_tested = measure.run(small, test)
    measure.report("int8, genoa+valencia", small_tested)
    threshold = measure.figures(held)["threshold"] if held else 0.3
    print("threshold", threshold, "F1 there on genoa+valencia", measure.f1_at(tested, threshold))
    card.write(args.out, net, threshold, args.seed, pairs, tested, small_out, small_tested)


if __name__ == "__main__":
    main()
