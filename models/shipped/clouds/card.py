"""Writes model.json, the card that Swath reads beside the weights, and golden.json, values to test a runtime against."""
import hashlib
import json
import os

import torch

import equivariant
import network

SCORE = 0.5  # left where it began: folds and validation patches would each have moved it another way
NOTE = {
    "clouds": "For Sentinel-2 and other cameras without short-wave infrared. Over snow and ice it guesses; see README.md.",
    "clouds-swir": "For cameras with short-wave infrared and cirrus bands, as Landsat 8 and Sentinel-2.",
}


def write(folder, nets, seed, quality, scenes):
    """`scenes` are what the nets were trained on; `nets` and `quality` hold the float32 net under None and each variant under its name."""
    net = nets[None]
    name = net.name
    file = lambda variant: name + (f"-{variant}" if variant else "") + ".onnx"
    bands, plain = network.BANDS[name], equivariant.plain(net)
    dump(os.path.join(folder, "model.json"), {
        "schema": "swath-model/1", "name": name, "version": VERSION[name], "file": file(None), "sha256": sha256(folder, file(None)),
        "licence": "MIT", "description": f"Cloud, thin and thick, pixel by pixel, to screen tiles with. {NOTE[name]}",
        "bands": list(bands), "units": "reflectance", "gsdMetres": {"min": 24, "max": 60},
        "input": {"name": "input", "layout": "NCHW", "colour": "bands", "scale": 1, "mean": [0] * len(bands), "std": [1] * len(bands),
                  "dtype": "float32"},
        "tile": {"sizePx": 512, "overlapPx": 64, "multipleOfPx": network.MULTIPLE},
        "head": {"kind": "segment", "strideCells": network.STRIDE, "pixelScore": SCORE, "minPixels": 4},
        "classes": ["cloud"], "thresholds": {"score": SCORE, "mergeIou": 0.3},
        "parameters": sum(p.numel() for p in plain.parameters()),
        "opsPerPixel": round(2 * equivariant.macs_per_pixel(plain, len(bands))), "precision": "fp32",
        "variants": {v: {"file": file(v), "sha256": sha256(folder, file(v)), "precision": v, "quality": quality[v]} for v in quality if v},
        "training": {"data": TRAINED[name], "recipe": "train.py", "seed": seed,
                     "scenes": [{"name": s.name, "fingerprint": s.fingerprint} for s in scenes if s.fingerprint]}, "quality": quality[None]})
    golden(nets, bands, os.path.join(folder, "golden.json"))


VERSION = {"clouds": "2.1.0", "clouds-swir": "2.0.0"}
TRAINED = {
    "clouds": "cloud-l8biome train (MIT; USGS Landsat 8), Landsat 7 of cloud-csmask (Apache-2.0), clear ground of seven ports of sen2ships (MIT; Copernicus Sentinel data)",
    "clouds-swir": "cloud-l8biome train (MIT; USGS Landsat 8)",
}


def sha256(folder, file):
    with open(os.path.join(folder, file), "rb") as f:
        return hashlib.sha256(f.read()).hexdigest()


def golden(nets, bands, path):
    """Outputs for an input that any language can rebuild exactly from integers, of each net by its variant."""
    n = len(bands)
    c, y, x = torch.meshgrid(torch.arange(n), torch.arange(64), torch.arange(64), indexing="ij")
    made = (((c * 7919 + (y // 8) * 104729 + (x // 8) * 1299709) % 1000) / 1000)[None].float()
    picks = [(j, i) for j, i in ((0, 0), (0, 31), (7, 19), (16, 16), (22, 5), (31, 31))]
    outputs = {}
    for variant, net in nets.items():
        with torch.no_grad():
            value = net(made)
        outputs[variant or "fp32"] = {"shape": list(value.shape), "mean": float(value.double().mean()), "min": float(value.min()),
                                      "max": float(value.max()),
                                      "samples": [{"index": [0, 0, *p], "value": float(value[(0, 0, *p)])} for p in picks]}
    dump(path, {"input": {"shape": [1, n, 64, 64], "formula": "v[0][c][y][x] = ((c*7919 + (y//8)*104729 + (x//8)*1299709) % 1000) / 1000"},
                "tolerance": {"fp32": 0.001, "int8": 0.05},
                "toleranceNote": "absolute; torch 1.13 on a CPU; integers are rounded in another order, which may move a sum by one step",
                "outputs": outputs})


def dump(path, value):
    with open(path, "w") as f:
        json.dump(value, f, indent=2)
        f.write("\n")
