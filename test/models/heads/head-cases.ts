import { readFileSync } from "node:fs";
import { parseModelCard } from "../../../models/card/card.ts";
import { headOf } from "../../../models/heads/card-head.ts";
import type { Head, HeadLimits } from "../../../models/heads/head.ts";
import { toyCard } from "../toys.ts";
import type { Outputs } from "../../../models/runtimes/network-session.ts";

/** Made by `test/golden/models/heads.py` with numpy and OpenCV. */
export interface GoldenCase {
  readonly threshold: number;
  readonly classes: number;
  readonly strideCells?: number;
  readonly nmsIou?: number;
  readonly background?: number | null;
  readonly activation?: string;
  readonly minPixels?: number;
  readonly outlines?: boolean;
  /** Of oriented boxes: score, angle, x and y of each corner. */
  readonly turned?: readonly (readonly number[])[];
  readonly input?: readonly [width: number, height: number];
  readonly outputs: Record<string, { readonly shape: number[]; readonly data: number[] }>;
  /** class, score, x0, y0, x1, y1. */
  readonly expected: readonly (readonly [number, number, number, number, number, number])[];
}

export const golden = JSON.parse(
  readFileSync(new URL("../../golden/models/heads.json", import.meta.url), "utf8"),
) as Record<string, GoldenCase>;

/** As a session gives them. */
export const outputsOf = (tensors: GoldenCase["outputs"]): Outputs =>
  new Map(
    Object.entries(tensors).map(([name, { shape, data }]) => [
      name,
      { shape, data: Float32Array.from(data) },
    ]),
  );

const names = { heatmap: "heatmap", size: "size", offset: "offset" };

/** The head of a case, told by the first word of its name. */
export const headFor = (name: string, options: Partial<GoldenCase>): Head => {
  const { strideCells, nmsIou, background, activation, minPixels, outlines } = options;
  const [kind = ""] = /^[\w-]+/.exec(name) ?? [];
  const head = {
    centre: { kind, strideCells, outputs: names },
    yolo: { kind, nmsIou },
    "yolo-obb": { kind, nmsIou },
    yolox: { kind, nmsIou },
    classify: { kind, activation, background },
    segment: { kind, activation, background: background ?? undefined, minPixels, strideCells, outlines },
  }[kind];
  const classes = Array.from({ length: options.classes ?? 1 }, (_, i) => `class ${i}`);
  return headOf(parseModelCard(toyCard({ head, classes }), "test").head);
};

export const limits: HeadLimits = {
  scoreThreshold: 0.5,
  maxDetections: 1000,
  classCount: 1,
  inputPx: { width: 64, height: 64 },
  tilePx: { x: 0, y: 0, width: 64, height: 64 },
};
