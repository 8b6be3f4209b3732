/**
 * How a sample is predicted from the samples before it and from the bands before its own, as code of the tile kernel.
 *
 * The idea is that of CCSDS 123.0-B (adaptive linear prediction over a local neighbourhood in space and spectrum): a normalised
 * least-mean-squares filter over local differences, here with one set of weights for each level of local activity, followed by the
 * context bias cancellation of LOCO-I (Weinberger, Seroussi, Sapiro 2000). Nothing is transmitted: the decoder makes the same steps.
 * All arithmetic is single precision, four lanes at a time, in an order that this file fixes; WebAssembly rounds it alike everywhere.
 *
 * Not taken: doubles and one lane (version 1 of the format) took four times as long for the same size; least squares solved for each
 * block gained 0.4 % in bits and lost it again on the coefficients; the median edge detector alone needs 7 to 10 % more bits.
 */
import {
  type Code,
  f32,
  f32x4,
  i32,
  type Local,
  repeatWhile,
  select,
  type Statement,
  when,
} from "./instruction.ts";
import type { Declare } from "./module.ts";

/** Levels of local activity that the entropy coder may tell apart. */
export const activityLevels = 56;
const weightSets = 6;
const learningRate = 0.02;
/** Contexts of the mean error: eight levels of activity × six signs. */
export const biasContexts = 512;
/** Sum of errors, their count, their mean, four bytes each and four to spare. */
export const biasBytes = 16;

/** Which bands before a band help to predict it. */
export interface References {
  /** 0, 1 or 2: the nearest, with their neighbourhood. */
  readonly full: number;
  /** Those before them, each with the pixel itself alone; at most `mostOlder`. */
  readonly older: number;
}

const mostOlder = 8;

/** What band `band` of a tile is predicted from. */
export const referencesOf = (band: number): References => {
  const full = Math.min(band, 2);
  return { full, older: Math.min(band - full, mostOlder) };
};

/** Vectors of four differences that a prediction weighs: two of the band, two for each full reference, the older ones by fours. */
export const vectorsOf = ({ full, older }: References): number => 2 + 2 * full + Math.ceil(older / 4);

/** Bytes of the state of a walk: the contexts of the bias, then the sets of weights. */
export const stateBytes = (references: References): number =>
  biasContexts * biasBytes + weightSets * vectorsOf(references) * 16;

/** Where a walk finds what it needs; all in bytes, or whole numbers. */
export const walkParameters = [
  "width",
  "height",
  "maxLevel",
  /** Address of the first sample; samples are floats with a border of two all round. */
  "plane",
  /** From a row to the next. */
  "stride",
  /** From the same pixel of the band before to this. */
  "bandBytes",
  /** From a sample to its residual, as zigzag, in a plane of the same shape. */
  "toResiduals",
  /** From a sample to its residual in the band before. */
  "toBefore",
  "state",
] as const;

/** The parameters of a walk inside a routine. */
export type Walk = Readonly<Record<(typeof walkParameters)[number], Local<"i32">>>;

/** What is known of a sample when it is coded. */
export interface Expectation {
  /** 0 … `activityLevels` − 1. */
  readonly activity: Local<"i32">;
  /** Whole, from 0 to the highest level. */
  readonly prediction: Local<"f32">;
  /** Where the sample is, or is to be. */
  readonly sample: Code<"i32">;
}

/** Codes a sample: sets the variables of its level and of its residual as zigzag; the level is in its place afterwards. */
export type CodeSample = (
  expected: Expectation,
  level: Local<"f32">,
  residual: Local<"i32">,
) => readonly Statement[];

const k = i32.const;

const sumOf = (vectors: readonly Code<"v128">[]): Code<"v128"> => {
  const [first, second] = vectors;
  if (first === undefined) return f32x4.zero;
  if (second === undefined) return first;
  const half = Math.ceil(vectors.length / 2);
  return f32x4.add(sumOf(vectors.slice(0, half)), sumOf(vectors.slice(half)));
};

const acrossLanes = (vector: Local<"v128">): Code<"f32"> => {
  const lane = (at: number) => f32x4.lane(vector.get, at);
  return f32.add(f32.add(lane(0), lane(1)), f32.add(lane(2), lane(3)));
};

const halfOfSum = (a: Code<"f32">, b: Code<"f32">): Code<"f32"> => f32.mul(f32.const(0.5), f32.add(a, b));

/**
 * Walks a band row by row. The pointer `at` stands two samples before the pixel: west-west is at offset 0, west at 4, the pixel at 8,
 * east at 12.
 */
