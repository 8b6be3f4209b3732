"""One round of window reads with rasterio; prints wall and CPU seconds as JSON.

    python3 decode-rasterio.py FILE WINDOW_SIDE MODE
MODE: one (one thread), threads (two Python threads, a handle each), gdal (one Python thread, NUM_THREADS=2).
"""

import json
import resource
import sys
import threading
import time

import rasterio
from rasterio.windows import Window

path, side, mode = sys.argv[1], int(sys.argv[2]), sys.argv[3]
options = {"num_threads": 2} if mode == "gdal" else {}


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def read(windows):
    total = 0
    with rasterio.open(path, **options) as dataset:
        for window in windows:
            total += int(dataset.read(window=window)[0, 0, 0])
    return total


with rasterio.Env(GDAL_NUM_THREADS="1"):
    with rasterio.open(path) as dataset:
        width, height = dataset.width, dataset.height
    windows = [
        Window(x, y, min(side, width - x), min(side, height - y))
        for y in range(0, height, side)
        for x in range(0, width, side)
    ]
    wall, used = time.perf_counter(), cpu()
    if mode == "threads":
        workers = [threading.Thread(target=read, args=(windows[i::2],)) for i in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    else:
        read(windows)
    print(json.dumps({"wallSeconds": time.perf_counter() - wall, "cpuSeconds": cpu() - used}))
