import { heldBy } from "./custody.ts";
import { nextContacts, openContacts, type Plan } from "./plan.ts";
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
    return {
      why: "contact",
      contact: next ?? null,
      at: next === undefined ? null : (columns.from_s[next] as number),
    };
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
