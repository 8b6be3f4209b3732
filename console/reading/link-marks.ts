import type { LinkMark } from "../map/picture.ts";
import { placeIn, type Places } from "../map/orbit-places.ts";
import type { LonLat } from "../map/view.ts";
import { openContacts, openCrosslinks } from "../state/plan.ts";
import { rowsOf } from "../state/sorted.ts";
import { contactAt, type MissionState } from "../state/state-at.ts";
import type { PolicyView } from "./policy-view.ts";
import type { Prepared } from "./prepared.ts";

/** Bits a second while something was sent in a contact by `t`: what the width of its line says. */
const rateIn = ({ record }: PolicyView, contact: number, t: number): number => {
  const { at_s, to_s, bytes } = record.tables.turns.columns;
  let [sent, spent] = [0, 0];
  for (const row of rowsOf(record.turnsOf, contact)) {
    if ((at_s[row] as number) > t) break;
    sent += bytes[row] as number;
    spent += (to_s[row] as number) - (at_s[row] as number);
  }
  return spent > 0 ? (8 * sent) / spent : 0;
};

/** A crosslink is a thousand times as fast as a radio; its line would be a beam. */
const fastestDrawn = 1e8;

/** Contacts and crosslinks at `t` as marks. Of crosslinks those alone that `wanted` says; more would hide the map. */
export const linkMarks = (
  prepared: Prepared,
  view: PolicyView | null,
  exchanges: MissionState["exchanges"],
  places: Places,
  t: number,
  wanted: (satellite: number) => boolean,
): readonly LinkMark[] => {
  const { head, plan } = prepared;
  const { contacts, crosslinks } = plan;
  const at = (satellite: number): LonLat | null => placeIn(places, satellite)?.lonLat ?? null;
  const down = openContacts(plan, t).flatMap((row): LinkMark[] => {
    const from = at(contacts.columns.satellite[row] as number);
    const to = prepared.stations[contacts.columns.station[row] as number]?.lonLat;
    if (from === null || to === undefined) return [];
    const kind = view === null ? null : contactAt(plan, view.record, row, t).kind;
    const rate = view === null || kind === null ? 0 : rateIn(view, row, t);
    const name = kind === null ? null : (head.kinds[kind]?.kind ?? null);
    return [{ id: `k${row}`, from, to, crosslink: false, kind: name, rate }];
  });
  // Of several kinds the one with most bytes colours the link.
  const carried = new Map<string, { readonly kind: string; readonly bytes: number }>();
  for (const { from, to, kind, bytes } of exchanges) {
    const pair = `${Math.min(from, to)} ${Math.max(from, to)}`;
    if ((carried.get(pair)?.bytes ?? 0) < bytes)
      carried.set(pair, { kind: head.kinds[kind]?.kind ?? "", bytes });
  }
  const across = openCrosslinks(plan, t).flatMap((row): LinkMark[] => {
    const [a, b] = [crosslinks.columns.a[row] as number, crosslinks.columns.b[row] as number];
    const [from, to] = [at(a), at(b)];
    const kind = carried.get(`${Math.min(a, b)} ${Math.max(a, b)}`)?.kind ?? null;
    if (from === null || to === null || !(wanted(a) || wanted(b) || kind !== null)) return [];
    const rate = kind === null ? 0 : Math.min(fastestDrawn, head.spacecraft.terminals?.rate_bits_per_s ?? 0);
    return [{ id: `x${row}`, from, to, crosslink: true, kind, rate }];
  });
  return [...across, ...down];
};
