"""The sen2ships scenes and what training takes from each: ships to cut out, shores, land, spectra of bare ground."""
import glob
import json
import os

import numpy as np
import rasterio
import torch
from torch.nn import functional as F

from fingerprint import fingerprint
from network import BANDS

TRAIN = "algiers athens cartagena casablanca gdynia hedland honolulu klang".split()
TEST = "genoa valencia".split()  # what ships has never seen them, and nothing was chosen on them
NIR = BANDS.index("B08")


class Scene:
    def __init__(self, folder, port, annotations):
        planes = []
        for band in BANDS:
            with rasterio.open(glob.glob(os.path.join(glob.escape(folder), port, f"*{band}*"))[0]) as src:
                planes.append(src.read(1).astype(np.float32) / 65535)
        self.port, self.pixels, self.fingerprint = port, torch.from_numpy(np.stack(planes)), fingerprint(planes[0])
        self.h, self.w = self.pixels.shape[1:]
        self.ships = [mask_points(a["segmentation"]) for a in annotations]  # pixel centres (x, y) of each mask
        self.boxes = np.array([a["bbox"] for a in annotations], np.float32).reshape(-1, 4)  # x, y, w, h
        self.centres = self.boxes[:, :2] + self.boxes[:, 2:] / 2
        self.shore = shore(self.pixels[NIR])
        mask = torch.zeros(1, self.h, self.w)
        for p in self.ships:
            mask[0, p[:, 1].astype(int), p[:, 0].astype(int)] = 1
        self.planes = torch.cat([self.pixels, mask])
        dry = (self.pixels[1] <= self.pixels[NIR]).numpy()
        # Cells of 32 px that are nearly all land: made islets take their texture there.
        cells = F.avg_pool2d(torch.from_numpy(dry[None, None]).float(), 32)[0, 0].numpy()
        self.land = np.argwhere(cells > 0.95) * 32
        # Spectra of bare ground, stone and concrete (little vegetation: NIR at most 1.5 times red) for made breakwaters.
        bare = dry & (self.pixels[NIR] < 1.5 * self.pixels[2]).numpy()
        y, x = np.nonzero(bare)
        pick = np.arange(0, len(y), max(1, len(y) // 2000))
        self.bare = self.pixels[:, y[pick], x[pick]].T.numpy()
        self.cutouts = [self._cutout(i) for i in range(len(self.ships))]

    def _cutout(self, i):
        """Planes of a ship with two pixels around: contrast to its surroundings, its mask, its mask with a soft rim.
        The rim is one pixel wide: the sensor's blur around the mask belongs to the ship."""
        x, y, w, h = self.boxes[i].astype(int) + [-2, -2, 4, 4]
        if min(x, y) < 0 or x + w > self.w or y + h > self.h:
            return None
        hard = torch.zeros(1, h, w)
        px = self.ships[i].astype(int)
        hard[0, px[:, 1] - y, px[:, 0] - x] = 1
        soft = torch.maximum(hard, F.avg_pool2d(hard[None], 3, 1, 1)[0] * 1.5).clamp(max=1)
        ship = self.pixels[:, y:y + h, x:x + w]
        return torch.cat([ship - torch.quantile(ship.flatten(1), 0.15, dim=1)[:, None, None], hard, soft])


def shore(nir, cell=16):
    """Centres (y, x) of the cells near which dark water meets something bright: there the false alarms are."""
    mean = F.avg_pool2d(nir[None, None], cell, cell, ceil_mode=True)
    brightest, darkest = (s * F.max_pool2d(s * mean, 5, 1, 2)[0, 0].numpy() for s in (1, -1))
    mean = mean[0, 0].numpy()
    water = np.median(mean[mean <= np.percentile(mean, 40)])
    return np.argwhere((brightest > 1.6 * darkest) & (darkest < 1.7 * water)) * cell + cell // 2


def mask_points(rle):
    """Column-major run lengths (background first) to the centres of the mask's pixels."""
    h, w = rle["size"]
    flat = np.repeat(np.arange(len(rle["counts"])) % 2, rle["counts"]).astype(bool)
    x, y = np.divmod(np.flatnonzero(flat), h)
    return np.stack([x, y], 1).astype(np.float32) + 0.5


def load(folder, ports):
    with open(os.path.join(folder, "sen2ships", "coco_annotations.json")) as f:
        coco = json.load(f)
    port_of = {i["id"]: i["file_name"].split("_")[0] for i in coco["images"]}
    return [Scene(os.path.join(folder, "sen2ships"), p, [a for a in coco["annotations"] if port_of[a["image_id"]] == p])
            for p in ports]


def plain(scenes, n, size):
    """Batches of one crop as it is, at ships and along shores in turn: what quantising measures its ranges on."""
    rng, batches = np.random.RandomState(0), []
    for k in range(n):
        s = scenes[k % len(scenes)]
        x, y = s.centres[rng.randint(len(s.ships))] if k // len(scenes) % 2 or not len(s.shore) else s.shore[rng.randint(len(s.shore))][::-1]
        x, y = (int(np.clip(c - size / 2, 0, side - size)) for c, side in ((x, s.w), (y, s.h)))
        batches.append(s.pixels[None, :, y:y + size, x:x + size])
    return batches
