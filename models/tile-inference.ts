import type { BoxPx } from "../pipeline/detection/box.ts";
import type { Detection } from "../pipeline/detection/detection.ts";
import { compareDetections } from "../pipeline/detection/merge.ts";
import { SwathError } from "../pipeline/errors.ts";
import type { CardHead } from "./card.ts";
import { headOf } from "./heads/card-head.ts";
import { openOnnxSession } from "./onnx-session.ts";
import { fillInput, paddedLength, type InputTile } from "./tile-input.ts";

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
  readonly head: CardHead;
  readonly classCount: number;
  readonly scoreThreshold: number;
  readonly maxDetections: number;
}

/** One network, one thread. */
export interface TileInference {
  /** In pixels of the tile, clipped to it, in `compareDetections` order. Throws `SwathError("model")`. */
  detect(tile: InputTile): Promise<readonly Detection[]>;
  release(): Promise<void>;
}

/** Throws `SwathError("model")` when the network cannot be loaded or does not fit the plan. */
export const openTileInference = async (weights: Uint8Array, plan: InferencePlan): Promise<TileInference> => {
  const head = headOf(plan.head);
  const names = { inputName: plan.inputName, outputNames: head.outputs };
  const session = await openOnnxSession(weights, names, plan.where);
  const fixed = fixedSizeOf(session.inputShape, plan);
  let input = new Float32Array(0);
  return {
    async detect(tile) {
      const width = paddedLength(tile.width, fixed.width, plan.multipleOfPx);
      const height = paddedLength(tile.height, fixed.height, plan.multipleOfPx);
      if (input.length !== plan.channels * width * height)
        input = new Float32Array(plan.channels * width * height);
      fillInput(tile, { width, height, layout: plan.pixelOrder === "planar" ? "NCHW" : plan.layout }, input);
      const shape =
        plan.layout === "NCHW" ? [1, plan.channels, height, width] : [1, height, width, plan.channels];
      const outputs = await session.run(input, shape);
      return insideTile(head.decode(outputs, { ...plan, inputPx: { width, height }, tilePx: tile }), tile);
    },
    release: () => session.release(),
  };
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

/** What lies in the tile: boxes whose centre is in the padding go, the others are clipped and rounded to float32. */
const insideTile = (
  detections: readonly Detection[],
  { width, height }: { readonly width: number; readonly height: number },
): Detection[] => {
  const inside: Detection[] = [];
  for (const { classId, score, boxPx } of detections) {
    const x = (boxPx.x0 + boxPx.x1) / 2;
    const y = (boxPx.y0 + boxPx.y1) / 2;
    if (x < 0 || y < 0 || x >= width || y >= height) continue;
    const clipped: BoxPx = {
      x0: Math.fround(Math.max(0, boxPx.x0)),
      y0: Math.fround(Math.max(0, boxPx.y0)),
      x1: Math.fround(Math.min(width, boxPx.x1)),
      y1: Math.fround(Math.min(height, boxPx.y1)),
    };
    if (clipped.x1 > clipped.x0 && clipped.y1 > clipped.y0) inside.push({ classId, score, boxPx: clipped });
  }
  return inside.sort(compareDetections);
};
