import type { Plan } from "./plan.ts";
import type { PolicyRecord } from "./policy-record.ts";
import { countUpTo } from "./sorted.ts";

/** What stands in the log. `row`: of the table that the type names. */
export interface LogEntry {
  readonly at: number;
  readonly type:
    | "contact opens"
    | "contact ends"
    | "captured"
    | "computed"
    | "stands still"
    | "route"
    | "handed over"
    | "sent"
    | "landed"
    | "chips"
    | "published"
    | "requested"
    | "order given"
    | "order"
    | "model"
    | "lost";
  readonly row: number;
}

/** What is listed: everything, what products do, or losses. */
export type LogFilter = "all" | "products" | "losses";

interface Lane {
  readonly type: LogEntry["type"];
  readonly times: Float64Array;
  /** Row of each time; its place where there is none. */
  readonly rows: Uint32Array | null;
  readonly in: readonly LogFilter[];
}

const ended = new WeakMap<Float64Array, { readonly times: Float64Array; readonly rows: Uint32Array }>();

/** A column in order of time, with its rows. */
const sortedBy = (column: Float64Array): { readonly times: Float64Array; readonly rows: Uint32Array } => {
  const known = ended.get(column);
  if (known !== undefined) return known;
  const rows = Uint32Array.from(column.keys());
  rows.sort((a, b) => (column[a] as number) - (column[b] as number) || a - b);
  const sorted = { times: Float64Array.from(rows, (row) => column[row] as number), rows };
  ended.set(column, sorted);
  return sorted;
};

const chipStarts = ({
  tables,
}: PolicyRecord): { readonly times: Float64Array; readonly rows: Uint32Array } => {
  // All chips of an acquisition come at one moment: they are one line.
  const { at_s, acquisition } = tables.chips.columns;
  const rows = Uint32Array.from(at_s.keys()).filter(
    (row) => row === 0 || at_s[row] !== at_s[row - 1] || acquisition[row] !== acquisition[row - 1],
  );
  return { times: Float64Array.from(rows, (row) => at_s[row] as number), rows };
};

const lanesOf = (plan: Plan, record: PolicyRecord): readonly Lane[] => {
  const { tables } = record;
  const every = ["all"] as const;
  const products = ["all", "products"] as const;
  const losses = ["all", "products", "losses"] as const;
  const plain = (type: Lane["type"], times: Float64Array, shown: Lane["in"]): Lane => ({
    type,
    times,
    rows: null,
    in: shown,
  });
  return [
    plain("contact opens", plan.contacts.columns.from_s, every),
    { type: "contact ends", ...sortedBy(plan.contacts.columns.to_s), in: every },
    plain("captured", tables.captures.columns.at_s, products),
    { type: "computed", ...sortedBy(tables.computes.columns.to_s), in: products },
    plain("stands still", tables.waits.columns.at_s, every),
    plain("order given", plan.orders.columns.at_s, every),
    plain("order", tables.order_states.columns.at_s, every),
    plain("model", tables.models.columns.at_s, every),
    plain("requested", tables.requests.columns.at_s, products),
    plain("route", tables.routes.columns.at_s, products),
    plain("handed over", tables.handovers.columns.at_s, products),
    { type: "sent", ...sortedBy(tables.turns.columns.to_s), in: every },
    plain("landed", tables.landings.columns.at_s, products),
    { type: "chips", ...chipStarts(record), in: products },
    plain("published", tables.publications.columns.at_s, products),
    plain("lost", tables.losses.columns.at_s, losses),
  ];
};

const lanes = new WeakMap<PolicyRecord, readonly Lane[]>();

const knownLanes = (plan: Plan, record: PolicyRecord, filter: LogFilter): readonly Lane[] => {
  const all = lanes.get(record) ?? lanesOf(plan, record);
  lanes.set(record, all);
  return all.filter((lane) => lane.in.includes(filter));
};

/** The latest `most` entries up to `t`, the newest first. */
export const eventsUpTo = (
  plan: Plan,
  record: PolicyRecord,
  t: number,
  most: number,
  filter: LogFilter = "all",
): readonly LogEntry[] => {
  const heads = knownLanes(plan, record, filter).map((lane) => ({
    lane,
    next: countUpTo(lane.times, t) - 1,
  }));
  const entries: LogEntry[] = [];
  while (entries.length < most) {
    let best: (typeof heads)[number] | null = null;
    for (const head of heads) {
      if (head.next < 0) continue;
      const isLater =
        best === null || (head.lane.times[head.next] as number) >= (best.lane.times[best.next] as number);
      if (isLater) best = head;
    }
    if (best === null) break;
    const { lane, next } = best;
    entries.push({ at: lane.times[next] as number, type: lane.type, row: lane.rows?.[next] ?? next });
    best.next--;
  }
  return entries;
};

/** When something happens next after `t`, or last before it; `null` where nothing does. */
export const neighbourEvent = (
  plan: Plan,
  record: PolicyRecord,
  t: number,
  side: "before" | "after",
  filter: LogFilter = "products",
): number | null => {
  let found: number | null = null;
  for (const { times } of knownLanes(plan, record, filter)) {
    let place = countUpTo(times, t);
    if (side === "before") {
      place--;
      while (place >= 0 && times[place] === t) place--;
    }
    const at = times[place];
    if (at === undefined) continue;
    if (found === null || (side === "before" ? at > found : at < found)) found = at;
  }
  return found;
};
