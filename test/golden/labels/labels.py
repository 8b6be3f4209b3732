"""Boxes of masks and polygons by software that is not ours: OpenCV for masks, GDAL/OGR for WKT and for GeoJSON in several CRS.

    python3 test/golden/labels/labels.py > test/golden/labels/labels.json

Masks are packed here after the published format of the COCO API: runs of 0 and 1 in turn, down the columns; from the fourth on as the
difference to the run before the last; five bits a character, lowest first, 0x20 for "more follow", 48 added.
"""
import json

import cv2
import numpy as np
from osgeo import gdal, ogr, osr

gdal.UseExceptions()
random = np.random.default_rng(20260101)


def runs_of(mask):
    flat = mask.flatten(order="F")
    edges = np.flatnonzero(np.diff(flat)) + 1
    bounds = np.concatenate([[0], edges, [flat.size]])
    runs = np.diff(bounds).tolist()
    return runs if flat[0] == 0 else [0] + runs


def pack(runs):
    text = ""
    for i, run in enumerate(runs):
        value = run - runs[i - 2] if i > 2 else run
        more = True
        while more:
            group = value & 0x1F
            value >>= 5
            more = value != -1 if group & 0x10 else value != 0
            text += chr((group | (0x20 if more else 0)) + 48)
    return text


def masks():
    cases = []
    for i in range(60):
        height, width = int(random.integers(1, 200)), int(random.integers(1, 200))
        mask = np.zeros((height, width), np.uint8)
        for _ in range(int(random.integers(0, 4))):
            centre = (int(random.integers(0, width)), int(random.integers(0, height)))
            axes = (int(random.integers(0, 60)), int(random.integers(0, 60)))
            cv2.ellipse(mask, centre, axes, float(random.integers(0, 180)), 0, 360, 1, -1)
        if i % 10 == 0:
            mask[:, int(random.integers(0, width))] = 1
        if i % 15 == 7:
            mask[:] = 1
        x, y, w, h = cv2.boundingRect(mask)
        box = None if w == 0 else [x, y, x + w, y + h]
        runs = runs_of(mask)
        cases.append({"size": [height, width], "counts": runs, "packed": pack(runs), "box": box})
    return cases


def outer_boxes(geometry):
    if geometry.IsEmpty():
        return []
    parts = [geometry] if geometry.GetGeometryCount() == 0 or "POLYGON" == geometry.GetGeometryName() else list(geometry)
    boxes = []
    for part in parts:
        x0, x1, y0, y1 = part.GetGeometryRef(0).GetEnvelope()
        boxes.append([x0, y0, x1, y1])
    return boxes


def wkts():
    texts = [
        "POLYGON ((0 0, 10 0, 10 5, 0 5, 0 0))",
        "POLYGON((1.5 2.5,3.25 2.5,3.25 4,1.5 2.5),(2 3,2.5 3,2.5 3.5,2 3))",
        "POLYGON Z ((1 2 3, 4 5 6, 7 1 9, 1 2 3))",
        "POLYGON M ((1 2 3, 4 5 6, 7 1 9, 1 2 3))",
        "POLYGON ZM ((1 2 3 4, 4 5 6 4, 7 1 9 4, 1 2 3 4))",
        "POLYGON ((1 2 0,4 5 0,7 1 0,1 2 0))",
        "POLYGON EMPTY",
        "POLYGON Z EMPTY",
        "MULTIPOLYGON EMPTY",
        "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((-5 -6, -2 -6, -2 -1.25, -5 -6),(-4 -5,-3 -5,-3 -4,-4 -5)))",
        "MULTIPOLYGON Z (((0 0 1, 1 0 1, 1 1 1, 0 0 1)))",
        "polygon ((1e2 2.5E+1, 1.2e2 25, 120 3e1, 100 25))",
        "POLYGON ((-0.5 .5, 2. .5, 2 1, -0.5 .5))",
        "  POLYGON  ( ( 1 1 , 2 1 , 2 2 , 1 1 ) )  ",
    ]
    return [{"wkt": text, "boxes": outer_boxes(ogr.CreateGeometryFromWkt(text))} for text in texts]


def ground():
    """Rings in a CRS, and where their corners lie in pixels of a scene in UTM 31."""
    scene = osr.SpatialReference()
    scene.ImportFromEPSG(32631)
    transform = [420000, 10, 0, 4480000, 0, -10]
    inverse = gdal.InvGeoTransform(transform)
    cases = []
    for code in [4326, 32631, 32630, 3857, 25831, 3035, 23031]:
        crs = osr.SpatialReference()
        crs.ImportFromEPSG(code)
        for one in (crs, scene):
            one.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        out = osr.CoordinateTransformation(scene, crs)
        back = osr.CoordinateTransformation(crs, scene)
        for _ in range(4):
            x, y = 420000 + float(random.uniform(100, 3500)), 4480000 - float(random.uniform(100, 2500))
            corners = [(x, y), (x + 300, y + 40), (x + 260, y - 200), (x - 30, y - 150), (x, y)]
            ring = [list(out.TransformPoint(*corner)[:2]) for corner in corners]
            pixels = [gdal.ApplyGeoTransform(inverse, *back.TransformPoint(*point)[:2]) for point in ring]
            xs, ys = [p[0] for p in pixels], [p[1] for p in pixels]
            cases.append({"epsg": code, "ring": ring, "box": [min(xs), min(ys), max(xs), max(ys)]})
    return cases


print(json.dumps({"masks": masks(), "wkt": wkts(), "ground": ground()}, separators=(",", ":")))
