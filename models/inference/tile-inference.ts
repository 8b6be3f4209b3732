import type { BoxPx } from "../../pipeline/detection/box.ts";
import type { Detection } from "../../pipeline/detection/detection.ts";
import type { PointPx } from "../../pipeline/detection/outline.ts";
import { compareDetections } from "../../pipeline/detection/merge.ts";
import { SwathError } from "../../pipeline/errors.ts";
import type { ModelCard } from "../card/card.ts";
import type { CardHead } from "../heads/card-head.ts";
import type { Device } from "../../pipeline/detection/device.ts";
import type { SizePx } from "../heads/head.ts";
import { headOf } from "../heads/card-head.ts";
import { type CellMask, cellMask } from "../heads/segmentation.ts";
import { channelsFirst } from "../heads/tensor.ts";
import { oneOfBatch } from "../runtimes/fixed-batch.ts";
import type { NetworkSession } from "../runtimes/network-session.ts";
import { openOnnxSession } from "../runtimes/onnx-session.ts";
import { openTfjsSession } from "../runtimes/tfjs-session.ts";
import { fillInput, type InputTile } from "./tile-input.ts";
import { fillTrial, type Trial, type TrialRules } from "./trial.ts";
import { insetsOf, mergeLooks } from "./looks.ts";
import { type FitRules, type Inset, intoTile, noInset, placeTile } from "./tile-placement.ts";

/** How a network is fed and read; plain data that crosses threads. */
export interface InferencePlan {
  /** Names the model in messages. */
  readonly where: string;
  readonly inputName: string;
  readonly layout: "NCHW" | "NHWC";
  /** `planar`: the numbers lie plane after plane whatever `layout` declares. */
  readonly pixelOrder: "layout" | "planar";
  readonly channels: number;
  /** A free side takes any multiple of this. */
  readonly multipleOfPx: number;
  readonly fit: "pad" | "letterbox";
  readonly anchor: "centre" | "corner";
  readonly outputLayout: "NCHW" | "NHWC";
  readonly format: ModelCard["format"];
  readonly quantised: ModelCard["quantised"];
  readonly device: Device;
  readonly head: CardHead;
  readonly classCount: number;
  readonly scoreThreshold: number;
  readonly maxDetections: number;
  /** How the network is tried once before the first tile; `null`: not at all. */
  readonly trial: TrialRules | null;
  /** Whether scores outside 0…1 are an error. */
  readonly isStrict: boolean;
  /** Detections of several looks that overlap as much are one object. */
  readonly mergeIou: number;
  /** `mask`: the class of every pixel instead of objects, of heads that have one. */
  readonly answer: "detections" | "mask";
}

/** One network, one thread. */
export interface TileInference {
  /** As in `NetworkSession`. */
  readonly runtime: string | null;
  /** What it answers to a trial tile. Throws `SwathError("model")`. */
  trial(rules: TrialRules): Promise<Trial>;
  /** Another head from here on: the one that the trial told. */
  settle(head: CardHead): void;
  /** In pixels of the tile, clipped to it, in `compareDetections` order. Throws `SwathError("model")`. */
  detect(tile: InputTile): Promise<readonly Detection[]>;
  /** Class + 1 of every pixel of the tile, 0 for nothing. Throws `SwathError("model")`. */
  mask(tile: InputTile): Promise<Float32Array<ArrayBuffer>>;
  release(): Promise<void>;
}

/** What one of several looks reports, as a share of the score from which on the model reports. */
const faintShare = 0.1;

/** Throws `SwathError("model")` when the network cannot be loaded or does not fit the plan. */
export const openTileInference = async (weights: Uint8Array, plan: InferencePlan): Promise<TileInference> => {
  let { head: cardHead } = plan;
  let head = headOf(cardHead);
  const session = oneOfBatch(await openSession(weights, plan));
  const rules: FitRules = { ...plan, fixed: fixedSizeOf(session.inputShape, plan) };
  requireFixed(rules, plan.where);
  requireFree(rules, plan);
  const order = plan.pixelOrder === "planar" ? "NCHW" : plan.layout;
  let input = new Float32Array(0);
  const feed = async (
    { width, height }: SizePx,
    fill: (out: Float32Array) => void,
    names: readonly string[],
  ) => {
    const length = plan.channels * width * height;
    if (input.length !== length) input = new Float32Array(length);
    fill(input);
    const shape =
      plan.layout === "NCHW" ? [1, plan.channels, height, width] : [1, height, width, plan.channels];
    const outputs = await session.run(input, shape, names);
    return plan.outputLayout === "NHWC" ? channelsFirst(outputs) : outputs;
  };
  const run = async (tile: InputTile, inset?: Inset) => {
    const placement = placeTile(tile, rules, inset);
    const names = head.outputs.map((name) => (name === "" ? (session.outputNames[0] ?? "") : name));
    const planar = await feed(placement.inputPx, (out) => fillInput(tile, placement, order, out), names);
    return { placement, planar };
  };
  return {
    runtime: session.runtime,
    async trial(trialRules) {
      const { inputPx } = placeTile(trialRules.sizePx, { ...rules, fit: "pad" });
      const fill = (out: Float32Array): void => fillTrial(trialRules, inputPx, order, out);
      const planar = await feed(inputPx, fill, session.outputNames);
      // The runtime may write its next outputs into the same memory.
      const outputs = [...planar].map(
        ([name, { shape, data }]) => [name, { shape, data: data.slice() }] as const,
      );
      return { inputPx, inputType: session.inputType, outputs };
    },
    settle(settled) {
      cardHead = settled;
      head = headOf(settled);
    },
    async detect(tile) {
      const look = async (scoreThreshold: number, inset?: Inset): Promise<Detection[]> => {
        const { placement, planar } = await run(tile, inset);
        const found = head.decode(planar, { ...plan, ...placement, scoreThreshold });
        return found.map((detection) => intoTile(detection, placement));
      };
      const insets = insetsFor(tile, { ...plan, head: cardHead }, rules);
      if (insets.length === 1) return insideTile(await look(plan.scoreThreshold, insets[0]), tile);
      const looks: Detection[][] = [];
      // An object may be faint in one look and count all the same.
      for (const inset of insets) looks.push(await look(plan.scoreThreshold * faintShare, inset));
      const merged = mergeLooks(looks, plan.mergeIou).filter(({ score }) => score >= plan.scoreThreshold);
      return insideTile(merged, tile).slice(0, plan.maxDetections);
    },
    async mask(tile) {
      if (cardHead.kind !== "segment" || plan.fit !== "pad") {
        const got = `head ${cardHead.kind}, fit ${plan.fit}`;
        throw new SwathError("model", { what: plan.where, wanted: "head segment, fit pad", got });
      }
      const { placement, planar } = await run(tile);
      return pixelMask(cellMask(planar, cardHead, { ...plan, ...placement }), cardHead.strideCells, tile);
    },
    release: () => session.release(),
  };
};

