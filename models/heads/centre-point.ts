import { compareDetections } from "../../pipeline/detection/merge.ts";
import type { Detection } from "../../pipeline/detection/detection.ts";
import type { Head, HeadLimits } from "./head.ts";
import { checkScores } from "./anchor-table.ts";
import { checkFinite, outputNamed, rangeOf, shapeError } from "./tensor.ts";
import type { OutputTensor } from "../runtimes/network-session.ts";
import { z } from "zod";

const centreCard = z.object({
  kind: z.literal("centre"),
  /** Input pixels a cell. */
  strideCells: z.int().positive(),
  outputs: z.object({ heatmap: z.string(), size: z.string(), offset: z.string() }),
  /**
   * How often each tile is looked at: once, or on four grids that a quarter turn of the scene takes to each other, averaged. Work and time
   * grow as many times; `opsPerPixel` is that of one look.
   */
  looks: z.union([z.literal(1), z.literal(4)]).default(1),
});

/** The fields of a card with a centre-point head. */
export type CentreHead = z.output<typeof centreCard>;

/**
 * Centre-point heatmap (Zhou et al., Objects as Points, arXiv:1904.07850): `heatmap` [1, classes, rows, columns], scores
 * 0…1 with a hill round each object's centre; `size` [1, 2, rows, columns], width and height in input pixels; `offset`
 * [1, 2, rows, columns], x and y from the cell's corner to the centre, in cells. Centre in pixels: (cell + offset) · stride.
 *
 * A detection is a cell that no neighbour of its 3 × 3 surpasses; of a plateau, the first cell in reading order.
 */
export const centreHead = ({ strideCells, outputs: names }: CentreHead): Head => ({
  outputs: [names.heatmap, names.size, names.offset],
  decode(outputs, limits) {
    const heatmap = outputNamed(outputs, names.heatmap);
    const size = outputNamed(outputs, names.size);
    const offset = outputNamed(outputs, names.offset);
    checkShapes({ heatmap, size, offset }, limits.classCount);
    checkFinite(heatmap.data, `"${names.heatmap}"`);
    if (limits.isStrict) {
      checkScores(...rangeOf(heatmap.data), `"${names.heatmap}"`, "export the heatmap behind its sigmoid");
    }
    const { rows, columns } = gridOf(heatmap);
    const cells = rows * columns;
    const found: Detection[] = [];
    for (const { classId, cell } of peaksOf(heatmap, limits)) {
      const row = Math.floor(cell / columns);
      const x = (cell - row * columns + (offset.data[cell] as number)) * strideCells;
      const y = (row + (offset.data[cells + cell] as number)) * strideCells;
      const halfWidth = (size.data[cell] as number) / 2;
      const halfHeight = (size.data[cells + cell] as number) / 2;
      const score = heatmap.data[classId * cells + cell] as number;
      const boxPx = { x0: x - halfWidth, y0: y - halfHeight, x1: x + halfWidth, y1: y + halfHeight };
      found.push({ classId, score, boxPx });
    }
    // `size` and `offset` may hold anything far from an object; only what is used has to be numbers.
    checkFinite(
      Float32Array.from(found, ({ boxPx }) => boxPx.x0 + boxPx.y0 + boxPx.x1 + boxPx.y1),
      `"${names.size}" or "${names.offset}"`,
    );
    return found.sort(compareDetections).slice(0, limits.maxDetections);
  },
});

const gridOf = ({ shape }: OutputTensor) => ({ rows: shape[2] ?? 0, columns: shape[3] ?? 0 });

const checkShapes = (outputs: Record<"heatmap" | "size" | "offset", OutputTensor>, classCount: number) => {
  const { rows, columns } = gridOf(outputs.heatmap);
  const channels = { heatmap: classCount, size: 2, offset: 2 };
  for (const key of ["heatmap", "size", "offset"] as const) {
    const wanted = [1, channels[key], rows, columns];
    const { shape } = outputs[key];
    if (shape.length !== 4 || wanted.some((n, i) => n !== shape[i])) {
      throw shapeError(`output "${key}"`, `[${wanted.join(", ")}]`, shape);
    }
  }
};

const peaksOf = (
  heatmap: OutputTensor,
  { scoreThreshold, classCount }: HeadLimits,
): { classId: number; cell: number }[] => {
  const { rows, columns } = gridOf(heatmap);
  const peaks: { classId: number; cell: number }[] = [];
  for (let classId = 0; classId < classCount; classId += 1) {
    const start = classId * rows * columns;
    const heat = heatmap.data.subarray(start, start + rows * columns);
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < columns; column += 1) {
        const cell = row * columns + column;
        if ((heat[cell] as number) < scoreThreshold) continue;
        if (isPeak(heat, row, column, rows, columns)) peaks.push({ classId, cell });
      }
    }
  }
  return peaks;
};

const isPeak = (heat: Float32Array, row: number, column: number, rows: number, columns: number): boolean => {
  const own = heat[row * columns + column] as number;
  for (let r = Math.max(0, row - 1); r <= Math.min(rows - 1, row + 1); r += 1) {
    for (let c = Math.max(0, column - 1); c <= Math.min(columns - 1, column + 1); c += 1) {
      const other = heat[r * columns + c] as number;
      const earlier = r < row || (r === row && c < column);
      if (other > own || (earlier && other === own)) return false;
    }
  }
  return true;
};

/** The registry's entry for centre-point heads. */
export const centre = { card: centreCard, open: centreHead } as const;
