#!/usr/bin/python3
"""What rasterio (GDAL) reads from writer.tif, which test/datasets/geotiff-writer.test.ts writes when SWATH_GOLDEN=1."""
import json
import os
import zlib

import rasterio

here = os.path.dirname(os.path.abspath(__file__))
with rasterio.open(os.path.join(here, "writer.tif")) as file:
    told = {
        "width": file.width,
        "height": file.height,
        "count": file.count,
        "crs": file.crs.to_string(),
        "transform": list(file.transform)[:6],
        "nodata": file.nodata,
        "descriptions": file.descriptions,
        "scales": file.scales,
        "offsets": file.offsets,
        "block": file.block_shapes[0],
        "compression": file.compression.value,
        "interleave": file.profile["interleave"],
        "datetime": file.tags()["TIFFTAG_DATETIME"],
        "predictor": file.tags(ns="IMAGE_STRUCTURE").get("PREDICTOR"),
        "crc32": [zlib.crc32(file.read(b + 1).astype("<u2").tobytes()) for b in range(file.count)],
    }
with open(os.path.join(here, "writer.json"), "w") as out:
    json.dump(told, out, indent=1)
    out.write("\n")
