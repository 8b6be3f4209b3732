import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { ByteReader, ByteWriter } from "./byte-cursor.ts";

/** A mask of 0 and 1, eight pixels a byte, deflated; a single 0 byte where every pixel is valid. */
export const writeMask = (valid: Uint8Array | null, out: ByteWriter): void => {
  if (valid === null) return out.u8(0);
  const packed = new Uint8Array(Math.ceil(valid.length / 8));
  for (let i = 0; i < valid.length; i++) {
    if (valid[i] !== 0) packed[i >> 3] = packed[i >> 3]! | (1 << (i & 7));
  }
  out.u8(1);
  out.block(deflateRawSync(packed, { level: 9 }));
};

/** The mask of `pixels` pixels. Throws `SwathError("link")` for what `writeMask` cannot have written. */
export const readMask = (input: ByteReader, pixels: number): Uint8Array | null => {
  const flag = input.u8();
  if (flag === 0) return null;
  if (flag !== 1) throw input.corrupt("mask flag 0 or 1", `${flag}`);
  const packed = inflate(input, Math.ceil(pixels / 8));
  const valid = new Uint8Array(pixels);
  for (let i = 0; i < pixels; i++) valid[i] = (packed[i >> 3]! >> (i & 7)) & 1;
  return valid;
};

const inflate = (input: ByteReader, length: number): Uint8Array => {
  const block = input.block("mask");
  let packed: Uint8Array;
  try {
    packed = inflateRawSync(block, { maxOutputLength: length });
  } catch (cause) {
    throw input.corrupt(`a mask of ${length} bytes`, "damaged bytes", cause);
  }
  if (packed.length !== length) throw input.corrupt(`a mask of ${length} bytes`, `${packed.length}`);
  return packed;
};