/** Where a tile lies in each look. Heads that were compared with other software place tiles as that does. */
const insetsFor = (tile: InputTile, { head, multipleOfPx }: InferencePlan, { fixed }: FitRules) => {
  const isFree = fixed.width === null && fixed.height === null;
  return head.kind === "centre" && isFree ? insetsOf(tile, multipleOfPx, head.looks) : [noInset];
};

/** Each pixel as its cell. */
const pixelMask = (
  { mask, columns }: CellMask,
  strideCells: number,
  { width, height }: InputTile,
): Float32Array<ArrayBuffer> => {
  const pixels = new Float32Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const row = Math.floor(y / strideCells) * columns;
    for (let x = 0; x < width; x += 1) {
      pixels[y * width + x] = mask[row + Math.floor(x / strideCells)] as number;
    }
  }
  return pixels;
};

const openSession = (weights: Uint8Array, plan: InferencePlan): Promise<NetworkSession> => {
  const wanted = { inputName: plan.inputName, outputNames: [] };
  return plan.format === "tfjs"
    ? openTfjsSession(weights, wanted, plan.where)
    : openOnnxSession(weights, wanted, plan.where, plan);
};

/** A letterbox is for networks of one size: any other is better given the tile as it is. */
const requireFixed = ({ fit, fixed }: FitRules, where: string): void => {
  if (fit === "pad" || (fixed.width !== null && fixed.height !== null)) return;
  throw new SwathError("model", {
    what: `input.fit of ${where}`,
    wanted: "pad",
    got: "letterbox, for a network that takes any size",
  });
};

/** A network that takes one size only has one grid. */
const requireFree = ({ fixed }: FitRules, { head, where }: InferencePlan): void => {
  if (head.kind !== "centre" || head.looks === 1 || (fixed.width === null && fixed.height === null)) return;
  throw new SwathError("model", {
    what: `head.looks of ${where}`,
    wanted: "1, for a network that takes tiles of one size",
    got: `${head.looks}`,
  });
};

/** The sides that the network itself fixes. */
const fixedSizeOf = (shape: readonly (number | string)[], { where, layout, channels }: InferencePlan) => {
  const at = layout === "NCHW" ? { channels: 1, height: 2, width: 3 } : { channels: 3, height: 1, width: 2 };
  const has = shape[at.channels];
  if (
    shape.length !== 4 ||
    (shape[0] !== 1 && typeof shape[0] === "number") ||
    (typeof has === "number" && has !== channels)
  ) {
    const wanted = layout === "NCHW" ? `1, ${channels}, height, width` : `1, height, width, ${channels}`;
    throw new SwathError("model", {
      what: `input of ${where} does not fit its ${channels} bands`,
      wanted: `[${wanted}]`,
      got: `[${shape.join(", ")}]`,
    });
  }
  const side = (n: number | string | undefined): number | null => (typeof n === "number" ? n : null);
  return { width: side(shape[at.width]), height: side(shape[at.height]) };
};

/**
 * What lies in the tile: boxes whose centre is in the padding go, the others are clipped and all numbers rounded to float32.
 * Corners of turned boxes may reach past the tile as the objects do.
 */
const insideTile = (
  detections: readonly Detection[],
  { width, height }: { readonly width: number; readonly height: number },
): Detection[] => {
  const inside: Detection[] = [];
  for (const { classId, score, boxPx, outlinePx } of detections) {
    const x = (boxPx.x0 + boxPx.x1) / 2;
    const y = (boxPx.y0 + boxPx.y1) / 2;
    if (x < 0 || y < 0 || x >= width || y >= height) continue;
    const clipped: BoxPx = {
      x0: Math.fround(Math.max(0, boxPx.x0)),
      y0: Math.fround(Math.max(0, boxPx.y0)),
      x1: Math.fround(Math.min(width, boxPx.x1)),
      y1: Math.fround(Math.min(height, boxPx.y1)),
    };
    if (clipped.x1 <= clipped.x0 || clipped.y1 <= clipped.y0) continue;
    const outline = outlinePx?.map(([px, py]): PointPx => [Math.fround(px), Math.fround(py)]);
    inside.push({ classId, score, boxPx: clipped, ...(outline ? { outlinePx: outline } : {}) });
  }
  return inside.sort(compareDetections);
};
