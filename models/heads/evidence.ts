import type { OutputTensor } from "../runtimes/network-session.ts";
import type { SizePx } from "./head.ts";

/** What a trial tile made a network say, and what its file says of itself: what a head is told by. */
export interface Evidence {
  /** Every output by name, in the file's order; four dimensions as [1, channels, rows, columns]. */
  readonly outputs: ReadonlyMap<string, OutputTensor>;
  /** Of the file; empty where it has none. */
  readonly metadata: ReadonlyMap<string, string>;
  /** `null` where nobody has said how many there are. */
  readonly classCount: number | null;
  readonly inputPx: SizePx;
  /** Whether a card states the head: what it leaves out is then as documented, unless the values contradict it. */
  readonly isStated: boolean;
  /** Names the model in messages. */
  readonly where: string;
}

/** What an export by Ultralytics promises of its outputs, by its metadata. */
export interface Contract {
  readonly isUltralytics: boolean;
  readonly task: string | null;
  /** Suppression or a choice of the best is part of the network. */
  readonly isSuppressed: boolean;
  /** RT-DETR, whose boxes are shares of the input. */
  readonly isDetr: boolean;
  /** Values of a keypoint set, where the task is `pose`. */
  readonly keypointValues: number;
}

const isTrue = (text: string | undefined): boolean => /^\s*(true|1)\s*$/i.test(text ?? "");

/**
 * Source: `metadata` in https://github.com/ultralytics/ultralytics/blob/main/ultralytics/engine/exporter.py: `args` with `nms`,
 * `end2end`, `head` (the class of the last layer), `kpt_shape`. Exports before those keys name their model in `description`.
 */
export const contractOf = (metadata: Evidence["metadata"]): Contract => {
  const description = metadata.get("description") ?? "";
  const head = metadata.get("head") ?? "";
  const shape = [...(metadata.get("kpt_shape") ?? "").matchAll(/\d+/g)].map(([digits]) => Number(digits));
  const isUltralytics =
    metadata.has("task") &&
    metadata.has("names") &&
    (metadata.has("stride") || /ultralytics/i.test(description));
  return {
    isUltralytics,
    task: metadata.get("task") ?? null,
    isSuppressed:
      isTrue(metadata.get("end2end")) ||
      isTrue(metadata.get("nms")) ||
      /['"]nms['"]\s*:\s*true/i.test(metadata.get("args") ?? ""),
    isDetr: /^RTDETR/i.test(head) || (head === "" && isUltralytics && /\brt-?detr/i.test(description)),
    keypointValues: shape.length === 0 ? 0 : shape.reduce((product, side) => product * side, 1),
  };
};

/** Cells of the grids of usual strides; detectors without queries answer for each of them, or thrice. */
const usualStrides = [[8, 16, 32], [8, 16, 32, 64], [4, 8, 16, 32], [16, 32], [8, 16], [4], [8], [16], [32]];

/** How many answers a cell: 1, 3, or `null` where `anchors` is no number of cells. */
export const answersACell = (anchors: number, { width, height }: SizePx): 1 | 3 | null => {
  for (const strides of usualStrides) {
    const cells = strides.reduce((sum, s) => sum + Math.ceil(width / s) * Math.ceil(height / s), 0);
    if (anchors === cells) return 1;
    if (anchors === 3 * cells) return 3;
  }
  return null;
};

/** `output0 [1, 5, 8400], output1 [1, 32, 160, 160]`. */
export const shapesText = (outputs: Evidence["outputs"]): string =>
  [...outputs].map(([name, { shape }]) => `${name} [${shape.join(", ")}]`).join(", ") || "none";
