#!/usr/bin/python3
"""The weights of networks as the onnx package finds them: what radiation can turn over.

Run from the project root, with python3-onnx (1.12) and numpy:

    /usr/bin/python3 test/golden/models/weights.py > test/golden/models/weights.json

For each file the number of bytes and the SHA-256 of all initialisers of numbers in a row, in the order of the file, without
those that are sizes, axes, indices and scales of an image; and the SHA-256 of the same with bits 0, 1001, 2002, … turned over.
"""
import glob
import hashlib
import json

import numpy as np
import onnx
from onnx import numpy_helper

NUMBERS = {"float32", "uint8", "int8", "int32", "float16", "float64"}
SHAPERS = {"Reshape", "Resize", "Slice", "Gather", "Pad", "Squeeze", "Unsqueeze", "Split", "Upsample", "Expand", "Tile", "TopK"}

rows = {}
for path in sorted(glob.glob("test/golden/models/t*.onnx")):
    graph = onnx.load(path).graph
    shaping = {name for node in graph.node if node.op_type in SHAPERS for name in node.input[1:]}
    arrays = [
        numpy_helper.to_array(tensor)
        for tensor in graph.initializer
        if tensor.name not in shaping
    ]
    data = bytearray(b"".join(a.tobytes() for a in arrays if str(a.dtype) in NUMBERS))
    sha = hashlib.sha256(data).hexdigest()
    for bit in range(0, 8 * len(data), 1001):
        data[bit // 8] ^= 1 << (bit % 8)
    rows[path.split("/")[-1]] = {"bytes": len(data), "sha256": sha, "turned": hashlib.sha256(data).hexdigest()}
print(json.dumps(rows, indent=2))
