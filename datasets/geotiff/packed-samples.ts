/** Each byte with its bits turned round. */
const reversed = Uint8Array.from({ length: 256 }, (_, byte) => {
  let turned = 0;
  for (let bit = 0; bit < 8; bit++) turned |= ((byte >> bit) & 1) << (7 - bit);
  return turned;
});

/** A copy with the bits of each byte turned round, as TIFF's fill order 2 has them. */
export const reverseBits = (data: Uint8Array): Uint8Array => data.map((byte) => reversed[byte]!);

/**
 * Takes samples of `bits` (1 to 32) out of a stream of bits, most significant first, each row filled up to a byte: `perRow` samples a row.
 * TIFF 6.0, BitsPerSample. The order of bytes does not matter to them.
 */
export const unpackSamples = (
  data: Uint8Array,
  bits: number,
  perRow: number,
  rows: number,
): Uint8Array | Uint16Array | Uint32Array => {
  const count = perRow * rows;
  const samples =
    bits <= 8 ? new Uint8Array(count) : bits <= 16 ? new Uint16Array(count) : new Uint32Array(count);
  const stride = Math.ceil((perRow * bits) / 8);
  let out = 0;
  for (let row = 0; row < rows; row++) {
    let at = row * stride;
    // A sample of up to 32 bits and up to 7 of the next one: more than bit operators hold, so it is kept as a number.
    let held = 0;
    let heldBits = 0;
    for (let i = 0; i < perRow; i++) {
      while (heldBits < bits) {
        held = held * 256 + data[at++]!;
        heldBits += 8;
      }
      const rest = 2 ** (heldBits - bits);
      const sample = Math.floor(held / rest);
      samples[out++] = sample;
      held -= sample * rest;
      heldBits -= bits;
    }
  }
  return samples;
};

/** Floats of 16 bits (IEEE 754 binary16) as float32. */
export const widenHalves = (data: Uint8Array, count: number, littleEndian: boolean): Float32Array => {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Float32Array.from({ length: count }, (_, i) => {
    const half = view.getUint16(i * 2, littleEndian);
    const sign = half >> 15 ? -1 : 1;
    const exponent = (half >> 10) & 31;
    const fraction = half & 1023;
    if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
    return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
  });
};
