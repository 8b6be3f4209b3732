import { compareDetections } from "../../pipeline/detection/merge.ts";
import type { CardHead } from "../card.ts";
import { connectedComponents } from "../components.ts";
import type { Head } from "./head.ts";
import { activate, classOfChannel } from "./scores.ts";
import { checkFinite, outputNamed, shapeError } from "./tensor.ts";

/**
 * One score a class for every cell: [1, channels, rows, columns]. A cell belongs to its best class, where that is not the
 * background and reaches `pixelScore`; cells of one class that touch, corners included, are one object: its box goes
 * round them, its score is their mean. So the score threshold chooses among objects and does not change their shapes.
 */
export const segmentHead = ({
  output = "",
  activation,
  background,
  strideCells,
  pixelScore,
  minPixels,
}: CardHead & { kind: "segment" }): Head => ({
  outputs: [output],
  decode(outputs, { scoreThreshold, classCount, maxDetections, inputPx }) {
    const { data, shape } = outputNamed(outputs, output);
    const channels = classCount + (background === undefined ? 0 : 1);
    const rows = Math.ceil(inputPx.height / strideCells);
    const columns = Math.ceil(inputPx.width / strideCells);
    const wanted = [1, channels, rows, columns];
    if (shape.length !== 4 || wanted.some((n, i) => n !== shape[i])) {
      throw shapeError("the segmentation output", `[${wanted.join(", ")}]`, shape);
    }
    checkFinite(data, output === "" ? "of the segmentation head" : `"${output}"`);
    const cells = rows * columns;
    const mask = new Uint16Array(cells);
    const best = new Float32Array(cells);
    const scores = new Float32Array(channels);
    for (let cell = 0; cell < cells; cell += 1) {
      activate(activation, data, cell, cells, scores);
      let channel = 0;
      for (let k = 1; k < channels; k += 1) {
        if ((scores[k] as number) > (scores[channel] as number)) channel = k;
      }
      const classId = classOfChannel(channel, background);
      best[cell] = scores[channel] as number;
      if (classId >= 0 && (best[cell] as number) >= pixelScore) mask[cell] = classId + 1;
    }
    return connectedComponents(mask, best, columns)
      .filter(({ pixels }) => pixels >= minPixels)
      .map(({ value, sum, pixels, x0, y0, x1, y1 }) => ({
        classId: value - 1,
        score: Math.fround(sum / pixels),
        boxPx: {
          x0: x0 * strideCells,
          y0: y0 * strideCells,
          x1: x1 * strideCells,
          y1: y1 * strideCells,
        },
      }))
      .filter(({ score }) => score >= scoreThreshold)
      .sort(compareDetections)
      .slice(0, maxDetections);
  },
});
