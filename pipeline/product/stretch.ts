import type { SampleArray } from "../raster/samples.ts";

/**
 * Samples ↔ eight bits: `code = round(255 · √((sample − low) / (high − low)))`. The square root spends the codes
 * where the light is scarce, as shot noise does: over water at 3 % reflectance a code is 0.14 % when `high` is 100 %.
 */
export interface Stretch {
  readonly low: number;
  readonly high: number;
}

/** From the least to the greatest valid sample: ships and clouds are the brightest few pixels, so nothing is clipped. */
export const stretchOver = (samples: SampleArray, valid: Uint8Array | null): Stretch => {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < samples.length; i++) {
    const sample = samples[i]!;
    // Also skips NaN.
    if ((valid !== null && valid[i] === 0) || !(sample > -Infinity && sample < Infinity)) continue;
    if (sample < low) low = sample;
    if (sample > high) high = sample;
  }
  // float32 goes over the wire, and both sides must use what arrives.
  return low > high ? { low: 0, high: 0 } : { low: Math.fround(low), high: Math.fround(high) };
};

/** Codes of all samples; what is outside the stretch, or not a number, goes to its ends. */
export const applyStretch = (samples: SampleArray, { low, high }: Stretch): Uint8Array => {
  const codes = new Uint8Array(samples.length);
  const range = high - low;
  if (!(range > 0)) return codes;
  for (let i = 0; i < samples.length; i++) {
    const share = (samples[i]! - low) / range;
    codes[i] = share >= 1 ? 255 : share > 0 ? Math.round(255 * Math.sqrt(share)) : 0;
  }
  return codes;
};

/** The sample in the middle of each of the 256 codes. */
export const samplesOfCodes = ({ low, high }: Stretch): Float64Array =>
  Float64Array.from({ length: 256 }, (_, code) => low + (high - low) * (code / 255) ** 2);
