import type { Detection } from "../../pipeline/detection/detection.ts";
import { mergeDetections } from "../../pipeline/detection/merge.ts";
import type { Head } from "./head.ts";
import { checkScores } from "./anchor-table.ts";
import { checkFinite, outputNamed, rangeOf, shapeError } from "./tensor.ts";
import { z } from "zod";
import { fraction, output } from "./card-fields.ts";

const yoloxCard = z.object({
  kind: z.literal("yolox"),
  /** Input pixels a cell of each grid, in the order of the output. */
  strides: z.array(z.int().positive()).min(1).default([8, 16, 32]),
  output,
  nmsIou: fraction.default(0.5),
});

/** The fields of a card with a YOLOX head. */
export type YoloxHead = z.output<typeof yoloxCard>;

/**
 * YOLOX as exported without decoding (Ge et al., YOLOX: Exceeding YOLO Series in 2021, arXiv:2107.08430; `demo_postprocess`
 * of github.com/Megvii-BaseDetection/YOLOX): [1, cells, 5 + classes], the cells of the stride 8 grid row by row, then those
 * of 16 and 32. Centre = (cell + output) · stride, side = exp(output) · stride; objectness and classes are scores already,
 * the score is the product of objectness and the best class.
 */
export const yoloxHead = ({ strides, output = "", nmsIou }: YoloxHead): Head => ({
  outputs: [output],
  decode(outputs, { scoreThreshold, classCount, maxDetections, inputPx, isStrict }) {
    const { data, shape } = outputNamed(outputs, output);
    const grids = strides.map((stride) => ({
      stride,
      columns: Math.ceil(inputPx.width / stride),
      rows: Math.ceil(inputPx.height / stride),
    }));
    const cells = grids.reduce((sum, { columns, rows }) => sum + columns * rows, 0);
    const values = 5 + classCount;
    if (shape.length !== 3 || shape[0] !== 1 || shape[1] !== cells || shape[2] !== values) {
      const input = `${inputPx.width} × ${inputPx.height}`;
      throw shapeError(
        `the YOLOX output for ${classCount} classes, input ${input}`,
        `[1, ${cells}, ${values}]`,
        shape,
      );
    }
    checkFinite(data, output === "" ? "of the YOLOX head" : `"${output}"`);
    if (isStrict) {
      for (let at = 0; at < data.length; at += values) {
        checkScores(
          ...rangeOf(data.subarray(at + 4, at + values)),
          "the YOLOX head",
          "export the scores behind their sigmoid",
        );
      }
    }
    const candidates: Detection[] = [];
    let at = 0;
    for (const { stride, columns, rows } of grids) {
      for (let row = 0; row < rows; row += 1) {
        for (let column = 0; column < columns; column += 1, at += values) {
          const certainty = data[at + 4] as number;
          if (certainty < scoreThreshold) continue;
          const { classId, best } = bestClass(data, at + 5, classCount);
          const score = Math.fround(certainty * best);
          if (score < scoreThreshold || score <= 0) continue;
          const x = (column + (data[at] as number)) * stride;
          const y = (row + (data[at + 1] as number)) * stride;
          const halfWidth = (Math.exp(data[at + 2] as number) * stride) / 2;
          const halfHeight = (Math.exp(data[at + 3] as number) * stride) / 2;
          const boxPx = { x0: x - halfWidth, y0: y - halfHeight, x1: x + halfWidth, y1: y + halfHeight };
          candidates.push({ classId, score, boxPx });
        }
      }
    }
    return mergeDetections(candidates, nmsIou).slice(0, maxDetections);
  },
});

const bestClass = (data: Float32Array, from: number, classCount: number) => {
  let classId = 0;
  for (let k = 1; k < classCount; k += 1) {
    if ((data[from + k] as number) > (data[from + classId] as number)) classId = k;
  }
  return { classId, best: data[from + classId] as number };
};

/** The registry's entry for YOLOX heads. */
export const yolox = { card: yoloxCard, open: yoloxHead } as const;
