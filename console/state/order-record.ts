import { noAcquisition, noSatellite } from "../../pipeline/mission/plan-tables.ts";
import type { MissionTable } from "../../pipeline/mission/mission-tables.ts";
import type { Plan } from "./plan.ts";
import type { PolicyTables } from "./policy-tables.ts";

/** West, south, east, north in degrees; west lies east of east across the antimeridian. */
export type OrderBox = readonly [west: number, south: number, east: number, north: number];

/** When things happen to an order; seconds from the start, NaN where they do not. */
export interface OrderTimes {
  readonly given: number;
  readonly deadline: number;
  readonly heard: number;
  readonly refused: number;
  readonly taken: number;
  readonly done: number;
  /** The first product of its image is at the mission centre. */
  readonly landed: number;
  /** The ground has what the satellite says of it, moment by moment. */
  readonly told: readonly number[];
}

/** An order with all that becomes of it under a policy. What is later than a moment must not be shown at it. */
export interface OrderRecord {
  readonly id: string;
  /** Empty where nobody said before it was heard on board. */
  readonly kind: string;
  readonly tenant: string;
  /** 0: not known. */
  readonly priority: number;
  /** Row of the head's satellites; −1 for none. */
  readonly satellite: number;
  readonly box: OrderBox | null;
  /** Row of the plan's acquisitions; `null`: it is none. */
  readonly acquisition: number | null;
  readonly times: OrderTimes;
  /** Of one that is refused. */
  readonly why: string;
}

/** How far an order has come. */
export type OrderStage = "ahead" | "waits" | "on board" | "taken" | "done" | "landed" | "refused" | "expired";

type States = MissionTable<"order_states">["columns"];

/** What a policy's record says of orders, by id. */
const saidOf = (
  { order, state, why, at_s, satellite }: States,
  texts: readonly string[],
): ReadonlyMap<
  string,
  { heard: number; refused: number; done: number; told: number[]; why: string; satellite: number }
> => {
  const said = new Map<
    string,
    { heard: number; refused: number; done: number; told: number[]; why: string; satellite: number }
  >();
  for (let row = 0; row < at_s.length; row++) {
    const id = texts[order[row] as number] ?? "";
    const one = said.get(id) ?? {
      heard: NaN,
      refused: NaN,
      done: NaN,
      told: [],
      why: "",
      satellite: satellite[row] as number,
    };
    said.set(id, one);
    const at = at_s[row] as number;
    const what = texts[state[row] as number];
    if (what === "heard") one.heard = at;
    else if (what === "done") one.done = at;
    else if (what === "told") one.told.push(at);
    else if (what === "refused") {
      one.refused = at;
      one.why = texts[why[row] as number] ?? "";
    }
  }
  return said;
};

/** When the first product of each acquisition is at the mission centre; Infinity where none is. */
const firstLandings = (acquisitions: number, { products, landings }: PolicyTables): Float64Array => {
  const first = new Float64Array(acquisitions).fill(Infinity);
  const { product, at_centre_s } = landings.columns;
  for (let row = 0; row < landings.rows; row++) {
    const acquisition = products.columns.acquisition[product[row] as number];
    if (acquisition !== undefined)
      first[acquisition] = Math.min(first[acquisition] as number, at_centre_s[row] as number);
  }
  return first;
};

/** All orders of a mission under a policy, in the order in which they are given; those that the plan does not know follow as they are heard. */
export const orderRecords = (
  plan: Plan,
  tables: PolicyTables,
  texts: readonly string[],
  capture: Int32Array,
): readonly OrderRecord[] => {
  const { orders, orderTexts } = plan;
  const said = saidOf(tables.order_states.columns, texts);
  if (orders.rows === 0 && said.size === 0) return [];
  const landedAt = firstLandings(plan.acquisitions.rows, tables);
  const timesOf = (given: number, deadline: number, id: string, acquisition: number | null): OrderTimes => {
    const one = said.get(id);
    const row = acquisition === null ? -1 : (capture[acquisition] ?? -1);
    const isTaken = row >= 0 && (texts[tables.captures.columns.failure[row] as number] ?? "") === "";
    const landed = acquisition === null || !isTaken ? Infinity : (landedAt[acquisition] ?? Infinity);
    return {
      given,
      deadline,
      heard: one?.heard ?? NaN,
      refused: one?.refused ?? NaN,
      taken: isTaken ? (tables.captures.columns.at_s[row] as number) : NaN,
      done: one?.done ?? NaN,
      landed: Number.isFinite(landed) ? landed : NaN,
      told: one?.told ?? [],
    };
  };
  const { columns } = orders;
  const text = (column: ArrayLike<number>, row: number): string => orderTexts[column[row] as number] ?? "";
  const known = Array.from({ length: orders.rows }, (_, row): OrderRecord => {
    const id = text(columns.order, row);
    const satellite = columns.satellite[row] as number;
    const box = [columns.west_deg, columns.south_deg, columns.east_deg, columns.north_deg].map(
      (column) => column[row] as number,
    );
    const place = columns.acquisition[row] as number;
    const acquisition = place === noAcquisition ? null : place;
    const why = text(columns.refused, row);
    const given = columns.at_s[row] as number;
    const times = timesOf(given, columns.deadline_s[row] as number, id, acquisition);
    return {
      id,
      kind: text(columns.kind, row),
      tenant: text(columns.tenant, row),
      priority: columns.priority[row] as number,
      satellite: satellite === noSatellite ? -1 : satellite,
      box: box.some(Number.isNaN) ? null : (box as unknown as OrderBox),
      acquisition,
      times: why === "" ? times : { ...times, refused: given },
      why: why === "" ? (said.get(id)?.why ?? "") : why,
    };
  });
  const ids = new Set(known.map(({ id }) => id));
  const more = [...said].flatMap(([id, one]): readonly OrderRecord[] =>
    ids.has(id) || isPiece(id, ids)
      ? []
      : [
          {
            id,
            kind: "",
            tenant: "",
            priority: 0,
            satellite: one.satellite,
            box: null,
            acquisition: null,
            times: timesOf(one.heard, NaN, id, null),
            why: one.why,
          },
        ],
  );
  return [...known, ...more];
};

/** Parts of a model that goes up are orders, too: the one that they are for stands for them. */
const isPiece = (id: string, ids: ReadonlySet<string>): boolean => {
  const [whole] = /-\d{6}$/.exec(id) ?? [];
  return whole !== undefined && ids.has(id.slice(0, -whole.length));
};

/** How far an order has come at `t`. */
export const orderStage = ({ times, acquisition }: OrderRecord, t: number): OrderStage => {
  const { given, deadline, heard, refused, taken, done, landed } = times;
  if (refused <= t) return "refused";
  if (t < given) return "ahead";
  if (landed <= t) return "landed";
  if (done <= t && acquisition === null) return "done";
  // A picture is done on board once its products are; it is on its way from then on.
  if (taken <= t) return "taken";
  if (done <= t) return "done";
  if (deadline <= t) return "expired";
  return heard <= t ? "on board" : "waits";
};

/** Since when it is at that stage; seconds from the start. */
export const stageSince = ({ times }: OrderRecord, stage: OrderStage): number =>
  ({
    ahead: 0,
    waits: times.given,
    "on board": times.heard,
    taken: times.taken,
    done: times.done,
    landed: times.landed,
    refused: times.refused,
    expired: times.deadline,
  })[stage];
