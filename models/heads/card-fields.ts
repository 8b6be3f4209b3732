import { z } from "zod";

/* What the cards of several heads have in common. */

/** A number from 0 to 1. */
export const fraction = z.number().min(0).max(1);

/** Output tensor; the first one when not given. */
export const output = z.string().optional();
/** What turns the network's numbers into scores 0…1; `none` where its last layer has done so. */
export const activation = z.enum(["none", "sigmoid", "softmax"]).default("none");
/** The output channel that stands for "nothing here"; the classes are the others, in their order. */
export const background = z.int().nonnegative().optional();

/** Whether detections bring the outline of their patch, and how far the outline may leave out a point, in cells. */
export const outlines = {
  outlines: z.boolean().default(true),
  outlineTolerance: z.number().min(0).max(16).default(0.5),
};

/** How four numbers are a box, and in what they count; `auto`: told by a trial tile, else as the head's family has it. */
export const boxes = z.enum(["auto", "xyxy", "cxcywh"]).default("auto");
/** The unit of the four numbers: pixels of the input, or fractions of its sides. */
export const coordinates = z.enum(["auto", "pixels", "normalised"]).default("auto");
/** Boxes and scores as outputs of their own. */
export const boxesAndScores = z.object({ boxes: z.string(), scores: z.string() }).optional();
