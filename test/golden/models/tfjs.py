#!/usr/bin/python3
"""One small network three times: ONNX, TensorFlow.js layers model, TensorFlow.js graph model (written by hand, without TensorFlow).
Conv 3×3 stride 2, ReLU, Conv 3×3, ReLU, Conv 1×1, sigmoid: scores of two classes for every cell of 2 pixels.
Run here: writes tfjs-net.onnx and the folders tfjs-layers/ and tfjs-graph/."""
import base64
import json
import os

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HERE = os.path.dirname(os.path.abspath(__file__))
rng = np.random.RandomState(5)
sizes = [("first", 3, 3, 8, 2), ("second", 3, 8, 8, 1), ("last", 1, 8, 2, 1)]  # kernel, in, out, stride
kernels = {n: rng.normal(0, 1.6 / np.sqrt(k * k * i), (k, k, i, o)).astype(np.float32) for n, k, i, o, _ in sizes}
biases = {n: rng.normal(0, 0.3, o).astype(np.float32) for n, _, _, o, _ in sizes}


def value(name, shape):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


# TensorFlow's "same" padding of a 3×3 kernel of stride 2 on an even side is one pixel to the right and below.
nodes, before = [], "image"
for name, k, _, _, stride in sizes:
    pads = [0, 0, 1, 1] if stride == 2 else [k // 2] * 4
    nodes.append(helper.make_node("Conv", [before, name + "_w", name + "_b"], [name], kernel_shape=[k, k],
                                  strides=[stride] * 2, pads=pads))
    before = name + "_out" if name != "last" else "scores"
    nodes.append(helper.make_node("Sigmoid" if name == "last" else "Relu", [name], [before]))
constants = [numpy_helper.from_array(kernels[n].transpose(3, 2, 0, 1).copy(), n + "_w") for n in kernels]
constants += [numpy_helper.from_array(biases[n], n + "_b") for n in biases]
graph = helper.make_graph(nodes, "net", [value("image", [1, 3, "h", "w"])], [value("scores", [1, 2, "h2", "w2"])], constants)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)], producer_name="tfjs.py")
model.ir_version = 8
onnx.save(model, os.path.join(HERE, "tfjs-net.onnx"))

arrays = {f"{n}/{kind}": a for n, *_ in sizes for kind, a in (("kernel", kernels[n]), ("bias", biases[n]))}
shard = b"".join(a.tobytes() for a in arrays.values())
manifest = [{"paths": ["group1-shard1of1.bin"],
             "weights": [{"name": n, "shape": list(a.shape), "dtype": "float32"} for n, a in arrays.items()]}]


def save(folder, topology, **more):
    folder = os.path.join(HERE, folder)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "model.json"), "w") as f:
        json.dump({"generatedBy": "tfjs.py", **more, "modelTopology": topology, "weightsManifest": manifest}, f, indent=1)
        f.write("\n")
    with open(os.path.join(folder, "group1-shard1of1.bin"), "wb") as f:
        f.write(shard)


layers = []
for i, (name, k, _, out, stride) in enumerate(sizes):
    config = {"name": name, "filters": out, "kernel_size": [k, k], "strides": [stride] * 2, "padding": "same",
              "data_format": "channels_last", "dilation_rate": [1, 1], "use_bias": True,
              "activation": "sigmoid" if name == "last" else "relu"}
    if i == 0:
        config["batch_input_shape"] = [None, None, None, 3]
    layers.append({"class_name": "Conv2D", "config": config})
save("tfjs-layers", {"class_name": "Sequential", "config": {"name": "net", "layers": layers}, "keras_version": "2.0"},
     format="layers-model")

dtype = {"type": "DT_FLOAT"}
graph = [{"name": "image", "op": "Placeholder", "attr": {"dtype": dtype, "shape": {"shape": {"dim": [
    {"size": "-1"}, {"size": "-1"}, {"size": "-1"}, {"size": "3"}]}}}}]
for n in arrays:
    graph.append({"name": n, "op": "Const", "attr": {"dtype": dtype, "value": {"tensor": {
        "dtype": "DT_FLOAT", "tensorShape": {"dim": [{"size": str(s)} for s in arrays[n].shape]}}}}})
before = "image"
for name, k, _, _, stride in sizes:
    same = {"s": base64.b64encode(b"SAME").decode()}
    strides = {"list": {"i": ["1", str(stride), str(stride), "1"]}}
    nhwc = {"s": base64.b64encode(b"NHWC").decode()}
    graph.append({"name": f"{name}/conv", "op": "Conv2D", "input": [before, f"{name}/kernel"], "attr": {
        "T": dtype, "padding": same, "strides": strides, "data_format": nhwc, "dilations": {"list": {"i": ["1"] * 4}}}})
    graph.append({"name": f"{name}/add", "op": "BiasAdd", "input": [f"{name}/conv", f"{name}/bias"],
                  "attr": {"T": dtype, "data_format": nhwc}})
    before = "scores" if name == "last" else f"{name}/relu"
    graph.append({"name": before, "op": "Sigmoid" if name == "last" else "Relu", "input": [f"{name}/add"], "attr": {"T": dtype}})
dims = lambda *sides: {"dim": [{"size": str(s)} for s in sides]}  # noqa: E731
save("tfjs-graph", {"node": graph, "versions": {"producer": 440}}, format="graph-model", signature={
    "inputs": {"image": {"name": "image:0", "dtype": "DT_FLOAT", "tensorShape": dims(-1, -1, -1, 3)}},
    "outputs": {"scores": {"name": "scores:0", "dtype": "DT_FLOAT", "tensorShape": dims(-1, -1, -1, 2)}}})
print(len(shard), "bytes of weights")
