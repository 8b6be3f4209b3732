const clearCode = 256;
const endCode = 257;
const firstFree = 258;
const maxCodes = 4096;
/**
 * An encoder clears the table before it is full. Some are late; libtiff gives up after a thousand codes, since what follows is
 * noise then, and so does this.
 */
const mostEntries = 5119;

/**
 * TIFF's LZW (TIFF 6.0, section 13: most significant bit first, code width grows one code early).
 * Fills at most `length` bytes and returns those that the stream held; whatever follows is ignored.
 * Throws `RangeError` for a code that no encoder can have written.
 *
 * Road not taken: geotiff.js's decoder builds plain arrays byte by byte, without a bound on their length.
 */
export const decodeLzw = (source: Uint8Array, length: number): Uint8Array => {
  const target = new Uint8Array(length);
  const prefix = new Uint16Array(maxCodes);
  const suffix = new Uint8Array(maxCodes);
  const lengths = new Uint16Array(maxCodes);
  for (let code = 0; code < 256; code++) {
    suffix[code] = code;
    lengths[code] = 1;
  }
  let free = firstFree;
  let width = 9;
  let previous = -1;
  let bits = 0;
  let bitCount = 0;
  let at = 0;
  let out = 0;
  while (out < length) {
    while (bitCount < width && at < source.length) {
      bits = (bits << 8) | source[at++]!;
      bitCount += 8;
    }
    if (bitCount < width) break;
    bitCount -= width;
    const code = (bits >>> bitCount) & ((1 << width) - 1);
    bits &= (1 << bitCount) - 1;
    if (code === endCode) break;
    if (code === clearCode) {
      free = firstFree;
      width = 9;
      previous = -1;
      continue;
    }
    if (previous < 0 ? code > 255 : code > free)
      throw new RangeError(`LZW code ${code} before its definition`);
    // A code that is about to be defined stands for the previous string and its own first byte.
    const unseen = code === free;
    const known = unseen ? previous : code;
    const stringLength = lengths[known]!;
    let first = known;
    for (let i = out + stringLength - 1; i >= out; i--) {
      target[i] = suffix[first]!;
      if (i > out) first = prefix[first]!;
    }
    const firstByte = suffix[first]!;
    out += stringLength;
    if (unseen) target[out++] = firstByte;
    if (previous >= 0) {
      if (free === mostEntries) throw new RangeError("LZW codes that go on after the table is full");
      if (free < maxCodes) {
        prefix[free] = previous;
        suffix[free] = firstByte;
        lengths[free] = lengths[previous]! + 1;
      }
      free++;
      if (free + 1 >= 1 << width && width < 12) width++;
    }
    previous = code;
  }
  return out >= length ? target : target.subarray(0, out);
};
