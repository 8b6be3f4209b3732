#!/usr/bin/python3
"""Earliest arrivals in a random network of hops, by breadth-first search over the time-expanded graph: one vertex for every
node and second, an edge for waiting a second, an edge for every second at which a hop could begin to carry the bundle.

Run from the project root (python3-scipy 1.10 made the committed file):

    /usr/bin/python3 test/golden/link/routes.py > test/golden/link/routes.json
"""
import json
import random

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import breadth_first_order

random.seed(4)
SATELLITES, STATIONS, SPAN = 90, 4, 900
count = SATELLITES + STATIONS
hops = []
for _ in range(700):
    a, b = random.sample(range(SATELLITES), 2)
    start = random.randrange(SPAN - 60)
    hops.append([a, b, start, start + random.randrange(10, 60), random.randrange(0, 4)])
for _ in range(40):
    start = random.randrange(SPAN - 60)
    hops.append([random.randrange(SATELLITES), SATELLITES + random.randrange(STATIONS), start,
                 start + random.randrange(10, 60), 1])

routes = []
for size in (1, 7, 25):
    rows, columns = [], []
    for node in range(count):
        at = node * SPAN + np.arange(SPAN - 1)
        rows.append(at)
        columns.append(at + 1)
    for a, b, start, end, latency in hops:
        begin = np.arange(start, end - size + 1)
        begin = begin[begin + size + latency < SPAN]
        rows.append(a * SPAN + begin)
        columns.append(b * SPAN + begin + size + latency)
    rows, columns = np.concatenate(rows), np.concatenate(columns)
    graph = coo_matrix((np.ones(len(rows)), (rows, columns)), shape=(count * SPAN, count * SPAN)).tocsr()
    for _ in range(60):
        source, ready = random.randrange(SATELLITES), random.randrange(400)
        reached = breadth_first_order(graph, source * SPAN + ready, return_predecessors=False)
        ground = reached[reached >= SATELLITES * SPAN] % SPAN
        routes.append([source, ready, size, int(ground.min()) if len(ground) else None])

head = {"satellites": SATELLITES, "columns": {"hops": ["from", "to", "start_s", "end_s", "latency_s"],
                                              "routes": ["source", "ready_s", "size_s", "arrival_s"]}}
print(json.dumps(head)[:-1] + ', "hops": [')
print(",\n".join(json.dumps(hop) for hop in hops) + '\n], "routes": [')
print(",\n".join(json.dumps(route) for route in routes) + "\n]}")
