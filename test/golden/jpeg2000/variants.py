"""Small JPEG 2000 files, one for each way to code them, written by GDAL with OpenJPEG into variants/, and what GDAL reads
from them (size, type, place, CRC-32 of each band, and of a window across tiles) in variants.json.

    python3 test/golden/jpeg2000/variants.py
"""

import json
import zlib
from pathlib import Path

import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()
folder = Path(__file__).with_name("variants")
folder.mkdir(exist_ok=True)
BYTE, UINT16, INT16 = gdal.GDT_Byte, gdal.GDT_UInt16, gdal.GDT_Int16
TYPES = {BYTE: ("uint8", np.uint8), UINT16: ("uint16", np.uint16), INT16: ("int16", np.int16)}
WINDOW = (40, 35, 90, 60)
random = np.random.default_rng(2)
expected = {}


def field(width, height, band, top):
    y, x = np.mgrid[0:height, 0:width]
    wave = np.sin(x / 17 + band) * np.cos(y / 23) * 0.35 + 0.5
    return wave * top + random.normal(0, top / 500, (height, width))


def write(name, width, height, count, kind, bits=None, options=(), place=32631):
    path = folder / name
    source = gdal.GetDriverByName("MEM").Create("", width, height, count, kind)
    if place:
        system = osr.SpatialReference()
        system.ImportFromEPSG(place)
        source.SetProjection(system.ExportToWkt())
        degrees = place == 4326
        source.SetGeoTransform([5, 0.001, 0, 44, 0, -0.001] if degrees else [499980, 10, 0, 4600020, 0, -10])
    limits = np.iinfo(TYPES[kind][1])
    top = 2**bits - 1 if bits else limits.max
    for band in range(count):
        values = field(width, height, band, top)
        if kind == INT16:
            values = values * 2 - 32768
        values = np.clip(values, limits.min, top).astype(TYPES[kind][1])
        if kind == BYTE and count in (2, 4) and band == count - 1:
            values[:20, :30] = 0
            source.GetRasterBand(band + 1).SetColorInterpretation(gdal.GCI_AlphaBand)
        source.GetRasterBand(band + 1).WriteArray(values)
    depth = [f"NBITS={bits}"] if bits else []
    gdal.GetDriverByName("JP2OpenJPEG").CreateCopy(str(path), source, options=[*options, *depth])
    (folder / f"{name}.aux.xml").unlink(missing_ok=True)
    read = gdal.Open(str(path))
    bands = [read.GetRasterBand(band + 1) for band in range(count)]
    system = read.GetSpatialRef()
    expected[name] = {
        "size": [read.RasterXSize, read.RasterYSize],
        "type": TYPES[bands[0].DataType][0],
        "transform": list(read.GetGeoTransform()) if system else None,
        "crs": f"EPSG:{system.GetAuthorityCode(None)}" if system else None,
        "crc": [zlib.crc32(band.ReadAsArray().tobytes()) for band in bands],
        "window": list(WINDOW),
        "windowCrc": [zlib.crc32(band.ReadAsArray(*WINDOW).tobytes()) for band in bands],
    }


exact = ["QUALITY=100", "REVERSIBLE=YES"]


def tiles(side):
    return [f"BLOCKXSIZE={side}", f"BLOCKYSIZE={side}"]


write("sentinel-2.jp2", 200, 180, 1, UINT16, 15, [
    *exact, *tiles(128), "RESOLUTIONS=6", "PRECINCTS=" + ",".join(["{256,256}"] * 6)])
write("lossy.jp2", 200, 180, 1, UINT16, 15, ["QUALITY=20", "REVERSIBLE=NO", *tiles(64)])
write("layers.jp2", 200, 180, 1, UINT16, 12, ["QUALITY=5,20,100", "REVERSIBLE=YES", *tiles(64), "PLT=YES", "TLM=YES"])
write("tile-parts.jp2", 200, 180, 1, UINT16, 12, [*exact, *tiles(64), "TILEPARTS=RESOLUTIONS", "RESOLUTIONS=4"])
write("four-bands.jp2", 140, 120, 4, UINT16, None, [*exact, *tiles(64)])
write("three-bands-lossy.jp2", 140, 120, 3, UINT16, None, ["QUALITY=30", *tiles(64)])
write("picture.jp2", 140, 120, 3, BYTE, None, [*exact, *tiles(64)])
write("picture-lossy.jp2", 140, 120, 3, BYTE, None, ["QUALITY=30", "YCC=YES"])
write("picture-alpha.jp2", 140, 120, 4, BYTE, None, exact)
write("grey-alpha.jp2", 140, 120, 2, BYTE, None, exact)
write("signed.jp2", 140, 120, 1, INT16, None, [*exact, *tiles(64)])
write("one-bit.jp2", 140, 120, 1, BYTE, 1, exact)
write("untiled.j2k", 140, 120, 1, UINT16, 12, [*exact, "CODEC=J2K"], place=None)
write("tiles-of-100.jp2", 140, 120, 1, UINT16, None, [*exact, "BLOCKXSIZE=100", "BLOCKYSIZE=90"])
write("gml-only.jp2", 140, 120, 1, UINT16, 12, [*exact, "GeoJP2=NO"])
write("gml-degrees.jp2", 140, 120, 1, UINT16, 12, [*exact, "GeoJP2=NO"], place=4326)
for order in ("LRCP", "RLCP", "RPCL", "PCRL", "CPRL"):
    write(f"order-{order}.jp2", 200, 180, 2, UINT16, 12, [
        *exact, *tiles(64), f"PROGRESSION={order}", "RESOLUTIONS=5", "SOP=YES", "EPH=YES"])
    write(f"precincts-{order}.jp2", 200, 180, 1, UINT16, 12, [
        *exact, *tiles(96), f"PROGRESSION={order}", "RESOLUTIONS=4", "PRECINCTS={64,64},{64,64},{32,32}",
        "CODEBLOCK_WIDTH=16", "CODEBLOCK_HEIGHT=16"])
Path(__file__).with_name("variants.json").write_text(
    json.dumps({"gdal": gdal.VersionInfo("RELEASE_NAME"), "files": expected}, indent=1) + "\n")