export const walkBand = (
  walk: Walk,
  references: References,
  declare: Declare,
  codeSample: CodeSample,
): readonly Statement[] => {
  const { stride, bandBytes } = walk;
  const [y, row, rowEnd, at] = [declare("i32"), declare("i32"), declare("i32"), declare("i32")];
  const [other, otherUp, residualAt] = [declare("i32"), declare("i32"), declare("i32")];
  const westWest = declare("f32");
  const [west, north, mean, estimate] = [declare("f32"), declare("f32"), declare("f32"), declare("f32")];
  const [means, total] = [declare("v128"), declare("v128")];
  const [near, octave, activity] = [declare("i32"), declare("i32"), declare("i32")];
  const [weightsAt, biasAt] = [declare("i32"), declare("i32")];
  const [rate, prediction, level, error] = [declare("f32"), declare("f32"), declare("f32"), declare("f32")];
  const [residualWest, residualNorth, residual] = [declare("i32"), declare("i32"), declare("i32")];
  const [errors, count] = [declare("f32"), declare("f32")];
  const vectors = vectorsOf(references);
  const differences = Array.from({ length: vectors }, () => declare("v128"));
  const weights = Array.from({ length: vectors }, () => declare("v128"));
  const up = i32.sub(at.get, stride.get);
  const residualUp = i32.sub(residualAt.get, stride.get);
  const sample = i32.add(at.get, k(8));

  /** Above the first row lies what is west. */
  const firstRow = when(
    i32.isZero(y.get),
    ...[8, 12, 16].map((offset) => f32.store(up, west.get, offset)),
    ...[8, 12].map((offset) => f32.store(i32.sub(up, stride.get), west.get, offset)),
  );

  const lanes = differences.values();
  const put = (vector: Code<"v128">): Statement =>
    (lanes.next().value as Local<"v128">).set(f32x4.sub(vector, means.get));
  const own: readonly Statement[] = [
    north.set(f32.load(up, 8)),
    mean.set(halfOfSum(west.get, north.get)),
    means.set(f32x4.splat(mean.get)),
    // North-west, north, north-east, one more; west-west, west, north-north, one more. What was only just written is not read in
    // another width, which would wait for the write: these two are variables.
    put(f32x4.load(up, 4)),
    put(
      f32x4.loadTwoLanes(
        i32.sub(up, stride.get),
        f32x4.replaceLane(f32x4.splat(west.get), 0, westWest.get),
        1,
        8,
      ),
    ),
  ];
  const before = Array.from({ length: references.full }, (_, nearer): readonly Statement[] => [
    other.set(i32.sub(nearer === 0 ? at.get : other.get, bandBytes.get)),
    otherUp.set(i32.sub(other.get, stride.get)),
    means.set(f32x4.splat(halfOfSum(f32.load(other.get, 4), f32.load(otherUp.get, 8)))),
    // West, the pixel, east, one more; north-west, north, north-east, south.
    put(f32x4.load(other.get, 4)),
    put(f32x4.loadLane(i32.add(other.get, stride.get), f32x4.load(otherUp.get, 4), 3, 8)),
  ]).flat();
  const older: Statement[] = [];
  for (let first = 0; first < references.older; first += 4) {
    const norths = total;
    const pixels = differences[2 + 2 * references.full + first / 4] as Local<"v128">;
    older.push(means.set(f32x4.zero), norths.set(f32x4.zero), pixels.set(f32x4.zero));
    for (let lane = 0; lane < Math.min(4, references.older - first); lane++) {
      older.push(
        other.set(i32.sub(other.get, bandBytes.get)),
        means.set(f32x4.loadLane(other.get, means.get, lane, 4)),
        norths.set(f32x4.loadLane(i32.sub(other.get, stride.get), norths.get, lane, 8)),
        pixels.set(f32x4.loadLane(other.get, pixels.get, lane, 8)),
      );
    }
    older.push(
      means.set(f32x4.mul(f32x4.splat(f32.const(0.5)), f32x4.add(means.get, norths.get))),
      put(pixels.get),
    );
  }

  /** `near`: about 80 × the mean |residual| round here, as a weighted sum of zigzags. */
  const zigzag = (from: Code<"i32">, offset: number, times: number): Code<"i32"> =>
    i32.mul(i32.load(from, offset), k(times));
  const sum = (...terms: readonly Code<"i32">[]): Code<"i32"> => terms.reduce((a, b) => i32.add(a, b));
  const isFirst = references.full === 0;
  const residualBefore = i32.add(at.get, walk.toBefore.get);
  const liveliness: readonly Statement[] = [
    residualAt.set(i32.add(at.get, walk.toResiduals.get)),
    residualNorth.set(i32.load(residualUp, 8)),
    near.set(
      sum(
        i32.load(residualAt.get, 0),
        i32.load(residualUp, 4),
        i32.load(residualUp, 12),
        i32.load(i32.sub(residualUp, stride.get), 8),
        i32.mul(residualNorth.get, k(2)),
        ...(isFirst
          ? []
          : [
              zigzag(residualBefore, 8, 3),
              i32.load(residualBefore, 12),
              i32.load(i32.add(residualBefore, stride.get), 8),
            ]),
        i32.mul(residualWest.get, k(2)),
      ),
    ),
    near.set(i32.mul(near.get, k(isFirst ? 5 : 3))),
    // Octaves of it, and quarters of octaves.
    residual.set(i32.add(near.get, k(32))),
    octave.set(i32.sub(k(26), i32.clz(residual.get))),
    activity.set(
      i32.add(
        i32.mul(octave.get, k(4)),
        i32.and(i32.shrSigned(residual.get, i32.add(octave.get, k(3))), k(3)),
      ),
    ),
    activity.set(select(activity.get, k(activityLevels - 1), i32.lt(activity.get, k(activityLevels - 1)))),
  ];

  const energyFloor = 1 + 30 * 4 * vectors;
  const estimation: readonly Statement[] = [
    weightsAt.set(select(octave.get, k(weightSets - 1), i32.lt(octave.get, k(weightSets - 1)))),
    weightsAt.set(i32.add(walk.state.get, i32.mul(weightsAt.get, k(16 * vectors)))),
    ...weights.map((weight, v) => weight.set(f32x4.load(weightsAt.get, biasContexts * biasBytes + 16 * v))),
    total.set(sumOf(differences.map(({ get }) => f32x4.mul(get, get)))),
    rate.set(
      f32.div(
        f32.const(learningRate),
        f32.add(
          f32.add(acrossLanes(total), f32.const(energyFloor)),
          f32.mul(f32.mul(f32.ofInteger(near.get), f32.ofInteger(near.get)), f32.const(1 / 300)),
        ),
      ),
    ),
    total.set(sumOf(differences.map(({ get }, v) => f32x4.mul(get, (weights[v] as Local<"v128">).get)))),
    estimate.set(f32.add(mean.get, acrossLanes(total))),
  ];

  const isAbove = (neighbour: Code<"f32">, bit: number): Code<"i32"> =>
    i32.mul(f32.gt(neighbour, estimate.get), k(bit));
  const isNegative = (zigzagged: Local<"i32">, bit: number): Code<"i32"> =>
    i32.mul(i32.and(zigzagged.get, k(1)), k(bit));
  const correction: readonly Statement[] = [
    biasAt.set(
      sum(
        i32.mul(select(octave.get, k(7), i32.lt(octave.get, k(7))), k(64)),
        isNegative(residualWest, 16),
        isNegative(residualNorth, 32),
        isAbove(west.get, 1),
        isAbove(north.get, 2),
        isAbove(f32.load(up, 4), 4),
        isAbove(f32.load(up, 12), 8),
      ),
    ),
    biasAt.set(i32.add(walk.state.get, i32.mul(biasAt.get, k(biasBytes)))),
    prediction.set(
      f32.max(
        f32.const(0),
        f32.min(
          f32.ofInteger(walk.maxLevel.get),
          f32.floor(f32.add(f32.add(estimate.get, f32.load(biasAt.get, 8)), f32.const(0.5))),
        ),
      ),
    ),
  ];

  const learning: readonly Statement[] = [
    westWest.set(west.get),
    west.set(level.get),
    i32.store(residualAt.get, residual.get, 8),
    residualWest.set(residual.get),
    error.set(f32.sub(level.get, estimate.get)),
    means.set(f32x4.splat(f32.mul(rate.get, error.get))),
    ...weights.map((weight, v) =>
      f32x4.store(
        weightsAt.get,
        f32x4.add(weight.get, f32x4.mul(means.get, (differences[v] as Local<"v128">).get)),
        biasContexts * biasBytes + 16 * v,
      ),
    ),
    errors.set(f32.add(f32.load(biasAt.get, 0), error.get)),
    count.set(f32.add(f32.load(biasAt.get, 4), f32.const(1))),
    f32.store(biasAt.get, f32.div(errors.get, count.get), 8),
    // Old errors are forgotten by halves.
    when(
      f32.gt(count.get, f32.const(255)),
      errors.set(f32.mul(errors.get, f32.const(0.5))),
      count.set(f32.mul(count.get, f32.const(0.5))),
    ),
    f32.store(biasAt.get, errors.get, 0),
    f32.store(biasAt.get, count.get, 4),
  ];

  const expectation = { activity, prediction, sample };
  return [
    row.set(i32.sub(walk.plane.get, k(8))),
    repeatWhile(
      i32.lt(y.get, walk.height.get),
      // What lies before a row counts as its first north neighbour, what lies behind it as its last sample.
      west.set(f32.load(i32.sub(row.get, stride.get), 8)),
      when(i32.isZero(y.get), west.set(f32.const(0))),
      westWest.set(west.get),
      f32.store(row.get, west.get, 0),
      f32.store(row.get, west.get, 4),
      residualWest.set(k(0)),
      at.set(row.get),
      rowEnd.set(i32.add(row.get, i32.mul(walk.width.get, k(4)))),
      repeatWhile(
        i32.ltUnsigned(at.get, rowEnd.get),
        firstRow,
        ...own,
        ...before,
        ...older,
        ...liveliness,
        ...estimation,
        ...correction,
        ...codeSample(expectation, level, residual),
        ...learning,
        at.add(k(4)),
      ),
      ...[8, 12].map((offset) => f32.store(rowEnd.get, west.get, offset)),
      row.add(stride.get),
      y.add(k(1)),
    ),
  ];
};
