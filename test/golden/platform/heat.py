#!/usr/bin/python3
"""Temperatures of three nodes through two orbits, by scipy's stiff integrator.

Run from the project root, with python3-scipy (1.10):

    /usr/bin/python3 test/golden/platform/heat.py > test/golden/platform/heat.json

The equations are written anew here from the Spacecraft Thermal Control Handbook (Gilmore, vol. 1, ch. 2), with the light of a
made-up orbit: 5,400 s, the Sun over the zenith at half time, the last third dark. Tolerances are far below a
millikelvin.
"""
import json

import numpy as np
from scipy.integrate import solve_ivp

sigma = 5.670374419e-8
solar, albedo, infrared = 1361.0, 0.3, 237.0
earth_view = 0.5 * (1 - np.sqrt(1 - (6378.137 / 6928.137) ** 2))

# name, J/K, m2, absorptivity, emissivity, K, share of the bus, share of the computer
nodes = [
    ("shell", 6000.0, 0.28, 0.6, 0.8, 285.0, 0.7, 0.0),
    ("board", 400.0, 0.0, 0.0, 0.0, 290.0, 0.3, 0.1),
    ("chip", 20.0, 0.0, 0.0, 0.0, 295.0, 0.0, 0.9),
]
conductors = [(0, 1, 0.8), (1, 2, 2.5)]
period, bus, computer = 5400.0, 7.0, 12.0


def light(t):
    phase = (t % period) / period
    share = 0.0 if phase >= 2 / 3 else 1.0
    overhead = max(0.0, -np.cos(2 * np.pi * phase)) if share else 0.0
    return share, overhead


def working(t):
    return 600 <= t % 2000 < 1500


def rates(t, temperatures, share_of_sun, works):
    overhead = light(t)[1]
    out = np.zeros(3)
    for i, (_, capacity, area, alpha, epsilon, _, of_bus, of_computer) in enumerate(nodes):
        out[i] += alpha * area * solar * (share_of_sun / 4 + albedo * overhead * earth_view)
        out[i] += epsilon * area * (infrared * earth_view - sigma * temperatures[i] ** 4)
        out[i] += of_bus * bus + of_computer * computer * works
    for a, b, g in conductors:
        flow = g * (temperatures[a] - temperatures[b])
        out[a] -= flow
        out[b] += flow
    return out / np.array([n[1] for n in nodes])


# From one jump of the light or the load to the next.
end = 2 * period
edges = sorted({0.0, end} | {k * period + f for k in (0, 1) for f in (period / 4, 2 * period / 3, period)}
               | {k * 2000 + f for k in range(6) for f in (600, 1500)})
edges = [e for e in edges if e <= end]
now = np.array([n[5] for n in nodes])
samples = []
for a, b in zip(edges, edges[1:]):
    middle = (a + b) / 2
    wanted = np.arange(np.ceil(a / 300) * 300, b, 300)
    run = solve_ivp(rates, (a, b), now, method="Radau", rtol=1e-10, atol=1e-9, dense_output=True,
                    args=(light(middle)[0], working(middle)))
    for t in wanted:
        samples.append([float(t)] + [round(float(x), 5) for x in run.sol(t)])
    now = run.y[:, -1]
samples.append([end] + [round(float(x), 5) for x in now])
print('{"samples":[\n' + ",\n".join(json.dumps(s) for s in samples) + "\n]}")
