/** The formulas that a card may name. */
export type Formula = "ndwi" | "mndwi" | "nbr" | "swir-hotspot";

interface Rule {
  /** Common names; the first is `a`, the second `b`. */
  readonly bands: readonly [a: string, b: string];
  /** The published one. */
  readonly threshold: number;
  /** Where a pixel of reflectances a, b counts. */
  readonly counts: (a: number, b: number, threshold: number) => boolean;
}

const difference = (a: number, b: number): number => (a - b) / (a + b);

const rules: Readonly<Record<Formula, Rule>> = {
  // Open water. McFeeters, The use of the Normalized Difference Water Index (NDWI) in the delineation of open water
  // features, Int. J. Remote Sensing 17(7), 1996, pp. 1425–1432: (green − NIR) / (green + NIR) above 0.
  ndwi: { bands: ["green", "nir"], threshold: 0, counts: (a, b, t) => difference(a, b) > t },
  // Open water among buildings. Xu, Modification of normalised difference water index (NDWI) to enhance open water features
  // in remotely sensed imagery, Int. J. Remote Sensing 27(14), 2006, pp. 3025–3033: (green − SWIR) / (green + SWIR) above 0.
  mndwi: { bands: ["green", "swir16"], threshold: 0, counts: (a, b, t) => difference(a, b) > t },
  // Burnt ground. Key and Benson, Landscape Assessment, in FIREMON, USDA Forest Service RMRS-GTR-164-CD, 2006:
  // NBR = (NIR − SWIR 2.2 µm) / (NIR + SWIR 2.2 µm). They judge burns by the fall of NBR from before to after; in one scene
  // alone a low value is all there is, and the threshold is ours: char lies below it, bare soil and towns often do.
  nbr: { bands: ["swir22", "nir"], threshold: -0.1, counts: (a, b, t) => -difference(a, b) < t },
  // Fires by day. Schroeder et al., Active fire detection using Landsat-8/OLI data, Remote Sensing of Environment 185, 2016,
  // pp. 210–220, the test for unambiguous fires: ρ7/ρ5 > 2.5, ρ7 − ρ5 > 0.3 and ρ7 > 0.5 (ρ7: SWIR 2.2 µm, ρ5: NIR).
  // Their contextual tests, which find the weaker fires, are left out.
  "swir-hotspot": {
    bands: ["swir22", "nir"],
    threshold: 2.5,
    counts: (a, b, t) => a > t * b && a - b > 0.3 && a > 0.5,
  },
};

/** Common names of the bands that a formula takes, in the order in which a card has to give them. */
export const bandsOfFormula = (formula: Formula): readonly string[] => rules[formula].bands;

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
