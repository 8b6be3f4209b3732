#!/usr/bin/python3
"""When satellites can be turned to places, by Skyfield's SGP4 and rotation of the Earth and ERFA's Sun, to a tenth of a second.

Reads the cases that the test writes and says what is so. The committed files, from the project root, with python3-skyfield (1.45),
python3-erfa (2.0) and numpy:

    SWATH_REGENERATE=1 npx vitest run test/planning/looks/opportunity.test.ts

which writes looks-cases.json and runs

    /usr/bin/python3 test/golden/orbit/looks.py < test/golden/orbit/looks-cases.json > test/golden/orbit/looks.json

A window, found on steps of 5 s, is a run in which the angle between the satellite's vertical (the line to the centre of the Earth) and the
line to the place is at most `offNadir`, and the Sun's centre stands at least `sunAbove` high over the place (`null`: any).
`offNadir` of a window is the least angle in it, `sun` the Sun's height then.
"""
import json
import math
import sys
from datetime import datetime, timezone

import erfa
import numpy as np
from sgp4.api import WGS72, Satrec
from skyfield.api import EarthSatellite, load, wgs84
from skyfield.framelib import itrs

ts = load.timescale(builtin=True)


def satellite(one):
    e = one["elements"]
    record = Satrec()
    record.sgp4init(WGS72, "i", 1, one["epoch"] / 86400 + 7306.0, e["drag"], 0.0, 0.0, e["eccentricity"],
                    math.radians(e["argumentOfPerigee"]), math.radians(e["inclination"]), math.radians(e["meanAnomaly"]),
                    e["meanMotion"] * 2 * math.pi / 1440, math.radians(e["rightAscension"]))
    return EarthSatellite.from_satrec(record, ts)


def sun_direction(t):
    heliocentric, _ = erfa.epv00(t.whole, t.tdb_fraction)
    sun = -np.asarray(heliocentric["p"])
    sun = sun / np.linalg.norm(sun, axis=-1, keepdims=True)
    x, y, z = np.einsum("ijk,kj->ik", t.M, sun)
    theta = t.gast * math.pi / 12
    return np.array([np.cos(theta) * x + np.sin(theta) * y, np.cos(theta) * y - np.sin(theta) * x, z])


cases = json.load(sys.stdin)
START, STEP = cases["from"], 5
span = int(cases["to"] - START)


def moments(seconds):
    begin = datetime.fromtimestamp(START, timezone.utc)
    return ts.utc(begin.year, begin.month, begin.day, begin.hour, begin.minute, begin.second + seconds)


class Sight:
    """A satellite over a place: the angle off the vertical, the Sun, and by how much both are good enough."""

    def __init__(self, orbit, place):
        self.orbit, self.target = orbit, np.array(wgs84.latlon(place["latitude"], place["longitude"]).itrs_xyz.m)
        lo, la = math.radians(place["longitude"]), math.radians(place["latitude"])
        self.up = np.array([math.cos(la) * math.cos(lo), math.cos(la) * math.sin(lo), math.sin(la)])

    def at(self, position, sun):
        sight = self.target[:, None] - position
        down = -position / np.linalg.norm(position, axis=0)
        angle = np.degrees(np.arccos(np.clip((sight * down).sum(0) / np.linalg.norm(sight, axis=0), -1, 1)))
        # The far side of the Earth lies near the vertical, too.
        angle = np.where((-sight * self.up[:, None]).sum(0) > 0, angle, 180.0)
        elevation = np.degrees(np.arcsin(self.up @ sun))
        margin = cases["offNadir"] - angle
        if cases["sunAbove"] is not None:
            margin = np.minimum(margin, elevation - cases["sunAbove"])
        return angle, elevation, margin

    def closely(self, first, last):
        """Every tenth of a second."""
        seconds = np.arange(max(0, first) * 10, min(span, last) * 10 + 1) / 10
        t = moments(seconds)
        return seconds, *self.at(self.orbit.at(t).frame_xyz(itrs).m, sun_direction(t))


grid = np.arange(0, span + 1, STEP)
t = moments(grid)
sun = sun_direction(t)
result = []
for one in cases["satellites"]:
    orbit = satellite(one)
    position = orbit.at(t).frame_xyz(itrs).m
    for place in cases["places"]:
        sight = Sight(orbit, place)
        seen = np.concatenate([[False], sight.at(position, sun)[2] >= 0, [False]])
        edges = np.flatnonzero(np.diff(seen.astype(int)))
        for first, end in zip(edges[::2], edges[1::2]):
            seconds, angle, elevation, margin = sight.closely((first - 1) * STEP, end * STEP)
            inside = np.flatnonzero(margin >= 0)
            best = inside[np.argmin(angle[inside])]
            result.append({"satellite": one["id"], "place": place["name"], "from": float(seconds[inside[0]]),
                           "to": float(seconds[inside[-1]]), "offNadir": round(float(angle[best]), 3),
                           "sun": round(float(elevation[best]), 3)})
print(json.dumps(result, indent=0).replace("\n", " ").replace("}, {", "},\n {"))
