import type { Contact } from "../../orbit/contact.ts";
import { hertz, type Hertz } from "../../units.ts";
import { speedOfLight } from "../budget/free-space.ts";
import { rangeCurveOf, rangeRates } from "./range-curve.ts";

/** How far a carrier wanders during a contact. */
export interface Doppler {
  /** Largest shift either way, −f·(dr/dt)/c. */
  readonly shift: Hertz;
  /** Fastest change of the shift, Hz/s. */
  readonly rate: number;
}

/**
 * The Doppler shift that the receiver has to follow. To first order in v/c (the next is 10⁻⁵ of it in low orbit). Rates take
 * no harm from it: receivers are told the orbit and track the rest, so it is printed and not charged.
 */
export const dopplerOf = (contact: Contact, frequency: Hertz): Doppler => {
  const curve = rangeCurveOf(contact);
  let [shift, rate] = [0, 0];
  for (let piece = 0; piece < curve.c0.length; piece++) {
    const [start, end] = [curve.at[piece] as number, curve.at[piece + 1] as number];
    for (const t of [start, (start + end) / 2, end]) {
      const moves = rangeRates(curve, piece, t);
      shift = Math.max(shift, Math.abs(moves.rate));
      rate = Math.max(rate, Math.abs(moves.acceleration));
    }
  }
  const perSpeed = frequency / speedOfLight;
  return { shift: hertz(shift * perSpeed), rate: rate * perSpeed };
};
