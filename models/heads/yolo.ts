import { mergeDetections } from "../../pipeline/detection/merge.ts";
import { type AnchorTable, boxesOf, candidatesOf, pairOf, tableOf } from "./anchor-table.ts";
import { tellBoxes } from "./boxes.ts";
import { contractOf, type Evidence } from "./evidence.ts";
import type { Outputs, OutputTensor } from "../runtimes/network-session.ts";
import type { Head } from "./head.ts";
import { checkFinite, outputNamed, shapeError } from "./tensor.ts";
import { z } from "zod";
import { fraction, output, activation, boxes, coordinates, boxesAndScores } from "./card-fields.ts";

const yoloCard = z.object({
  kind: z.literal("yolo"),
  /** `v5`: with an objectness before the classes; `v8`: without; `auto` tells them by their shapes. */
  layout: z.enum(["auto", "v5", "v8"]).default("auto"),
  output,
  outputs: boxesAndScores,
  boxes,
  coordinates,
  activation,
  /** Values behind the scores that are not read: of masks, of keypoints. */
  extraValues: z.int().nonnegative().default(0),
  /** Two boxes of one class in one tile that overlap more are one object. */
  nmsIou: fraction.default(0.5),
});

/** The fields of a card with a YOLO head. */
export type YoloHead = z.output<typeof yoloCard>;

/**
 * Outputs of the YOLO family before suppression, decoded in the graph: one table v5 [1, anchors, 5 + classes] with an objectness, v8
 * and its kin [1, 4 + classes, anchors] without, either way round, whatever values follow the scores; or boxes and scores apart
 * (YOLO-NAS). The best class of each anchor counts; what overlaps more than `nmsIou` within a class is one object.
 */
export const yoloHead = (head: YoloHead): Head => ({
  outputs: head.outputs === undefined ? [head.output ?? ""] : [head.outputs.boxes, head.outputs.scores],
  decode(outputs, limits) {
    const table = anchorsOf(head, outputs, limits.classCount);
    const rules = {
      boxes: head.boxes === "auto" ? "cxcywh" : head.boxes,
      coordinates: head.coordinates === "auto" ? "pixels" : head.coordinates,
      activation: head.activation,
    } as const;
    const what = head.output === undefined ? "the YOLO head" : `"${head.output}"`;
    return mergeDetections(candidatesOf(table, rules, limits, what), head.nmsIou).slice(
      0,
      limits.maxDetections,
    );
  },
});

/** The head with what its card leaves open told by a trial. Throws `SwathError("model")` where shapes or values do not fit. */
export const settleYolo = (head: YoloHead, evidence: Evidence): YoloHead => {
  const { outputs, classCount, inputPx, isStated, metadata, where } = evidence;
  const table = anchorsOf(head, outputs, classCount ?? 0);
  const isKnown = isStated || contractOf(metadata).isUltralytics;
  const rules = {
    form: head.boxes,
    unit: head.coordinates,
    // Boxes apart in pixels are corners in every export we know of (YOLO-NAS, PP-YOLOE, DAMO-YOLO).
    otherwise: head.outputs !== undefined ? "xyxy" : isKnown ? "cxcywh" : null,
  } as const;
  const { form, unit } = tellBoxes(boxesOf(table.boxes), rules, inputPx, where);
  return { ...head, layout: table.objectness === null ? "v8" : "v5", boxes: form, coordinates: unit };
};

const anchorsOf = (head: YoloHead, outputs: Outputs, classCount: number): AnchorTable => {
  if (head.outputs !== undefined) return pairOf(outputs, head.outputs, classCount, "the YOLO head");
  const tensor = outputNamed(outputs, head.output ?? "");
  const table = layoutOf(tensor, head, classCount);
  checkFinite(tensor.data, head.output === undefined ? "of the YOLO head" : `"${head.output}"`);
  return table;
};

const layoutOf = (
  tensor: OutputTensor,
  { layout, extraValues }: Pick<YoloHead, "layout" | "extraValues">,
  classCount: number,
): AnchorTable => {
  const { shape } = tensor;
  const [batch, rows = 0, columns = 0] = shape;
  const [v5, v8] = [5 + classCount + extraValues, 4 + classCount + extraValues];
  const of = (attributesFirst: boolean, objectness: boolean): AnchorTable => {
    const table = tableOf(tensor, attributesFirst);
    const firstScore = objectness ? 5 : 4;
    return {
      boxes: table,
      scores: table,
      firstScore,
      channels: classCount,
      objectness: objectness ? 4 : null,
    };
  };
  if (shape.length === 3 && batch === 1) {
    if (layout !== "v5" && rows === v8) return of(true, false);
    if (layout !== "v8" && columns === v5) return of(false, true);
    if (layout !== "v5" && columns === v8) return of(false, false);
    if (layout !== "v8" && rows === v5) return of(true, true);
  }
  const shapes = { v5: `[1, anchors, ${v5}]`, v8: `[1, ${v8}, anchors]` };
  const text = layout === "auto" ? `${shapes.v8} or ${shapes.v5}` : shapes[layout];
  throw shapeError(`the YOLO output for ${classCount} classes`, text, shape);
};

/** The registry's entry for YOLO heads before suppression. */
export const yolo = { card: yoloCard, open: yoloHead, settle: settleYolo } as const;
