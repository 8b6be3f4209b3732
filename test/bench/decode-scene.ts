import { open, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { deflate } from "node:zlib";

/** The side of a Sentinel-2 tile at 20 m, and the tile side that COGs are written with. */
export const sceneSide = 5490;
export const sceneTile = 512;
export const sceneBands = 4;

const version = 2;
const compress = promisify(deflate);

/** Mulberry32: a seeded generator that is fast enough for 10^8 samples. */
const generator = (seed: number) => (): number => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};

/** Value noise at one scale: a lattice of random heights. */
const lattice = (random: () => number, stepPx: number) => {
  const side = Math.ceil(sceneSide / stepPx) + 2;
  const heights = Float32Array.from({ length: side * side }, () => random() - 0.5);
  return (x: number, y: number): number => {
    const column = Math.floor(x / stepPx);
    const row = Math.floor(y / stepPx);
    const u = x / stepPx - column;
    const v = y / stepPx - row;
    const at = row * side + column;
    const upper = heights[at]! + (heights[at + 1]! - heights[at]!) * u;
    const lower = heights[at + side]! + (heights[at + side + 1]! - heights[at + side]!) * u;
    return upper + (lower - upper) * v;
  };
};

/**
 * One tile of a coast: land with fields down to a few pixels, dark and smooth water, four correlated bands of
 * reflectance × 10,000 and the noise of a sensor with a signal-to-noise ratio of about 150. Interleaved, row by row,
 * horizontal differences already taken (TIFF predictor 2).
 */
const renderTile = (
  octaves: readonly ((x: number, y: number) => number)[],
  left: number,
  top: number,
): Buffer => {
  const random = generator(left * 31 + top + 7);
  const tile = new Uint16Array(sceneTile * sceneTile * sceneBands);
  const gains = [0.6, 0.8, 1, 1.9];
  const previous = new Uint16Array(sceneBands);
  let at = 0;
  for (let y = top; y < top + sceneTile; y++) {
    previous.fill(0);
    for (let x = left; x < left + sceneTile; x++) {
      let height = 0;
      octaves.forEach(
        (octave, i) => (height += octave(Math.min(x, sceneSide), Math.min(y, sceneSide)) / 1.7 ** i),
      );
      const land = height > 0;
      const brightness = land ? 900 + 1600 * height : 320 + 60 * height;
      for (let band = 0; band < sceneBands; band++) {
        const signal = land ? brightness * gains[band]! : brightness / gains[band]!;
        // The sum of three uniform numbers is close enough to a normal one.
        const noise = (random() + random() + random() - 1.5) * 2 * (3 + signal / 150);
        const value = Math.max(1, Math.round(signal + noise));
        tile[at++] = value - previous[band]!;
        previous[band] = value;
      }
    }
  }
  return Buffer.from(tile.buffer);
};

/** The header and the directory of the file, which come first as in every COG. */
const directoryOf = (lengths: readonly number[]): Buffer => {
  const count = lengths.length;
  const geoKeys = [1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, 32_631];
  const doubles = { 33550: [20, 20, 0], 33922: [0, 0, 0, 499_980, 4_600_020, 0] };
  const fields: readonly (readonly [tag: number, type: 3 | 4 | 12, values: readonly number[]])[] = [
    [256, 4, [sceneSide]],
    [257, 4, [sceneSide]],
    [258, 3, [16, 16, 16, 16]],
    [259, 3, [8]],
    [262, 3, [1]],
    [277, 3, [sceneBands]],
    [284, 3, [1]],
    [317, 3, [2]],
    [322, 4, [sceneTile]],
    [323, 4, [sceneTile]],
    [324, 4, lengths.map(() => 0)],
    [325, 4, lengths],
    [338, 3, [0, 0, 0]],
    [339, 3, [1, 1, 1, 1]],
    [33550, 12, doubles[33550]],
    [33922, 12, doubles[33922]],
    [34735, 3, geoKeys],
  ];
  const sizes = { 3: 2, 4: 4, 12: 8 };
  const start = 8 + 2 + fields.length * 12 + 4;
  const size = fields.reduce(
    (sum, [, type, values]) => sum + Math.ceil((values.length * sizes[type]) / 8) * 8,
    start,
  );
  const out = Buffer.alloc(size);
  out.write("II*\0", "latin1");
  out.writeUInt32LE(8, 4);
  out.writeUInt16LE(fields.length, 8);
  let free = Math.ceil(start / 8) * 8;
  fields.forEach(([tag, type, values], i) => {
    const at = 10 + i * 12;
    out.writeUInt16LE(tag, at);
    out.writeUInt16LE(type, at + 2);
    out.writeUInt32LE(values.length, at + 4);
    const inline = values.length * sizes[type] <= 4;
    let to = inline ? at + 8 : free;
    if (!inline) {
      out.writeUInt32LE(free, at + 8);
      free += Math.ceil((values.length * sizes[type]) / 8) * 8;
    }
    let offset = size;
    for (let k = 0; k < values.length; k++, to += sizes[type]) {
      const value = tag === 324 ? offset : values[k]!;
      offset += tag === 324 ? lengths[k]! : 0;
      if (type === 3) out.writeUInt16LE(value, to);
      else if (type === 4) out.writeUInt32LE(value, to);
      else out.writeDoubleLE(value, to);
    }
  });
  if (count === 0) throw new RangeError("a file without tiles");
  return out;
};

/**
 * A 5,490² scene of four 16-bit bands as a tiled, deflated GeoTIFF with predictor 2, in the temporary folder.
 * Rendered from a fixed seed and kept there, so that a second run starts at once.
 */
export const makeScene = async (): Promise<string> => {
  const path = join(tmpdir(), `swath-bench-decode-${version}.tif`);
  const made = await stat(path).catch(() => null);
  if (made !== null) return path;
  const random = generator(1);
  const octaves = [1500, 400, 110, 31, 9, 3].map((stepPx) => lattice(random, stepPx));
  const starts = Array.from({ length: Math.ceil(sceneSide / sceneTile) }, (_, i) => i * sceneTile);
  const tiles: Buffer[] = [];
  for (const top of starts) {
    const row = starts.map((left) => compress(renderTile(octaves, left, top), { level: 6 }));
    tiles.push(...(await Promise.all(row)));
  }
  const part = `${path}.${process.pid}`;
  const file = await open(part, "w");
  try {
    await file.writeFile(Buffer.concat([directoryOf(tiles.map((tile) => tile.length)), ...tiles]));
    await file.close();
    await rename(part, path);
  } catch (error) {
    await file.close();
    await rm(part, { force: true });
    throw error;
  }
  return path;
};
