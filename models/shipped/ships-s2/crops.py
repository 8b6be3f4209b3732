"""Training crops of the scenes with physical augmentation, and the targets of a centre-point net."""
import numpy as np
import torch
from torch.nn import functional as F

import landform
from data import NIR
from network import STRIDE

# Labels end at about 6 px, real craft do not: a labelled ship made smaller than that counts neither as ship nor as water.
MIN_SIDE = 6.5
# How much of a veil each band takes: haze scatters the more the shorter the wave. Foam is white but darker in the infrared.
VEIL = torch.tensor([1, 0.85, 0.7, 0.6]).view(1, -1, 1, 1)


class Crops:
    """Random training crops. A crop is a view of one scene through a rotation, a mirror and a scale; the boxes are
    those of the transformed masks, so they stay tight under any rotation (turned boxes would swell)."""

    def __init__(self, scenes, size, rng, opts):
        self.scenes, self.size, self.rng, self.o = scenes, size, rng, opts
        self.all_ships = [(s, i) for s in scenes for i in range(len(s.ships))]
        # A port counts by the root of its ships: Athens alone has a quarter of them.
        n = np.array([1 / np.sqrt(max(1, len(s.ships))) for s, _ in self.all_ships])
        self.cumulative = np.cumsum(n / n.sum())
        self.yx = np.stack(np.meshgrid(np.arange(size), np.arange(size), indexing="ij"), -1).astype(np.float32)

    def _ship(self):
        return self.all_ships[min(np.searchsorted(self.cumulative, self.rng.random_sample()), len(self.all_ships) - 1)]

    def _scene(self):
        return self.scenes[self.rng.randint(len(self.scenes))]

    def _pick(self):
        r, rng = self.rng.random_sample(), self.rng
        if r < self.o["p_ship"]:
            s, i = self._ship()
            return s, s.centres[i] + rng.uniform(-0.4, 0.4, 2) * self.size
        s = self._scene()
        if r < self.o["p_ship"] + self.o["p_shore"] and len(s.shore):
            y, x = s.shore[rng.randint(len(s.shore))]
            return s, np.array([x, y]) + rng.uniform(-32, 32, 2)
        return s, rng.random_sample(2) * [s.w, s.h]

    def one(self):
        """Bands and mask (numpy, n × n), the weight of each cell, the boxes."""
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
        grid = F.affine_grid(torch.from_numpy(theta[None]).float(), [1, len(s.planes), n, n], align_corners=False)
        x = F.grid_sample(s.planes[None], grid, mode="bilinear", padding_mode="reflection", align_corners=False)[0].numpy()
        outside = np.abs(grid[0].numpy()).max(-1) > 1  # no loss on the mirrored margin
        weight = ~outside.reshape(n // STRIDE, STRIDE, n // STRIDE, STRIDE).any((1, 3))
        # a is a turn and a mirror over scale, so its inverse is its transpose times scale squared.
        inv, boxes = a.T * scale ** 2, []
        for i in np.flatnonzero(np.abs(s.centres - centre).max(1) <= n * 1.2):
            q = (s.ships[i] - centre) @ inv.T + n / 2
            lo, hi = q.min(0) - scale / 2, q.max(0) + scale / 2
            if scale < 1 and (hi - lo).max() < MIN_SIDE:
                (u, v), (p, q) = ((np.clip(k / STRIDE + d, 0, n // STRIDE)).astype(int) for k, d in ((lo, -1), (hi, 2)))
                weight[v:q, u:p] = False
            else:
                boxes.append([*lo, *(hi - lo)])
        boxes = np.array(boxes, np.float32).reshape(-1, 4)
        water = x[1] > x[NIR]
        if rng.random_sample() < self.o["p_bar"]:
            landform.lay(x[:-1], x[-1], water, *landform.bar(self._scene(), self.yx, rng))
        if rng.random_sample() < self.o["p_islet"]:
            landform.lay(x[:-1], x[-1], water, *landform.islet(self._scene(), n, rng))
        for _ in range(self.o["pastes"]):
            if rng.random_sample() < self.o["p_paste"]:
                boxes = self._paste(x[:-1], x[-1], water, boxes)
        return x, weight.astype(np.float32), boxes

    def _turned(self, part):
        """The cutout turned, mirrored and scaled; half the time by quarter turns only, which do not blur."""
        rng, (h, w) = self.rng, part.shape[1:]
        if rng.random_sample() < 0.5:
            part = torch.rot90(part.flip(2) if rng.random_sample() < 0.5 else part, rng.randint(4), (1, 2))
            return part.numpy()
        angle, scale = rng.uniform(0, 2 * np.pi), np.exp(rng.uniform(-0.3, 0.3))
        c, si = np.cos(angle) / scale, np.sin(angle) / scale
        side = int(np.ceil(np.hypot(h, w) * scale))
        theta = torch.tensor([[c * side / w, -si * side / w, 0], [si * side / h, c * side / h, 0]], dtype=torch.float32)
        grid = F.affine_grid(theta[None], [1, len(part), side, side], align_corners=False)
        # The cutout's rim holds no mask, so its repetition outside does not either.
        return F.grid_sample(part[None], grid, mode="bilinear", padding_mode="border", align_corners=False)[0].numpy()

    def _paste(self, x, mask, water, boxes):
        """Sets another ship on flat water, half the time where it lies closest to land or other ships, as at a berth,
        keeping its contrast to its surroundings up to a gain."""
        rng, n = self.rng, self.size
        s, i = self._ship()
        if s.cutouts[i] is None:
            return boxes
        part = self._turned(s.cutouts[i])
        on = part[-2] > 0.5
        ys, xs = np.flatnonzero(on.any(1)), np.flatnonzero(on.any(0))
        if max(len(ys), len(xs)) == 0 or max(ys[-1] - ys[0], xs[-1] - xs[0]) + 1 < MIN_SIDE:
            return boxes
        top, left = max(0, ys[0] - 2), max(0, xs[0] - 2)
        part = part[:, top:ys[-1] + 3, left:xs[-1] + 3]
        hull, soft = part[-2] > 0.5, part[-1]
        h, w = soft.shape
        if max(h, w) >= n - 1:
            return boxes
        tight = np.array([xs[0] - left, ys[0] - top, xs[-1] + 1 - xs[0], ys[-1] + 1 - ys[0]])
        berth, spot, most = rng.random_sample() < self.o["p_berth"], None, -1.0
        for _ in range(10):
            u, v = rng.randint(n - w), rng.randint(n - h)
            wet = water[v:v + h, u:u + w]
            if (hull > wet).any():
                continue
            nir = x[NIR, v:v + h, u:u + w][hull]
            box = tight + [u, v, 0, 0]
            if nir.max() - nir.min() > 0.03 + 0.4 * nir.mean() or (len(boxes) and overlap(box, boxes) > 0.3):
                continue
            dry = 1 - wet.mean()
            if not berth or dry > most:
                spot, most = (u, v, box), dry
            if not berth:
                break
        if spot is None:
            return boxes
        u, v, box = spot
        ground = x[:, v:v + h, u:u + w]
        level = np.median(ground[:, hull], 1)
        if most < 0.05 and rng.random_sample() < self.o["p_wake"]:
            self._wake(x, hull, u, v, level)
        gain = np.exp(rng.normal(0, 0.25) + rng.normal(0, self.o["paint"], len(x))).astype(np.float32)
        ground += soft * (part[:-2] * gain[:, None, None] + level[:, None, None] - ground)
        np.maximum(mask[v:v + h, u:u + w], hull, out=mask[v:v + h, u:u + w])
        water[v:v + h, u:u + w] &= ~hull
        return np.concatenate([boxes, box[None]]).astype(np.float32)

    def _wake(self, x, hull, u, v, level):
        """A bright, slightly bent, fading wake behind the ship, outside its box: labels leave wakes out, few are given."""
        rng = self.rng
        p = np.argwhere(hull).astype(np.float32)
        mid = p.mean(0)
        along, across = np.linalg.svd(p - mid, full_matrices=False)[2] * (1 if rng.random_sample() < 0.5 else -1)
        beam = float(np.abs((p - mid) @ across).max()) + 0.5
        yx = self.yx - (mid + [v, u]).astype(np.float32)
        t, d = yx @ along, yx @ across
        d = d - rng.uniform(-0.004, 0.004) * t ** 2
        ahead = np.maximum(t, 0)
        width = beam * rng.uniform(0.3, 0.8) * (1 + rng.uniform(0, 0.04) * ahead)
        foam = rng.uniform(0.005, 0.1) * np.exp(-ahead / rng.uniform(8, 40) - d ** 2 / (2 * width ** 2)) * (t > 0)
        foam = foam * (x[NIR] < level[NIR] + 0.03)  # only on water
        x += foam * np.array([1.0, 1.0, 0.95, rng.uniform(0.5, 0.9)], np.float32)[:, None, None]

    def _light(self, x, empty):
        """Sun, haze, blur, sea state: gain, an additive veil that grows towards blue, often uneven, and noise. `empty` crops
        hold no ship: some get clouds, since a cloud over a ship would leave a label without an object."""
        rng, n = self.rng, len(x)

        def some(p, low, high):
            return torch.from_numpy(((rng.random_sample((n, 1, 1, 1)) < p) * rng.uniform(low, high, (n, 1, 1, 1)))).float()

        def field(cells):
            return F.interpolate(torch.from_numpy(rng.random_sample((n, 1, cells, cells))).float(), size=x.shape[2:],
                                 mode="bilinear", align_corners=True)
        x = x * torch.from_numpy(np.exp(rng.normal(0, 0.18, (n, 1, 1, 1)) + rng.normal(0, 0.06, (n, x.shape[1], 1, 1)))).float()
        veil = VEIL * (some(0.4, -0.015, 0.09) + some(0.25, 0, 0.09) * field(4))
        cloud = some(0.15, 0.1, 0.6) * (field(rng.randint(5, 15)) * 4 - 2.6).clamp(0, 1) * empty.view(n, 1, 1, 1)
        x = x + veil + cloud
        blur = some(0.15, 0.1, 0.5)
        k = torch.nonzero(blur[:, 0, 0, 0])[:, 0]
        x[k] += blur[k] * (F.avg_pool2d(x[k], 3, 1, 1, count_include_pad=False) - x[k])
        k = torch.from_numpy(np.flatnonzero(rng.random_sample(n) < 0.3))
        common, single = (torch.from_numpy(rng.uniform(0, m, (len(k), 1, 1, 1))).float() for m in (0.004, 0.003))
        x[k] += torch.randn(len(k), 1, *x.shape[2:]) * common + torch.randn(len(k), *x.shape[1:]) * single
        return x.clamp(0, 1)

    def batch(self, n):
        """Pixels, ship masks at the output's stride, and the targets."""
        parts = [self.one() for _ in range(n)]
        t = [targets(b, self.size // STRIDE, w) for _, w, b in parts]
        x = torch.from_numpy(np.stack([p[0] for p in parts]))
        empty = torch.tensor([float(len(b) == 0) for *_, b in parts])
        mask = F.avg_pool2d(x[:, -1:], STRIDE)
        return self._light(x[:, :-1], empty), mask, *(torch.from_numpy(np.stack(k)) for k in zip(*t))


def overlap(a, b):
    """The largest intersection over union of one box with others (x, y, w, h)."""
    lo, hi = np.maximum(a[:2], b[:, :2]), np.minimum(a[:2] + a[2:], b[:, :2] + b[:, 2:])
    inter = np.clip(hi - lo, 0, None).prod(1)
    return (inter / (a[2:].prod() + b[:, 2:].prod(1) - inter)).max()


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
