import { nextContacts, openContacts, type Plan } from "./plan.ts";
import type { PolicyRecord } from "./policy-record.ts";
import { contactAt, type OpenContact } from "./state-at.ts";
import { rowsOf } from "./sorted.ts";

/** One station at one moment. */
export interface StationState {
  /** Who is heard; at most as many as it has antennas. */
  readonly contacts: readonly OpenContact[];
  /** Contacts that are over, and what they brought. */
  readonly passes: number;
  readonly bytes: number;
  readonly frames: number;
  readonly lostFrames: number;
  /** Share of the time so far in which an antenna was in contact, 0 … 1, over all of them. */
  readonly antennaUse: number;
  /** Rows of the plan's contacts: the latest that are over, and the next. */
  readonly last: readonly number[];
  readonly next: readonly number[];
}

/** All that a panel shows of a station at `t`: at most `most` contacts behind and ahead. Without a record (`null`) the plan alone is known. */
export const stationAt = (
  plan: Plan,
  record: PolicyRecord | null,
  station: number,
  t: number,
  most = 8,
): StationState => {
  const { from_s, to_s, station: of } = plan.contacts.columns;
  let [passes, bytes, frames, lostFrames, used] = [0, 0, 0, 0, 0];
  const last: number[] = [];
  for (const row of rowsOf(plan.contactsAt, station)) {
    const from = from_s[row] as number;
    if (from > t) break;
    used += Math.min(t, to_s[row] as number) - from;
    const crossed = contactAt(plan, record, row, t);
    bytes += crossed.bytes;
    frames += crossed.frames;
    lostFrames += crossed.lostFrames;
    if ((to_s[row] as number) > t) continue;
    passes++;
    last.push(row);
  }
  const antennas = plan.head.stations[station]?.antennas ?? 1;
  return {
    contacts: openContacts(plan, t)
      .filter((row) => of[row] === station)
      .map((row) => contactAt(plan, record, row, t)),
    passes,
    bytes,
    frames,
    lostFrames,
    antennaUse: t <= 0 ? 0 : used / (antennas * t),
    last: last.slice(-most).toReversed(),
    next: nextContacts(plan, { station }, t, most),
  };
};
