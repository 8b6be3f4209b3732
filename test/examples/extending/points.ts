import { z } from "zod";
import { compareDetections } from "../../../pipeline/detection/merge.ts";
import { output } from "../../../models/heads/card-fields.ts";
import type { Head } from "../../../models/heads/head.ts";
import { checkFinite, outputNamed, shapeError } from "../../../models/heads/tensor.ts";

const pointsCard = z.object({
  kind: z.literal("points"),
  output,
  /** Side of the square that stands for an object, in pixels of the input. */
  sidePx: z.number().positive(),
});

type PointsHead = z.output<typeof pointsCard>;

/** A list of points of one class, [points, 3]: x, y in pixels of the input, score 0…1. */
const pointsHead = ({ output: name = "", sidePx }: PointsHead): Head => ({
  outputs: [name],
  decode(outputs, { scoreThreshold, maxDetections }) {
    const { data, shape } = outputNamed(outputs, name);
    if (shape.length !== 2 || shape[1] !== 3) throw shapeError("a list of points", "[points, 3]", shape);
    checkFinite(data, "of the points head");
    const half = sidePx / 2;
    return Array.from({ length: shape[0] as number }, (_, row) => {
      const [x = 0, y = 0, score = 0] = data.subarray(row * 3, row * 3 + 3);
      return { classId: 0, score, boxPx: { x0: x - half, y0: y - half, x1: x + half, y1: y + half } };
    })
      .filter(({ score }) => score >= scoreThreshold)
      .sort(compareDetections)
      .slice(0, maxDetections);
  },
});

export const points = { card: pointsCard, open: pointsHead } as const;
