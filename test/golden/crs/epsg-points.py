"""Makes epsg-points.tsv.gz: where PROJ has five points of every projected system of EPSG, without grids.

    PROJ_DATA=<folder with proj.db and nothing else> python3 test/golden/crs/epsg-points.py

A line: code, then five times x, y, longitude, latitude (x and y in the system's own units, longitude first). The points are the middle
of the area of use and four at 15 % from its corners. Systems that PROJ cannot reach ("Input is not a transformation") are not there.
"""

import gzip, os, sqlite3, sys
import pyproj
from pyproj import CRS, Transformer

pyproj.datadir.set_data_dir(os.environ["PROJ_DATA"])
pyproj.network.set_network_enabled(False)
db = sqlite3.connect(os.path.join(os.environ["PROJ_DATA"], "proj.db"))
lines, unreached = [], []
for (code,) in db.execute("select code from projected_crs where auth_name='EPSG' order by cast(code as integer)"):
    try:
        crs = CRS(f"EPSG:{code}")
        to_wgs84 = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
        base = Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)
        unit = crs.geodetic_crs.axis_info[0].unit_conversion_factor * 57.29577951308232
        pm = crs.prime_meridian.longitude * crs.prime_meridian.unit_conversion_factor * 57.29577951308232
        base.transform(0, 0, direction="INVERSE")
    except Exception as e:
        unreached.append((code, str(e)[:60]))
        continue
    w, s, e, n = crs.area_of_use.bounds
    if e < w: e += 360
    fields = [str(code)]
    for fx, fy in ((0.5, 0.5), (0.15, 0.15), (0.85, 0.15), (0.15, 0.85), (0.85, 0.85)):
        lon, lat = w + fx * (e - w), s + fy * (n - s)
        x, y = base.transform(((lon - pm + 180) % 360 - 180) / unit, lat / unit, direction="INVERSE")
        if not abs(x) < 1e12: continue
        x, y = round(x, 1), round(y, 1)
        lon, lat = to_wgs84.transform(x, y)
        if abs(lat) <= 90: fields += [f"{x:.1f}", f"{y:.1f}", f"{lon:.7f}", f"{lat:.7f}"]
    if len(fields) > 1: lines.append("\t".join(fields))
    else: unreached.append((code, "no finite point"))
with gzip.GzipFile(os.path.join(os.path.dirname(os.path.abspath(__file__)), "epsg-points.tsv.gz"), "wb", mtime=0) as out:
    out.write(("\n".join(lines) + "\n").encode())
print(len(lines), "systems,", len(unreached), "not reached by PROJ:", unreached, file=sys.stderr)
