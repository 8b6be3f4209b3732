#!/usr/bin/python3
"""Small networks whose answers can be worked out by hand. Run here: writes the .onnx files beside it."""
import os

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HERE = os.path.dirname(os.path.abspath(__file__))


def value(name, shape, kind=TensorProto.FLOAT):
    return helper.make_tensor_value_info(name, kind, shape)


def weights(name, array):
    return numpy_helper.from_array(np.asarray(array, np.float32), name)


def save(name, nodes, inputs, outputs, constants=(), metadata=None, opset=11, domains=()):
    graph = helper.make_graph(nodes, name, inputs, outputs, list(constants))
    opsets = [helper.make_opsetid("", opset)] + [helper.make_opsetid(d, 1) for d in domains]
    model = helper.make_model(graph, opset_imports=opsets, producer_name="toys.py")
    model.ir_version = 8
    helper.set_model_props(model, metadata or {})
    onnx.save(model, os.path.join(HERE, name + ".onnx"))


def centre(name="toy-centre", extra=None, free=True, opset=11):
    """Heatmap = mean of the first band over each 2 × 2; size = 10 × (second, third band's mean); offset = 0.5."""
    pick = np.zeros((5, 4, 2, 2))
    pick[0, 0] = 0.25
    pick[1, 1] = pick[2, 2] = 2.5
    nodes = [
        helper.make_node("Conv", ["input", "pick", "bias"], ["all"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Split", ["all"], ["heat", "size", "offset"], axis=1, split=[1, 2, 2]),
        helper.make_node(extra or "Identity", ["heat"], ["heatmap"]),
    ]
    h, w = ("h", "w") if free else (64, 64)
    save(name, nodes, [value("input", ["n", 4, h, w])],
         [value(n, ["n", c, "h2", "w2"]) for n, c in (("heatmap", 1), ("size", 2), ("offset", 2))],
         [weights("pick", pick), weights("bias", [0, 0, 0, 0.5, 0.5])], opset=opset)


def yolo():
    """A fixed 64 × 64 RGB input; one anchor an 8 × 8 patch, box 8 × 8 there, scores = mean red and mean green."""
    pick = np.zeros((2, 3, 8, 8))
    pick[0, 0] = pick[1, 1] = 1 / 64
    ys, xs = np.mgrid[0:8, 0:8] * 8 + 4
    boxes = np.stack([xs.ravel(), ys.ravel(), np.full(64, 8), np.full(64, 8)])[None]
    nodes = [
        helper.make_node("Conv", ["images", "pick"], ["grid"], kernel_shape=[8, 8], strides=[8, 8]),
        helper.make_node("Reshape", ["grid", "flat"], ["scores"]),
        helper.make_node("Concat", ["boxes", "scores"], ["output0"], axis=1),
    ]
    flat = numpy_helper.from_array(np.array([1, 2, 64], np.int64), "flat")
    meta = {"task": "detect", "names": "{0: 'red boat', 1: \"captain's boat\"}", "stride": "8", "imgsz": "[64, 64]",
            "license": "CC0", "description": "toy"}
    io = [value("images", [1, 3, 64, 64])], [value("output0", [1, 6, 64])], [weights("pick", pick), flat, weights("boxes", boxes)]
    save("toy-yolo", nodes, *io, metadata=meta)
    save("toy-segment", nodes, *io, metadata={**meta, "task": "segment"})
    save("toy-silent", nodes, *io)


centre()
centre("toy-nan", extra="Sqrt")  # the root of a negative heat is not a number
centre("toy-unknown", extra="Frobnicate")
centre("toy-newer", opset=99)  # an operator set that is not there yet
yolo()
