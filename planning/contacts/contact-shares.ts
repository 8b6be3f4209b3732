import type { Contact } from "../../pipeline/orbit/contact.ts";
import type { Satellite } from "../../pipeline/orbit/satellite.ts";
import { seconds, type Seconds } from "../../pipeline/units.ts";

/** How a plan's contact time is shared out among its satellites: an average hides who hears from nobody. */
export interface ContactShares {
  readonly least: Seconds;
  /** The satellite that has the least; of several the first. */
  readonly worst: string;
  readonly median: Seconds;
  readonly most: Seconds;
}

/** Contact time by satellite, one without contacts counting 0. At least one satellite. */
export const contactShares = (
  satellites: readonly Pick<Satellite, "id">[],
  contacts: readonly Pick<Contact, "satellite" | "aos" | "los">[],
): ContactShares => {
  const given = new Map(satellites.map(({ id }) => [id, 0]));
  for (const { satellite, aos, los } of contacts)
    given.set(satellite, (given.get(satellite) ?? 0) + los - aos);
  const shares = [...given].sort(([, a], [, b]) => a - b);
  const at = (place: number): Seconds => seconds(shares[place]?.[1] ?? 0);
  const half = shares.length / 2;
  return {
    least: at(0),
    worst: shares[0]?.[0] ?? "",
    median: seconds((at(Math.ceil(half) - 1) + at(Math.floor(half))) / 2),
    most: at(shares.length - 1),
  };
};
