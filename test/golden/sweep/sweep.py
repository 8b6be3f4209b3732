"""What GDAL reads of every raster below a folder, as one JSON object a line on standard output.

    /usr/bin/python3 test/golden/sweep/sweep.py FOLDER > FOLDER.jsonl

Of each file: size, bands, type, CRC-32 of each band's samples (little-endian, row by row), of each band's mask (1 where GDAL says that the
pixel is valid), and where it lies. A palette becomes red, green and blue. `npm run bench:sweep` compares them with what Swath reads.
"""

import json
import sys
import zlib
from pathlib import Path

import numpy
import rasterio
import warnings

warnings.filterwarnings("ignore")
SUFFIXES = {".tif", ".tiff", ".gtiff", ".png", ".jpg", ".jpeg", ".webp"}
MOST_PIXELS = 30_000_000


def colours(file, band):
    table = file.colormap(1)
    lookup = numpy.zeros((max(table) + 1, 4), "uint8")
    for index, colour in table.items():
        lookup[index] = colour
    return [lookup[numpy.minimum(band, len(lookup) - 1)][..., i] for i in range(3)], lookup


def crc(samples):
    return zlib.crc32(numpy.ascontiguousarray(samples.astype(samples.dtype.newbyteorder("<"))).tobytes())


def describe(path):
    with rasterio.open(path) as file:
        if file.width * file.height * file.count > MOST_PIXELS:
            return {"skipped": "too large"}
        bands = [file.read(i + 1) for i in range(file.count)]
        masks = [file.read_masks(i + 1) != 0 for i in range(file.count)]
        photometric = file.tags(ns="IMAGE_STRUCTURE").get("PHOTOMETRIC")
        # A grey whose 0 is white is handed out as it is stored, not by the table that GDAL makes up for it.
        is_white = file.tags(ns="IMAGE_STRUCTURE").get("MINISWHITE") == "YES"
        is_palette = not is_white and file.count == 1 and file.colorinterp[0] == rasterio.enums.ColorInterp.palette
        if is_palette:
            bands, lookup = colours(file, bands[0])
            masks = masks * 3
        return {
            "size": [file.width, file.height],
            "dtype": str(bands[0].dtype),
            "bands": [crc(band) for band in bands],
            "head": [[float(v) if numpy.isfinite(v) and not numpy.iscomplexobj(v) else None for v in band.ravel()[:4]] for band in bands],
            "masks": [crc(mask.astype("uint8")) for mask in masks],
            "valid": [int(mask.sum()) for mask in masks],
            "finite": all(bool(numpy.isfinite(band).all()) for band in bands),
            "palette": is_palette,
            "driver": file.driver,
            "photometric": photometric,
            "transform": list(file.transform)[:6] if file.crs else None,
            "epsg": file.crs.to_epsg() if file.crs else None,
        }


for path in sorted(Path(sys.argv[1]).rglob("*")):
    if path.suffix.lower() not in SUFFIXES or not path.is_file():
        continue
    try:
        found = describe(path)
    except Exception as error:
        found = {"error": str(error).splitlines()[0][:200] if str(error) else type(error).__name__}
    print(json.dumps({"path": str(path.relative_to(sys.argv[1])), **found}), flush=True)
