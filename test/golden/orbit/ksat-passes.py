#!/usr/bin/python3
"""Passes over a day of 500 (object, station) pairs, drawn from all active objects × KSAT's stations, by Skyfield.

Run from the project root, with python3-skyfield (1.45 made the committed file; a minute):

    /usr/bin/python3 test/golden/orbit/ksat-passes.py ../shared/datasets/orbits > test/golden/orbit/ksat-passes.json

No network: leap seconds ship with Skyfield, and UT1 is taken for UTC (`delta_t`). Its own table ends years before this
day and guesses 0.40 s, as wrong as none; with it (`load.timescale(builtin=True)`) all edges stay within a second of ours
but those of FENGYUN 2G, which comes up to a mask so slowly that 0.40 s of the Earth's turn make 22 s. Positions and elevations are
Skyfield's; the search is our own, every 20 s and then every half second, since `find_events` stops up to ten seconds
beside a crossing and loses passes of satellites that culminate more than once. Times are seconds since `from`; `null`
where the day begins or ends within the pass.
"""
import json
import sys

import numpy as np
from skyfield.api import EarthSatellite, load, wgs84

folder = sys.argv[1]
mask = 5.0
ts = load.timescale(delta_t=32.184 + 37)
start = ts.utc(2026, 8, 13)
end = ts.utc(2026, 8, 14)
grid = np.linspace(start.tt, end.tt, 24 * 180 + 1)
times = ts.tt_jd(grid)

lines = [line.rstrip() for line in open(f"{folder}/active-2026-08-13.tle")]
sets = [lines[i : i + 3] for i in range(0, len(lines) - 2, 3)]
places = []
for feature in json.load(open(f"{folder}/ground-stations/ksat.json"))["features"]:
    lon, lat = feature["geometry"]["coordinates"][:2]
    places.append((feature["properties"]["name"], lon, lat))

draw = np.random.RandomState(20260813)
drawn = sorted(draw.choice(len(sets) * len(places), 500, replace=False).tolist())


def heights(satellite, place, time):
    return (satellite - place).at(time).altaz()[0].degrees - mask


def since(jd):
    return (jd - start.tt) * 86400


def crossing(satellite, place, i):
    """Where the height passes 0 between samples i and i + 1: by a line through samples half a second apart."""
    jd = np.linspace(grid[i], grid[i + 1], 41)
    above = heights(satellite, place, ts.tt_jd(jd))
    k = int(np.flatnonzero(np.diff(above > 0))[0])
    return round(float(since(jd[k] + (jd[k + 1] - jd[k]) * above[k] / (above[k] - above[k + 1]))), 2)


def highest(satellite, place, i):
    """Of samples 0.4 s apart around sample i."""
    jd = np.linspace(grid[max(i - 1, 0)], grid[min(i + 1, len(grid) - 1)], 101)
    return round(float(heights(satellite, place, ts.tt_jd(jd)).max()) + mask, 3)


pairs = []
for index in drawn:
    (name, line1, line2), (station, lon, lat) = sets[index // len(places)], places[index % len(places)]
    satellite = EarthSatellite(line1, line2, name.strip(), ts)
    place = wgs84.latlon(lat, lon, 0.0)
    above = heights(satellite, place, times)
    if not np.isfinite(above).all():
        pairs.append([satellite.model.satnum, station, lon, lat, None])
        continue
    edges = [int(i) for i in np.flatnonzero(np.diff(above > 0))]
    if above[0] > 0:
        edges.insert(0, -1)
    if above[-1] > 0:
        edges.append(len(grid) - 1)
    passes = []
    for rise, fall in zip(edges[::2], edges[1::2]):
        top = rise + 1 + int(np.argmax(above[rise + 1 : fall + 1]))
        passes.append([None if rise < 0 else crossing(satellite, place, rise),
                       None if fall == len(grid) - 1 else crossing(satellite, place, fall),
                       highest(satellite, place, top)])
    pairs.append([satellite.model.satnum, station, lon, lat, passes])

head = {"from": round(start.utc_datetime().timestamp(), 4), "to": round(end.utc_datetime().timestamp(), 4),
        "min_elevation_deg": mask}
print(json.dumps(head)[:-1] + ', "pairs": [')
print(",\n".join(json.dumps(pair, separators=(",", ":")) for pair in pairs) + "\n]}")
