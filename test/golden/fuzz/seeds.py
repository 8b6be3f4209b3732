"""Small files for `npm run bench:fuzz` to damage, one or more for each decoder, written by GDAL into seeds/.

    python3 test/golden/fuzz/seeds.py
"""

from pathlib import Path

import numpy as np
from osgeo import gdal

gdal.UseExceptions()
folder = Path(__file__).with_name("seeds")
folder.mkdir(exist_ok=True)
random = np.random.default_rng(5)


def scene(width, height, bands, top, noise):
    y, x = np.mgrid[0:height, 0:width]
    planes = []
    for band in range(bands):
        wave = np.sin(x / 9 + band) * np.cos(y / 11) * 0.35 + 0.5
        planes.append(np.clip(wave * top + random.normal(0, 1, (height, width)) * top * noise, 0, top))
    return np.stack(planes)


def write(name, driver, planes, kind, options, alpha=False):
    bands, height, width = planes.shape
    source = gdal.GetDriverByName("MEM").Create("", width, height, bands, kind)
    for band in range(bands):
        source.GetRasterBand(band + 1).WriteArray(planes[band])
    if alpha:
        source.GetRasterBand(bands).SetColorInterpretation(gdal.GCI_AlphaBand)
    path = folder / name
    gdal.GetDriverByName(driver).CreateCopy(str(path), source, options=options)
    (folder / f"{name}.aux.xml").unlink(missing_ok=True)


counts = scene(48, 40, 2, 12000, 0.01).astype(np.uint16)
noise = random.integers(0, 256, (1, 40, 48)).astype(np.uint8)
flat = np.repeat(np.repeat(random.integers(0, 4, (1, 5, 6)), 8, axis=1), 8, axis=2).astype(np.uint8)
picture = scene(64, 48, 3, 255, 0.05).astype(np.uint8)
opaque = np.concatenate([picture, (picture[:1] > 100) * np.uint8(255)])
big = scene(400, 300, 1, 4000, 0.05).astype(np.uint16)

for codec in ("ZSTD", "LZW", "DEFLATE"):
    low = codec.lower()
    one = [f"COMPRESS={codec}", "INTERLEAVE=PIXEL"]
    write(f"{low}-counts.tif", "GTiff", counts, gdal.GDT_UInt16, [*one, "PREDICTOR=2", "BLOCKYSIZE=40"])
    write(f"{low}-noise.tif", "GTiff", noise, gdal.GDT_Byte, [*one, "BLOCKYSIZE=40"])
    write(f"{low}-flat.tif", "GTiff", flat, gdal.GDT_Byte, [*one, "BLOCKYSIZE=40"])
    write(f"{low}-large.tif", "GTiff", big, gdal.GDT_UInt16, [*one, "BLOCKYSIZE=300"])
write("webp-lossy.tif", "GTiff", picture, gdal.GDT_Byte, ["COMPRESS=WEBP", "INTERLEAVE=PIXEL", "BLOCKYSIZE=48"])
write("webp-lossless.tif", "GTiff", picture, gdal.GDT_Byte, [
    "COMPRESS=WEBP", "WEBP_LOSSLESS=YES", "INTERLEAVE=PIXEL", "BLOCKYSIZE=48"])
write("webp-alpha.tif", "GTiff", opaque, gdal.GDT_Byte, ["COMPRESS=WEBP", "INTERLEAVE=PIXEL", "BLOCKYSIZE=48"], True)
write("webp-file.webp", "WEBP", picture, gdal.GDT_Byte, ["QUALITY=60"])
write("webp-lossless.webp", "WEBP", picture, gdal.GDT_Byte, ["LOSSLESS=YES"])
write("jpeg-grey.tif", "GTiff", picture[:1], gdal.GDT_Byte, ["COMPRESS=JPEG", "BLOCKYSIZE=48"])
write("jpeg-ycbcr.tif", "GTiff", picture, gdal.GDT_Byte, [
    "COMPRESS=JPEG", "PHOTOMETRIC=YCBCR", "INTERLEAVE=PIXEL", "BLOCKYSIZE=48"])
write("jpeg-rgb.tif", "GTiff", picture, gdal.GDT_Byte, ["COMPRESS=JPEG", "INTERLEAVE=PIXEL", "BLOCKYSIZE=48"])
write("jpeg-file.jpg", "JPEG", picture, gdal.GDT_Byte, ["QUALITY=70"])
write("jpeg-progressive.jpg", "JPEG", picture, gdal.GDT_Byte, ["QUALITY=70", "PROGRESSIVE=YES"])
small = scene(70, 60, 1, 4000, 0.02).astype(np.uint16)
exact = ["QUALITY=100", "REVERSIBLE=YES"]
tiles = ["BLOCKXSIZE=32", "BLOCKYSIZE=32"]
write("jp2-tiles.jp2", "JP2OpenJPEG", small, gdal.GDT_UInt16, [*exact, *tiles, "NBITS=12"])
write("jp2-whole.jp2", "JP2OpenJPEG", small, gdal.GDT_UInt16, [*exact, "NBITS=12"])
write("jp2-lossy.jp2", "JP2OpenJPEG", small, gdal.GDT_UInt16, ["QUALITY=30", *tiles, "NBITS=12"])
write("jp2-picture.jp2", "JP2OpenJPEG", picture, gdal.GDT_Byte, ["QUALITY=50"])
write("jp2-stream.j2k", "JP2OpenJPEG", small, gdal.GDT_UInt16, [*exact, *tiles, "NBITS=12", "CODEC=J2K"])
