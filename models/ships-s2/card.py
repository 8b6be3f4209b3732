"""Writes model.json, the card that Swath reads beside the weights, and golden.json, values to test a runtime against."""
import hashlib
import json
import os

import torch

import network


def write(onnx_path, net, threshold, seed, both, ports, validation, f1_at_threshold):
    folder = os.path.dirname(os.path.abspath(onnx_path))
    with open(onnx_path, "rb") as f:
        digest = hashlib.sha256(f.read()).hexdigest()
    ap50 = {"genoa+valencia": both["ap50"], **{p: r["ap50"] for p, r in ports.items()}}
    note = (f"sen2ships labels, IoU 0.5, {both['ships']} ships in two ports never trained on; unlabelled craft count as false "
            f"alarms; F1 {f1_at_threshold} at the card's threshold. So few ships leave a margin of about 0.15 on every figure.")
    if validation:
        note += f" Training ports left out in turn ({validation['ships']} ships): pooled AP50 {validation['ap50']}, best F1 {validation['bestF1']}."
    dump(os.path.join(folder, "model.json"), {
        "schema": "swath-model/1", "name": "ships-s2", "version": "1.0.0", "file": os.path.basename(onnx_path), "sha256": digest,
        "licence": "MIT", "description": "Ships in Sentinel-2 scenes at 10 m: centre points and boxes at stride 2.",
        "bands": list(network.BANDS), "units": "reflectance", "gsdMetres": {"min": 8, "max": 12},
        "input": {"name": "input", "layout": "NCHW", "colour": "bands", "scale": 1, "mean": [0] * 4, "std": [1] * 4,
                  "dtype": "float32"},
        "tile": {"sizePx": 512, "overlapPx": 192, "multipleOfPx": 16},
        "head": {"kind": "centre", "strideCells": network.STRIDE, "outputs": {"heatmap": "heatmap", "size": "size", "offset": "offset"}},
        "classes": ["ship"], "thresholds": {"score": threshold, "mergeIou": 0.3},
        "parameters": sum(p.numel() for p in network.fuse(net).parameters()), "opsPerPixel": round(2 * network.macs_per_pixel(net)),
        "training": {"data": "sen2ships (MIT; Copernicus Sentinel data): algiers athens cartagena casablanca gdynia hedland honolulu klang",
                     "recipe": "train.py", "seed": seed},
        "quality": {"ap50": ap50, "bestF1": both["bestF1"], "recallAt90Precision": both["recallAt90Precision"], "note": note}})
    golden(net, os.path.join(folder, "golden.json"))


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
