"""The cloud-l8biome patches: reading, and crops with augmentation by physics."""
import glob
import os

import numpy as np
import rasterio
import torch
from torch.nn import functional as F

from fingerprint import fingerprint

PLANES = ("blue", "green", "red", "nir", "swir16", "swir22", "cirrus", "tirs")
WAVELENGTH = dict(blue=0.482, green=0.561, red=0.655, nir=0.865, swir16=1.609, swir22=2.201, cirrus=1.373)  # um, Landsat 8 OLI
SENTINEL = dict(blue="B02", green="B03", red="B04", nir="B08")
PORTS = "algiers athens casablanca gdynia hedland honolulu klang".split()
PORTS_APART = "genoa valencia".split()
LANDSAT = ("landsat5", "landsat7")  # the second one `clouds` is hardened with, the first one no net has seen
# Lowest and highest reflectance of what grows or lies on fields, blue to swir22: crops, soil, stubble, foil and limed ground.
FIELDS = (((0.03, 0.06, 0.03, 0.28, 0.12, 0.05), (0.08, 0.13, 0.10, 0.52, 0.28, 0.15)),
          ((0.05, 0.07, 0.09, 0.12, 0.15, 0.12), (0.17, 0.24, 0.32, 0.42, 0.50, 0.42)),
          ((0.10, 0.15, 0.19, 0.27, 0.32, 0.22), (0.20, 0.28, 0.36, 0.48, 0.55, 0.42)),
          ((0.20, 0.22, 0.24, 0.28, 0.20, 0.15), (0.45, 0.47, 0.48, 0.50, 0.48, 0.42)))
CLOUD = (192, 255)  # thin and thick; 64 is shadow, 128 clear


class Labelled:
    """Pixels [bands, rows, columns] and cloud 0 or 1."""

    def __init__(self, name, biome, pixels, cloud, fingerprint):
        self.name, self.biome, self.pixels, self.cloud, self.fingerprint = name, biome, pixels, cloud, fingerprint
        self.share = float(cloud.mean())

    def with_pixels(self, pixels):
        return Labelled(self.name, self.biome, pixels, self.cloud, self.fingerprint)


class Patch(Labelled):
    def __init__(self, path, bands):
        with rasterio.open(path) as src:
            planes = src.read()
        with rasterio.open(path.replace("Images", "Masks")) as src:
            mask = src.read(1)
        name = os.path.splitext(os.path.basename(path))[0]
        self.classes = torch.from_numpy(mask.astype(np.int64))
        super().__init__(name, name.split("_")[0], torch.from_numpy(planes[[PLANES.index(b) for b in bands]].astype(np.float32)),
                         torch.from_numpy(np.isin(mask, CLOUD).astype(np.float32)), fingerprint(planes[PLANES.index(bands[0])]))


class Landsat(Labelled):
    """A scene of cloud-csmask at the top of the atmosphere, 512 × 512 pixels of 30 m. It has no cirrus band, which is taken to see nothing."""

    def __init__(self, folder, name, bands):
        with np.load(os.path.join(folder, "cloud-csmask", f"{name}.npz")) as both:
            planes, mask = both["img"].astype(np.float32).transpose(2, 0, 1), both["msk"][..., 0]
        seen = [planes[PLANES.index(b)] if b != "cirrus" else np.zeros_like(planes[0]) for b in bands]
        super().__init__(name, name, torch.from_numpy(np.stack(seen)), torch.from_numpy((mask == 4).astype(np.float32)),
                         fingerprint(planes[PLANES.index(bands[0])]))


class Port(Labelled):
    """A port of sen2ships as clear ground, `step` pixels of 10 m averaged to a side. None has a cloud, all have what is bright and no cloud: roofs, sand, salt."""

    def __init__(self, folder, port, bands, step):
        planes = []
        for band in bands:
            with rasterio.open(glob.glob(os.path.join(glob.escape(folder), port, f"*{SENTINEL[band]}*"))[0]) as src:
                planes.append(src.read(1).astype(np.float32) / 65535)
        pixels = F.avg_pool2d(torch.from_numpy(np.stack(planes))[None], step)[0]
        super().__init__(port, port, pixels, torch.zeros(pixels.shape[1:]), fingerprint(planes[0]))


