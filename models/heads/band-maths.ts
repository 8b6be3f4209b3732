import { type Formula, difference, rules } from "./formulas.ts";
import { z } from "zod";
import { outlines } from "./card-fields.ts";

/** The card's head of a formula over bands, which has no network. */
export const bandMathsCard = z.object({
  kind: z.literal("bandmaths"),
  formula: z.enum(["ndwi", "mndwi", "nbr", "swir-hotspot"]),
  /** Where a pixel counts; the formula's published value when not given. */
  threshold: z.number().optional(),
  minPixels: z.int().positive().default(1),
  ...outlines,
});

/** What makes `evaluate` a mask. */
export interface Evaluated {
  /** 1 where the pixel counts. */
  readonly mask: Uint8Array;
  /**
   * How clear it is, 0…1: (1 + (a − b) / (a + b)) / 2. Not a probability. For a hotspot, ρ7 / (ρ7 + ρ5).
   * 0 where neither band reflects.
   */
  readonly score: Float32Array;
}

/**
 * A formula over two planes of reflectance of one length. Pixels where `valid` is 0, whose reflectances are not finite or
 * do not sum to something above 0 never count: a ratio of noise says nothing.
 */
export const evaluate = (
  formula: Formula,
  a: Float32Array,
  b: Float32Array,
  valid: Uint8Array | null,
  threshold: number = rules[formula].threshold,
): Evaluated => {
  const { counts } = rules[formula];
  const mask = new Uint8Array(a.length);
  const score = new Float32Array(a.length);
  for (let i = 0; i < a.length; i += 1) {
    const [first, second] = [a[i] as number, b[i] as number];
    if ((valid !== null && valid[i] === 0) || !(first + second > 0) || first + second === Infinity) continue;
    // Corrected reflectances may lie a little below 0.
    score[i] = Math.min(1, Math.max(0, (1 + difference(first, second)) / 2));
    if (counts(first, second, threshold)) mask[i] = 1;
  }
  return { mask, score };
};
