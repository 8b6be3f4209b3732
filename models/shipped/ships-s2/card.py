"""Writes model.json, the card that Swath reads beside the weights, and golden.json, values to test a runtime against.

Once there, what less overlap than the card's loses is counted by Swath and goes into the card like this:
    swath model check ships-s2 ships/ --tiling --json | /usr/bin/python3 models/shipped/ships-s2/card.py"""
import hashlib
import json
import os
import sys

import numpy as np
import torch

import data
import equivariant
import measure
import network

FIGURES = ("ap50", "bestF1", "recallAt90Precision")
# Pixels between a box's centre and the border of its tile from which on the border moves no score by more than 0.02,
# twice: measured, see README.md.
OVERLAP = 112


def quality(tested):
    both = measure.figures(tested)
    return {"ap50": {"genoa+valencia": both["ap50"], **{r[0].port: measure.figures([r])["ap50"] for r in tested}},
            "bestF1": both["bestF1"], "recallAt90Precision": both["recallAt90Precision"],
            "withMargin": {k: measure.figures(tested, True)[k] for k in FIGURES}}


def pairs_quality(pairs):
    """Each pair's AP50 and the means over pairs, without and with the margin."""
    plain, margin = ([measure.figures(p, m) for p in pairs] for m in (False, True))
    mean = lambda each: {k: round(float(np.mean([e[k] for e in each])), 3) for k in FIGURES}
    names = ["+".join(r[0].port for r in p) for p in pairs]
    return {"ships": sum(e["ships"] for e in plain), "ap50": {n: e["ap50"] for n, e in zip(names, plain)},
            "mean": mean(plain), "meanWithMargin": mean(margin)}


def write(out, net, threshold, seed, scenes, pairs, tested, small_out, small_tested):
    """The card. `scenes` are what the net was trained on, `pairs` are results on training ports by nets that had not seen them, `tested` those of what is shipped."""
    folder, plain = os.path.dirname(os.path.abspath(out)), network.shipped(net)
    f1 = [measure.f1_at(t, threshold) for t in (tested, small_tested)]
    note = (f"sen2ships labels, IoU 0.5, {measure.figures(tested)['ships']} ships in two ports never trained on; F1 {f1[0]} at the "
            "card's threshold. Unlabelled craft count as false alarms but under withMargin (rule: README.md). So few ships leave a "
            "margin of about 0.15 on every figure. leaveTwoPortsOut: nets of the same recipe on pairs of ports they had not seen; "
            "the last pair is this net's.")
    dump(os.path.join(folder, "model.json"), {
        "schema": "swath-model/1", "name": "ships-s2", "version": "3.0.0", **weights(out), "licence": "MIT",
        "description": "Ships in Sentinel-2 scenes at 10 m: centre points and boxes at stride 2.",
        "variants": {"int8": {**weights(small_out), "precision": "int8",
                              "quality": {**quality(small_tested), "note": f"As above; F1 {f1[1]} at the card's threshold."}},
                     # The same weights on four grids, averaged: README.md says what that gains and costs.
                     "steady": {**weights(out), "precision": "fp32", "looks": 4}},
        "bands": list(network.BANDS), "units": "reflectance", "gsdMetres": {"min": 5.8, "max": 10},
        "input": {"name": "input", "layout": "NCHW", "colour": "bands", "scale": 1, "mean": [0] * 4, "std": [1] * 4,
                  "dtype": "float32"},
        "tile": {"sizePx": 512, "overlapPx": OVERLAP, "multipleOfPx": 16},
        "head": {"kind": "centre", "strideCells": network.STRIDE, "outputs": {"heatmap": "heatmap", "size": "size", "offset": "offset"}},
        "classes": ["ship"], "thresholds": {"score": threshold, "mergeIou": measure.MERGE_IOU},
        "parameters": sum(p.numel() for p in plain.parameters()), "opsPerPixel": round(2 * equivariant.macs_per_pixel(plain, len(network.BANDS))),
        "training": {"data": "sen2ships (MIT; Copernicus Sentinel data): " + " ".join(data.TRAIN), "recipe": "train.py", "seed": seed,
                     "scenes": [{"name": s.port, "fingerprint": s.fingerprint} for s in scenes if s.fingerprint]},
        "quality": {**quality(tested), "leaveTwoPortsOut": pairs_quality([*pairs, tested]), "note": note}})
    golden(net, os.path.join(folder, "golden.json"))


def weights(path):
    with open(path, "rb") as f:
        return {"file": os.path.basename(path), "sha256": hashlib.sha256(f.read()).hexdigest()}


def golden(net, path):
    """Outputs for an input that any language can rebuild exactly from integers."""
    c, y, x = torch.meshgrid(torch.arange(4), torch.arange(64), torch.arange(64), indexing="ij")
    with torch.no_grad():
        outputs = dict(zip(("heatmap", "size", "offset"), net.eval()((((c * 7919 + y * 104729 + x * 1299709) % 1000) / 2000)[None].float())))
    result = {}
    for name, value in outputs.items():
        picks = [(k, j, i) for k in range(value.shape[1]) for j, i in ((0, 0), (0, 31), (7, 19), (16, 16), (22, 5), (31, 31))]
        result[name] = {"shape": list(value.shape), "mean": float(value.double().mean()), "min": float(value.min()), "max": float(value.max()),
                        "samples": [{"index": [0, *p], "value": float(value[(0, *p)])} for p in picks]}
    dump(path, {"input": {"shape": [1, 4, 64, 64], "formula": "v[0][c][y][x] = ((c*7919 + y*104729 + x*1299709) % 1000) / 2000"},
                "tolerance": 0.001, "toleranceNote": "absolute for heatmap and offset, pixels for size; float32, torch 1.13 on a CPU",
                "outputs": result})


def dump(path, value):
    with open(path, "w") as f:
        json.dump(value, f, indent=2)
        f.write("\n")


def add_losses(check):
    """Puts the rows of `swath model check --tiling` with less overlap than the card's into the card beside this file."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "model.json")
    with open(path) as f:
        card = json.load(f)
    detections, overlap = check["tiling"]["detections"], card["tile"]["overlapPx"]
    card["tile"]["losses"] = [{"sizePx": r["sizePx"], "overlapPx": r["overlapPx"], "detections": detections,
                               **{k: r[k] for k in ("lost", "added", "moved")}}
                              for r in check["tiling"]["rows"] if r["overlapPx"] < overlap]
    dump(path, card)


if __name__ == "__main__":
    add_losses(json.load(sys.stdin))
