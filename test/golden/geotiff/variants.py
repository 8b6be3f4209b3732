"""Small GeoTIFFs, one for each way to store samples, written by GDAL through rasterio into variants/.

    python3 test/golden/geotiff/variants.py
Every sample follows from its place, so the tests need no table: see `value` here and in geotiff-variants.test.ts.
"""

from pathlib import Path

import numpy as np
import rasterio
from rasterio.transform import Affine

folder = Path(__file__).with_name("variants")
folder.mkdir(exist_ok=True)
WIDTH, HEIGHT = 45, 37
transform = Affine(10, 0, 500000, 0, -10, 4600000)


def value(dtype, band):
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    whole = x * 7 + y * 13 + band * 101 + (x * y) % 17
    if dtype.startswith("float"):
        return (whole / 8 - 50).astype(dtype)
    if dtype == "int8" or dtype == "uint8":
        return (whole % 251).astype("uint8").astype(dtype)
    if dtype == "int16":
        return (whole * 31 - 20000).astype(dtype)
    return (whole * 41).astype(dtype)


def write(name, dtype, count, **options):
    profile = {"driver": "GTiff", "width": WIDTH, "height": HEIGHT, "count": count, "dtype": dtype,
               "crs": "EPSG:32631", "transform": transform, **options}
    with rasterio.open(folder / f"{name}.tif", "w", **profile) as d:
        for band in range(count):
            d.write(value(dtype, band), band + 1)


tiles = {"tiled": True, "blockxsize": 16, "blockysize": 16}
strips = {"blockysize": 5}
for codec in ("deflate", "lzw", "zstd"):
    for predictor in (1, 2):
        for dtype in ("uint8", "uint16", "int16", "uint32"):
            shape = tiles if dtype in ("uint8", "uint16") else strips
            count = {"uint8": 3, "uint16": 4, "int16": 1, "uint32": 2}[dtype]
            write(f"{dtype}-{codec}-predictor{predictor}", dtype, count, compress=codec, predictor=predictor, **shape)
for dtype in ("float32", "float64"):
    for predictor in (1, 2, 3):
        if (dtype, predictor) == ("float64", 2):
            continue
        write(f"{dtype}-deflate-predictor{predictor}", dtype, 2, compress="deflate", predictor=predictor, **tiles)
write("uint16-planar-tiles", "uint16", 4, compress="deflate", predictor=2, interleave="band", **tiles)
write("uint8-planar-strips", "uint8", 3, compress="packbits", interleave="band", **strips)
write("uint16-uncompressed", "uint16", 4, **strips)
write("uint16-big-endian", "uint16", 4, compress="deflate", predictor=2, endianness="big", **tiles)
write("int32-big-endian-strips", "int32", 2, endianness="big", **strips)
write("uint16-bigtiff", "uint16", 3, compress="deflate", bigtiff="yes", **tiles)
write("uint16-bigtiff-big-endian", "uint16", 3, compress="lzw", bigtiff="yes", endianness="big", **strips)

# Georeference and metadata.
with rasterio.Env(GTIFF_POINT_GEO_IGNORE=False):
    write("pixel-is-point", "uint8", 1)
    with rasterio.open(folder / "pixel-is-point.tif", "r+") as d:
        d.update_tags(AREA_OR_POINT="Point")
with rasterio.open(folder / "pixel-is-point.tif") as d:
    assert tuple(d.transform)[:6] == tuple(transform)[:6], d.transform
    assert d.tags()["AREA_OR_POINT"] == "Point"
write("rotated", "uint8", 1, transform=Affine(9, 2, 500000, 3, -8, 4600000))
write("described", "uint16", 2, nodata=0)
with rasterio.open(folder / "described.tif", "r+") as d:
    d.scales, d.offsets = (0.0001, 0.0002), (-0.1, 0)
    d.descriptions, d.units = ("B02 <blue & more>", "B03"), ("1", "")

# A mask of one bit a pixel inside the file, and blocks left out.
with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True):
    write("masked", "uint8", 3, compress="deflate", **tiles)
    with rasterio.open(folder / "masked.tif", "r+") as d:
        y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
        d.write_mask(((x + y) % 3 != 0).astype("uint8") * 255)
profile = {"driver": "GTiff", "width": WIDTH, "height": HEIGHT, "count": 1, "dtype": "int16", "nodata": -7,
           "sparse_ok": True, "compress": "deflate", **tiles}
with rasterio.open(folder / "sparse.tif", "w", **profile) as d:
    d.write(value("int16", 0)[16:32, 16:32], 1, window=((16, 32), (16, 32)))

# What is refused.
with rasterio.open(folder / "complex.tif", "w", driver="GTiff", width=8, height=8, count=1, dtype="complex64") as d:
    d.write(np.zeros((8, 8), "complex64"), 1)
with rasterio.open(folder / "four-bits.tif", "w", driver="GTiff", width=64, height=64, count=1, dtype="uint8",
                   nbits=4) as d:
    d.write(np.zeros((64, 64), "uint8"), 1)
