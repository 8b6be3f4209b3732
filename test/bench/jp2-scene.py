"""A Sentinel-2-like band of side SIDE: 15 bits, reversible, tiles of 1,024², written by GDAL.

    python3 jp2-scene.py FILE SIDE
"""

import sys

import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()
path, side = sys.argv[1], int(sys.argv[2])
random = np.random.default_rng(1)
source = gdal.GetDriverByName("MEM").Create("", side, side, 1, gdal.GDT_UInt16)
source.SetGeoTransform([499980, 10, 0, 4600020, 0, -10])
system = osr.SpatialReference()
system.ImportFromEPSG(32631)
source.SetProjection(system.ExportToWkt())
x = np.arange(side, dtype=np.float32)
for top in range(0, side, 512):
    y = np.arange(top, min(top + 512, side), dtype=np.float32)[:, None]
    land = np.sin(x / 400) + np.cos(y / 300) > 0
    fields = 1500 + 900 * np.sin(x / 37) * np.cos(y / 53) + 700 * np.sin((x + y) / 211)
    base = np.where(land, fields, 320 + 60 * np.sin(x / 90))
    noise = random.normal(0, 1, base.shape).astype(np.float32) * (3 + base / 150)
    source.GetRasterBand(1).WriteArray(np.clip(base + noise, 1, 32767).astype(np.uint16), 0, top)
options = ["QUALITY=100", "REVERSIBLE=YES", "BLOCKXSIZE=1024", "BLOCKYSIZE=1024", "NBITS=15"]
gdal.GetDriverByName("JP2OpenJPEG").CreateCopy(path, source, options=options)
