#!/usr/bin/python3
"""When satellites see each other, by the C++ SGP4 of python3-sgp4 every second of half a day and a ray that hits the
raised WGS 84 ellipsoid or not. The orbits are made here.

Run from the project root (python3-sgp4 2.20 made the committed file):

    /usr/bin/python3 test/golden/orbit/crosslinks.py > test/golden/orbit/crosslinks.json
"""
import json
import math

import numpy as np
from sgp4.api import WGS72, Satrec

EPOCH = 1767225600  # 2026-01-01T00:00:00Z
SPAN = 12 * 3600
CLEARANCE, REACH = 80e3, 5_000e3
A, B = 6378137.0 + CLEARANCE, 6378137.0 * (1 - 1 / 298.257223563) + CLEARANCE

# mean motion rev/day, eccentricity, inclination, node, perigee, anomaly
ORBITS = {
    "low-1": (15.05, 0.0005, 97.6, 10, 0, 0), "low-2": (15.05, 0.0005, 97.6, 10, 0, 35),
    "low-3": (15.05, 0.001, 97.6, 30, 40, 330), "low-4": (15.05, 0.0001, 53.0, 200, 0, 100),
    "low-5": (14.2, 0.01, 82.0, 140, 270, 20), "low-6": (15.6, 0.002, 51.6, 75, 10, 250),
    "oval": (9.0, 0.25, 63.4, 300, 270, 0), "molniya": (2.006, 0.72, 63.4, 100, 270, 180),
    "middle": (12.0, 0.02, 10.0, 0, 0, 90), "high": (2.005, 0.01, 55.0, 60, 30, 45),
}


def states(orbit):
    motion, e, i, node, perigee, anomaly = orbit
    record = Satrec()
    record.sgp4init(WGS72, "i", 1, EPOCH / 86400 + 7306.0, 1e-5, 0.0, 0.0, e, math.radians(perigee), math.radians(i),
                    math.radians(anomaly), motion * 2 * math.pi / 1440, math.radians(node))
    jd = np.full(SPAN + 1, EPOCH / 86400 + 2440587.5)
    error, position, _ = record.sgp4_array(jd, np.arange(SPAN + 1) / 86400)
    assert not error.any()
    return position * 1000


def margin(p, q):
    """Least scaled height of the line between p and q over the raised ellipsoid, less 1; and the distance."""
    scale = np.array([1 / A, 1 / A, 1 / B])
    u, v = p * scale, (q - p) * scale
    foot = np.clip(-(u * v).sum(1) / (v * v).sum(1), 0, 1)
    return np.linalg.norm(u + foot[:, None] * v, axis=1) - 1, np.linalg.norm(q - p, axis=1)


curves = {name: states(orbit) for name, orbit in ORBITS.items()}
names = sorted(curves)
pairs = []
for n, a in enumerate(names):
    for b in names[n + 1:]:
        height, distance = margin(curves[a], curves[b])
        least = np.minimum(height * A, REACH - distance)
        seen = least >= 0
        edges = np.flatnonzero(np.diff(seen.astype(int)))

        def crossing(k):
            return k + least[k] / (least[k] - least[k + 1])

        times = [round(float(crossing(k)), 2) for k in edges]
        if seen[0]:
            times.insert(0, 0.0)
        if seen[-1]:
            times.append(float(SPAN))
        windows = []
        for start, end in zip(times[::2], times[1::2]):
            inside = slice(math.ceil(start), math.floor(end) + 1)
            windows.append([start, end, round(float(distance[inside].min())), round(float(distance[inside].max())),
                            round(float(least[inside].max()))])
        pairs.append({"a": a, "b": b, "windows": windows})

head = {"epoch": EPOCH, "span_s": SPAN, "clearance_m": CLEARANCE, "max_range_m": REACH,
        "columns": ["from_s", "to_s", "min_range_m", "max_range_m", "deepest_m"]}
print(json.dumps(head)[:-1] + ', "orbits": {')
print(",\n".join(f"{json.dumps(name)}: {json.dumps(orbit)}" for name, orbit in ORBITS.items()) + '\n}, "pairs": [')
print(",\n".join(json.dumps(pair) for pair in pairs) + "\n]}")
