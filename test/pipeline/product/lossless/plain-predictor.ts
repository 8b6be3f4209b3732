/**
 * Version 2 of the prediction once more, plain and slow, from the description in docs/formats.md: what the tile kernel is held against.
 */
const f = Math.fround;

/** A band: `levels[y · width + x]`. */
export type Levels = ArrayLike<number>;

/** What is known of a sample before it is coded. */
export interface Expected {
  readonly activity: number;
  readonly prediction: number;
}

/** ((a + b) + (c + d)) of four lanes; vectors are added pair by pair, the first half (rounded up) apart from the second. */
const addVectors = (vectors: readonly (readonly number[])[]): readonly number[] => {
  if (vectors.length < 2) return vectors[0] ?? [0, 0, 0, 0];
  const half = Math.ceil(vectors.length / 2);
  const [a, b] = [addVectors(vectors.slice(0, half)), addVectors(vectors.slice(half))];
  return a.map((value, lane) => f(value + b[lane]!));
};
const sumOf = (vectors: readonly (readonly number[])[]): number => {
  const [a, b, c, d] = addVectors(vectors) as [number, number, number, number];
  return f(f(a + b) + f(c + d));
};

/** Samples of the band being coded and of finished ones, past the edges too. */
const finished = (levels: Levels, width: number, height: number) => (x: number, y: number) => {
  // Above the first row counts what is west.
  if (y < 0) return x <= 0 ? 0 : (levels[Math.min(width - 1, x) - 1] ?? 0);
  const row = Math.min(y, height - 1) * width;
  if (x < 0) return y === 0 ? 0 : levels[Math.min(y - 1, height - 1) * width]!;
  return levels[row + Math.min(x, width - 1)]!;
};

/** What is expected of each sample of the last of `bands`, those before it known. */
export const expectPlainly = (
  bands: readonly Levels[],
  width: number,
  height: number,
  maxLevel: number,
  residualsBefore: ArrayLike<number> | null,
): { readonly expected: readonly Expected[]; readonly residuals: Int32Array } => {
  const band = bands.length - 1;
  const own = bands[band]!;
  const full = Math.min(band, 2);
  const older = Math.min(band - full, 8);
  const vectors = 2 + 2 * full + Math.ceil(older / 4);
  const weights = Array.from({ length: 6 }, () => Array.from({ length: vectors }, () => [0, 0, 0, 0]));
  const bias = Array.from({ length: 512 }, () => ({ sum: 0, count: 1, mean: 0 }));
  const residuals = new Int32Array(width * height);
  const zigzag = (from: ArrayLike<number> | null, x: number, y: number): number =>
    from === null || x < 0 || y < 0 || x >= width || y >= height ? 0 : from[y * width + x]!;
  const expected: Expected[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (column: number, row: number): number => {
        const last = Math.min(column, width - 1);
        if (row >= 0) return column < 0 ? before(row) : own[row * width + last]!;
        // Above the first row: what is west of that column, as far as is known.
        return aboveFirst(Math.min(column, y === 0 ? x : width - 1));
      };
      const before = (row: number): number => (row === 0 ? 0 : own[(row - 1) * width]!);
      const aboveFirst = (column: number): number => (column <= 0 ? 0 : own[column - 1]!);
      const [west, north] = [at(x - 1, y), at(x, y - 1)];
      const mean = f(0.5 * f(west + north));
      const less = (by: number, values: readonly number[]) => values.map((value) => f(value - by));
      const differences = [
        less(mean, [at(x - 1, y - 1), north, at(x + 1, y - 1), at(x + 2, y - 1)]),
        less(mean, [at(x - 2, y), west, at(x, y - 2), at(x + 1, y - 2)]),
      ];
      for (let back = 1; back <= full; back++) {
        const there = finished(bands[band - back]!, width, height);
        const middle = f(0.5 * f(there(x - 1, y) + there(x, y - 1)));
        differences.push(less(middle, [there(x - 1, y), there(x, y), there(x + 1, y), there(x + 2, y)]));
        const around = [there(x - 1, y - 1), there(x, y - 1), there(x + 1, y - 1), there(x, y + 1)];
        differences.push(less(middle, around));
      }
      for (let first = 0; first < older; first += 4) {
        differences.push(
          Array.from({ length: 4 }, (_, lane) => {
            if (first + lane >= older) return 0;
            const there = finished(bands[band - full - 1 - first - lane]!, width, height);
            return f(there(x, y) - f(0.5 * f(there(x - 1, y) + there(x, y - 1))));
          }),
        );
      }
      const [zWest, zNorth] = [zigzag(residuals, x - 1, y), zigzag(residuals, x, y - 1)];
      let near = 2 * (zWest + zNorth) + zigzag(residuals, x - 2, y) + zigzag(residuals, x, y - 2);
      near += zigzag(residuals, x - 1, y - 1) + zigzag(residuals, x + 1, y - 1);
      near += 3 * zigzag(residualsBefore, x, y) + zigzag(residualsBefore, x + 1, y);
      near = (near + zigzag(residualsBefore, x, y + 1)) * (band === 0 ? 5 : 3);
      const octave = Math.floor(Math.log2((near + 32) / 32));
      const activity = Math.min(55, octave * 4 + (((near + 32) >> (octave + 3)) & 3));
      const set = weights[Math.min(5, octave)]!;
      const energy = f(sumOf(differences.map((v) => v.map((d) => f(d * d)))) + (1 + 120 * vectors));
      const rate = f(f(0.02) / f(energy + f(f(f(near) * f(near)) * f(1 / 300))));
      const estimate = f(mean + sumOf(differences.map((v, i) => v.map((d, lane) => f(d * set[i]![lane]!)))));
      let context = Math.min(7, octave) * 64 + (zWest & 1) * 16 + (zNorth & 1) * 32;
      const corners = [west, north, at(x - 1, y - 1), at(x + 1, y - 1)];
      corners.forEach((value, bit) => (context += value > estimate ? 1 << bit : 0));
      const mended = Math.floor(f(f(estimate + bias[context]!.mean) + 0.5));
      const prediction = Math.max(0, Math.min(maxLevel, mended));
      expected.push({ activity, prediction });
      const residual = own[y * width + x]! - prediction;
      residuals[y * width + x] = residual < 0 ? -2 * residual - 1 : 2 * residual;
      const error = f(own[y * width + x]! - estimate);
      const gain = f(rate * error);
      differences.forEach((v, i) =>
        v.forEach((d, lane) => (set[i]![lane] = f(set[i]![lane]! + f(gain * d)))),
      );
      const one = bias[context]!;
      [one.sum, one.count] = [f(one.sum + error), one.count + 1];
      one.mean = f(one.sum / one.count);
      if (one.count > 255) [one.sum, one.count] = [f(one.sum * 0.5), one.count / 2];
    }
  }
  return { expected, residuals };
};
