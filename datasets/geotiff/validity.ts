import type { SampleArray } from "../../pipeline/raster/samples.ts";

/** 1 where no plane holds `nodata`, 0 elsewhere; `null` when that is everywhere. */
export const maskFrom = (planes: readonly SampleArray[], nodata: number | null): Uint8Array | null => {
  if (nodata === null) return null;
  let valid: Uint8Array | null = null;
  for (const plane of planes) {
    // The file states nodata in decimal; a float32 plane holds the nearest value that it can.
    const missing = plane instanceof Float32Array ? Math.fround(nodata) : nodata;
    const isNan = Number.isNaN(missing);
    // Most windows have no gaps: look before a mask is made.
    if (!plane.includes(missing)) continue;
    valid ??= new Uint8Array(plane.length).fill(1);
    if (isNan) {
      for (let i = 0; i < plane.length; i++) if (Number.isNaN(plane[i]!)) valid[i] = 0;
    } else {
      for (let i = 0; i < plane.length; i++) if (plane[i] === missing) valid[i] = 0;
    }
  }
  return valid;
};

/** `valid`, and 0 also where `opaque` is 0; `null` when that is nowhere. */
export const maskZeros = (valid: Uint8Array | null, opaque: SampleArray): Uint8Array | null => {
  if (!opaque.includes(0)) return valid;
  const mask = valid ?? new Uint8Array(opaque.length).fill(1);
  for (let i = 0; i < mask.length; i++) if (opaque[i] === 0) mask[i] = 0;
  return mask;
};
