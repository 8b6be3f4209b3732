"""Makes parameters.json: systems that only their parameters describe, as WKT 1, Esri's WKT, WKT 2 and a GeoTIFF of GDAL, and where PROJ has
three points of each as it reads that text back.

    PROJ_DATA=<folder with proj.db and nothing else> python3 test/golden/crs/parameters.py
"""

import base64, json, os, warnings
import numpy as np, pyproj, rasterio
from pyproj import CRS, Transformer
from pyproj.enums import WktVersion
from rasterio.io import MemoryFile
from rasterio.transform import Affine

pyproj.datadir.set_data_dir(os.environ["PROJ_DATA"])
pyproj.network.set_network_enabled(False)
warnings.simplefilter("ignore")

utm = "+proj=utm +zone=31 +ellps=GRS80 +units=m"
systems = {
    "UTM, GRS 80": (utm, (3, 45)),
    "transverse Mercator, WGS 84": ("+proj=tmerc +lat_0=10 +lon_0=20 +k=0.9998 +x_0=1000 +y_0=-2000 +datum=WGS84", (21, 12)),
    "transverse Mercator in feet": ("+proj=tmerc +lat_0=40 +lon_0=-75 +k=0.99998 +x_0=200000 +y_0=0 +datum=NAD83 +units=us-ft", (-75.4, 40.5)),
    "Gauss-Krüger with a shift of its own": ("+proj=tmerc +lat_0=0 +lon_0=9 +k=1 +x_0=3500000 +y_0=0 +ellps=bessel +towgs84=598.1,73.7,418.2,0.202,0.045,-2.455,6.7", (9.5, 50)),
    "Lambert, two parallels": ("+proj=lcc +lat_0=46.5 +lon_0=3 +lat_1=49 +lat_2=44 +x_0=700000 +y_0=6600000 +datum=WGS84", (2, 47)),
    "Lambert, one parallel": ("+proj=lcc +lat_1=38.5 +lat_0=38.5 +lon_0=-97.5 +k_0=0.9997 +datum=WGS84", (-95, 40)),
    "Albers": ("+proj=aea +lat_0=23 +lon_0=-96 +lat_1=29.5 +lat_2=45.5 +datum=NAD83", (-100, 40)),
    "Albers, south": ("+proj=aea +lat_0=-32 +lon_0=-60 +lat_1=-5 +lat_2=-42 +datum=WGS84", (-58, -20)),
    "polar stereographic, true at 71 S": ("+proj=stere +lat_0=-90 +lat_ts=-71 +lon_0=0 +datum=WGS84", (30, -75)),
    "polar stereographic, true at 70 N": ("+proj=stere +lat_0=90 +lat_ts=70 +lon_0=-45 +datum=WGS84", (-50, 75)),
    "polar stereographic, scale at the pole": ("+proj=stere +lat_0=90 +lon_0=0 +k=0.994 +x_0=2000000 +y_0=2000000 +datum=WGS84", (40, 80)),
    "oblique stereographic": ("+proj=sterea +lat_0=46 +lon_0=25 +k=0.99975 +x_0=500000 +y_0=500000 +datum=WGS84", (24, 45)),
    "Mercator, scale": ("+proj=merc +lon_0=110 +k=0.997 +x_0=3900000 +y_0=900000 +datum=WGS84", (115, -3)),
    "Mercator, true parallel": ("+proj=merc +lat_ts=42 +lon_0=51 +datum=WGS84", (50, 44)),
    "web Mercator": ("EPSG:3857", (10, 50)),
    "Lambert azimuthal": ("+proj=laea +lat_0=52 +lon_0=10 +x_0=4321000 +y_0=3210000 +ellps=GRS80", (5, 45)),
    "Lambert azimuthal, pole": ("+proj=laea +lat_0=90 +lon_0=0 +datum=WGS84", (100, 70)),
    "Lambert azimuthal, sphere": ("+proj=laea +lat_0=45 +lon_0=-100 +R=6370997", (-90, 40)),
    "azimuthal equidistant": ("+proj=aeqd +lat_0=48 +lon_0=2 +datum=WGS84", (3, 47)),
    "equidistant conic": ("+proj=eqdc +lat_0=39 +lon_0=-96 +lat_1=33 +lat_2=45 +datum=WGS84", (-90, 36)),
    "equirectangular": ("+proj=eqc +lat_ts=30 +lat_0=0 +lon_0=10 +datum=WGS84", (20, 40)),
    "Cassini": ("+proj=cass +lat_0=10.44 +lon_0=-61.33 +x_0=86501 +y_0=65379 +datum=WGS84", (-61.2, 10.6)),
    "sinusoidal of MODIS": ("+proj=sinu +lon_0=0 +x_0=0 +y_0=0 +R=6371007.181", (20, 45)),
    "sinusoidal": ("+proj=sinu +lon_0=0 +datum=WGS84", (20, 45)),
    "polyconic": ("+proj=poly +lat_0=0 +lon_0=-54 +x_0=5000000 +y_0=10000000 +ellps=GRS80", (-50, -10)),
    "oblique Mercator, natural origin": ("+proj=omerc +no_uoff +lat_0=57 +lonc=-133.6666667 +alpha=323.1301024 +gamma=323.1301024 +k=0.9999 +x_0=5000000 +y_0=-5000000 +datum=NAD83", (-135, 58)),
    "oblique Mercator, centre": ("+proj=omerc +lat_0=45.3 +lonc=-86 +alpha=337.25556 +gamma=337.25556 +k=0.9996 +x_0=2546731.5 +y_0=-4354009.8 +datum=NAD83", (-85, 44)),
    "Swiss": ("+proj=somerc +lat_0=46.9524055555556 +lon_0=7.43958333333333 +k_0=1 +x_0=2600000 +y_0=1200000 +ellps=bessel +towgs84=674.374,15.056,405.346", (8, 47)),
    "cylindrical equal area": ("+proj=cea +lat_ts=30 +lon_0=0 +datum=WGS84", (30, 40)),
    "EASE sphere": ("+proj=cea +lat_ts=30 +lon_0=0 +R=6371228", (30, 40)),
    "Robinson": ("+proj=robin +lon_0=0 +datum=WGS84", (30, 40)),
    "Mollweide": ("+proj=moll +lon_0=0 +datum=WGS84", (30, 40)),
    "Miller": ("+proj=mill +lon_0=0 +R=6371000", (30, 40)),
    "orthographic": ("+proj=ortho +lat_0=40 +lon_0=10 +datum=WGS84", (15, 45)),
    "orthographic, sphere": ("+proj=ortho +lat_0=40 +lon_0=10 +R=6371000", (15, 45)),
    "gnomonic": ("+proj=gnom +lat_0=40 +lon_0=10 +datum=WGS84", (12, 42)),
    "gnomonic, sphere": ("+proj=gnom +lat_0=40 +lon_0=10 +R=6371000", (12, 42)),
    "Van der Grinten": ("+proj=vandg +lon_0=0 +R=6371000", (30, 40)),
    "Equal Earth": ("+proj=eqearth +lon_0=0 +datum=WGS84", (30, 40)),
    "Eckert VI": ("+proj=eck6 +lon_0=0 +datum=WGS84", (30, 40)),
    "geostationary, GOES": ("+proj=geos +h=35786023 +lon_0=-75 +sweep=x +ellps=GRS80", (-70, 20)),
    "geostationary, Meteosat": ("+proj=geos +h=35785831 +lon_0=0 +datum=WGS84", (10, 50)),
    "transverse Mercator, south orientated": ("EPSG:2053", (29.3, -27)),
    "New Zealand map grid": ("+proj=nzmg +lat_0=-41 +lon_0=173 +x_0=2510000 +y_0=6023150 +ellps=intl +towgs84=59.47,-5.04,187.44,0.47,-0.1,1.024,-4.5993", (174, -40)),
    "NAD27 by parameters": ("+proj=utm +zone=11 +datum=NAD27", (-117, 40)),
    "ED50 by parameters": ("+proj=utm +zone=31 +ellps=intl +towgs84=-87,-98,-121", (3, 45)),
    "Krovak": ("EPSG:5514", (15, 50)),
    "RD by code": ("EPSG:28992", (5.4, 52.2)),
    "geographic, WGS 84": ("EPSG:4326", (5, 52)),
    "geographic, ED50": ("EPSG:4230", (5, 52)),
    "geographic, sphere": ("+proj=longlat +R=6371000", (5, 52)),
}

