"""What the reference library makes of each file named on standard input, one a line: `read CRC`, `broken` or `large`.

    python3 reference.py < NAMES

GDAL reads the pixels. Three things that it lets pass are broken to the library that it decodes with, and to us:
bytes behind what a block needs are part of its zlib or Zstandard stream, checksum included, and zlib and libzstd judge them all; a
JPEG that ends early has no pixels where GDAL puts grey.
"""

import ctypes
import ctypes.util
import struct
import sys
import zlib
from os.path import basename

import numpy as np
from osgeo import gdal

gdal.UseExceptions()
gdal.SetCacheMax(0)
gdal.SetConfigOption("GDAL_PAM_ENABLED", "NO")
gdal.SetConfigOption("GDAL_DISABLE_READDIR_ON_OPEN", "EMPTY_DIR")
# A mutant may claim to be large; nobody wants its pixels.
MOST_PIXELS = 4_000_000


libzstd = ctypes.CDLL(ctypes.util.find_library("zstd"))
libzstd.ZSTD_decompress.restype = ctypes.c_size_t
libzstd.ZSTD_decompress.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t]

warnings = []
gdal.PushErrorHandler(lambda level, code, text: warnings.append(text))


def tag_of(data, tag):
    """The value of a tag that holds one number, of a little-endian TIFF."""
    directory, = struct.unpack_from("<I", data, 4)
    count, = struct.unpack_from("<H", data, directory)
    for i in range(count):
        code, kind, _, value = struct.unpack_from("<HHII", data, directory + 2 + 12 * i)
        if code == tag:
            return value & 0xFFFF if kind == 3 else value
    return 1


def block_of(path):
    """The only block of a TIFF, and how many bytes it decodes to."""
    data = open(path, "rb").read()
    start, length = tag_of(data, 273), tag_of(data, 279)
    bits = 16 if basename(path).split("-", 2)[-1].startswith(("counts", "large")) else 8
    return data[start:start + length], tag_of(data, 256) * tag_of(data, 257) * tag_of(data, 277) * bits // 8


def stream_is_whole(path):
    kind = basename(path).split("-")[1]
    if kind == "deflate":
        block, wanted = block_of(path)
        try:
            return len(zlib.decompress(block)) == wanted
        except zlib.error:
            return False
    if kind == "zstd":
        block, wanted = block_of(path)
        out = ctypes.create_string_buffer(wanted)
        return libzstd.ZSTD_decompress(out, wanted, block, len(block)) == wanted
    if kind == "jpeg":
        return not any("premature end of jpeg" in text.lower() for text in warnings)
    return True


def verdict(path):
    warnings.clear()
    try:
        dataset = gdal.Open(path)
        if dataset.RasterXSize * dataset.RasterYSize * dataset.RasterCount > MOST_PIXELS:
            return "large"
        crc = 0
        for band in range(dataset.RasterCount):
            data = dataset.GetRasterBand(band + 1).ReadAsArray()
            crc = zlib.crc32(np.ascontiguousarray(data).tobytes(), crc)
        return f"read {crc}" if stream_is_whole(path) else "broken"
    except (RuntimeError, MemoryError):
        return "broken"


for line in sys.stdin:
    print(verdict(line.rstrip("\n")), flush=True)
