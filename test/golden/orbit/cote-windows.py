#!/usr/bin/python3
"""When satellites stand above the mask in the two cases of cote, looked at step by step as cote does, by python3-sgp4.

    /usr/bin/python3 test/golden/orbit/cote-windows.py > test/golden/orbit/cote-windows.json        # a minute

50 satellites × 10 stations every second and 250 × 100 every 10 s, for 24 hours from the first whole second after the epoch
of the elements: planet.tle and planet-050.dat, planet-250.dat of github.com/CMUAbstract/cote, examples/bent-pipe; stations
in rings at ±87°, mask 10°. A window is a run of steps above the mask. Earth-fixed by the sidereal time of 1982.

Per satellite and per station: windows, and steps above the mask; and in full the windows of a few pairs, as first and last
step.
"""
import json
import math

import numpy as np
from sgp4.api import Satrec

LINES = (
    "1 43892U 18111S   19193.68092670  .00002615  00000-0  10917-3 0  9994",
    "2 43892  97.2888  98.1666 0022265 273.4726  86.3966 15.24309684 30096",
)
SPACING, HOURS = 1.459799453, 24
A, F = 6378137.0, 1 / 298.257223563
EPOCH_DAY = 193.68092670  # of 2019
START = math.ceil(round((EPOCH_DAY - 1) * 86400, 6))  # seconds of the year
JD_2019 = 2458484.5


def ring(count):
    positions, ups = [], []
    for latitude in (87, -87):
        for k in range(count // 2):
            la, lo = math.radians(latitude), 4 * math.pi * k / count
            n = A / math.sqrt(1 - F * (2 - F) * math.sin(la) ** 2)
            up = (math.cos(la) * math.cos(lo), math.cos(la) * math.sin(lo), math.sin(la))
            positions.append((n * up[0], n * up[1], n * (1 - F * (2 - F)) * up[2]))
            ups.append(up)
    return np.array(positions), np.array(ups)


def case(satellites, stations, step):
    satellite = Satrec.twoline2rv(*LINES)
    positions, ups = ring(stations)
    steps = HOURS * 3600 // step + 1
    seconds = START + np.arange(steps) * step  # of the year
    days = JD_2019 - 2451545 + seconds / 86400
    t = days / 36525
    whole = 67310.54841 + (days % 1) * 86400 + 8640184.812866 * t + 0.093104 * t * t - 6.2e-6 * t**3
    theta = np.radians(whole / 240)
    cos, sin = np.cos(theta), np.sin(theta)
    per_satellite, per_station, full = [], np.zeros((stations, 2), int), []
    for k in range(satellites):
        since = seconds - (EPOCH_DAY - 1) * 86400 - k * SPACING
        zero = np.full(steps, satellite.jdsatepoch)
        _, r, _ = satellite.sgp4_array(zero, satellite.jdsatepochF + since / 86400)
        x = 1000 * np.stack([cos * r[:, 0] + sin * r[:, 1], cos * r[:, 1] - sin * r[:, 0], r[:, 2]], 1)
        own = [0, 0]
        for g in range(stations):
            away = x - positions[g]
            above = away @ ups[g] >= math.sin(math.radians(10)) * np.sqrt((away * away).sum(1))
            edges = np.flatnonzero(np.diff(np.concatenate([[False], above, [False]]).astype(np.int8)))
            runs = list(zip(edges[::2].tolist(), (edges[1::2] - 1).tolist()))
            count = int(above.sum())
            own = [own[0] + len(runs), own[1] + count]
            per_station[g] += (len(runs), count)
            if (k * stations + g) % (satellites * stations // 12) == 5:
                full.append({"satellite": k, "station": g, "windows": runs})
        per_satellite.append(own)
    return {"satellites": per_satellite, "stations": per_station.tolist(), "pairs": full}


print(json.dumps([case(50, 10, 1), case(250, 100, 10)], separators=(",", ":")))
