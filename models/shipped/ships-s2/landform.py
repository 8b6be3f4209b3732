"""Made land that nets take for ships, for crops to be trained on: ends of breakwaters and piers, islets and banks."""
import numpy as np
import torch
from torch.nn import functional as F


def lay(x, mask, water, alpha, land):
    """Sets the land (n × n planes, share `alpha`) on the water of a crop, in place, unless it would cover a ship."""
    if (mask * alpha).any():
        return
    alpha = alpha * water
    x += alpha * (land - x)
    water &= alpha < 0.3


def bar(scene, yx, rng):
    """A breakwater or pier: a bent bar of bare ground that comes in from outside. Its end is what nets take for a ship."""
    n = len(yx)
    angle, end = rng.uniform(0, 2 * np.pi), rng.uniform(0.1, 0.9, 2) * n
    bend = end + rng.uniform(8, 60) * np.array([np.sin(angle), np.cos(angle)])
    angle += rng.normal(0, 0.6)
    start = bend + 2 * n * np.array([np.sin(angle), np.cos(angle)])
    d = np.minimum(distance(yx, end, bend), distance(yx, bend, start))
    colour = scene.bare[rng.randint(len(scene.bare), size=24)].mean(0)[:, None, None]
    grain = F.interpolate(torch.from_numpy(rng.normal(1, 0.2, (1, 1, n // 3, n // 3))), size=(n, n), mode="bilinear")[0].numpy()
    return np.clip(rng.uniform(1, 5) / 2 + 0.5 - d, 0, 1).astype(np.float32), (colour * grain).astype(np.float32)


def islet(scene, n, rng, side=32):
    """An islet or bank: a patch of real land in a ragged outline."""
    y, x = scene.land[rng.randint(len(scene.land))]
    k = rng.randint(3, 8)
    field = F.interpolate(torch.from_numpy(rng.random_sample((1, 1, k, k))).float(), size=(side, side), mode="bicubic")[0, 0].numpy()
    edge = np.minimum(1, np.minimum(np.arange(side), np.arange(side)[::-1]) / 8)
    u, v = rng.randint(0, n - side, 2)
    alpha, land = np.zeros((n, n), np.float32), np.zeros((len(scene.pixels), n, n), np.float32)
    alpha[v:v + side, u:u + side] = np.clip((field * np.minimum(edge[:, None], edge) - 0.55) * 8, 0, 1)
    land[:, v:v + side, u:u + side] = scene.pixels[:, y:y + side, x:x + side].numpy()
    return alpha, land


def distance(p, a, b):
    """From points to the segment a b."""
    t = np.clip((p - a) @ (b - a) / ((b - a) @ (b - a)), 0, 1)
    return np.linalg.norm(p - a - t[..., None] * (b - a), axis=-1)
