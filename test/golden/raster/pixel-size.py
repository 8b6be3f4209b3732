"""Makes pixel-size.json: the sides and the area of pixels on the ground, on WGS 84, as pyproj has them.

Each grid is given as an EPSG code for pyproj and as the proj4 text that Swath makes of it. Sides are geodesics between the middles of
opposite edges, the area that of the geodesic polygon of its corners.

    /usr/bin/python3 test/golden/raster/pixel-size.py
"""

import json
import math
import pathlib

from pyproj import CRS, Geod, Transformer

MERCATOR = "+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +no_defs"
UTM31 = "+proj=utm +zone=31 +datum=WGS84 +units=m +no_defs"
LAEA = "+proj=laea +lat_0=52 +lon_0=10 +x_0=4321000 +y_0=3210000 +ellps=GRS80 +units=m +no_defs"
POLAR = "+proj=stere +lat_0=90 +lat_ts=70 +lon_0=-45 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs"
PLATE = "+proj=longlat +datum=WGS84 +no_defs"

# Name, EPSG, proj4, longitude, latitude, size of the pixel in the units of the grid across and down, turn of the grid in degrees.
CASES = [
    ("Web Mercator, equator", 3857, MERCATOR, 9.0, 0.0, 10, 10, 0),
    ("Web Mercator, Honolulu", 3857, MERCATOR, -157.95, 21.36, 10, 10, 0),
    ("Web Mercator, Genoa", 3857, MERCATOR, 8.86, 44.41, 10, 10, 0),
    ("Web Mercator, Gdynia", 3857, MERCATOR, 18.57, 54.53, 10, 10, 0),
    ("Web Mercator, 78 north, turned", 3857, MERCATOR, 15.4, 78.2, 10, 10, 30),
    ("UTM, on its meridian", 32631, UTM31, 3.0, 47.0, 10, 10, 0),
    ("UTM, at its edge", 32631, UTM31, 5.9, 47.0, 10, 10, 0),
    ("equal area", 3035, LAEA, -5.0, 40.0, 30, 30, 0),
    ("polar, far from its true scale", 3413, POLAR, -45.0, 60.0, 100, 100, 0),
    ("degrees, 60 north", 4326, PLATE, 25.0, 60.0, 0.0001, 0.0001, 0),
    ("degrees, across the antimeridian", 4326, PLATE, 179.99995, -17.0, 0.0002, 0.0001, 0),
]

geod = Geod(ellps="WGS84")


def case(name, epsg, proj4, lon, lat, dx, dy, turn):
    crs = CRS.from_epsg(epsg)
    to_grid = Transformer.from_crs(4326, crs, always_xy=True)
    to_ground = Transformer.from_crs(crs, 4326, always_xy=True)
    x, y = to_grid.transform(lon, lat)
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    # GDAL's order: x = a col + b row + c; the middle of the pixel (0.5, 0.5) lies at the place.
    a, b, d, e = dx * cos, dy * sin, dx * sin, -dy * cos
    c, f = x - 0.5 * a - 0.5 * b, y - 0.5 * d - 0.5 * e
    at = lambda col, row: to_ground.transform(a * col + b * row + c, d * col + e * row + f)
    distance = lambda p, q: geod.inv(*p, *q)[2]
    corners = [at(0, 0), at(1, 0), at(1, 1), at(0, 1)]
    area, _ = geod.polygon_area_perimeter([p[0] for p in corners], [p[1] for p in corners])
    return {
        "name": name, "proj4": proj4, "transform": [a, b, c, d, e, f],
        "across": distance(at(0, 0.5), at(1, 0.5)), "down": distance(at(0.5, 0), at(0.5, 1)),
        "side": math.sqrt(abs(area)),
    }


out = pathlib.Path(__file__).with_suffix(".json")
out.write_text(json.dumps([case(*one) for one in CASES], indent=2) + "\n")
