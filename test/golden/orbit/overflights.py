#!/usr/bin/python3
"""Where satellites were when they are said to have photographed places, and how high the Sun stood there: by Skyfield (its SGP4 and
its rotation of the Earth) and by ERFA's Sun.

Reads what is claimed on standard input and writes what is so. The committed file, from the project root, with python3-skyfield
(1.45), python3-erfa (2.0) and numpy:

    SWATH_REGENERATE=1 npx vitest run test/planning/overflight.test.ts

which writes overflights-claimed.json and runs

    /usr/bin/python3 test/golden/orbit/overflights.py < test/golden/orbit/overflights-claimed.json > test/golden/orbit/overflights.json

Distances are along the WGS 84 ellipsoid, from the point below the satellite to the place: the chord between them, bent to the mean
radius (within 10⁻⁵ below 1,500 km). `reach_m` is the place that the camera sees at its largest off-nadir angle, on a sphere of the
local radius, and half a swath more.
"""
import json
import math
import sys
from datetime import datetime, timezone

import erfa
import numpy as np
from sgp4.api import WGS72, Satrec
from skyfield.api import EarthSatellite, load, wgs84

ts = load.timescale(builtin=True)
MEAN_RADIUS = 6_371_008.8


def satellite(one):
    e = one["elements"]
    record = Satrec()
    record.sgp4init(WGS72, "i", 1, one["epoch"] / 86400 + 7306.0, e["drag"], 0.0, 0.0, e["eccentricity"],
                    math.radians(e["argumentOfPerigee"]), math.radians(e["inclination"]), math.radians(e["meanAnomaly"]),
                    e["meanMotion"] * 2 * math.pi / 1440, math.radians(e["rightAscension"]))
    return EarthSatellite.from_satrec(record, ts)


def sun_elevation(t, longitude, latitude):
    heliocentric, _ = erfa.epv00(t.whole, t.tdb_fraction)
    sun = -np.array(heliocentric["p"])
    # Inertial to Earth-fixed by Skyfield's own rotation.
    x, y, z = t.M @ sun / np.linalg.norm(sun)
    theta = t.gast * math.pi / 12
    x, y = math.cos(theta) * x + math.sin(theta) * y, math.cos(theta) * y - math.sin(theta) * x
    lo, la = math.radians(longitude), math.radians(latitude)
    return math.degrees(math.asin(math.cos(la) * (math.cos(lo) * x + math.sin(lo) * y) + math.sin(la) * z))


def judge(one, item, camera):
    # Not `utc(1970, 1, 1, 0, 0, seconds)`: that would count leap seconds, and Unix time does not.
    t = ts.from_datetime(datetime.fromtimestamp(item["at"], timezone.utc))
    below = wgs84.subpoint(satellite(one).at(t))
    place = wgs84.latlon(item["latitude"], item["longitude"])
    chord = np.linalg.norm(np.array(place.itrs_xyz.m) - np.array(wgs84.latlon(below.latitude.degrees, below.longitude.degrees).itrs_xyz.m))
    distance = 2 * MEAN_RADIUS * math.asin(chord / 2 / MEAN_RADIUS)
    local = float(np.linalg.norm(place.itrs_xyz.m))
    eta = math.radians(camera["offNadir"])
    sine = math.sin(eta) * (local + below.elevation.m) / local
    reach = local * (math.asin(sine) - eta) + camera["halfSwath"] if sine < 1 else math.inf
    return {"place": item["place"], "satellite": one["id"], "distance_m": round(distance), "reach_m": round(reach),
            "sun_deg": round(sun_elevation(t, item["longitude"], item["latitude"]), 3)}


claimed = json.load(sys.stdin)
result = {
    name: [judge(case["satellites"][item["satellite"]], item, case["camera"]) for item in case["items"]]
    for name, case in claimed.items()
}
json.dump(result, sys.stdout, indent=1)
print()
