import { compareDetections } from "../../pipeline/detection/merge.ts";
import type { Head } from "./head.ts";
import { activate, classOfChannel } from "./scores.ts";
import { checkScores } from "./anchor-table.ts";
import { checkFinite, outputNamed, rangeOf, shapeError } from "./tensor.ts";
import { z } from "zod";
import { activation, background, output } from "./card-fields.ts";

const classifyCard = z.object({ kind: z.literal("classify"), output, activation, background });

/** The fields of a card with a classification head. */
export type ClassifyHead = z.output<typeof classifyCard>;

/**
 * One score a class for the whole tile: [1, channels], whatever 1s stand around it. Each class that passes the threshold is
 * a detection as large as the tile; where in the tile the object lies, such a network does not say.
 */
export const classifyHead = ({ output = "", activation, background }: ClassifyHead): Head => ({
  outputs: [output],
  decode(outputs, { scoreThreshold, classCount, maxDetections, tilePx, isStrict }) {
    const { data, shape } = outputNamed(outputs, output);
    const channels = classCount + (background === undefined ? 0 : 1);
    if (data.length !== channels || !shape.includes(channels)) {
      const text = background === undefined ? "" : " and the background";
      throw shapeError(`the scores of ${classCount} classes${text}`, `[1, ${channels}]`, shape);
    }
    checkFinite(data, output === "" ? "of the classification head" : `"${output}"`);
    if (isStrict && activation === "none") checkScores(...rangeOf(data), "the classification head");
    const scores = new Float32Array(channels);
    activate(activation, data, 0, 1, scores);
    const { x, y, width, height } = tilePx;
    const boxPx = { x0: x, y0: y, x1: x + width, y1: y + height };
    return [...scores]
      .map((score, channel) => ({ classId: classOfChannel(channel, background), score, boxPx }))
      .filter(({ classId, score }) => classId >= 0 && score >= scoreThreshold)
      .sort(compareDetections)
      .slice(0, maxDetections);
  },
});

/** The registry's entry for heads that classify a whole tile. */
export const classify = { card: classifyCard, open: classifyHead } as const;
