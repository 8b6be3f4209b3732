"""One pass, and what a link makes of it, by software that shares no code with ours.

Orbit: Skyfield. Link: the formulas written out again below, from the same standards; ITU-R P.676 by its own layers and bent
ray (annex 1 §2.2) instead of our straight ones. Only the table of absorption lines is read from gas-lines.ts.

Writes pass.json: samples 10 s apart (what a contact holds), exact ranges and range rates between them, gas attenuation by
elevation, and the MODCODs second by second.

    /usr/bin/python3 test/golden/link/pass.py
"""
import json
import math
import pathlib
import re

import numpy as np
from skyfield.api import EarthSatellite, load, wgs84

HERE = pathlib.Path(__file__).parent
C, K = 299_792_458.0, 1.380649e-23

# Flock 3k 3 as CMU cote's bent-pipe example has it (public elements of 2019).
LINES = (
    "1 43892U 18111S   19193.68092670  .00002615  00000-0  10917-3 0  9994",
    "2 43892  97.2888  98.1666 0022265 273.4726  86.3966 15.24309684 30096",
)
STATION = {"latitude": 78.23, "longitude": 15.39, "altitude": 450.0}
BUDGET = {
    "frequency_ghz": 8.2, "transmit_power_w": 2, "transmit_gain_dbi": 5, "transmit_losses_db": 1,
    "receive_gain_dbi": 45.5, "noise_temperature_k": 140, "losses_db": 0.7, "symbol_rate_msps": 60,
    "roll_off": 0.25, "pilots": True, "hysteresis_db": 0.4, "implementation_margin_db": 1.2, "link_margin_db": 1,
    "gases": False,
}
# Name, bits in front of the outer code, bits a symbol, ideal Es/N0: EN 302 307-1 tables 5a and 13.
K_BCH = {"1/4": 16008, "1/3": 21408, "2/5": 25728, "1/2": 32208, "3/5": 38688, "2/3": 43040, "3/4": 48408,
         "4/5": 51648, "5/6": 53840, "8/9": 57472, "9/10": 58192}
MODCODS = {
    "QPSK": (2, {"1/4": -2.35, "1/3": -1.24, "2/5": -0.30, "1/2": 1.00, "3/5": 2.23, "2/3": 3.10, "3/4": 4.03,
                 "4/5": 4.68, "5/6": 5.18, "8/9": 6.20, "9/10": 6.42}),
    "8PSK": (3, {"3/5": 5.50, "2/3": 6.62, "3/4": 7.91, "5/6": 9.35, "8/9": 10.69, "9/10": 10.98}),
    "16APSK": (4, {"2/3": 8.97, "3/4": 10.21, "4/5": 11.03, "5/6": 11.61, "8/9": 12.89, "9/10": 13.13}),
    "32APSK": (5, {"3/4": 12.73, "4/5": 13.64, "5/6": 14.28, "8/9": 15.69, "9/10": 16.05}),
}
# Symbols of a normal frame with pilots, as DVB-S2 receivers list them.
FRAME_SYMBOLS = {2: 33282, 3: 22194, 4: 16686, 5: 13338}


def modcods():
    for modulation, (bits, rates) in MODCODS.items():
        for rate, es_n0 in rates.items():
            yield f"{modulation} {rate}", es_n0, (K_BCH[rate] - 80) / FRAME_SYMBOLS[bits]


def choose(signal, current, hysteresis):
    """The most efficient MODCOD that closes; a faster one than now must close with hysteresis to spare."""
    table = list(modcods())
    now = next((m for m in table if m[0] == current), None)
    keep = None
    if now is not None:
        slower = [m for m in table if m[2] <= now[2] and m[1] <= signal]
        keep = max(slower, key=lambda m: m[2], default=None)
    floor = keep[2] if keep else 0
    faster = [m for m in table if m[2] > floor and m[1] + hysteresis <= signal]
    return max(faster, key=lambda m: m[2], default=keep)


def spans(ranges, los, b):
    """Decided for each cell of an even grid from its weaker end."""
    eirp = 10 * math.log10(b["transmit_power_w"]) + b["transmit_gain_dbi"] - b["transmit_losses_db"]
    g_over_t = b["receive_gain_dbi"] - 10 * math.log10(b["noise_temperature_k"])
    wavelength = C / (b["frequency_ghz"] * 1e9)
    symbols = b["symbol_rate_msps"] * 1e6

    def es_n0(r):
        received = eirp - 20 * math.log10(4 * math.pi * r / wavelength) - b["losses_db"]
        c_n0 = received + g_over_t - 10 * math.log10(K)
        return c_n0 - 10 * math.log10(symbols) - b["implementation_margin_db"] - b["link_margin_db"]

    out, current = [], None
    cells = len(ranges) - 1
    for i in range(cells):
        picked = choose(min(es_n0(ranges[i]), es_n0(ranges[i + 1])), current, b["hysteresis_db"])
        current = picked[0] if picked else None
        rate = math.floor(symbols * picked[2]) if picked else 0
        if out and out[-1]["modcod"] == current:
            out[-1]["to"] = los * (i + 1) / cells
        else:
            out.append({"from": los * i / cells, "to": los * (i + 1) / cells, "modcod": current, "rate": rate})
    return out


def gas_lines():
    text = (HERE / "../../../pipeline/link/budget/gas-lines.ts").read_text()
    rows = [[float(x) for x in row.split(",")] for row in re.findall(r"^  \[([-\d., ]+)\],$", text, re.M)]
    return rows[:44], rows[44:]


