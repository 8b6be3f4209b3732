/** Unsigned LEB128: seven bits a byte, lowest first; numbers up to 2³² − 1 take one to five bytes. */
export const varintBytes = (value: number): number => {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x200000) return 3;
  return value < 0x10000000 ? 4 : 5;
};

/** Writes `value` at `at`; returns where the next byte goes. */
export const writeVarint = (into: Uint8Array, at: number, value: number): number => {
  let rest = value >>> 0;
  let next = at;
  while (rest >= 0x80) {
    into[next++] = rest | 0x80;
    rest >>>= 7;
  }
  into[next++] = rest;
  return next;
};

/** Reads one after the other; `ok` turns false, for good, at the end of the bytes or at a number beyond 32 bits. */
export interface VarintReader {
  readonly next: () => number;
  readonly position: () => number;
  readonly ok: () => boolean;
}

/** Reads varints of `from` in [start, end). */
export const varintReader = (from: Uint8Array, start: number, end: number): VarintReader => {
  let at = start;
  let ok = true;
  const next = (): number => {
    let value = 0;
    for (let scale = 1; scale <= 0x10000000; scale *= 0x80) {
      if (at >= end) break;
      const byte = from[at++]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        if (value > 0xffffffff) break;
        return value;
      }
    }
    ok = false;
    return 0;
  };
  return { next, position: () => at, ok: () => ok };
};
