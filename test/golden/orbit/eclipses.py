#!/usr/bin/python3
"""Eclipses of a hundred satellites, by Skyfield's `is_sunlit` and by angles between discs.

Run from the project root, with python3-skyfield (1.45), python3-erfa (2.0) and numpy:

    /usr/bin/python3 test/golden/orbit/eclipses.py ../shared/datasets/orbits > test/golden/orbit/eclipses.json

No network, and so no JPL kernel: the Sun that Skyfield is given comes from ERFA's `epv00` (a fit to DE405, better than
an arc second), and stands where it is seen from the moving Earth. Skyfield with a kernel leaves that out, 20.5 arc seconds,
which moves an eclipse by 0.1 s in low orbit and by 1.4 s in a geostationary one. Skyfield's own rule is a Sun without
size and a spherical Earth without air. Elements are named by catalogue number and stay in the data set.

`ellipsoid_s` in the output is how far half, and nine in ten, of the entries and exits of low orbits move when the Earth
is WGS 84 instead: sun, satellite and Earth are stretched along the axis until the Earth is a sphere.
"""
import json
import sys

import erfa
import numpy as np
from skyfield.api import EarthSatellite, load
from skyfield.constants import AU_M, ERAD
from skyfield.vectorlib import VectorFunction

folder = sys.argv[1]
ts = load.timescale(builtin=True)
sun_radius = 695_700_000.0
flattening = 1 / 298.257223563


class FromErfa(VectorFunction):
    """Sun or Earth from the barycentre, by ERFA."""

    center = 0

    def __init__(self, target):
        self.target = target

    def _at(self, t):
        jd1, jd2 = np.asarray(t.whole), np.asarray(t.tdb_fraction)
        heliocentric, barycentric = erfa.epv00(jd1, jd2)
        r, v = barycentric["p"], barycentric["v"]
        if self.target == 10:
            light_days = np.linalg.norm(heliocentric["p"], axis=-1) / 173.1446327
            r = r - heliocentric["p"] + light_days[..., None] * heliocentric["v"]
            v = v - heliocentric["v"]
        return np.moveaxis(r, -1, 0), np.moveaxis(v, -1, 0), None, None


bodies = {"sun": FromErfa(10), "earth": FromErfa(399)}


def look(satellite, jd):
    t = ts.tt_jd(jd)
    place = satellite.at(t)
    sun = (bodies["sun"] - bodies["earth"]).at(t).position.m
    return place, place.position.m, sun


def angles(r, sun):
    """Height of the Sun's centre over the limb, and the Sun's radius."""
    d = sun - r
    far, near = np.sqrt((d * d).sum(0)), np.sqrt((r * r).sum(0))
    apart = np.arccos(-(d * r).sum(0) / far / near)
    return apart - np.arcsin(ERAD / near), np.arcsin(sun_radius / far)


def sunlit(satellite, jd):
    place, _, _ = look(satellite, jd)
    return place.is_sunlit(bodies)


def above(edge):
    def is_above(satellite, jd):
        _, r, sun = look(satellite, jd)
        height, radius = angles(r, sun)
        return height + edge * radius > 0

    return is_above


def over_ellipsoid(satellite, jd):
    _, r, sun = look(satellite, jd)
    stretch = np.array([[1.0], [1.0], [1 / (1 - flattening)]])
    return angles(r * stretch, sun * stretch)[0] > 0


def turns(rule, satellite, grid):
    """Days at which the rule changes its answer: by halving, to a millisecond."""
    answers = rule(satellite, grid)
    k = np.flatnonzero(answers[1:] != answers[:-1])
    low, high, first = grid[k], grid[k + 1], answers[k]
    if len(k) == 0:
        return low
    for _ in range(14):
        middle = (low + high) / 2
        same = rule(satellite, middle) == first
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return (low + high) / 2


lines = [line.rstrip() for line in open(f"{folder}/active-2026-08-13.tle")]
sets = [lines[i : i + 3] for i in range(0, len(lines) - 2, 3)]
revolutions = [float(s[2][52:63]) for s in sets]
low = [s for s, n in zip(sets, revolutions) if n > 5]
high = [s for s, n in zip(sets, revolutions) if n <= 5]

shifts = []
spans = []
# The season in which satellites over the equator meet the shadow is in September.
for chosen, start, hours in (
    (low[:: len(low) // 85][:85], ts.utc(2026, 8, 12), 6),
    (high[:: len(high) // 15][:15], ts.utc(2026, 9, 22), 24),
):
    grid = start.tt + np.arange(0, hours * 360 + 1) / 8640
    rows = []
    for name, one, two in chosen:
        satellite = EarthSatellite(one, two, name, ts)

        def seconds(days):
            return [round(float(s), 2) for s in (days - start.tt) * 86400]

        point = turns(sunlit, satellite, grid)
        flat = turns(over_ellipsoid, satellite, grid)
        if len(point) == len(flat) and hours == 6:
            shifts.extend(np.abs(point - flat) * 86400)
        rows.append({
            "catalogNumber": satellite.model.satnum,
            "sunlit": seconds(point),
            "penumbra": seconds(turns(above(-1), satellite, grid)),
            "umbra": seconds(turns(above(1), satellite, grid)),
        })
    from_unix = int(round((start.utc_datetime().timestamp())))
    spans.append({"from": from_unix, "to": from_unix + hours * 3600, "satellites": rows})

# One satellite a line.
rows = [
    f'{{"from":{s["from"]},"to":{s["to"]},"satellites":[\n'
    + ",\n".join(json.dumps(r, separators=(",", ":")) for r in s["satellites"])
    + "\n]}"
    for s in spans
]
half, most = np.percentile(shifts, [50, 90])
print(f'{{"ellipsoid_s":[{half:.1f},{most:.1f}],"spans":[\n' + ",\n".join(rows) + "\n]}")
