#!/usr/bin/python3
"""Rise, culmination and set of sampled (satellite, station) pairs over a day, by Skyfield.

Run from the project root, with python3-skyfield (1.45 made the committed file):

    /usr/bin/python3 test/golden/orbit/passes.py ../shared/datasets/orbits > test/golden/orbit/passes.json

No network: `builtin=True` takes the leap seconds and the UT1 table that ship with Skyfield. Elements are named by
catalogue number and stay in the data set; stations are written out, since the pairs are made here.
"""
import glob
import json
import sys

import numpy as np
from skyfield.api import EarthSatellite, load, wgs84

folder = sys.argv[1]
mask = 5.0
ts = load.timescale(builtin=True)
start = ts.utc(2026, 8, 12)
end = ts.utc(2026, 8, 13)

lines = [line.rstrip() for line in open(f"{folder}/active-2026-08-13.tle")]
sets = [lines[i : i + 3] for i in range(0, len(lines) - 2, 3)]
wanted = ("SENTINEL-2", "LANDSAT 9", "SCS-01 A", "FLOCK 4G-1 ", "MOLNIYA 1-91", "GPS BIIF-5", "MERIDIAN 9", "ISS (ZARYA)")
chosen = sets[::260] + [s for s in sets if s[0].startswith(wanted)]

stations = []
for path in sorted(glob.glob(f"{folder}/ground-stations/*.json")):
    for feature in json.load(open(path))["features"]:
        lon, lat = feature["geometry"]["coordinates"]
        stations.append((feature["properties"]["name"], lon, lat))


def elevations(satellite, place, jd):
    return (satellite - place).at(ts.tt_jd(jd)).altaz()[0].degrees


# Every 20 s of the day. Not find_events: it stops up to ten seconds before or after a crossing, and loses passes of
# satellites in high orbits, which culminate more than once.
grid = np.linspace(start.tt, end.tt, 24 * 180 + 1)


def crossing(satellite, place, i):
    """Where the elevation passes the mask between samples i and i + 1: by a line through samples half a second apart."""
    jd = np.linspace(grid[i], grid[i + 1], 41)
    above = elevations(satellite, place, jd) - mask
    k = int(np.flatnonzero(np.diff(above > 0))[0])
    return ts.tt_jd(jd[k] + (jd[k + 1] - jd[k]) * above[k] / (above[k] - above[k + 1]))


def culmination(satellite, place, i):
    """The vertex of the parabola through the highest of the samples 0.4 s apart around sample i, and its neighbours."""
    jd = np.linspace(grid[i - 1], grid[i + 1], 101)
    height = elevations(satellite, place, jd)
    k = min(max(int(np.argmax(height)), 1), 99)
    a, b, c = height[k - 1 : k + 2]
    shift = 0.5 * (a - c) / (a - 2 * b + c) if a - 2 * b + c else 0.0
    return ts.tt_jd(jd[k] + shift * (jd[1] - jd[0])), b - 0.25 * (a - c) * shift


def unix(time):
    # utc_datetime rounds to microseconds; Unix time leaves leap seconds out, as Instant does.
    return round(time.utc_datetime().timestamp(), 4)


pairs = []
for n, (name, line1, line2) in enumerate(chosen):
    satellite = EarthSatellite(line1, line2, name.strip(), ts)
    if abs(satellite.epoch.tt - start.tt) > 10:
        continue
    for k in range(4):
        station, lon, lat = stations[(n * 4 + k) * 7 % len(stations)]
        place = wgs84.latlon(lat, lon, 0.0)
        above = elevations(satellite, place, grid)
        edges = np.flatnonzero(np.diff(above > mask))
        if above[0] > mask:
            edges = edges[1:]  # under way when the day begins
        passes = []
        for rise, fall in zip(edges[::2], edges[1::2]):
            top = culmination(satellite, place, rise + 1 + int(np.argmax(above[rise + 1 : fall + 1])))
            passes.append([unix(crossing(satellite, place, rise)), unix(top[0]),
                           unix(crossing(satellite, place, fall)), round(float(top[1]), 4)])
        pairs.append({"catalogNumber": satellite.model.satnum, "name": name.strip(), "station": station,
                      "longitude_deg": lon, "latitude_deg": lat, "passes": passes})

look = []
for n, (name, line1, line2) in enumerate(chosen[:40]):
    satellite = EarthSatellite(line1, line2, name.strip(), ts)
    station, lon, lat = stations[n % len(stations)]
    time = ts.utc(2026, 8, 12, 0, 17 * n)
    elevation, azimuth, distance = (satellite - wgs84.latlon(lat, lon, 0.0)).at(time).altaz()
    point = wgs84.subpoint(satellite.at(time))
    look.append({"catalogNumber": satellite.model.satnum, "at": unix(time), "longitude_deg": lon, "latitude_deg": lat,
                 "elevation_deg": round(elevation.degrees, 6), "azimuth_deg": round(azimuth.degrees, 6),
                 "range_m": round(distance.m, 2), "sub_longitude_deg": round(point.longitude.degrees, 6),
                 "sub_latitude_deg": round(point.latitude.degrees, 6), "altitude_m": round(point.elevation.m, 2)})

head = {"from": unix(start), "to": unix(end), "min_elevation_deg": mask}
print(json.dumps(head)[:-1] + ', "pairs": [')
print(",\n".join(json.dumps(pair) for pair in pairs) + '\n], "look": [')
print(",\n".join(json.dumps(one) for one in look) + "\n]}")
