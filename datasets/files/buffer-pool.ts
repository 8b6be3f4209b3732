/** Buffers that are lent and come back: megabytes allocated for every read keep the garbage collector busier than the decoder. */
export interface BufferPool {
  /** `length` bytes of a buffer that nobody else has; they hold what was there before. */
  take(length: number): Uint8Array;
  /** Gives back what `take` gave: its bytes may be written to from now on. */
  give(taken: Uint8Array): void;
}

const [leastBytes, mostBytes] = [65_536, 4_194_304];

/** A pool that keeps up to `most` spare buffers of at most 4 MB. */
export const openBufferPool = (most: number): BufferPool => {
  const spare: ArrayBufferLike[] = [];
  return {
    take(length) {
      const at = spare.findIndex(({ byteLength }) => byteLength >= length);
      const [found] = at < 0 ? [] : spare.splice(at, 1);
      const buffer = found ?? new ArrayBuffer(2 ** Math.ceil(Math.log2(Math.max(length, leastBytes))));
      return new Uint8Array(buffer, 0, length);
    },
    give({ buffer }) {
      if (buffer.byteLength <= mostBytes && spare.length < most) spare.push(buffer);
    },
  };
};