out = []
for name, (text, (lon, lat)) in systems.items():
    crs = CRS(text)
    bare = "EPSG" not in text
    x, y = (lon, lat) if crs.is_geographic else Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(lon, lat)
    unit = 1 / 111195 if crs.is_geographic else 1

    def seen(read):
        """Three points where PROJ has them in the system as it reads it back."""
        to = Transformer.from_crs(read, "EPSG:4326", always_xy=True)
        near = [(x + dx * unit, y + dy * unit) for dx, dy in ((0, 0), (40000, 30000), (-50000, 20000))]
        return [[px, py, *(round(v, 9) for v in to.transform(px, py))] for px, py in near]

    entry = {"name": name}
    for key, version in (("wkt1", WktVersion.WKT1_GDAL), ("esri", WktVersion.WKT1_ESRI), ("wkt2", WktVersion.WKT2_2019)):
        written = CRS(text).to_wkt(version)
        if written: entry[key] = {"text": written, "points": seen(CRS.from_wkt(written))}
    with MemoryFile() as memory:
        with memory.open(driver="GTiff", width=2, height=2, count=1, dtype="uint8", crs=rasterio.crs.CRS.from_user_input(text), transform=Affine(unit, 0, x, 0, -unit, y)) as dst:
            dst.write(np.zeros((1, 2, 2), "uint8"))
        tiff = memory.read()
    # Without the .aux.xml that GDAL writes where keys do not suffice.
    with MemoryFile(tiff) as alone, alone.open() as back:
        if back.crs and (back.crs.is_projected or back.crs.is_geographic):
            entry["tiff"] = {"text": base64.b64encode(tiff).decode(), "points": seen(CRS.from_wkt(back.crs.to_wkt()))}
    out.append(entry)
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "parameters.json"), "w") as file:
    json.dump(out, file, indent=1, ensure_ascii=False)
print(len(out), "systems,", sum("tiff" in e for e in out), "as GeoTIFF,", sum("esri" in e for e in out), "as Esri WKT")
