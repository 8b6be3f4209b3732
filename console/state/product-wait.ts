import { isSwathError } from "../../pipeline/errors.ts";
import { horizonAt } from "../../pipeline/orbit/horizon.ts";
import { lookFrom, siteOf } from "../../pipeline/orbit/look-angles.ts";
import { propagateEcefInto } from "../../pipeline/orbit/propagator.ts";
import type { Vector3 } from "../../pipeline/orbit/reference-frame.ts";
import type { Satellite } from "../../pipeline/orbit/satellite.ts";
import { degrees, metres, type Instant } from "../../pipeline/units.ts";
import { heldBy } from "./custody.ts";
import { instantOf, nextContacts, openContacts, type Plan } from "./plan.ts";
import type { PolicyRecord } from "./policy-record.ts";
import { countUpTo, rowsOf } from "./sorted.ts";

/** Why a product waits on board. Times from the plan are plans. */
export type ProductWait =
  /** A way over crosslinks was found: `to` has it from `at` on, and it is to come down at `station`. */
  | {
      readonly why: "exchange";
      readonly to: number;
      readonly at: number;
      readonly station: number;
      readonly lands: number;
    }
  /** A station that sees the satellite has all its antennas on others: the latest of these is a row of the plan's contacts. */
  | {
      readonly why: "antenna";
      readonly station: number;
      readonly following: number;
      readonly contact: number | null;
      readonly at: number | null;
    }
  /** No contact is open; the next one is a row of the plan's contacts, `null` where there is none any more. */
  | { readonly why: "contact"; readonly contact: number | null; readonly at: number | null }
  /** The contact is open, the link not locked before `at`. */
  | { readonly why: "lock"; readonly contact: number; readonly at: number }
  /** In a contact: the radio sends in its order, with this many bytes of others on board; `sending`: a turn is under way. */
  | { readonly why: "radio"; readonly contact: number; readonly sending: boolean; readonly bytes: number };

/** The way that was found for a product by `t`, if it has not been gone yet. */
const routeOf = (
  { tables }: PolicyRecord,
  product: number,
  satellite: number,
  t: number,
): ProductWait | null => {
  const { columns } = tables.routes;
  for (let row = countUpTo(columns.at_s, t) - 1; row >= 0; row--) {
    if (columns.product[row] !== product || columns.from[row] !== satellite) continue;
    const at = columns.handover_s[row] as number;
    if (at < t) return null;
    const [to, station] = [columns.to[row] as number, columns.station[row] as number];
    return { why: "exchange", to, at, station, lands: columns.landing_s[row] as number };
  }
  return null;
};

/** The station that sees a satellite best while all its antennas follow others, and the contact that the longest of these is; `null`: none does. */
const busyAntenna = (
  plan: Plan,
  satellite: number,
  t: number,
): { readonly station: number; readonly following: number } | null => {
  const orbit = plan.orbits[satellite];
  if (orbit === undefined) return null;
  const open = openContacts(plan, t);
  const { station: of } = plan.contacts.columns;
  let best: { readonly station: number; readonly following: number } | null = null;
  let highest = -Infinity;
  let position: Vector3 | null = null;
  for (const [station, { antennas, min_elevation_deg, horizon, ...place }] of plan.head.stations.entries()) {
    const following = open.filter((row) => of[row] === station);
    if (following.length < antennas) continue;
    position ??= placeOrNull(orbit, instantOf(plan, t));
    if (position === null) return null;
    const site = siteOf({
      longitude: degrees(place.longitude_deg),
      latitude: degrees(place.latitude_deg),
      altitude: metres(place.altitude_m),
    });
    const { elevation, azimuth } = lookFrom(site, position);
    const ground =
      horizon === null || horizon.length === 0
        ? -90
        : horizonAt(
            horizon.map(([a, e]) => ({ azimuth: degrees(a), elevation: degrees(e) })),
            azimuth,
          );
    const [first] = following;
    if (first === undefined || elevation < Math.max(min_elevation_deg, ground) || elevation <= highest)
      continue;
    highest = elevation;
    best = { station, following: first };
  }
  return best;
};

/** `null` for an orbit that has decayed. */
const placeOrNull = (orbit: Satellite, at: Instant): Vector3 | null => {
  const state = new Float64Array(6);
  try {
    propagateEcefInto(orbit, at, state, 0);
    return [state[0] as number, state[1] as number, state[2] as number];
  } catch (error) {
    if (isSwathError(error, "orbit")) return null;
    throw error;
  }
};

/** Why a product waits in the store of a satellite at `t`. */
export const waitOf = (
  plan: Plan,
  record: PolicyRecord,
  product: number,
  satellite: number,
  t: number,
): ProductWait => {
  const route = routeOf(record, product, satellite, t);
  if (route !== null) return route;
  const { columns } = plan.contacts;
  const open = openContacts(plan, t).find((row) => columns.satellite[row] === satellite);
  if (open === undefined) {
    const [next] = nextContacts(plan, { satellite }, t, 1);
    const coming = {
      contact: next ?? null,
      at: next === undefined ? null : (columns.from_s[next] as number),
    };
    const busy = busyAntenna(plan, satellite, t);
    return busy === null ? { why: "contact", ...coming } : { why: "antenna", ...busy, ...coming };
  }
  const locked = columns.locked_s[open] as number;
  if (locked > t) return { why: "lock", contact: open, at: locked };
  const bytes = heldBy(record.custody, satellite, t).reduce((sum, row) => {
    const other = record.custody.product[row] as number;
    return other === product ? sum : sum + (record.tables.products.columns.bytes[other] as number);
  }, 0);
  const { turns } = record.tables;
  const latest = rowsOf(record.turnsOf, open).findLast((row) => (turns.columns.at_s[row] as number) <= t);
  const sending = latest !== undefined && (turns.columns.to_s[latest] as number) > t;
  return { why: "radio", contact: open, sending, bytes };
};