def ports(folder, names, bands, step=3):
    """Clear ground of Sentinel-2, for nets of bands that all its scenes bring; cartagena lies under smoke and is left out."""
    if not set(bands) <= set(SENTINEL):
        return []
    return [Port(os.path.join(folder, "sen2ships"), n, bands, step) for n in names]


def load(folder, split, bands):
    """The patches of `train` or `val`, by name."""
    return [Patch(p, bands) for p in sorted(glob.glob(os.path.join(folder, "cloud-l8biome", split, "Images", "*.tif")))]


def noise(size, rng, coarsest=4):
    """Fractal noise, about N(0, 1): the shape of made clouds and of uneven haze."""
    total = torch.zeros(1, 1, size, size)
    cells, weight = coarsest, 1.0
    while cells <= size // 2:
        layer = torch.from_numpy(rng.standard_normal((1, 1, cells, cells)).astype(np.float32))
        total += weight * F.interpolate(layer, (size, size), mode="bicubic", align_corners=False)
        cells, weight = cells * 2, weight * 0.55
    total = total[0, 0] - total.mean()
    return total / (total.std() + 1e-6)


class Crops:
    """Random training crops. Patches count alike, so that sixteen scenes stay sixteen kinds of ground and cloud."""

    def __init__(self, patches, ground, bands, size, rng, opts):
        self.ground, self.patches, self.bands, self.size, self.rng, self.o = ground, patches, bands, size, rng, opts
        self.cloudy = [p for p in patches if p.share > 0.2]
        wave = torch.tensor([WAVELENGTH[b] for b in bands])
        # Rayleigh's law; cirrus light is absorbed by the water vapour below it and sees no haze.
        self.rayleigh = (wave / wave[0]) ** -4 * torch.tensor([b != "cirrus" for b in bands])

    def view(self, patch):
        """A square of the patch under a mirror, quarter turns and a scale, as pixels and cloud 0..1."""
        rng, size = self.rng, self.size
        scale = float(np.exp(rng.uniform(np.log(self.o["zoom_min"]), np.log(self.o["zoom_max"]))))
        high, wide = patch.cloud.shape
        side = int(np.clip(round(size / scale), 48, min(high, wide)))
        y, x = rng.integers(0, high + 1 - side), rng.integers(0, wide + 1 - side)
        both = torch.cat([patch.pixels, patch.cloud[None]])[None, :, y:y + side, x:x + side]
        if side != size:
            both = F.interpolate(both, (size, size), mode="area" if side > size else "bilinear")
        both = torch.rot90(both[0], int(rng.integers(4)), (1, 2))
        if rng.random() < 0.5:
            both = both.flip(2)
        return both[:-1], both[-1]

    def overcast(self, ground, label, patch):
        """Clouds of another patch over this ground. Where that patch has clear pixels, they tell how much light its cloud lets
        through; where it has none, the cloud gets a made outline."""
        cloud, there = self.view(patch)
        visible = cloud[:3].mean(0)
        clear = visible[there < 0.5]
        if clear.numel() > 64:
            floor, roof = clear.median(), visible[there > 0.5].quantile(0.9) if (there > 0.5).sum() > 64 else visible.max()
            alpha = ((visible - floor) / (roof - floor + 1e-3)).clamp(0, 1) * (there > 0.02)
            base = cloud[:, there < 0.5].median(1).values[:, None, None]
            light = (cloud - (1 - alpha) * base).clamp(min=0)
            return light + (1 - alpha) * ground, torch.maximum(there, label)
        alpha = torch.sigmoid((noise(self.size, self.rng) - self.rng.uniform(-1, 1)) * self.rng.uniform(2, 12))
        return alpha * cloud + (1 - alpha) * ground, torch.maximum((alpha > 0.3).float(), label)

    def bare(self, x, y):
        """Bare ground where the patch is clear: sixteen patches hold no desert and no ploughed field. Soil reflects more the longer
        the wave, up to the short-wave infrared; roofs and salt are about as bright in all bands."""
        rng = self.rng
        steps = dict(green=(1.0, 1.5), red=(1.0, 1.45), nir=(1.05, 1.5), swir16=(0.95, 1.6), swir22=(0.75, 1.05))
        if rng.random() < 0.25:
            steps = dict(green=(0.95, 1.1), red=(0.95, 1.1), nir=(0.9, 1.15), swir16=(0.8, 1.15), swir22=(0.8, 1.05))
        level = float(np.exp(rng.uniform(np.log(0.06), np.log(0.25))))
        spectrum = {"blue": level}
        for band, (low, high) in steps.items():
            level = min(level * rng.uniform(low, high), 0.75)
            spectrum[band] = level
        ground = torch.tensor([spectrum.get(b, 0.0) for b in self.bands])[:, None, None] * (1 + rng.uniform(0, 0.25) * noise(self.size, rng, 16)).clamp(min=0.3)
        share = torch.sigmoid((noise(self.size, rng, int(rng.choice([4, 8, 32]))) - rng.uniform(-2, 1.5)) * rng.uniform(2, 20))
        near = F.max_pool2d(y[None, None], 9, 1, 4)[0, 0]
        share = share * (near < 0.02) * torch.tensor([b != "cirrus" for b in self.bands])[:, None, None]
        return (1 - share) * x + share * ground

    def fields(self, x, y):
        """Farmland where the patch is clear: parcels of crops, ploughed soil, stubble and, rarely, foil, each of one colour."""
        rng, size = self.rng, self.size
        angle, (wide, high) = rng.uniform(0, np.pi), np.exp(rng.uniform(np.log(5), np.log(48), 2))
        j, i = np.meshgrid(np.arange(size), np.arange(size), indexing="ij")
        u = np.floor((i * np.cos(angle) + j * np.sin(angle)) / wide).astype(int)
        v = (j * np.cos(angle) - i * np.sin(angle)) / high
        u -= u.min()
        v = np.floor(v + rng.random(u.max() + 1)[u]).astype(int)
        parcel = (u * 7919 + (v - v.min()) * 104729) % 61
        light, mixture = np.exp(rng.normal(0, 0.25)), rng.dirichlet([1.0, 1.0, 1.0, 0.08])
        kinds = rng.choice(4, 61, p=mixture)
        low = np.array([FIELDS[k][0] for k in kinds])
        spectra = (low + (np.array([FIELDS[k][1] for k in kinds]) - low) * (0.6 * rng.random((61, 1)) + 0.4 * rng.random((61, 6)))) * light
        spectra = spectra + rng.uniform(0, 0.06) * np.array([1, 0.55, 0.3, 0.1, 0, 0])
        picked = spectra[:, [PLANES.index(b) for b in self.bands if b != "cirrus"]][parcel].transpose(2, 0, 1).astype(np.float32)
        if "cirrus" in self.bands:
            picked = np.concatenate([picked, np.zeros_like(picked[:1])])
        ground = torch.from_numpy(picked) * (1 + rng.uniform(0.02, 0.1) * noise(size, rng, 32)).clamp(min=0.3)
        if rng.random() < 0.6:
            ground = F.avg_pool2d(ground[None], 3, 1, 1, count_include_pad=False)[0]
        share = (F.max_pool2d(y[None, None], 9, 1, 4)[0, 0] < 0.02).float()
        if rng.random() < 0.5:
            share = share * torch.sigmoid((noise(size, rng) + rng.uniform(-0.5, 1.5)) * 20)
        return (1 - share) * x + share * ground

    def veil(self, x, y):
        """A made cloud, often thin, with its shadow beside it: x becomes (1 - a) x + a c. People begin to draw cloud where it hides
        about a twelfth of the ground, as the reflectances of thin cloud and of what lies beside it in the patches tell."""
        rng, size = self.rng, self.size
        spectrum = {"blue": rng.uniform(0.5, 0.95)}
        for band in ("green", "red", "nir"):
            spectrum[band] = spectrum["blue"] * rng.uniform(0.92, 1.08)
        spectrum["swir16"] = spectrum["blue"] * rng.uniform(0.45, 0.95)
        spectrum["swir22"] = spectrum["swir16"] * rng.uniform(0.6, 0.95)
        spectrum["cirrus"] = rng.uniform(0, 0.15) ** 2  # only the highest are seen there
        light = torch.tensor([spectrum[b] for b in self.bands])[:, None, None]
        height = noise(size, rng, int(rng.choice([4, 4, 8, 16]))) - rng.uniform(-1, 1.5)
        a = (height * rng.uniform(0.3, 2.5)).clamp(0, 1) ** rng.uniform(0.7, 1.5) * float(np.exp(rng.uniform(np.log(0.12), 0)))
        shift = tuple(int(v) for v in rng.integers(-20, 21, 2))
        shade = 1 - torch.roll(a, shift, (0, 1)) * (1 - y) * rng.uniform(0, 0.6)
        drawn = ((a - 0.05) / 0.06).clamp(0, 1)
        return (1 - a) * x * shade + a * light, torch.maximum(drawn, y)

    def crop(self):
        rng, o = self.rng, self.o
        source = self.ground if self.ground and rng.random() < o["p_ground"] else self.patches
        patch = source[rng.integers(len(source))]
        x, y = self.view(patch)
        if patch.share < 0.95:
            made = rng.random()
            x = self.bare(x, y) if made < o["p_bare"] else self.fields(x, y) if made < o["p_bare"] + o["p_fields"] else x
        if patch.share < 0.05 and rng.random() < o["p_paste"]:
            x, y = self.overcast(x, y, self.cloudy[rng.integers(len(self.cloudy))])
        if rng.random() < o["p_veil"]:
            x, y = self.veil(x, y)
        x = x * float(np.exp(rng.normal(0, o["gain"]))) * torch.from_numpy(
            np.exp(rng.normal(0, o["band_gain"], (len(x), 1, 1))).astype(np.float32))
        # The patches are seen from above the atmosphere; products of surface reflectance have its light taken away. Haze and offsets that lie
        # on the whole crop, as cloud does not, are for the end of training: they cost the eye for thin cloud.
        x = x - rng.uniform(-o["haze_more"], o["haze"]) * self.rayleigh[:, None, None]
        if o["p_offset"] and rng.random() < o["p_offset"]:
            x = x + rng.uniform(-0.02, o["offset"])
        # Detectors are full at some light, older ones early, each band at its own.
        if o["p_full"] and rng.random() < o["p_full"]:
            x = torch.minimum(x, torch.from_numpy(rng.uniform(0.36, 0.9, (len(x), 1, 1)).astype(np.float32)))
        x = x + float(rng.uniform(0, o["noise"])) * torch.from_numpy(rng.standard_normal(x.shape).astype(np.float32)) * x.clamp(min=0).sqrt()
        if rng.random() < o["p_blur"]:
            x = F.avg_pool2d(x[None], 3, 1, 1, count_include_pad=False)[0]
        return x.clamp(min=0), y

    def batch(self, n):
        """Pixels [n, bands, size, size], and the share of cloud in each cell of the output [n, 1, size / 2, size / 2]."""
        x, y = zip(*(self.crop() for _ in range(n)))
        return torch.stack(x), F.avg_pool2d(torch.stack(y)[:, None], 2)
