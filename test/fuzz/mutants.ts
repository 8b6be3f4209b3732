/** A source of whole numbers below a bound. */
export type Random = (below: number) => number;

/** Mulberry32, as whole numbers below a bound. */
export const generator = (seed: number): Random => {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
};

/** A file to damage, and the stretch of it that one decoder reads. */
export interface Seed {
  readonly name: string;
  readonly data: Buffer;
  /** What is damaged. In a TIFF the only block, so that the decoder is tried and not the reader of directories. */
  readonly from: number;
  readonly to: number;
  /** Where the length of the block stands, 32 bits; `null` when cutting the file is how to cut it. */
  readonly lengthAt: number | null;
}

const blockOffsets = 273;
const blockLengths = 279;

/** The block of a little-endian TIFF of one strip; all of any other file. */
export const seedOf = (name: string, data: Buffer): Seed => {
  if (!name.endsWith(".tif")) return { name, data, from: 0, to: data.length, lengthAt: null };
  const directory = data.readUInt32LE(4);
  const at = new Map<number, number>();
  for (let i = 0; i < data.readUInt16LE(directory); i++) {
    const field = directory + 2 + 12 * i;
    at.set(data.readUInt16LE(field), field);
  }
  const valueOf = (tag: number): number => {
    const field = at.get(tag)!;
    if (data.readUInt32LE(field + 4) !== 1) throw new Error(`${name} has more than one strip`);
    // Little-endian, so that a short stands where a long would.
    return data.readUInt16LE(field + 2) === 3 ? data.readUInt16LE(field + 8) : data.readUInt32LE(field + 8);
  };
  const from = valueOf(blockOffsets);
  const field = at.get(blockLengths)!;
  const lengthAt = data.readUInt16LE(field + 2) === 4 ? field + 8 : null;
  return { name, data, from, to: from + valueOf(blockLengths), lengthAt };
};

/** Numbers that break arithmetic. */
const cruel = [0, 1, 2, 0x7f, 0xff, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff];

/** More often near the start, where headers are. */
const place = ({ from, to }: Seed, random: Random): number =>
  random(3) === 0 ? from + random(Math.min(64, to - from)) : from + random(to - from);

/** Mutant `index` of a seed: bits flipped, bytes and numbers overwritten, a stretch repeated, cut off or lost. */
export const mutantOf = (seed: Seed, index: number): Buffer => {
  const random = generator(index * 7919 + seed.name.length * 104_729 + seed.to);
  const data = Buffer.from(seed.data);
  const kind = random(10);
  if (kind === 0) {
    const length = random(seed.to - seed.from);
    if (seed.lengthAt === null) return data.subarray(0, seed.from + length);
    data.writeUInt32LE(length, seed.lengthAt);
    return data;
  }
  if (kind === 1) {
    const target = place(seed, random);
    const length = Math.min(1 + random(64), seed.to - target);
    const source = seed.from + random(seed.to - seed.from - length + 1);
    seed.data.copy(data, target, source, source + length);
    return data;
  }
  if (kind === 2)
    return data.fill(random(256), place(seed, random), Math.min(seed.to, place(seed, random) + 8));
  for (let flips = kind < 7 ? 1 : 1 + random(4); flips > 0; flips--) {
    const at = place(seed, random);
    if (kind < 9) data[at] = data[at]! ^ (1 << random(8));
    else if (at + 4 <= seed.to) data.writeUInt32BE(cruel[random(cruel.length)]!, at);
  }
  return data;
};
