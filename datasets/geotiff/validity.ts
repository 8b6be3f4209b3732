import type { SampleArray, SampleType } from "../../pipeline/raster/samples.ts";

/** Beyond it no float is a measurement: files that mark gaps by the largest number of their type, tagged or not. */
const largestMeasurement = 1e30;

const integerRange: Readonly<Partial<Record<SampleType, readonly [low: number, high: number]>>> = {
  uint8: [0, 255],
  int8: [-128, 127],
  uint16: [0, 65_535],
  int16: [-32_768, 32_767],
  uint32: [0, 2 ** 32 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
};
const largestFloat32 = 3.4028234663852886e38;

/**
 * A nodata value as samples of `type` can hold it; `null` for one that none of them can: −9999 in bytes, 0.5 in integers. Text that means the
 * largest float32 and misses it by a rounding is taken for it, as GDAL does.
 */
export const nodataOfType = (nodata: number | null, type: SampleType): number | null => {
  if (nodata === null || type === "float64") return nodata;
  const range = integerRange[type];
  if (range !== undefined)
    return Number.isInteger(nodata) && nodata >= range[0] && nodata <= range[1] ? nodata : null;
  if (!Number.isFinite(nodata) || Math.abs(nodata) <= largestFloat32) return nodata;
  const isRounded = Math.abs(Math.abs(nodata) - largestFloat32) <= 1e-10 * largestFloat32;
  return isRounded ? Math.sign(nodata) * largestFloat32 : null;
};

const isFloats = (plane: SampleArray): plane is Float32Array | Float64Array =>
  plane instanceof Float32Array || plane instanceof Float64Array;

/**
 * 1 where every plane holds a measurement, 0 where one holds `nodata` or a float that is none: NaN, infinite, or 1e30 and beyond.
 * `null` when all do.
 */
export const maskFrom = (planes: readonly SampleArray[], nodata: number | null): Uint8Array | null => {
  let valid: Uint8Array | null = null;
  for (const plane of planes) {
    if (isFloats(plane)) {
      // The file states nodata in decimal; a float32 plane holds the nearest value that it can.
      const missing = plane instanceof Float32Array && nodata !== null ? Math.fround(nodata) : nodata;
      for (let i = 0; i < plane.length; i++) {
        const value = plane[i]!;
        if (value < largestMeasurement && value > -largestMeasurement && value !== missing) continue;
        valid ??= new Uint8Array(plane.length).fill(1);
        valid[i] = 0;
      }
      continue;
    }
    // Most windows have no gaps: look before a mask is made.
    if (nodata === null || !plane.includes(nodata)) continue;
    valid ??= new Uint8Array(plane.length).fill(1);
    for (let i = 0; i < plane.length; i++) if (plane[i] === nodata) valid[i] = 0;
  }
  return valid;
};

/** `valid`, and 0 also where a sample is under `least`; `null` when that is nowhere. */
export const maskBelow = (valid: Uint8Array | null, plane: SampleArray, least: number): Uint8Array | null => {
  let mask = valid;
  for (let i = 0; i < plane.length; i++) {
    if (plane[i]! >= least) continue;
    mask ??= new Uint8Array(plane.length).fill(1);
    mask[i] = 0;
  }
  return mask;
};

/** `valid`, and 0 also where `opaque` is 0; `null` when that is nowhere. */
export const maskZeros = (valid: Uint8Array | null, opaque: SampleArray): Uint8Array | null => {
  if (!opaque.includes(0)) return valid;
  const mask = valid ?? new Uint8Array(opaque.length).fill(1);
  for (let i = 0; i < mask.length; i++) if (opaque[i] === 0) mask[i] = 0;
  return mask;
};
