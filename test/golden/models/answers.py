#!/usr/bin/python3
"""Networks that give known answers whatever they see, one for each way in which detectors write theirs. Run here: writes
`answers/*.onnx` and `answers.json`, which says of each how it is opened and what it finds. Sides are 128 × 128 unless stated.

Every network shows the same two objects. The numbers stand as constants, padded to the length that such a network has."""
import json
import os

import numpy as np
import onnx
from onnx import TensorProto, external_data_helper, helper, numpy_helper

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, "answers")
A, B = [20, 40, 56, 64], [80, 60, 96, 110]  # x0, y0, x1, y1
SIDE = 128
CELLS = sum((SIDE // s) ** 2 for s in (8, 16, 32))  # 336
RGB = {"bands": ["red", "green", "blue"], "units": "uint8", "scale": 1 / 255}
TYPES = {"float32": TensorProto.FLOAT, "float16": TensorProto.FLOAT16, "uint8": TensorProto.UINT8, "int64": TensorProto.INT64,
         "int32": TensorProto.INT32, "float64": TensorProto.DOUBLE}
cases = []


def centre(box):
    x0, y0, x1, y1 = box
    return [(x0 + x1) / 2, (y0 + y1) / 2, x1 - x0, y1 - y0]


def shares(box, width=SIDE, height=SIDE):
    return [box[0] / width, box[1] / height, box[2] / width, box[3] / height]


def found(score_a=0.9, score_b=0.8, class_a=0, class_b=0):
    return [[class_a, score_a, *A], [class_b, score_b, *B]]


def output(rows, length, fill=0.0, turned=False, dtype="float32", squeeze=False, image=True, grid=None):
    """`rows` and then rows of `fill` up to `length`."""
    return {"rows": np.asarray(rows, np.float32), "length": length, "fill": np.broadcast_to(fill, (len(rows[0]),)),
            "turned": turned, "dtype": dtype, "squeeze": squeeze, "image": image, "grid": grid}


def network(name, outputs, shape=(1, 3, SIDE, SIDE), dtype="float32", meta=None, outside=False):
    """Each output is its numbers + 0 × the mean of the image."""
    nodes = [helper.make_node("Cast", ["images"], ["floats"], to=TensorProto.FLOAT),
             helper.make_node("ReduceMean", ["floats"], ["mean"], keepdims=0),
             helper.make_node("Mul", ["mean", "zero"], ["nothing"])]
    weights = [numpy_helper.from_array(np.float32(0).reshape(()), "zero")]
    batch = shape[0] if isinstance(shape[0], int) else 1
    values = []
    for key, out in outputs.items():
        rows, more = out["rows"], out["length"] - len(out["rows"])
        columns = rows.shape[1]
        weights.append(numpy_helper.from_array(rows, f"{key}_rows"))
        weights.append(numpy_helper.from_array(np.asarray(out["fill"], np.float32)[None], f"{key}_fill"))
        weights.append(numpy_helper.from_array(np.array([more, columns], np.int64), f"{key}_more"))
        nodes += [helper.make_node("Expand", [f"{key}_fill", f"{key}_more"], [f"{key}_rest"]),
                  helper.make_node("Concat", [f"{key}_rows", f"{key}_rest"], [f"{key}_all"], axis=0)]
        last, dims = f"{key}_all", [out["length"], columns]
        if out["turned"]:
            nodes.append(helper.make_node("Transpose", [last], [f"{key}_turned"], perm=[1, 0]))
            last, dims = f"{key}_turned", dims[::-1]
        if out["squeeze"]:
            dims = dims[:1]
        if out["grid"]:
            dims = [dims[0], *out["grid"]]
            weights.append(numpy_helper.from_array(np.array(dims, np.int64), f"{key}_grid"))
            nodes.append(helper.make_node("Reshape", [last, f"{key}_grid"], [f"{key}_map"]))
            last = f"{key}_map"
        full = ([batch] if out["image"] else []) + dims
        weights.append(numpy_helper.from_array(np.array(full, np.int64), f"{key}_shape"))
        if out["squeeze"]:
            weights.append(numpy_helper.from_array(np.array(dims, np.int64), f"{key}_flat"))
            nodes.append(helper.make_node("Reshape", [last, f"{key}_flat"], [f"{key}_squeezed"]))
            last = f"{key}_squeezed"
        nodes += [helper.make_node("Expand", [last, f"{key}_shape"], [f"{key}_image"]),
                  helper.make_node("Add", [f"{key}_image", "nothing"], [f"{key}_sum"]),
                  helper.make_node("Cast", [f"{key}_sum"], [key], to=TYPES[out["dtype"]])]
        declared = [shape[0], *full[1:]] if out["image"] and batch == 1 else full
        values.append(helper.make_tensor_value_info(key, TYPES[out["dtype"]], declared))
    image = helper.make_tensor_value_info("images", TYPES[dtype], shape)
    graph = helper.make_graph(nodes, name, [image], values, weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], producer_name="answers.py")
    model.ir_version = 8
    helper.set_model_props(model, meta or {})
    path = os.path.join(OUT, name + ".onnx")
    if outside:
        external_data_helper.convert_model_to_external_data(model, location=name + ".onnx.data", size_threshold=0)
    for stale in (path, path + ".data"):
        if os.path.exists(stale):
            os.remove(stale)
    onnx.save(model, path)


def ultralytics(names, task="detect", **more):
    return {"description": "Ultralytics YOLO11n model", "author": "Ultralytics", "version": "8.3.150", "license": "AGPL-3.0",
            "stride": "32", "task": task, "batch": "1", "imgsz": f"[{SIDE}, {SIDE}]",
            "names": str(dict(enumerate(names))), **more}


def case(name, outputs, expected=None, refused=None, names=("ship",), meta=None, request=None, head=None, size=(SIDE, SIDE), **more):
    """With `meta` the file says how it is used; without, `request` adds it."""
    network(name, outputs, meta=meta, **more)
    cases.append({"name": name, "width": size[0], "height": size[1], "head": head,
                  **({} if meta else {"request": {**RGB, "classes": list(names), **(request or {})}}),
                  **({"refused": refused} if refused else {"expected": found() if expected is None else expected})})


def yolo(classes, class_a=0, class_b=0, objectness=False, write=centre, extra=0):
    def row(box, score, k):
        scores = [0.0] * classes
        scores[k] = score / 0.95 if objectness else score
        return [*write(box), *([0.95] if objectness else []), *scores, *([0.3] * extra)]
    return [row(A, 0.9, class_a), row(B, 0.8, class_b)]


def rows(write=lambda box: box, class_a=0, class_b=0, extra=(), first=0):
    return [[*write(A), 0.9, class_a + first, *extra], [*write(B), 0.8, class_b + first, *extra]]


ONE, TWO = ("ship",), ("ship", "car")
THREE = ("ship", "car", "tank")

# YOLO before suppression.
case("v8", {"output0": output(yolo(2, 0, 1), CELLS, turned=True)}, found(class_b=1), meta=ultralytics(TWO), head="yolo")
case("v8-transposed", {"output0": output(yolo(2, 0, 1), CELLS)}, found(class_b=1), meta=ultralytics(TWO), head="yolo")
case("v8-one-class", {"output0": output(yolo(1), CELLS, turned=True)}, meta=ultralytics(ONE), head="yolo")
case("v5", {"output": output(yolo(2, 0, 1, True), 3 * CELLS)}, found(class_b=1), meta=ultralytics(TWO), head="yolo")
case("v5-one-class", {"output": output(yolo(1, objectness=True), 3 * CELLS)}, meta=ultralytics(ONE), head="yolo")
case("v5-turned", {"output": output(yolo(1, objectness=True), 3 * CELLS, turned=True)}, meta=ultralytics(ONE), head="yolo")
case("v5-no-objectness", {"output": output(yolo(3, 0, 2), 3 * CELLS)}, found(class_b=2), names=THREE, head="yolo")
case("v8-silent", {"out": output(yolo(3, 0, 2), CELLS, turned=True)}, found(class_b=2), names=THREE, head="yolo")
case("v8-shares", {"out": output(yolo(3, 0, 2, write=lambda b: shares(centre(b))), CELLS, turned=True)}, found(class_b=2),
     meta=ultralytics(THREE), head="yolo")
case("v8-corners-unsaid", {"out": output(yolo(3, write=lambda b: b), CELLS, turned=True)}, names=THREE,
     refused="corners \\(xyxy\\) or centre and sides \\(cxcywh\\).*--boxes")
case("v8-corners", {"out": output(yolo(3, write=lambda b: b), CELLS, turned=True)}, names=THREE,
     request={"head": "yolo", "headOptions": {"boxes": "xyxy"}}, head="yolo")
case("v8-logits", {"out": output([[*centre(A), 2.197, -9, -9], [*centre(B), 1.386, -9, -9]], CELLS, [0, 0, 0, 0, -9, -9, -9], turned=True)},
     names=THREE, request={"headOptions": {"activation": "sigmoid"}}, head="yolo")
case("v8-logits-unsaid", {"out": output([[*centre(A), 2.197, -9, -9], [*centre(B), 1.386, -9, -9]], CELLS, turned=True)},
     names=THREE, refused="scores of .*wanted 0…1, got -9.00…2.20.*activation")
masks = output([[0.1] * 16], 32, [0.1] * 16, grid=(4, 4))
case("v8-segment", {"output0": output(yolo(1, extra=32), CELLS, turned=True), "output1": masks}, meta=ultralytics(ONE, "segment"), head="yolo")
case("nms-segment", {"output0": output(rows(extra=[0.3] * 32), 300), "output1": masks}, head="suppressed",
     meta=ultralytics(ONE, "segment", args="{'nms': True}"))
case("v8-segment-silent", {"output0": output(yolo(1, extra=32), CELLS, turned=True), "output1": masks}, names=ONE,
     refused="no head fits v8-segment-silent.onnx for certain.*output1 \\[1, 32, 4, 4\\]")
logits = lambda fill: output([[3.0] * 8 + [-3.0] * 56] + [[fill] * 64] * 0, 1, [fill] * 64, grid=(8, 8))
case("segment-logits", {"mask": logits(-3)}, [[0, 0.9526, 0, 0, 128, 16]], request={"headOptions": {"activation": "sigmoid"}}, head="segment")
case("segment-logits-unsaid", {"mask": logits(-3)}, refused="scores of the segmentation head: wanted 0…1, got -3.00…3.00.*activation")
case("tile-scores", {"scores": output([[0.1, 0.9]], 1, image=False)}, [[1, 0.9, 0, 0, 128, 128]], names=TWO, head="classify")
case("two-maps", {"a": logits(-3), "b": logits(-3)}, refused="no head fits two-maps.onnx for certain.*a \\[1, 1, 8, 8\\], b \\[1, 1, 8, 8\\]")
case("v8-pose", {"output0": output(yolo(1, extra=51), CELLS, turned=True)}, meta=ultralytics(ONE, "pose", kpt_shape="[17, 3]"), head="yolo")
case("v8-obb", {"output0": output([[*centre(A), 0.9, 0.0], [*centre(B), 0.8, 0.0]], CELLS, turned=True)},
     meta=ultralytics(ONE, "obb"), head="yolo-obb")
case("yolo-nas", {"scores": output([[0.9, 0], [0, 0.8]], CELLS), "boxes": output([A, B], CELLS)}, found(class_b=1), names=TWO, head="yolo")
case("yolo-nas-crossing", {"boxes": output([A, [110, 100, 120, 120]], CELLS), "scores": output([[0.9, 0], [0, 0.8]], CELLS)},
     [[0, 0.9, *A], [1, 0.8, 110, 100, 120, 120]], names=TWO, head="yolo")
case("yolox", {"output": output([[*np.divide(centre(A)[:2], 8) - [0, 0], *np.log(np.divide(centre(A)[2:], 8)), 0.95, 0.9 / 0.95]], CELLS,
                                [0, 0, -3, -3, 0, 0])}, [[0, 0.9, *A]], head="yolox")

# After suppression.
for name, meta in {
    "nms": ultralytics(ONE, args="{'dynamic': False, 'nms': True}"),
    "end2end": ultralytics(ONE, end2end="True"),
    "yolov10": ultralytics(ONE),
}.items():
    case(name, {"output0": output(rows(), 300)}, meta=meta, head="suppressed")
case("nms-two", {"output0": output(rows(class_b=1), 300)}, found(class_b=1), meta=ultralytics(TWO, args="{'nms': True}"), head="suppressed")
case("yolov10-two", {"output0": output(rows(class_b=1), 300)}, found(class_b=1), meta=ultralytics(TWO), head="suppressed")
case("nms-silent", {"output0": output(rows(class_b=1), 300)}, found(class_b=1), names=TWO, head="suppressed")
case("nms-empty", {"output0": output([[0] * 6], 300)}, [], meta=ultralytics(ONE, args="{'nms': True}"), head="suppressed")
case("nms-pose", {"output0": output(rows(extra=[5.0] * 51), 300)}, head="suppressed",
     meta=ultralytics(ONE, "pose", kpt_shape="[17, 3]", args="{'nms': True}"))
case("nms-obb", {"output0": output([[*centre(A), 0.9, 0, 0.0], [*centre(B), 0.8, 0, 0.0]], 300)},
     meta=ultralytics(ONE, "obb", args="{'nms': True}"), head="suppressed")
case("yolov7-rows", {"output": output([[0, *A, 0, 0.9], [0, *B, 1, 0.8]], 2, image=False)}, found(class_b=1), names=TWO, head="suppressed")
case("yolo-nas-rows", {"output": output([[0, *A, 0.9, 0], [0, *B, 0.8, 1]], 2, image=False)}, found(class_b=1), names=TWO, head="suppressed")
case("apart", {"labels": output([[0], [1]], 100, dtype="int64", squeeze=True), "scores": output([[0.9], [0.8]], 100, squeeze=True),
               "boxes": output([A, B], 100)}, found(class_b=1), names=TWO, head="suppressed")
case("apart-from-one", {"boxes": output([A, B], 100), "labels": output([[1], [2]], 100, dtype="int64", squeeze=True),
                        "scores": output([[0.9], [0.8]], 100, squeeze=True)}, found(class_b=1), names=TWO, head="suppressed")
case("apart-unsaid", {"boxes": output([A, B], 100), "labels": output([[1], [1]], 100, dtype="int64", squeeze=True),
                      "scores": output([[0.9], [0.8]], 100, squeeze=True)}, names=THREE, refused="whether they count from 0 or from 1.*--first-class")
case("counted", {"num_dets": output([[2]], 1, dtype="int32"), "det_boxes": output([A, B], 100),
                 "det_scores": output([[0.9], [0.8]], 100, squeeze=True),
                 "det_classes": output([[0], [1]], 100, dtype="int32", squeeze=True)}, found(class_b=1), names=TWO, head="suppressed")
case("dets-labels", {"dets": output([[*A, 0.9], [*B, 0.8]], 100), "labels": output([[0], [1]], 100, dtype="int64", squeeze=True)},
     found(class_b=1), names=TWO, head="suppressed")

# DETR.
share = lambda box: shares(centre(box))
case("rtdetr-head", {"output0": output(rows(share), 300)}, meta=ultralytics(ONE, head="RTDETRDecoder"), head="suppressed")
case("rtdetr-named", {"output0": output(rows(share), 300)}, head="suppressed",
     meta={**ultralytics(ONE), "description": "Ultralytics rtdetr-l model"})
case("rtdetr-rows-silent", {"output0": output(rows(share, class_b=1), 300)}, found(class_b=1), names=TWO, head="suppressed")
case("rtdetr-queries", {"output0": output([[*share(A), 0.9, 0.01], [*share(B), 0.02, 0.8]], 300, [0.5, 0.5, 0.1, 0.1, 0.001, 0.002])},
     found(class_b=1), meta=ultralytics(TWO, head="RTDETRDecoder"), head="detr")
case("rtdetr-queries-silent", {"output0": output([[*share(A), 0.9, 0.01, 0], [*share(B), 0.02, 0.8, 0]], 300, [0.5, 0.5, 0.1, 0.1, 0.001, 0.002, 0.003])},
     found(class_b=1), names=THREE, head="detr")
logit = lambda p: float(np.log(p / (1 - p)))
case("rtdetr-logits", {"logits": output([[logit(0.9), -8], [-8, logit(0.8)]], 300, [-7, -6]), "pred_boxes": output([share(A), share(B)], 300, [0.5, 0.5, 0.2, 0.2])},
     found(class_b=1), names=TWO, head="detr")
case("detr", {"pred_boxes": output([share(A), share(B)], 100, [0.5, 0.5, 0.2, 0.2]),
              "logits": output([[logit(0.9), -30, 0], [-30, logit(0.8), 0]], 100, [-4, -4, 4])}, found(class_b=1), names=TWO, head="detr")
case("detr-name-missing", {"pred_boxes": output([share(A), share(B)], 100, [0.5, 0.5, 0.2, 0.2]),
                           "logits": output([[logit(0.9), -8, -8], [-8, logit(0.8), -8]], 100, [-5, -5, -5])}, names=TWO,
     refused="score channels of detr-name-missing.onnx.*got 3, of which the trial tile does not tell which means nothing")

# Types, batch, layout, sides, files.
V8 = {"output0": output(yolo(1), CELLS, turned=True)}
case("half", {"output0": output(yolo(1), CELLS, turned=True, dtype="float16")}, dtype="float16", meta=ultralytics(ONE, args="{'half': True}"), head="yolo")
case("bytes", V8, dtype="uint8", request={"scale": 1}, head="yolo")
case("bytes-scaled", V8, dtype="uint8", refused="scaling of bytes-scaled.onnx: wanted whole numbers for its uint8 input, got 0…1")
case("longs", V8, dtype="int64", request={"scale": 1}, head="yolo")
case("doubles", {"output0": output(yolo(1), CELLS, turned=True, dtype="float64")}, dtype="float64", head="yolo")
case("batch-of-four", V8, shape=(4, 3, SIDE, SIDE), meta=ultralytics(ONE, batch="4"), head="yolo")
case("batch-named", V8, shape=("batch", 3, SIDE, SIDE), meta=ultralytics(ONE), head="yolo")
case("pixels-last", V8, shape=(1, SIDE, SIDE, 3), head="yolo")
case("any-size", {"output0": output(rows(), 300)}, shape=(1, 3, "height", "width"), meta=ultralytics(ONE, args="{'nms': True}"), head="suppressed")
case("wide", {"output0": output(yolo(1), sum((64 // s) * (192 // s) for s in (8, 16, 32)), turned=True)}, [[0, 0.9, *A]],
     shape=(1, 3, 64, 192), size=(192, 64), meta=ultralytics(ONE, imgsz="[64, 192]"), head="yolo")
case("outside", V8, meta=ultralytics(ONE), outside=True, head="yolo")

with open(os.path.join(HERE, "answers.json"), "w") as file:
    file.write("[\n  " + ",\n  ".join(json.dumps(one) for one in cases) + "\n]\n")
print(len(cases), "networks,", sum(os.path.getsize(os.path.join(OUT, f)) for f in os.listdir(OUT)), "bytes")
