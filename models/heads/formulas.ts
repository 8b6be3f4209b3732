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

/** Normalised difference (a − b) / (a + b), −1…1 for values above 0; NaN when both are 0. */
export const difference = (a: number, b: number): number => (a - b) / (a + b);

/** Bands, default threshold and test of each formula; each has its source beside it. */
export const rules: Readonly<Record<Formula, Rule>> = {
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
