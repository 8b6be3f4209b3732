#!/usr/bin/python3
"""Judges the shipped cloud nets, as OpenCV runs their files, on what training left out: validation patches, Landsat 5 and 7, and clear ports of
Sentinel-2 under haze, offsets and gain. Says what the net alone throws away, and what the net and the test by colour agree on (what Swath
does, `models/inference/cloud-colour.ts`).

    /usr/bin/python3 models/shipped/clouds/judge.py [--data DIR] [--nets clouds,clouds-swir]
"""
import argparse
import os
import sys

import cv2
import numpy as np
import torch
from torch.nn import functional as F

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
import card
import data
import network
import train

LEAST_EXCESS = 0.10  # of blue over half of red
# Added to the bands or multiplied: what a scene may have that no training patch has. Haze by Rayleigh's law.
SHIFTS = {
    "as they are": lambda x: x,
    "haze of 0.08": lambda x: x + 0.08 * torch.tensor([(data.WAVELENGTH[b] / 0.482) ** -4 for b in network.BANDS["clouds"]])[:, None, None],
    "an offset of 0.1": lambda x: x + 0.1,
    "twice the light": lambda x: 2 * x,
}


def opencv(path):
    net = cv2.dnn.readNetFromONNX(path)

    def forward(x):
        net.setInput(x.numpy())
        return torch.from_numpy(net.forward(["cloud"])[0].copy())
    return forward


def decisions(score, pixels, cloud):
    """Pixels right, and of windows of 64 × 64 pixels: cloudy, thrown away by the net, by net and colour."""
    mask, truth = score > card.SCORE, cloud > 0.5
    both = mask & (pixels[0] - pixels[2] / 2 > LEAST_EXCESS)
    high, wide = (side // train.TILE * train.TILE for side in truth.shape)
    share = lambda m: F.avg_pool2d(m[None, None, :high, :wide].float(), train.TILE).flatten() > train.SHARE
    return float((mask == truth).float().mean()), share(truth), share(mask), share(both)


def report(name, found):
    right = np.mean([f[0] for f in found])
    cloudy, net, both = (torch.cat([f[k] for f in found]) for k in (1, 2, 3))
    clear = f"{int((net & ~cloudy).sum())}, with colour {int((both & ~cloudy).sum())} of {int((~cloudy).sum())}"
    kept = f"{int((~net & cloudy).sum())}, with colour {int((~both & cloudy).sum())} of {int(cloudy.sum())}"
    print(f"{name}: {100 * right:.1f} % of pixels right; clear windows thrown away: {clear}; cloudy windows kept: {kept}", flush=True)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--data", default=os.path.join(HERE, "..", "..", "..", "..", "shared", "datasets"))
    ap.add_argument("--nets", default=",".join(network.BANDS))
    args = ap.parse_args()
    for name in args.nets.split(","):
        bands, forward = network.BANDS[name], opencv(os.path.join(HERE, "..", name, f"{name}.onnx"))
        judge = lambda p, pixels: decisions(train.scores(forward, p.with_pixels(pixels)), pixels, p.cloud)
        report(f"{name}, validation patches", [judge(p, p.pixels) for p in data.load(args.data, "val", bands)])
        for scene in data.LANDSAT:
            p = data.Landsat(args.data, scene, bands)
            report(f"{name}, {scene}", [judge(p, p.pixels)])
        for shift, change in SHIFTS.items():
            for step in (3, 1):
                found = [judge(p, change(p.pixels)) for p in data.ports(args.data, data.PORTS_APART, bands, step)]
                if found:
                    report(f"{name}, clear ports at {10 * step} m, {shift}", found)


if __name__ == "__main__":
    main()
