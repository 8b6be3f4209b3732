import { instant, type Instant, type Seconds } from "../../pipeline/units.ts";

/**
 * Mission time in steps of equal length. Satellites that feed each other advance one epoch at a time and exchange what they
 * handed over between epochs (bulk-synchronous), so it does not matter which process flies which of them.
 */
export interface Epochs {
  /** Where epoch 0 begins. */
  readonly origin: Instant;
  readonly length: Seconds;
}

/**
 * Who waits for the end of an epoch on the way:
 * - `relay`: every satellite has what it received from the next epoch on, and only then passes it on; a crosslink costs an epoch;
 * - `carrier`: the way is known to all when it is booked, so relays pass on at once; the one that sends to the ground has the
 *   bundle from the next epoch on, when its sender gives it up. All crosslinks together cost an epoch.
 */
export type Custody = "relay" | "carrier";

/** The epochs of a mesh, and who may pass a product on within one. */
export interface EpochRule extends Epochs {
  readonly custody: Custody;
}

/** Instants are good to a quarter of a microsecond: what is this near to a boundary is on it. */
const nearness = 1e-6;

/** The epoch that `t` lies in; epoch e is [origin + e·length, origin + (e + 1)·length). */
export const epochOf = ({ origin, length }: Epochs, t: Instant): number =>
  Math.floor((t - origin + nearness) / length);

/** When epoch `number` begins. */
export const epochStart = ({ origin, length }: Epochs, number: number): Instant =>
  instant(origin + number * length);

/** The first epoch that does not begin before `t`. */
const epochFrom = ({ origin, length }: Epochs, t: Instant): number =>
  Math.ceil((t - origin - nearness) / length);

/**
 * The rule of hand-overs: what arrives at a satellite in an epoch is its own from the beginning of the next one, since all
 * that is known then is known to everyone. What arrives at the very beginning of an epoch counts for the one before.
 */
export const handOver = (epochs: Epochs, arrival: Instant): Instant =>
  instant(Math.max(arrival, epochStart(epochs, epochFrom(epochs, arrival))));

/** What hand-overs need to know of a hop of a route (`RouteHop` is one). */
export interface Transfer {
  readonly hop: string;
  readonly from: string;
  readonly to: string;
  readonly arrival: Instant;
}

/** A bundle that goes from one satellite to another. */
export interface HandOver {
  /** `Hop.id`. */
  readonly hop: string;
  readonly from: string;
  readonly to: string;
  /** The epoch in which its last bit arrives: the exchange at the end of this epoch carries it. */
  readonly epoch: number;
  /** From here on it is the receiver's. */
  readonly ownedFrom: Instant;
}

/** What each satellite hands to the next over the hops of a `relay` route, in order; the last goes to the ground and hands over nothing. */
export const handOversOf = (epochs: Epochs, hops: readonly Transfer[]): readonly HandOver[] =>
  hops.slice(0, -1).map(({ hop, from, to, arrival }): HandOver => {
    const ownedFrom = handOver(epochs, arrival);
    return { hop, from, to, epoch: epochFrom(epochs, arrival) - 1, ownedFrom };
  });
