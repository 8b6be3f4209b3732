#!/usr/bin/python3
"""Goes on training from the weights that are shipped, and writes the int8 file that comes of it: a model to send up as an update.

    /usr/bin/python3 models/shipped/ships-s2/retrain.py --out DIR [--steps 600] [--lr 3e-4] [--layers all|decoder] [--scratch]

The learned kernels are read back out of ships-s2.onnx: of four turned kernels the first is the one that is learned, and the batch norms
are in it already; their gains are learned on from 1, their statistics stay as they are. Quantising is that of train.py, ranges and all
scales measured anew. Needs python3-onnx besides what train.py needs."""
import argparse
import json
import os
import sys

import numpy as np
import onnx
import onnx.numpy_helper
import torch

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.dirname(HERE))
import data
import equivariant
import measure
import network
import quantise
import train

DECODER = ("lat", "up", "neck", "heat", "size", "offset")


def shipped_net(path):
    """The net whose plain form is the file; throws where a turned kernel is not the learned one, turned."""
    graph = onnx.load(path).graph
    arrays = {t.name: torch.from_numpy(onnx.numpy_helper.to_array(t).copy()) for t in graph.initializer}
    convs = [n for n in graph.node if n.op_type == "Conv"]
    net = network.ShipNet()
    # A file lists its convolutions as they run, which is not the order in which the net names them.
    runs = [m for m in order_of(net)]
    assert len(runs) == len(convs), (len(runs), len(convs))
    for m, node in zip(runs, convs):
        weight, bias = arrays[node.input[1]], arrays[node.input[2]]
        with torch.no_grad():
            if isinstance(m, equivariant.Conv):
                m.weight.copy_(weight[::equivariant.TURNS].reshape(m.weight.shape))
                m.norm.running_mean.zero_()
                m.norm.running_var.fill_(1 - m.norm.eps)
                m.norm.weight.fill_(1)
                m.norm.bias.copy_(bias[::equivariant.TURNS])
            else:
                m.weight.copy_(weight[:, ::equivariant.TURNS, 0, 0].T)
                m.bias.copy_(bias[:1])
            assert torch.allclose(m.kernels(), weight, atol=1e-6), node.name
    return net


def order_of(net):
    """The convolutions in the order in which they run."""
    seen, hooks = [], []
    for m in net.modules():
        if isinstance(m, (equivariant.Conv, equivariant.Readout)):
            hooks.append(m.register_forward_hook(lambda one, i, o: seen.append(one)))
    with torch.no_grad():
        net.eval()(torch.zeros(1, 4, 64, 64))
    for h in hooks:
        h.remove()
    return seen


def freeze_statistics(net):
    """Batch norms go by the statistics that they have, also while the net learns."""
    for m in net.modules():
        if isinstance(m, equivariant.Conv):
            m.eval()
            m.train = lambda mode=True, one=m: one


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--data", default=os.path.join(HERE, "..", "..", "..", "..", "shared", "datasets"))
    ap.add_argument("--from", dest="base", default=os.path.join(HERE, "ships-s2.onnx"))
    ap.add_argument("--out", required=True, help="a folder")
    ap.add_argument("--name", default="ships-s2-int8.onnx")
    ap.add_argument("--steps", type=int, default=600)
    ap.add_argument("--lr", type=float, default=3e-4)
    ap.add_argument("--seed", type=int, default=11)
    ap.add_argument("--layers", choices=["all", "decoder"], default="all")
    ap.add_argument("--scratch", action="store_true", help="start from random weights instead: nothing is left of the old ones")
    args = ap.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(args.seed)
    scenes = data.load(args.data, data.TRAIN)
    net = network.ShipNet() if args.scratch else shipped_net(args.base)
    if not args.scratch:
        freeze_statistics(net)
    if args.layers == "decoder":
        for name, p in net.named_parameters():
            p.requires_grad_(name.startswith(DECODER))
    if args.steps > 0:
        # The mask's kernels are not in the file; without its loss they are not needed.
        net = train.train(scenes, args.steps, args.seed, {**train.OPTS, "lr": args.lr, "w_mask": 0.0}, net)
    for m in net.modules():
        m.__dict__.pop("train", None)
    os.makedirs(args.out, exist_ok=True)
    path = os.path.join(args.out, args.name)
    small = quantise.quantise(network.shipped(net), data.plain(scenes, 48, 192), keep_float=("heat", "size", "offset"))
    network.export(small, path, quantise.export)
    test = data.load(args.data, data.TEST)
    tested = measure.run(small, test)
    measure.report("int8 on ports never trained on", tested)
    threshold = json.load(open(os.path.join(HERE, "model.json")))["thresholds"]["score"]
    print("F1 at the card's threshold", measure.f1_at(tested, threshold), "bytes", os.path.getsize(path))


if __name__ == "__main__":
    main()