def gamma(f, p, e, t, tables):
    th = 300 / t
    n = 0
    for f0, a1, a2, a3, a4, a5, a6 in tables[0]:
        df = math.sqrt((a3 * 1e-4 * (p * th ** (0.8 - a4) + 1.1 * e * th)) ** 2 + 2.25e-6)
        d = (a5 + a6 * th) * 1e-4 * (p + e) * th**0.8
        shape = f / f0 * ((df - d * (f0 - f)) / ((f0 - f) ** 2 + df**2) + (df - d * (f0 + f)) / ((f0 + f) ** 2 + df**2))
        n += a1 * 1e-7 * p * th**3 * math.exp(a2 * (1 - th)) * shape
    for f0, b1, b2, b3, b4, b5, b6 in tables[1]:
        df = b3 * 1e-4 * (p * th**b4 + b5 * e * th**b6)
        df = 0.535 * df + math.sqrt(0.217 * df**2 + 2.1316e-12 * f0**2 / th)
        shape = f / f0 * (df / ((f0 - f) ** 2 + df**2) + df / ((f0 + f) ** 2 + df**2))
        n += b1 * 0.1 * e * th**3.5 * math.exp(b2 * (1 - th)) * shape
    d = 5.6e-4 * (p + e) * th**0.8
    n += f * p * th**2 * (6.14e-5 / (d * (1 + (f / d) ** 2)) + 1.4e-12 * p * th**1.5 / (1 + 1.9e-5 * f**1.5))
    return 0.182 * f * n


def air(h):
    """ITU-R P.835-6 §1.1, pressure in total: hPa, hPa, K."""
    g = 6356.766 * h / (6356.766 + h)
    if g < 11:
        t = 288.15 - 6.5 * g
        p = 1013.25 * (288.15 / t) ** (-34.1632 / 6.5)
    elif g < 20:
        t, p = 216.65, 226.3226 * math.exp(-34.1632 * (g - 11) / 216.65)
    elif g < 32:
        t = 216.65 + g - 20
        p = 54.7498 * (216.65 / t) ** 34.1632
    elif g < 47:
        t = 228.65 + 2.8 * (g - 32)
        p = 8.680422 * (228.65 / t) ** (34.1632 / 2.8)
    else:
        t, p = 270.65, 1.109106 * math.exp(-34.1632 * (g - 47) / 270.65)
    e = max(7.5 * math.exp(-h / 2) * t / 216.7, 2e-6 * p)
    return p, e, t


def slant(f, elevation, tables):
    """ITU-R P.676-12 annex 1 §2.2: shells that grow by e^0.01, the ray bent by Snell's law (P.453 for the index)."""
    total, beta = 0.0, math.pi / 2 - math.radians(elevation)
    h = 0.0
    layers = []
    for i in range(1, 880):
        delta = 0.0001 * math.exp((i - 1) / 100)
        layers.append((h, delta, *air(h + delta / 2)))
        h += delta
    for (h, delta, p, e, t), above in zip(layers, layers[1:]):
        r = 6371 + h
        a = -r * math.cos(beta) + math.sqrt(r * r * math.cos(beta) ** 2 + 2 * r * delta + delta * delta)
        total += a * gamma(f, p - e, e, t, tables)
        alpha = math.pi - math.acos(max(-1, min(1, (-a * a - 2 * r * delta - delta * delta) / (2 * a * (r + delta)))))
        index = [1 + 1e-6 * (77.6 * x[2] / x[4] + 3.73e5 * x[3] / x[4] ** 2) for x in ((h, delta, p, e, t), above)]
        beta = math.asin(min(1, index[0] / index[1] * math.sin(alpha)))
    return total


def main():
    ts = load.timescale(builtin=True)
    satellite = EarthSatellite(*LINES, "FLOCK 3K 3", ts)
    place = wgs84.latlon(STATION["latitude"], STATION["longitude"], STATION["altitude"])
    start = ts.utc(2019, 7, 13)
    times, events = satellite.find_events(place, start, ts.utc(2019, 7, 14), altitude_degrees=5)
    best = None
    for aos, top, los in zip(times[events == 0], times[events == 1], times[events == 2]):
        height = (satellite - place).at(top).altaz()[0].degrees
        if best is None or height > best[0]:
            best = (height, aos, los)
    _, aos, los = best
    length = (los.tt - aos.tt) * 86400

    def at(seconds):
        t = ts.tt_jd(aos.tt + np.asarray(seconds) / 86400)
        elevation, _, distance, _, _, rate = (satellite - place).at(t).frame_latlon_and_rates(place)
        return elevation.degrees, distance.m, rate.m_per_s

    pieces = math.ceil(length / 10)
    grid = [length * i / pieces for i in range(pieces + 1)]
    elevation, distance, _ = at(grid)
    between = np.linspace(0, length, 97)
    _, exact, rate = at(between)
    cells = math.ceil(length)
    _, each_second, _ = at([length * i / cells for i in range(cells + 1)])
    tables = gas_lines()
    gases = [{"frequency": f, "elevation": el, "attenuation": slant(f, el, tables)}
             for f in (2.2, 8.2, 20.2, 26.0, 38.0) for el in (5, 10, 30, 90)]
    data = {
        "station": STATION, "length": length, "budget": BUDGET,
        "samples": [[round(t, 6), round(float(e), 6), round(float(r), 2)] for t, e, r in zip(grid, elevation, distance)],
        "between": [[round(float(t), 6), round(float(r), 2), round(float(v), 4)] for t, r, v in zip(between, exact, rate)],
        "spans": spans(each_second.tolist(), length, BUDGET),
        "gases": [{**row, "attenuation": float(f"{row['attenuation']:.5g}")} for row in gases],
    }
    (HERE / "pass.json").write_text(json.dumps(data, separators=(",", ":")).replace("],[", "],\n[").replace("},{", "},\n{") + "\n")
    print(length, max(elevation), len(data["spans"]))


main()
