"""What CMU cote's bent-pipe example comes to, by its own rules, written out again with python3-sgp4.

Satellites of one orbit, 1.459799453 s apart (planet-050.dat), stations in rings at ±87°, mask 10°; a free station takes the
visible, unoccupied satellite with the most data and keeps it to the end of the pass; Shannon's rate at the slant range.
cote prints the rate of every active downlink; this is the mean and the maximum over 6 hours.

    /usr/bin/python3 test/golden/link/oec.py        # half a minute
"""
import json
import math
import pathlib

import numpy as np
from sgp4.api import Satrec

LINES = (
    "1 43892U 18111S   19193.68092670  .00002615  00000-0  10917-3 0  9994",
    "2 43892  97.2888  98.1666 0022265 273.4726  86.3966 15.24309684 30096",
)
SPACING, STEP, HOURS = 1.459799453, 2.0, 6
C, K = 299_792_458.0, 1.380649e-23
A, F = 6378137.0, 1 / 298.257223563


def rate(r, bandwidth=20e6, frequency=8.15e9):
    line = 0.8912509381
    noise = 25 + 290 * (1 - line) / line + 290 * (10**0.1 - 1) / line
    carrier = 2 * 10**-0.1 * 10**0.6 * 10**4.41 * (C / frequency / (4 * math.pi * r)) ** 2
    return np.floor(bandwidth * np.log2(1 + carrier / (K * noise * bandwidth)))


def ground(count):
    e2 = F * (2 - F)
    positions, ups = [], []
    for latitude in (87, -87):
        for k in range(count // 2):
            la, lo = math.radians(latitude), 2 * math.pi * k / (count // 2)
            n = A / math.sqrt(1 - e2 * math.sin(la) ** 2)
            up = (math.cos(la) * math.cos(lo), math.cos(la) * math.sin(lo), math.sin(la))
            positions.append((n * up[0], n * up[1], n * (1 - e2) * up[2]))
            ups.append(up)
    return np.array(positions), np.array(ups)


def run(satellites, stations):
    sat = Satrec.twoline2rv(*LINES)
    positions, ups = ground(stations)
    busy = np.zeros(satellites, bool)
    serving = -np.ones(stations, int)
    data = np.zeros(satellites)
    rates = []
    for i in range(int(HOURS * 3600 / STEP)):
        since = i * STEP - np.arange(satellites) * SPACING
        _, r, _ = sat.sgp4_array(np.full(satellites, sat.jdsatepoch), sat.jdsatepochF + since / 86400)
        d = (sat.jdsatepoch + sat.jdsatepochF + i * STEP / 86400 - 2451545) / 36525
        theta = math.radians((67310.54841 + (876600 * 3600 + 8640184.812866) * d + 0.093104 * d * d) % 86400 / 240)
        c, s = math.cos(theta), math.sin(theta)
        x = 1000 * np.stack([c * r[:, 0] + s * r[:, 1], c * r[:, 1] - s * r[:, 0], r[:, 2]], 1)
        data += 25e6 * STEP
        away = x[None] - positions[:, None]
        ranges = np.linalg.norm(away, axis=2)
        visible = np.einsum("gsk,gk->gs", away, ups) / ranges >= math.sin(math.radians(10))
        for g in range(stations):
            if serving[g] >= 0 and not visible[g, serving[g]]:
                busy[serving[g]] = False
                serving[g] = -1
        for g in range(stations):
            if serving[g] < 0:
                free = np.flatnonzero(visible[g] & ~busy)
                if len(free):
                    serving[g] = free[np.argmax(data[free])]
                    busy[serving[g]] = True
            if serving[g] >= 0:
                now = float(rate(ranges[g, serving[g]]))
                rates.append(now)
                data[serving[g]] = max(0, data[serving[g]] - now * STEP)
    return {"satellites": satellites, "stations": stations, "mean": round(float(np.mean(rates))), "maximum": max(rates)}


data = {
    "lines": LINES,
    "spacing": SPACING,
    "byRange": [[r, float(rate(r))] for r in (475e3, 600e3, 707e3, 1000e3, 1500e3, 1750e3, 2500e3)],
    "cote": [run(50, 2), run(50, 10), run(250, 2)],
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(data, indent=1) + "\n")
print(path.read_text())
