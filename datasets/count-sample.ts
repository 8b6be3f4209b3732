import type { RasterFile } from "./geotiff/raster-file.ts";

/** What a sample of one band's values tells of what they are, in shares of those that may be measurements: 0…1. */
export interface CountSample {
  readonly isFloat: boolean;
  /** Values that mark gaps although no tag says so; they are no measurements. */
  readonly gaps: readonly number[];
  /** How many values were looked at; nodata, zero and the largest value of the type are no measurements. */
  readonly measured: number;
  /** Brighter than any reflectance in counts of 1/10,000. */
  readonly bright: number;
  /**
   * Of the different values, those that are multiples of 6.5535, rounded: counts of 1/10,000 stretched over 16 bits. By chance 15 % are.
   * 0 where there are too few values to tell.
   */
  readonly stretched: number;
  /** Values that, as they are, no reflectance has: over 2 or under −0.5. */
  readonly beyond: number;
  /** The smallest and the largest of the middle 98 %. */
  readonly range: readonly [low: number, high: number];
}

/** Reflectance 2 in counts of 1e-4: snow and cloud reach 1.6, glints in a pixel or two more. */
export const brightest = 20_000;
const [mostReflectance, leastReflectance] = [2, -0.5];
/** 65,535 / 10,000. */
const stretch = 6.5535;
const isStretched = (value: number): boolean =>
  Math.abs(value - Math.round(value / stretch) * stretch) <= 0.5 + 1e-6;
/** With this many different values, it is no accident that all of them are multiples. */
const fewestValues = 64;

const side = 256;
const places = [
  [0.5, 0.5],
  [0.15, 0.15],
  [0.85, 0.15],
  [0.15, 0.85],
  [0.85, 0.85],
] as const;

/**
 * A value that stands for "nothing" where no tag says so: far out of what any instrument counts, or the number by which people mark gaps.
 * Floats of 1e30 and more come from files that mark gaps by the largest number; −9999 and −32768 from those that use signed integers.
 */
const isGap = (value: number): boolean =>
  !Number.isFinite(value) ||
  Math.abs(value) >= 1e30 ||
  value === -9999 ||
  value === -32_768 ||
  value === -99_999;

/** Looks at five windows of one band. */
export const sampleCounts = async (file: RasterFile, bandIndex: number): Promise<CountSample> => {
  const [width, height] = [Math.min(side, file.width), Math.min(side, file.height)];
  const top = file.sampleType === "uint16" ? 65_535 : file.sampleType === "int16" ? 32_767 : Infinity;
  const values: number[] = [];
  const gaps = new Set<number>();
  for (const [fx, fy] of places) {
    const x = Math.round((file.width - width) * fx);
    const y = Math.round((file.height - height) * fy);
    const { planes, valid } = await file.readWindow({ x, y, width, height }, [bandIndex]);
    for (const [i, value] of (planes[0] ?? []).entries()) {
      if (value === 0 || value === top || valid?.[i] === 0) continue;
      if (isGap(value)) gaps.add(value);
      else values.push(value);
    }
    if (width === file.width && height === file.height) break;
  }
  const sorted = Float64Array.from(values).sort();
  const distinct = sorted.filter((value, i) => value !== sorted[i - 1]);
  const share = (test: (value: number) => boolean): number =>
    values.length === 0 ? 0 : values.filter(test).length / values.length;
  const at = (fraction: number): number => sorted[Math.round(fraction * (sorted.length - 1))] ?? 0;
  return {
    isFloat: file.sampleType.startsWith("float"),
    gaps: [...gaps],
    measured: values.length,
    bright: share((value) => value > brightest),
    stretched: distinct.length < fewestValues ? 0 : distinct.filter(isStretched).length / distinct.length,
    beyond: share((value) => value > mostReflectance || value < leastReflectance),
    range: [at(0.01), at(0.99)],
  };
};
