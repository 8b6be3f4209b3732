#!/usr/bin/python3
"""Pixel <-> longitude/latitude by rasterio (PROJ), for test/pipeline/raster/georeference.test.ts."""
import json, sys
from rasterio.warp import transform
from rasterio.crs import CRS
from affine import Affine

cases = [
    ("EPSG:32631", Affine(10, 0, 399960, 0, -10, 4600020)),
    ("EPSG:32756", Affine(10, 0, 300000, 0, -10, 6300040)),
    ("EPSG:32701", Affine(20, 0, 166000, 0, -20, 8000020)),
    ("EPSG:3857", Affine(10.0018, 0, 980000, 0, -10.0018, 5530000)),
    ("EPSG:4326", Affine(0.0001, 0, 12.5, 0, -0.0001, -33.25)),
    ("EPSG:25832", Affine(0.5, 0.1, 500000, 0.1, -0.5, 5300000)),
]
out = []
for crs, a in cases:
    for column, row in [(0, 0), (0.5, 0.5), (1234.25, 777), (10980, 10980), (-50, 20)]:
        x, y = a * (column, row)
        lon, lat = transform(CRS.from_string(crs), CRS.from_epsg(4326), [x], [y])
        out.append({"crs": crs, "transform": list(a)[:6], "pixel": [column, row], "lonLat": [lon[0], lat[0]]})
with open("test/golden/datasets/projection.json", "w") as f:
    f.write("[\n" + ",\n".join(json.dumps(c) for c in out) + "\n]\n")
