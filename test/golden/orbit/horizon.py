"""Passes over stations whose horizon is not level, as Skyfield has them: /usr/bin/python3 horizon.py > horizon.json (Skyfield 1.45).

Elements and horizons are made up. Elevation over the horizon (straight lines in azimuth, numpy.interp with a period) is sampled every
second, and each change of sign halved down to a millisecond.
"""

import json

import numpy as np
from skyfield.api import EarthSatellite, load, wgs84

START, HOURS, STEP = (2026, 7, 19), 12, 1.0
DAY_OF_YEAR = 200

# inclination, node, eccentricity, perigee, anomaly, revolutions a day
ORBITS = {
    "low": (97.5, 120.0, 0.0012, 90.0, 10.0, 15.2),
    "tilted": (51.6, 40.0, 0.0005, 30.0, 200.0, 15.5),
    "high": (63.4, 250.0, 0.7200, 270.0, 20.0, 2.006),
}
# longitude, latitude, metres, level mask, azimuth and elevation
STATIONS = {
    "fjord": (15.39, 78.23, 450, 0, [(0, 2), (45, 14), (90, 25), (135, 8), (180, 3), (270, 18)]),
    "mast": (-85.5, 32.5, 200, 5, [(100, 5), (100.5, 40), (101, 5), (220, 5), (225, 30), (230, 5)]),
    "wall": (139.0, -33.0, 500, 3, [(179, 1), (179.1, 50), (300, 50), (300.1, 1)]),
    "level": (2.5, -72.0, 1270, 0, [(33, 7.5)]),
}


def line(text):
    return text + str(sum(int(c) if c.isdigit() else c == "-" for c in text) % 10)


def lines(number, orbit):
    inclination, node, eccentricity, perigee, anomaly, motion = orbit
    return [
        line(f"1 {number:05d}U 26001A   26{DAY_OF_YEAR}.00000000  .00000000  00000+0  10000-4 0  999"),
        line(
            f"2 {number:05d} {inclination:8.4f} {node:8.4f} {round(eccentricity * 1e7):07d} {perigee:8.4f} "
            f"{anomaly:8.4f} {motion:11.8f}    1"
        ),
    ]


ts = load.timescale(builtin=True)
start = ts.utc(*START)
grid = np.arange(0, HOURS * 3600 + STEP, STEP)
# One array of times for all pairs: Skyfield keeps the Earth's attitude with it.
days = ts.tt_jd(start.tt + grid / 86400)
pairs = []
elements = {name: lines(90001 + n, orbit) for n, (name, orbit) in enumerate(ORBITS.items())}
for satellite_name, (first, second) in elements.items():
    satellite = EarthSatellite(first, second, satellite_name, ts)
    for station_name, (longitude, latitude, altitude, mask, horizon) in STATIONS.items():
        place = wgs84.latlon(latitude, longitude, altitude)
        azimuths, elevations = zip(*horizon)

        def height(seconds, t=None):
            t = t if t is not None else ts.tt_jd(start.tt + np.asarray(seconds) / 86400)
            elevation, azimuth, _ = (satellite - place).at(t).altaz()
            floor = np.interp(azimuth.degrees, azimuths, elevations, period=360)
            return elevation.degrees - np.maximum(mask, floor)

        up = height(grid, days) >= 0
        edges = []
        for i in np.nonzero(up[1:] != up[:-1])[0]:
            a, b = grid[i], grid[i + 1]
            while b - a > 1e-3:
                m = (a + b) / 2
                a, b = (m, b) if (height(m) >= 0) == up[i] else (a, m)
            edges.append(round((a + b) / 2, 3))
        pairs.append({"satellite": satellite_name, "station": station_name, "upAtStart": bool(up[0]), "edges": edges})

json.dump(
    {
        "from": start.utc_iso(),
        "hours": HOURS,
        "elements": elements,
        "stations": {
            name: {
                "longitude": lon,
                "latitude": lat,
                "altitude": alt,
                "min_elevation_deg": mask,
                "horizon": horizon,
            }
            for name, (lon, lat, alt, mask, horizon) in STATIONS.items()
        },
        "pairs": pairs,
    },
    __import__("sys").stdout,
    indent=1,
)
print()
