import { SwathError } from "../../pipeline/errors.ts";
import { formatInstant, instant, seconds, type Instant, type Seconds } from "../../pipeline/units.ts";
import type { Satellite } from "../../pipeline/orbit/satellite.ts";

/** SGP4 is off by one to three kilometres a day; two weeks make seconds of error in a contact, two months make it fiction. */
export const staleAfter = seconds(14 * 86_400);
/** Elements older than this are refused: 60 days, in seconds. */
export const expiredAfter = seconds(60 * 86_400);

/** Elements that are used further from their epoch than they are good for. */
export interface StaleElements {
  readonly satellite: string;
  readonly epoch: Instant;
  /** The largest distance of the horizon from the epoch. */
  readonly age: Seconds;
}

const days = (span: number): string => (span / 86_400).toFixed(1);

/**
 * The satellites whose elements lie more than 14 days from an end of the horizon: a warning, for the caller to show.
 *
 * @throws SwathError("orbit") for elements more than 60 days away
 */
export const staleElements = (
  satellites: readonly Satellite[],
  from: Instant,
  to: Instant,
): readonly StaleElements[] =>
  satellites.flatMap(({ name, id, epoch }): readonly StaleElements[] => {
    const age = seconds(Math.max(Math.abs(to - epoch), Math.abs(from - epoch)));
    if (age > expiredAfter) {
      const nearest = instant(epoch < from ? from : to);
      throw new SwathError("orbit", {
        what: `orbital elements of "${name}" have expired for the horizon ${formatInstant(from)} … ${formatInstant(to)}`,
        wanted: `an epoch within ${days(expiredAfter)} days`,
        got: `${formatInstant(epoch)}, ${days(Math.abs(nearest - epoch))} days off its nearer end`,
        hint: "take elements of that time, or move the horizon",
      });
    }
    return age > staleAfter ? [{ satellite: id, epoch, age }] : [];
  });

/** The warning as a line of text. */
export const describeStale = ({ satellite, epoch, age }: StaleElements): string =>
  `elements of ${satellite} are of ${formatInstant(epoch)}, up to ${days(age)} days off the horizon; contacts may be minutes off`;
