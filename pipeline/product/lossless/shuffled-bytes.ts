import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import { bytesPerSample, type SampleArray, type SampleType, samplesOf } from "../../raster/samples.ts";
import type { SwathError } from "../../errors.ts";

/**
 * Samples with all first bytes together, then all second ones, and so on, each byte as the difference to the one before
 * it: exponents and high bytes then compress well where the samples as they stand would not.
 */
export const shuffleBytes = (samples: SampleArray): Uint8Array => {
  const size = samples.BYTES_PER_ELEMENT;
  const source = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  const shuffled = new Uint8Array(source.length);
  for (let byte = 0, at = 0; byte < size; byte++) {
    for (let i = byte, before = 0; i < source.length; i += size, at++) {
      shuffled[at] = source[i]! - before;
      before = source[i]!;
    }
  }
  return brotliCompressSync(shuffled, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: shuffled.length },
  });
};

/** Undoes `shuffleBytes` for `length` samples; `corrupt` makes the error when that is not what the bytes hold. */
export const unshuffleBytes = (
  type: SampleType,
  length: number,
  packed: Uint8Array,
  corrupt: (got: string, cause?: unknown) => SwathError,
): SampleArray => {
  const size = bytesPerSample(type);
  let shuffled: Uint8Array;
  try {
    shuffled = brotliDecompressSync(packed, { maxOutputLength: length * size });
  } catch (cause) {
    throw corrupt("damaged bytes", cause);
  }
  if (shuffled.length !== length * size) throw corrupt(`${shuffled.length} bytes`);
  const bytes = new Uint8Array(shuffled.length);
  for (let byte = 0, at = 0; byte < size; byte++) {
    for (let i = byte, before = 0; i < bytes.length; i += size, at++) {
      before = (before + shuffled[at]!) & 255;
      bytes[i] = before;
    }
  }
  return samplesOf(type, bytes);
};
