"""Expected pixels of windows, from rasterio. Writes windows.json beside this file.

Run with a Python that has rasterio 1.3 and numpy:
    python3 test/golden/geotiff/windows.py ../shared/datasets
A window is kept as the CRC-32 of each plane's little-endian bytes, of the validity mask (0 / 1 bytes; null when all
are valid), and the value of eight pixels a plane, so that a failure says where it went wrong.
"""

import json
import sys
import zlib
from pathlib import Path

import numpy as np
import rasterio
from rasterio.windows import Window

root = Path(sys.argv[1])
files = sorted(p for p in (root / "rasters").iterdir() if p.suffix.lower() in (".tif", ".tiff"))
files += sorted((root / "sen2ships" / "genoa").glob("*B08.tif"))
files += sorted((root / "sen2ships" / "cartagena").glob("*B02.tif"))
files += sorted((root / "sen2ships" / "valencia").glob("*B04*"))


def windows(width, height, block_height, block_width):
    """Corners, the middle, one pixel, and one across block borders."""
    w, h = min(width, 300), min(height, 260)
    yield (0, 0, w, h)
    yield (width - w, height - h, w, h)
    yield ((width - w) // 2, (height - h) // 2, w, h)
    yield (width - 1, height - 1, 1, 1)
    x, y = min(block_width, width - 1), min(block_height, height - 1)
    x0, y0 = max(0, x - 40), max(0, y - 33)
    yield (x0, y0, min(width, x + 40) - x0, min(height, y + 33) - y0)


def sample(plane):
    at = [i * (plane.size - 1) // 7 for i in range(8)]
    return [None if isinstance(v, float) and v != v else v for v in plane.ravel()[at].tolist()]


def describe(path, level):
    options = {} if level is None else {"overview_level": level}
    with rasterio.open(path, **options) as d:
        out = []
        for x, y, w, h in windows(d.width, d.height, *d.block_shapes[0]):
            window = Window(x, y, w, h)
            try:
                planes = d.read(window=window)
                masks = d.read_masks(window=window)
            except OSError as error:  # RasterioIOError: the files that are corrupt on purpose
                out.append({"window": [x, y, w, h], "error": str(error.__cause__ or error)[:120]})
                continue
            valid = (masks != 0).all(axis=0).astype(np.uint8)
            little = planes.astype(planes.dtype.newbyteorder("<"))
            out.append({
                "window": [x, y, w, h],
                "crc": [zlib.crc32(np.ascontiguousarray(p).tobytes()) for p in little],
                "valid": None if valid.all() else zlib.crc32(valid.tobytes()),
                "samples": [sample(p) for p in planes],
            })
        return {"size": [d.width, d.height], "windows": out}


def main():
    golden = {}
    for path in files:
        with rasterio.open(path) as d:
            if d.driver != "GTiff":
                continue
            levels = len(d.overviews(1))
            golden[str(path.relative_to(root))] = {
                "size": [d.width, d.height],
                "dtype": d.dtypes[0],
                "count": d.count,
                "nodata": None if d.nodata is None else repr(d.nodata),
                "transform": None if d.gcps[0] else list(d.transform)[:6],
                "crs": d.crs.to_string() if d.crs and d.crs.to_epsg() else None,
                "block": list(reversed(d.block_shapes[0])),
                "compression": (d.compression.name if d.compression else "none"),
                "levels": {str(i): describe(path, None if i < 0 else i) for i in range(-1, levels)},
            }
    target = Path(__file__).with_name("windows.json")
    target.write_text(json.dumps({"rasterio": rasterio.__version__, "files": golden}, separators=(",", ":")) + "\n")


main()
