#!/usr/bin/python3
"""The Sun as seen from the Earth's centre, mean equator and equinox of date, by ERFA.

Run from the project root, with python3-erfa (2.0):

    /usr/bin/python3 test/golden/orbit/sun.py > test/golden/orbit/sun.json

Rows of Unix seconds, x, y, z of the direction, and the distance in astronomical units; aberration by the Earth's motion
included. UTC is taken for dynamical time less 69 s.
"""
import json

import erfa
import numpy as np

rows = []
for at in np.linspace(946_684_800, 2_524_608_000, 60).round():
    jd = 2_440_587.5 + (at + 69) / 86_400
    heliocentric, _ = erfa.epv00(jd, 0.0)
    distance = np.linalg.norm(heliocentric["p"])
    seen = -heliocentric["p"] + distance / 173.1446327 * heliocentric["v"]
    of_date = erfa.pmat06(jd, 0.0) @ seen
    of_date /= np.linalg.norm(of_date)
    rows.append([int(at)] + [round(float(c), 8) for c in of_date] + [round(float(distance), 7)])
print("[\n" + ",\n".join(json.dumps(r) for r in rows) + "\n]")
