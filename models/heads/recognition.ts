import type { OutputTensor } from "../runtimes/network-session.ts";
import { contractOf, type Evidence } from "./evidence.ts";
import { recogniseRowsApart } from "./recognition-apart.ts";
import { recogniseTable } from "./recognition-table.ts";
import { notCertain, type Recognised } from "./recognised.ts";

const text = (name: string, { shape }: OutputTensor): string => `output "${name}" [${shape.join(", ")}]`;

/**
 * The head that a network's answer to a trial tile takes, by its metadata, the shapes of its outputs and the values in them. Throws
 * `SwathError("model")` with the shapes where none fits, or more than one does.
 */
export const recogniseHead = (evidence: Evidence): Recognised => {
  const { outputs, metadata } = evidence;
  const heatmap = outputs.get("heatmap");
  if (heatmap && outputs.has("size") && outputs.has("offset")) {
    return {
      kind: "centre",
      fields: { outputs: { heatmap: "heatmap", size: "size", offset: "offset" } },
      why: `outputs "heatmap" [${heatmap.shape.join(", ")}], "size" and "offset"`,
      classes: heatmap.shape[1] ?? null,
    };
  }
  const { task } = contractOf(metadata);
  const apart = recogniseRowsApart(evidence);
  if (apart !== null) return apart;
  const tables = [...outputs].filter(([, { shape }]) => shape.length === 3 && shape[0] === 1);
  const maps = [...outputs].filter(([, { shape }]) => shape.length === 4);
  const [table, ...moreTables] = tables;
  // Masks stand beside the boxes of a segmenting YOLO; grids before decoding, of five dimensions, beside those of YOLO v5.
  const isMasks = maps.length === 0 || (task === "segment" && maps.length === 1);
  if (table !== undefined && moreTables.length === 0 && isMasks) {
    return recogniseTable(evidence, table[0], maps[0]?.[1] ?? null);
  }
  const [only, ...others] = outputs;
  if (only === undefined || others.length > 0) {
    throw notCertain(
      evidence,
      "outputs of a head that Swath has",
      "--outputs with --head says which output is what",
    );
  }
  const [name, tensor] = only;
  const { shape } = tensor;
  if (shape.length === 4 && (shape[2] ?? 0) * (shape[3] ?? 0) > 1) {
    return {
      kind: "segment",
      fields: strideFields(tensor, evidence),
      why: `${text(name, tensor)}: scores for every cell of a grid`,
      classes: shape[1] ?? null,
    };
  }
  const isRow = shape[0] === 1 && shape.filter((side) => side !== 1).length <= 1;
  if (isRow && (shape.length === 2 || shape.length === 4)) {
    return {
      kind: "classify",
      fields: {},
      why: `${text(name, tensor)}: one row of scores a tile`,
      classes: tensor.data.length,
    };
  }
  if (shape.length === 2) return recogniseTable(evidence, name, null);
  throw notCertain(evidence, "outputs of a head that Swath has");
};

/** Input pixels a cell, where both sides say the same whole number. */
const strideFields = ({ shape }: OutputTensor, { inputPx }: Evidence): Readonly<Record<string, unknown>> => {
  const [, , rows = 1, columns = 1] = shape;
  const stride = inputPx.width / columns;
  return Number.isInteger(stride) && stride === inputPx.height / rows && stride > 1
    ? { strideCells: stride }
    : {};
};
