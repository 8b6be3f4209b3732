#!/usr/bin/python3
"""Band maths and connected components on seeded reflectances, by NumPy and SciPy. Run here: writes band-maths.json."""
import json
import os

import numpy as np
from scipy import ndimage

HERE = os.path.dirname(os.path.abspath(__file__))
rng = np.random.RandomState(11)
H, W = 32, 40
FORMULAS = {
    # name: (mask of a, b; a first as in the card)
    "ndwi": lambda a, b: (a - b) / (a + b) > 0,
    "mndwi": lambda a, b: (a - b) / (a + b) > 0,
    "nbr": lambda a, b: (b - a) / (b + a) < -0.1,
    "swir-hotspot": lambda a, b: (a / b > 2.5) & (a - b > 0.3) & (a > 0.5),
}


def field(high, blur):
    f = ndimage.gaussian_filter(rng.normal(size=(H, W)), blur)
    f = (f - f.min()) / (f.max() - f.min())
    return np.round(f * high * 10000).astype(np.uint16)


cases = {}
for name, formula in FORMULAS.items():
    hot = name == "swir-hotspot"
    dn = [field(0.4, 1.5), field(0.4, 1.5)]
    if hot:  # glowing spots on it
        for y, x in rng.randint(1, 31, (24, 2)):
            dn[0][y - 1:y + 1, x - 1:x + 1] += np.uint16(rng.uniform(1000, 12000))
    dn[0][5:9, 5:9] = dn[1][5:9, 5:9] = 0  # nothing reflects
    valid = (rng.random_sample((H, W)) > 0.03).astype(np.uint8)
    a, b = [d / 10000 for d in dn]
    with np.errstate(divide="ignore", invalid="ignore"):
        mask = formula(a, b) & (a + b > 0) & (valid == 1)
        score = (1 + (a - b) / (a + b)) / 2
    labels, count = ndimage.label(mask, np.ones((3, 3)))
    found = []
    for i, (ys, xs) in enumerate(ndimage.find_objects(labels)):
        pixels = labels == i + 1
        if pixels.sum() >= 2:
            found.append([round(float(score[pixels].mean()), 6), xs.start, ys.start, xs.stop, ys.stop])
    found.sort(key=lambda f: -f[0])
    cases[name] = {"a": dn[0].ravel().tolist(), "b": dn[1].ravel().tolist(), "valid": valid.ravel().tolist(),
                   "minPixels": 2, "expected": found}
    print(name, count, len(found))
with open(os.path.join(HERE, "band-maths.json"), "w") as f:
    json.dump({"width": W, "height": H, "cases": cases}, f, separators=(",", ":"))
    f.write("\n")
