#!/usr/bin/python3
"""Upset rates of pipeline/orbit/radiation.ts, written down a second time, and their means over orbits that SGP4 propagates.

Run from the project root, with python3-sgp4 (2.21) and numpy:

    /usr/bin/python3 test/golden/orbit/radiation.py > test/golden/orbit/radiation.json

`places`: longitude and geocentric latitude in degrees, distance from the Earth's centre in metres, Unix time, shielding in mm;
then L, upsets per bit and day by protons and by cosmic rays. `orbits`: TLE-like elements, start, shielding; then the mean of
both over two days in steps of 5 s, and the share of it in the anomaly.
"""
import json

import numpy as np
from sgp4.api import Satrec, WGS72

DAY = 86_400
KNOLL = 126_230_400  # 1974-01-01


def transmission(mm):
    energy = lambda t: (0.27 * t / (1.28 * 0.0022)) ** (1 / 1.77)
    return np.exp((energy(5) - energy(mm)) / 100)


def rates(lon, lat, r, at, mm):
    pole = np.array([-1450.9, 4652.5, -29404.8])
    pole /= np.linalg.norm(pole)
    a, b = np.radians(lat), np.radians(lon)
    up = np.array([np.cos(a) * np.cos(b), np.cos(a) * np.sin(b), np.sin(a)])
    shell = r / 6_371_200 / (1 - np.tensordot(pole, up, 1) ** 2)
    centre = -40 - 0.3 * (at - KNOLL) / (365.25 * DAY)
    east = (lon - centre + 180) % 360 - 180
    q = (east / 24) ** 2 + ((lat + 30) / 12) ** 2
    air = 1 / (1 + np.exp((702e3 - (r - 6_378_137)) / 128e3))
    protons = 2.54e-5 * air * np.exp(-q / 2) * transmission(mm)
    cosmic = 1.3e-7 / (1 + (14.9 / shell**2 / 3) ** 2)
    return shell, protons, cosmic, q < 2 * np.log(10)


def sidereal(at):
    days = (at - 946_728_000) / DAY
    t = days / 36_525
    s = 67_310.54841 + (days % 1) * DAY + 8_640_184.812866 * t + 0.093104 * t**2 - 6.2e-6 * t**3
    return s * 2 * np.pi / DAY


def mean(altitude, inclination, start, mm):
    n = np.sqrt(398_600.8 / (6378.135 + altitude) ** 3) * 60  # rad/min
    satellite = Satrec()
    epoch = start / DAY + 7306  # days since 1949-12-31
    satellite.sgp4init(WGS72, "i", 1, epoch, 0.0, 0.0, 0.0, 0.0, 0.0, np.radians(inclination), 0.0, n, 0.0)
    times = start + np.arange(0, 2 * DAY, 5.0) + 2.5
    jd = 2_440_587.5 + start / DAY
    error, position, _ = satellite.sgp4_array(np.full(times.shape, jd), (times - start) / DAY)
    assert not error.any()
    x, y, z = position.T * 1000
    r = np.sqrt(x * x + y * y + z * z)
    lon = np.degrees(np.arctan2(y, x) - sidereal(times))
    _, protons, cosmic, inside = rates(lon, np.degrees(np.arcsin(z / r)), r, times, mm)
    total = protons + cosmic
    motion = n * 1440 / (2 * np.pi)
    return [round(motion, 10), inclination, start, mm, float(f"{total.mean():.6g}"), round(float((total * inside).sum() / total.sum()), 5)]


rng = np.random.default_rng(4)
places = []
for _ in range(40):
    near = rng.uniform() < 0.5
    lon = rng.uniform(-100, 0) if near else rng.uniform(-180, 180)
    lat = rng.uniform(-60, 0) if near else np.degrees(np.arcsin(rng.uniform(-1, 1)))
    row = [round(lon, 4), round(lat, 4), int(rng.uniform(6_700_000, 7_900_000)), int(rng.uniform(0, 2e9)), round(float(rng.uniform(1, 40)), 2)]
    places.append(row + [float(f"{v:.9g}") for v in rates(*row)[:3]])

# Alsat-1, the station behind 10 and 40 g/cm², the two at 1,050-1,425 km (their middle), a small satellite of today.
orbits = [
    mean(686, 98.2, 1_200_000_000, 5),
    mean(400, 51.6, 1_400_000_000, 37),
    mean(400, 51.6, 1_400_000_000, 148),
    mean(1240, 87.9, 1_590_000_000, 5),
    mean(550, 97.6, 1_767_225_600, 5),
]
text = lambda rows: "[\n    " + ",\n    ".join(json.dumps(row) for row in rows) + "\n  ]"
print('{\n  "places": ' + text(places) + ',\n  "orbits": ' + text(orbits) + "\n}")
