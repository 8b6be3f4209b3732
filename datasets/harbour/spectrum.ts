/** Reflectance in the bands rendered, in this order. */
export const bandNames = ["B02", "B03", "B04", "B08", "B11"] as const;
/** The number of bands of a rendered scene. */
export const bandCount = bandNames.length;

/** Reflectance of a material, 0…1, one value a band in the order of `bandNames`. */
export type Spectrum = readonly [blue: number, green: number, red: number, nir: number, swir: number];

/**
 * Surface reflectances as Sentinel-2 L2A has them: medians and percentiles of land, water and ships over real ports,
 * rounded to what they have in common.
 */
export const spectra = {
  deepWater: [0.031, 0.023, 0.009, 0.006, 0.005],
  shelfWater: [0.01, 0.03, 0.008, 0.001, 0],
  basinWater: [0.026, 0.034, 0.014, 0.009, 0.007],
  silt: [0.03, 0.05, 0.045, 0.018, 0.002],
  sand: [0.2, 0.255, 0.305, 0.36, 0.41],
  rock: [0.15, 0.165, 0.175, 0.19, 0.2],
  concrete: [0.2, 0.225, 0.24, 0.27, 0.29],
  quay: [0.15, 0.17, 0.185, 0.215, 0.235],
  street: [0.105, 0.12, 0.13, 0.17, 0.19],
  redRoof: [0.085, 0.115, 0.185, 0.25, 0.27],
  greyRoof: [0.13, 0.15, 0.16, 0.2, 0.21],
  whiteRoof: [0.33, 0.35, 0.365, 0.4, 0.34],
  darkRoof: [0.06, 0.066, 0.07, 0.1, 0.1],
  crop: [0.03, 0.062, 0.03, 0.4, 0.17],
  youngCrop: [0.05, 0.085, 0.065, 0.32, 0.21],
  stubble: [0.095, 0.13, 0.175, 0.28, 0.35],
  soil: [0.085, 0.11, 0.145, 0.2, 0.27],
  forest: [0.02, 0.036, 0.02, 0.25, 0.1],
  scrub: [0.048, 0.07, 0.07, 0.21, 0.2],
  foam: [0.42, 0.41, 0.36, 0.24, 0.05],
  cloud: [0.72, 0.71, 0.72, 0.74, 0.42],
  haze: [0.03, 0.024, 0.019, 0.014, 0.006],
} as const satisfies Record<string, Spectrum>;

/** Paints of hulls, decks and boxes. */
export const paints = {
  white: [0.5, 0.5, 0.5, 0.48, 0.3],
  red: [0.07, 0.075, 0.22, 0.29, 0.22],
  oxide: [0.09, 0.1, 0.16, 0.2, 0.19],
  blue: [0.17, 0.145, 0.11, 0.15, 0.12],
  green: [0.11, 0.19, 0.13, 0.2, 0.14],
  ochre: [0.12, 0.17, 0.21, 0.24, 0.2],
  grey: [0.21, 0.22, 0.23, 0.25, 0.2],
  dark: [0.075, 0.08, 0.09, 0.11, 0.1],
} as const satisfies Record<string, Spectrum>;
