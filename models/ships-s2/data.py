"""The sen2ships scenes: reading, crops with physical augmentation, and the targets of a centre-point net."""
import glob
import json
import os

import numpy as np
import rasterio
import torch
from torch.nn import functional as F

from network import BANDS, STRIDE

TRAIN = "algiers athens cartagena casablanca gdynia hedland honolulu klang".split()
TEST = "genoa valencia".split()  # never trained on, never selected on


class Scene:
    def __init__(self, folder, port, annotations):
        planes = []
        for band in BANDS:
            with rasterio.open(glob.glob(os.path.join(glob.escape(folder), port, f"*{band}*"))[0]) as src:
                planes.append(src.read(1).astype(np.float32) / 65535)
        self.port, self.pixels = port, torch.from_numpy(np.stack(planes))
        self.h, self.w = self.pixels.shape[1:]
        self.ships, self.boxes = [], []  # pixel centres (x, y) of each mask, and x, y, w, h
        for a in annotations:
            self.ships.append(mask_points(a["segmentation"]))
            self.boxes.append(a["bbox"])
        self.boxes = np.array(self.boxes, np.float32).reshape(-1, 4)
        self.shore = shore(self.pixels[3])


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


class Crops:
    """Random training crops. A crop is a view of one scene through a rotation, a mirror and a scale; the boxes are
    those of the transformed masks, so they stay tight under any rotation (turned boxes would swell)."""

    def __init__(self, scenes, size, rng, opts):
        self.scenes, self.size, self.rng, self.o = scenes, size, rng, opts
        self.all_ships = [(s, i) for s in scenes for i in range(len(s.ships))]
        # A port counts by the root of its ships: Athens alone has a quarter of them.
        n = np.array([1 / np.sqrt(max(1, len(s.ships))) for s, _ in self.all_ships])
        self.p = n / n.sum()

    def _pick(self):
        r, rng = self.rng.random_sample(), self.rng
        if r < self.o["p_ship"]:
            s, i = self.all_ships[rng.choice(len(self.all_ships), p=self.p)]
            c = s.boxes[i, :2] + s.boxes[i, 2:] / 2
            return s, c + rng.uniform(-0.4, 0.4, 2) * self.size
        s = self.scenes[rng.choice(len(self.scenes))]
        if r < self.o["p_ship"] + self.o["p_shore"] and len(s.shore):
            y, x = s.shore[rng.randint(len(s.shore))]
            return s, np.array([x, y]) + rng.uniform(-32, 32, 2)
        return s, rng.random_sample(2) * [s.w, s.h]

    def one(self):
        rng, n = self.rng, self.size
        s, centre = self._pick()
        # Half the crops keep the pixel grid (quarter turns only): resampling blurs, and the real input is not blurred.
        free = rng.random_sample() < self.o["p_free"]
        angle = rng.uniform(0, 2 * np.pi) if free else rng.randint(4) * np.pi / 2
        scale = np.exp(rng.uniform(np.log(0.75), np.log(1.35))) if free else 1.0
        flip = rng.choice([-1.0, 1.0])
        c, si = np.cos(angle), np.sin(angle)
        a = np.array([[c, -si], [si, c]]) @ np.diag([flip, 1.0]) / scale  # crop to scene
        centre = centre if free else np.round(centre)
        theta = np.concatenate([a * n / np.array([[s.w], [s.h]]), ((2 * centre / [s.w, s.h]) - 1)[:, None]], 1)
        grid = F.affine_grid(torch.from_numpy(theta[None]).float(), [1, 4, n, n], align_corners=False)
        x = F.grid_sample(s.pixels[None], grid, mode="bilinear", padding_mode="reflection", align_corners=False)[0]
        weight = (grid[0].abs().amax(-1) <= 1).float()[None, None]  # no loss on the mirrored margin
        weight = F.avg_pool2d(weight, STRIDE)[0, 0].floor()
        # a is a turn and a mirror over scale, so its inverse is its transpose times scale squared.
        inv, boxes = a.T * scale ** 2, []
        for p, b in zip(s.ships, s.boxes):
            if np.abs(b[:2] + b[2:] / 2 - centre).max() > n * 1.2:
                continue
            q = (p - centre) @ inv.T + n / 2
            lo, hi = q.min(0) - scale / 2, q.max(0) + scale / 2
            boxes.append([*lo, *(hi - lo)])
        boxes = np.array(boxes, np.float32).reshape(-1, 4)
        for _ in range(2):
            if rng.random_sample() < self.o["p_paste"]:
                boxes = self._paste(x, boxes)
        return self._light(x), weight, boxes

    def _paste(self, x, boxes):
        """Sets a ship cut out along its mask onto flat water, keeping its contrast to its own surroundings."""
        rng = self.rng
        s, i = self.all_ships[rng.choice(len(self.all_ships), p=self.p)]
        x0, y0, w, h = s.boxes[i].astype(int)
        x0, y0, w, h = x0 - 2, y0 - 2, w + 4, h + 4
        if min(x0, y0) < 0 or x0 + w > s.w or y0 + h > s.h:
            return boxes
        ship = s.pixels[:, y0:y0 + h, x0:x0 + w]
        mask = torch.zeros(1, 1, h, w)
        px = torch.from_numpy(s.ships[i]).long()
        mask[0, 0, px[:, 1] - y0, px[:, 0] - x0] = 1
        # A soft rim one pixel wide: the sensor's blur around the mask belongs to the ship.
        alpha = torch.maximum(mask, F.avg_pool2d(mask, 3, 1, 1) * 1.5).clamp(max=1)[0]
        ship = ship - torch.quantile(ship.flatten(1), 0.15, dim=1)[:, None, None]
        turn, flip = rng.randint(4), rng.random_sample() < 0.5
        ship, alpha = (torch.rot90(t.flip(2) if flip else t, turn, (1, 2)) for t in (ship, alpha))
        h, w = alpha.shape[1:]
        if max(h, w) >= self.size:
            return boxes
        for _ in range(4):
            u, v = rng.randint(self.size - w), rng.randint(self.size - h)
            ground = x[:, v:v + h, u:u + w]
            level = ground.flatten(1).median(1).values
            clear = all(u + w < b[0] or b[0] + b[2] < u or v + h < b[1] or b[1] + b[3] < v for b in boxes)
            if clear and level[1] > level[3] and ground[3].max() - ground[3].min() < 0.02 + 0.2 * level[3]:
                if rng.random_sample() < self.o["p_wake"]:
                    self._wake(x, alpha[0], u, v, level)
                ground += alpha * (ship + level[:, None, None] - ground)
                return np.concatenate([boxes, [[u + 2, v + 2, w - 4, h - 4]]]).astype(np.float32)
        return boxes

    def _wake(self, x, alpha, u, v, level):
        """A bright, slightly bent, fading wake behind the ship, outside its box: labels leave wakes out, few are given."""
        rng = self.rng
        p = torch.nonzero(alpha > 0.7).float()
        mid = p.mean(0)
        _, _, axes = torch.linalg.svd(p - mid, full_matrices=False)
        along, across = axes * (1 if rng.random_sample() < 0.5 else -1)
        beam = float(((p - mid) @ across).abs().max()) + 0.5
        yx = torch.stack(torch.meshgrid(torch.arange(self.size), torch.arange(self.size), indexing="ij"), -1)
        yx = yx.float() - mid - torch.tensor([float(v), float(u)])
        t, d = yx @ along, yx @ across
        d = d - rng.uniform(-0.004, 0.004) * t ** 2
        width = beam * rng.uniform(0.3, 0.8) * (1 + rng.uniform(0, 0.04) * t.clamp(min=0))
        foam = rng.uniform(0.005, 0.1) * torch.exp(-t.clamp(min=0) / rng.uniform(8, 40) - d ** 2 / (2 * width ** 2)) * (t > 0)
        foam = foam * (x[3] < level[3] + 0.03)  # only on water
        x += foam * torch.tensor([1.0, 1.0, 0.95, rng.uniform(0.5, 0.9)])[:, None, None]

    def _light(self, x):
        """Sun, haze, sea state: gain, an additive veil that grows towards blue, and noise."""
        rng = self.rng
        x = x * float(np.exp(rng.normal(0, 0.18))) * torch.from_numpy(np.exp(rng.normal(0, 0.05, (4, 1, 1)))).float()
        if rng.random_sample() < 0.5:
            veil = rng.uniform(-0.015, 0.09) * np.array([1, 0.85, 0.7, 0.6]).reshape(4, 1, 1)
            x = x + torch.from_numpy(veil).float()
        if rng.random_sample() < 0.3:
            x = x + torch.randn(1, *x.shape[1:]) * rng.uniform(0, 0.004) + torch.randn_like(x) * rng.uniform(0, 0.003)
        return x.clamp(0, 1)

    def batch(self, n):
        parts = [self.one() for _ in range(n)]
        t = [targets(b, self.size // STRIDE, w.numpy()) for _, w, b in parts]
        return torch.stack([p[0] for p in parts]), *(torch.from_numpy(np.stack(k)) for k in zip(*t))


def targets(boxes, n, weight):
    """Heatmap, the negatives' weight, box (x, y, w, h in cells) and the regression's weight, per cell."""
    heat, reg, box = np.zeros((n, n), np.float32), np.zeros((n, n), np.float32), np.zeros((4, n, n), np.float32)
    box[2:] = 1
    ax = np.arange(n) + 0.5
    for x, y, w, h in sorted(boxes / STRIDE, key=lambda b: -b[2] * b[3]):
        cx, cy = x + w / 2, y + h / 2
        if not (0 <= cx < n and 0 <= cy < n):
            continue
        # A narrow, box-shaped hill: ships lie side by side at a berth, wide hills would run together.
        gx, gy = (np.exp(-((ax - c) ** 2) / (2 * max(0.6, 0.1 * s) ** 2)) for c, s in ((cx, w), (cy, h)))
        g = np.outer(gy, gx)
        ix, iy = int(cx), int(cy)
        g[iy, ix] = 1
        near = (g > 0.3) & (g > heat)
        heat = np.maximum(heat, g)
        reg[near] = g[near]
        box[:, near] = np.array([cx, cy, w, h], np.float32)[:, None]
    return heat[None], weight[None].astype(np.float32), box, reg[None] * weight[None]
