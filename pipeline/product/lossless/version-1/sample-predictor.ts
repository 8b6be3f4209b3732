/**
 * Predicts each sample of a band from the samples before it and from the bands before it.
 *
 * The idea is that of CCSDS 123.0-B (adaptive linear prediction over a local neighbourhood in space and spectrum): a
 * normalised least-mean-squares filter over local differences, here with one set of weights for each level of local
 * activity, followed by the context bias cancellation of LOCO-I (Weinberger, Seroussi, Sapiro 2000). Nothing is
 * transmitted: the decoder makes the same steps. All arithmetic is IEEE 754 `+ − × ÷` and `floor`, which ECMAScript
 * fixes to the last bit, so that every machine predicts the same.
 *
 * Not taken: least squares solved for each block gained 0.4 % in bits and lost it again on the coefficients; MED alone
 * needs 7–10 % more bits.
 */

/** Levels of local activity that the entropy coder may tell apart. */
export const activityLevels = 56;

/** Bands in one buffer with a border, so that no neighbour needs a bounds check. */
export interface PaddedBands {
  readonly width: number;
  readonly height: number;
  readonly stride: number;
  /** Samples from one band to the next. */
  readonly bandStride: number;
  /** Band 0, row 0, column 0. */
  readonly origin: number;
  readonly samples: Int32Array;
}

const border = 2;

/** Bands of zeros with a border, so that a predictor needs no test for edges. */
export const allocatePaddedBands = (width: number, height: number, bands: number): PaddedBands => {
  const stride = width + 2 * border;
  const bandStride = stride * (height + 2 * border);
  const samples = new Int32Array(bandStride * bands);
  return { width, height, stride, bandStride, origin: border * stride + border, samples };
};

/** Own band: W, N, NW, NE, WW, NN. Bands before: the same pixel and its neighbours, those not yet coded here included. */
const ownTaps = 6;
const neighbourTaps = 7;
/** How many bands before contribute their neighbourhood; those before them only the pixel itself. */
const fullReferences = 2;
const weightSets = 6;
const learningRate = 0.02;

/** Gives sample after sample: what is expected there (whole, within `[0, maxLevel]`) and how lively the place is. */
export type SampleStep = (activity: number, prediction: number, index: number) => number;

/**
 * Walks band `band` row by row and stores what `step` returns for each sample: the encoder returns the true sample,
 * the decoder prediction plus residual. Bands before must be complete.
 */
export const walkBand = (
  padded: PaddedBands,
  band: number,
  maxLevel: number,
  /** |residual| of the band before, row by row, or `null`; */
  residualsBefore: Int32Array | null,
  /** … and this band's, written here. Both `width · height`. */
  residuals: Int32Array,
  step: SampleStep,
): void => {
  const { width, height, stride, bandStride, samples } = padded;
  const origin = padded.origin + band * bandStride;
  const full = Math.min(band, fullReferences);
  const taps = ownTaps + full * neighbourTaps + (band - full);
  const differences = new Float64Array(taps);
  const weights = new Float64Array(weightSets * taps);
  const biasSum = new Float64Array(512);
  const biasCount = new Float64Array(512).fill(1);
  const s1 = stride;
  const s2 = 2 * stride;

  for (let y = 0; y < height; y++) {
    const row = origin + y * stride;
    samples[row - 1] = samples[row - 2] = y > 0 ? samples[row - s1]! : 0;
    for (let x = 0; x < width; x++) {
      const i = row + x;
      const r = y * width + x;
      if (y === 0) samples[i - s1] = samples[i - s1 + 1] = samples[i - s2] = samples[i - 1]!;

      const west = samples[i - 1]!;
      const north = samples[i - s1]!;
      const northWest = samples[i - s1 - 1]!;
      const northEast = samples[i - s1 + 1]!;
      const mean = 0.5 * (west + north);
      differences[0] = west - mean;
      differences[1] = north - mean;
      differences[2] = northWest - mean;
      differences[3] = northEast - mean;
      differences[4] = samples[i - 2]! - mean;
      differences[5] = samples[i - s2]! - mean;
      let k = ownTaps;
      for (let back = 1; back <= band; back++) {
        const j = i - back * bandStride;
        const w = samples[j - 1]!;
        const n = samples[j - s1]!;
        const middle = 0.5 * (w + n);
        differences[k++] = samples[j]! - middle;
        if (back > full) continue;
        differences[k] = w - middle;
        differences[k + 1] = n - middle;
        differences[k + 2] = samples[j + 1]! - middle;
        differences[k + 3] = samples[j + s1]! - middle;
        differences[k + 4] = samples[j - s1 - 1]! - middle;
        differences[k + 5] = samples[j - s1 + 1]! - middle;
        k += neighbourTaps - 1;
      }

      const residualWest = x > 0 ? residuals[r - 1]! : 0;
      const residualNorth = y > 0 ? residuals[r - width]! : 0;
      let near = 2 * (Math.abs(residualWest) + Math.abs(residualNorth));
      if (x > 1) near += Math.abs(residuals[r - 2]!);
      if (y > 0) {
        if (x > 0) near += Math.abs(residuals[r - width - 1]!);
        if (x < width - 1) near += Math.abs(residuals[r - width + 1]!);
        if (y > 1) near += Math.abs(residuals[r - 2 * width]!);
      }
      if (residualsBefore === null) near *= 5;
      else {
        near += 3 * Math.abs(residualsBefore[r]!);
        if (x < width - 1) near += Math.abs(residualsBefore[r + 1]!);
        if (y < height - 1) near += Math.abs(residualsBefore[r + width]!);
        near *= 3;
      }
      // Quarter octaves of the mean |residual| round here, in fifteenths.
      const scaled = near + 16;
      const octave = 27 - Math.clz32(scaled);
      const activity = Math.min(activityLevels - 1, octave * 4 + ((scaled >> (octave + 2)) & 3));

      const set = Math.min(weightSets - 1, octave) * taps;
      let sum = mean;
      let energy = 0;
      for (let t = 0; t < taps; t++) {
        const d = differences[t]!;
        sum += weights[set + t]! * d;
        energy += d * d;
      }

      let bias = Math.min(7, octave) * 64;
      if (west > sum) bias += 1;
      if (north > sum) bias += 2;
      if (northWest > sum) bias += 4;
      if (northEast > sum) bias += 8;
      if (residualWest > 0) bias += 16;
      if (residualNorth > 0) bias += 32;
      const corrected = Math.floor(sum + biasSum[bias]! / biasCount[bias]! + 0.5);
      const prediction = corrected < 0 ? 0 : corrected > maxLevel ? maxLevel : corrected;

      const value = step(activity, prediction, r);
      samples[i] = value;
      residuals[r] = value - prediction;

      const error = value - sum;
      biasSum[bias] = biasSum[bias]! + error;
      biasCount[bias] = biasCount[bias]! + 1;
      if (biasCount[bias]! > 255) {
        biasSum[bias] = biasSum[bias]! / 2;
        biasCount[bias] = biasCount[bias]! / 2;
      }
      const gain = (learningRate * error) / (1 + energy + 30 * taps + (near * near) / 75);
      for (let t = 0; t < taps; t++) weights[set + t] = weights[set + t]! + gain * differences[t]!;
    }
    // What lies past the edge counts as its neighbour, for the row below and for the bands to come.
    samples[row + width] = samples[row + width + 1] = samples[row + width - 1]!;
  }
  samples.copyWithin(
    origin + height * stride - border,
    origin + (height - 1) * stride - border,
    origin + (height - 1) * stride + width + border,
  );
};
