/** PackBits (TIFF 6.0, section 9). Fills at most `length` bytes and returns those that the stream held. */
export const decodePackBits = (source: Uint8Array, length: number): Uint8Array => {
  const target = new Uint8Array(length);
  let at = 0;
  let out = 0;
  while (out < length && at < source.length) {
    const control = source[at++]!;
    if (control === 128) continue;
    if (control < 128) {
      const run = source.subarray(at, at + Math.min(control + 1, length - out));
      target.set(run, out);
      out += run.length;
      at += control + 1;
    } else {
      const end = Math.min(out + 257 - control, length);
      target.fill(source[at++] ?? 0, out, end);
      out = end;
    }
  }
  return target.subarray(0, out);
};
