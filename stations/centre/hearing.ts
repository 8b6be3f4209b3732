import type { HeardPiece } from "../receive/ground-message.ts";
import { instant, later, type Instant, type Seconds } from "../../pipeline/units.ts";

/** When the first piece of a product was sent, when and where its latest came down, and when the centre has those so far. */
export interface Hearing {
  readonly firstSentAt: Instant;
  readonly latestAt: Instant;
  readonly atCentre: Instant;
  readonly station: string;
}

/** Takes one more piece into account; whatever the order of the pieces, the outcome is the same. */
export const hear = (
  before: Hearing | undefined,
  { sentAt, heardAt }: HeardPiece,
  station: string,
  backhaul: Seconds,
): Hearing => {
  const atCentre = later(heardAt, backhaul);
  if (before === undefined) return { firstSentAt: sentAt, latestAt: heardAt, atCentre, station };
  const isLater = heardAt > before.latestAt || (heardAt === before.latestAt && station > before.station);
  return {
    firstSentAt: instant(Math.min(before.firstSentAt, sentAt)),
    latestAt: isLater ? heardAt : before.latestAt,
    atCentre: instant(Math.max(before.atCentre, atCentre)),
    station: isLater ? station : before.station,
  };
};
