import { z } from "zod";

const count = (what: string) => z.int().nonnegative().describe(what);
const fraction = (what: string) => z.number().min(0).max(1).describe(`${what}; 0…1`);

/** Zod schema of where a figure lies. */
export const intervalSchema = z
  .strictObject({
    low: z.number().describe("Lower end"),
    high: z.number().describe("Upper end"),
  })
  .describe(
    "95 % of 2,000 bootstrap draws; null where there are fewer than two units, or all draws are alike",
  );

const interval = intervalSchema.nullable();

const drawn = {
  unit: z
    .enum(["scene", "block"])
    .describe(
      "What is drawn again: scenes, from five on; with fewer, blocks of 256 pixels that hold anything",
    ),
  units: count("How many there are"),
};

const groupSchema = z.strictObject({
  scenes: count("Labelled scenes"),
  labels: count("Objects that people marked in them"),
  ap50FromThreshold: fraction("AP50 from the threshold on").nullable(),
  f1: fraction("Harmonic mean of precision and recall").nullable(),
  intervals: z
    .strictObject({ ...drawn, ap50FromThreshold: interval, f1: interval })
    .describe("How far these figures would move with other scenes like these"),
});

/** Zod schema of accuracy against labels. */
export const qualitySchema = z
  .strictObject({
    labels: count("Objects that people marked, ignored ones not counted"),
    ap50FromThreshold: fraction(
      "AP50 from the threshold on: average precision at IoU 0.5, all points interpolated, pooled over classes, of detections of score `threshold` or more. Below the AP50 of a model's card, which goes through all scores",
    ).nullable(),
    threshold: fraction("The score from which the figures below count a detection"),
    precision: fraction("Right among found").nullable(),
    recall: fraction("Found among labelled").nullable(),
    f1: fraction("Harmonic mean of the two").nullable(),
    counts: z
      .strictObject({
        truePositives: count("Detections on a label"),
        falsePositives: count("Detections on none"),
        falseNegatives: count("Labels without a detection"),
        ignored: count("Detections on an ignored label"),
      })
      .describe("At `threshold`"),
    bestF1: z
      .strictObject({
        threshold: fraction("Score"),
        f1: fraction("F1 there"),
        precision: fraction("Precision there"),
        recall: fraction("Recall there"),
      })
      .nullable()
      .describe("The threshold that would have served best"),
    recallAtPrecision90: fraction("Largest recall at a precision of at least 0.9").nullable(),
    intervals: z
      .strictObject({
        ...drawn,
        ap50FromThreshold: interval,
        precision: interval,
        recall: interval,
        f1: interval,
        bestF1: interval,
        recallAtPrecision90: interval,
      })
      .describe("How far the figures above would move with other scenes like these"),
    byTraining: z
      .strictObject({
        apart: groupSchema.nullable().describe("On scenes kept apart: the model was not trained on them"),
        trainedOn: groupSchema.nullable().describe("On scenes that the model was trained on"),
        unknown: groupSchema.nullable().describe("On scenes of which nobody can tell"),
      })
      .describe("By what is known of each scene; see `provenance.training`"),
    againstRaw: z
      .strictObject({
        ap50FromThreshold: z.number().min(-1).max(1).describe("This policy's less that of `raw`"),
        interval,
      })
      .nullable()
      .describe("Drawn in pairs, the same units of both; null where `raw` did not run, and for `raw`"),
    bySize: z
      .array(
        z.strictObject({
          fromPx: z.number().nonnegative().describe("Long side of the label from; pixels"),
          toPx: z.number().positive().nullable().describe("Long side below; pixels; null: no upper bound"),
          labels: count("Labels of that size"),
          ap50FromThreshold: fraction("AP50 from the threshold on for them").nullable(),
          interval,
        }),
      )
      .describe("By the long side of the label"),
    prPoints: z
      .array(
        z.strictObject({
          score: fraction("Threshold"),
          precision: fraction("Precision there"),
          recall: fraction("Recall there"),
        }),
      )
      .describe("Precision–recall curve, thinned to at most 200 points, best score first"),
  })
  .describe("Against the labels, delivered detections only; null when the dataset has none");
