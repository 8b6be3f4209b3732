import type { Contact } from "../../orbit/contact.ts";

/**
 * The slant range of a contact between its samples. Its square follows a parabola closely (one through three neighbouring
 * samples, 10 s apart, is within a metre for satellites in low orbit), the range itself does not: a straight line would
 * miss the nearest point of a pass by kilometres.
 */
export interface RangeCurve {
  /** Where each piece starts, seconds since 1970; one more than pieces. */
  readonly at: Float64Array;
  /** Of each piece: range² = c0 + c1·τ + c2·τ² in m², τ = t − start in seconds. */
  readonly c0: Float64Array;
  readonly c1: Float64Array;
  readonly c2: Float64Array;
}

/** The curve through the samples of a contact. */
export const rangeCurveOf = ({ samples }: Contact): RangeCurve => {
  const pieces = Math.max(0, samples.length - 1);
  const at = Float64Array.from(samples, (sample) => sample.at);
  const square = Float64Array.from(samples, ({ range }) => range * range);
  const [c0, c1, c2] = [new Float64Array(pieces), new Float64Array(pieces), new Float64Array(pieces)];
  const slope = (a: number, b: number): number =>
    ((square[b] as number) - (square[a] as number)) / ((at[b] as number) - (at[a] as number));
  for (let i = 0; i < pieces; i++) {
    c0[i] = square[i] as number;
    const along = slope(i, i + 1);
    // The third point: the sample before, or after for the first piece; none where there are only two.
    const third = i > 0 ? i - 1 : 2;
    const bend =
      third > pieces
        ? 0
        : i > 0
          ? (along - slope(third, i)) / ((at[i + 1] as number) - (at[third] as number))
          : (slope(1, third) - along) / ((at[third] as number) - (at[0] as number));
    c2[i] = bend;
    c1[i] = along - bend * ((at[i + 1] as number) - (at[i] as number));
  }
  return { at, c0, c1, c2 };
};

/** The piece that `t` lies in, looking on from `piece`; the last one for any time after it. */
export const pieceAt = ({ at, c0 }: RangeCurve, t: number, piece = 0): number => {
  let i = piece;
  while (i + 1 < c0.length && t > (at[i + 1] as number)) i++;
  return i;
};

/** Slant range squared at `t` within the piece, m². */
export const squaredRange = ({ at, c0, c1, c2 }: RangeCurve, piece: number, t: number): number => {
  const tau = t - (at[piece] as number);
  return (c0[piece] as number) + tau * ((c1[piece] as number) + tau * (c2[piece] as number));
};

/** First and second derivative of the range at `t`: m/s, negative while the satellite comes nearer; m/s². */
export const rangeRates = (
  curve: RangeCurve,
  piece: number,
  t: number,
): { readonly rate: number; readonly acceleration: number } => {
  const range = Math.sqrt(squaredRange(curve, piece, t));
  const bend = curve.c2[piece] as number;
  const tau = t - (curve.at[piece] as number);
  const rate = ((curve.c1[piece] as number) + 2 * bend * tau) / (2 * range);
  return { rate, acceleration: (bend - rate * rate) / range };
};
