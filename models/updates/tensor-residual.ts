import { codeInteger, integerChances, type IntegerChances } from "./coded-integer.ts";
import type { TensorKind } from "./onnx-tensors.ts";
import type { BitCoder } from "./range-coder.ts";
import { findTwins, type Twin } from "./tensor-twins.ts";

/*
 * New values of a tensor, given the old ones. What is coded is how far a value is from what was to be expected: the old value (in steps of
 * the new scale), or the new value of its twin. How wide the last ones were tells how wide the next will be.
 */

/** Chances that all tensors of a file share. */
export interface ResidualChances {
  /** By how wide the residuals around were. */
  readonly value: IntegerChances;
  /** Of what has a twin, by how often the twin was right. */
  readonly twin: IntegerChances;
  /** Of values of four bytes. */
  readonly wide: IntegerChances;
  /** How steps of the scale changed, row by row. */
  readonly steps: IntegerChances;
  readonly byte: IntegerChances;
}

const widths = 12;
const wideWidths = 34;

/** Nothing known yet. */
export const residualChances = (): ResidualChances => ({
  value: integerChances(widths * 2),
  twin: integerChances(4),
  wide: integerChances(wideWidths * 2),
  steps: integerChances(2),
  byte: integerChances(8),
});

/** A tensor before and after. For a decoder `next` holds nothing yet: it is filled. */
export interface TensorPair {
  readonly kind: TensorKind;
  /** Of both. */
  readonly shape: readonly number[];
  readonly old: Uint8Array;
  readonly next: Uint8Array;
}

/** Codes `next` given `old`, both of the same length, either way: an encoder reads `next`, a decoder writes it. */
export const codeTensor = (coder: BitCoder, chances: ResidualChances, pair: TensorPair): void => {
  if (pair.kind === "int8" && pair.shape.length > 1) codeWeights(coder, chances, pair);
  else if (pair.kind === "int32" || pair.kind === "float32") codeWide(coder, chances, pair);
  else codeBytes(coder, chances, pair);
};

const signed = (bytes: Uint8Array): Int8Array =>
  new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const clamped = (value: number): number => Math.max(-128, Math.min(127, value));

/** Steps of the old scale in steps of the new one, in 1/256: a scale that moved by less than 1/512 moves no value of seven bits. */
const stepUnit = 256;

/** The ratio of scales that explains most of a row. */
const bestStep = (old: Int8Array, next: Int8Array): number => {
  let [both, square] = [0, 0];
  old.forEach((value, i) => {
    both += value * (next[i] as number);
    square += value * value;
  });
  if (square === 0 || both <= 0) return 0;
  return Math.max(-200, Math.min(1000, Math.round(stepUnit * (both / square - 1))));
};

/** Kernels in int8: rows are output channels, and each row has a scale of its own. */
const codeWeights = (coder: BitCoder, chances: ResidualChances, { shape, old, next }: TensorPair): void => {
  const rows = shape[0] as number;
  const columns = old.length / rows;
  const [before, after] = [signed(old), signed(next)];
  const twins = findTwins(before, rows);
  const rowOf = (all: Int8Array, row: number) => all.subarray(row * columns, (row + 1) * columns);
  let last = 0;
  for (let row = 0; row < rows; row++) {
    const [from, to] = [rowOf(before, row), rowOf(after, row)];
    const twin = twins[row] ?? null;
    if (twin === null) {
      last += codeInteger(coder, chances.steps, 0, bestStep(from, to) - last);
      codeRow(coder, chances.value, { from, to, step: last });
    } else {
      codeTwin(coder, chances.twin, twin, {
        from,
        to,
        fromTwin: rowOf(before, twin.row),
        toTwin: rowOf(after, twin.row),
      });
    }
  }
};

interface Row {
  readonly from: Int8Array;
  readonly to: Int8Array;
}

/** Which of `count` widths a mean residual has, given in sixteenths. */
const widthOf = (sixteenths: number, count: number): number => {
  // Two classes an octave up to residuals of some 40.
  const octave = 31 - Math.clz32(sixteenths + 4);
  const half = ((sixteenths + 4) >>> (octave - 1)) & 1;
  return Math.min(count - 1, 2 * (octave - 2) + half);
};

const codeRow = (
  coder: BitCoder,
  chances: IntegerChances,
  { from, to, step }: Row & { readonly step: number },
): void => {
  let mean = 32;
  for (let i = 0; i < from.length; i++) {
    const value = from[i] as number;
    const expected = clamped(Math.round((value * (stepUnit + step)) / stepUnit));
    const context = 2 * widthOf(mean, widths) + (Math.abs(value) < 4 ? 1 : 0);
    const residual = codeInteger(coder, chances, context, (to[i] as number) - expected);
    to[i] = expected + residual;
    mean += (16 * Math.abs(residual) - mean) >> 4;
  }
};

const codeTwin = (
  coder: BitCoder,
  chances: IntegerChances,
  { from: columnOf }: Twin,
  { from, to, fromTwin, toTwin }: Row & { readonly fromTwin: Int8Array; readonly toTwin: Int8Array },
): void => {
  let wrong = 0;
  for (let i = 0; i < from.length; i++) {
    const column = columnOf[i] as number;
    // They may differ by rounding, and then go on to.
    const apart = (from[i] as number) - (fromTwin[column] as number);
    const expected = clamped((toTwin[column] as number) + (Math.abs(apart) <= 1 ? apart : 0));
    const context = (wrong > 64 ? 2 : 0) + (apart === 0 ? 0 : 1);
    const residual = codeInteger(coder, chances, context, (to[i] as number) - expected);
    to[i] = expected + residual;
    wrong += ((residual === 0 ? 0 : 1024) - wrong) >> 4;
  }
};

/** Values of four bytes that are remembered at a time: models of many more stay within memory. */
const mostMet = 2 ** 18;

/** In the order of their values, so that a small step is a small number: negative floats run the other way. */
const ordered = (word: number, kind: TensorKind): number =>
  kind === "float32" && word < 0 ? -2147483648 - word : word;

const codeWide = (coder: BitCoder, chances: ResidualChances, { kind, old, next }: TensorPair): void => {
  const [before, after] = [old, next].map(
    (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  ) as [DataView, DataView];
  /** Where the same old value was met last. */
  const met = new Map<number, number>();
  let length = 0;
  for (let at = 0; at + 4 <= old.length; at += 4) {
    const value = ordered(before.getInt32(at, true), kind);
    const like = met.get(value);
    const expected = like === undefined ? value : ordered(after.getInt32(like, true), kind);
    const context = 2 * length + (like === undefined ? 0 : 1);
    const residual = codeInteger(
      coder,
      chances.wide,
      context,
      ordered(after.getInt32(at, true), kind) - expected,
    );
    after.setInt32(at, ordered((expected + residual) | 0, kind), true);
    if (like === undefined) length = residual === 0 ? 0 : Math.min(wideWidths - 1, 1 + bitsOf(residual));
    if (met.size >= mostMet) met.clear();
    met.set(value, at);
  }
};

const bitsOf = (value: number): number => Math.floor(Math.log2(Math.abs(value)));

const codeBytes = (coder: BitCoder, chances: ResidualChances, { old, next }: TensorPair): void => {
  let context = 0;
  for (let i = 0; i < old.length; i++) {
    const value = old[i] as number;
    const moved = (((next[i] as number) - value + 384) & 255) - 128;
    const residual = codeInteger(coder, chances.byte, context, moved);
    next[i] = value + residual;
    context = residual === 0 ? 0 : Math.min(7, 1 + bitsOf(residual));
  }
};
