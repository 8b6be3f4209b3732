import type { OrderRecord, OrdersLedger } from "../../pipeline/mission/ledger.ts";
import type { LandedAcquisition } from "../../pipeline/mission/landing.ts";
import type { OrderPlan, PlannedOrder } from "../../pipeline/mission/order-plan.ts";
import type { OrderAnswer } from "../../pipeline/orders/order-answer.ts";
import { acquisitionAt } from "../../pipeline/orbit/acquisition.ts";
import { formatInstant, type Instant } from "../../pipeline/units.ts";
import { interpolatedQuantile, sumOf } from "../statistics.ts";
import type { OrderRow, OrdersSummary } from "../summary/order-summary.ts";
import type { PolicyRun } from "./policy-run.ts";

/** When the first product of an acquisition was at the mission centre. */
const firstLanding = (landed: LandedAcquisition | undefined): Instant | null => {
  if (landed === undefined) return null;
  const { batchArrival, chipsArrival, tileArrivals } = landed;
  const arrivals = [batchArrival, chipsArrival, ...tileArrivals.values()].flatMap((one) => one ?? []);
  return arrivals.reduce<Instant | null>(
    (least, { atCentre }) => (least === null || atCentre < least ? atCentre : least),
    null,
  );
};

/** When things happened to an order that was planned; `null`: they did not. */
interface OrderTimes {
  readonly issued: Instant;
  readonly heard: Instant | null;
  readonly taken: Instant | null;
  readonly done: Instant | null;
  readonly landed: Instant | null;
  readonly told: Instant | null;
}

/** An order that was planned, with what the satellite wrote down of it. */
interface Followed {
  readonly planned: PlannedOrder;
  readonly record: OrderRecord | undefined;
  readonly last: OrderAnswer | undefined;
  readonly times: OrderTimes;
}

/** What orders are followed through: the plan, what satellites wrote down, and what became of images. */
export interface OrderedFlight {
  readonly plan: OrderPlan;
  readonly books: readonly OrdersLedger[];
  /** When an acquisition was taken, and when the first product of it was at the mission centre; `null`: never. */
  readonly takenAt: (acquisition: number) => Instant | null;
  readonly landedAt: (acquisition: number) => Instant | null;
}

const follow = (planned: PlannedOrder, record: OrderRecord | undefined, flight: OrderedFlight): Followed => {
  const { order, acquisition } = planned;
  const last = record?.answers.at(-1);
  const isDone = last?.answer === "done";
  const image = isDone && acquisition !== null ? acquisition : null;
  const times = {
    issued: order.issuedAt,
    heard: record?.heardAt ?? null,
    taken: image === null ? null : flight.takenAt(image),
    done: isDone ? last.at : null,
    landed: image === null ? null : flight.landedAt(image),
    told: record?.toldAt.at(-1) ?? null,
  };
  return { planned, record, last, times };
};

const dated = (at: Instant | null): string | null => (at === null ? null : formatInstant(at));

const rowOf = ({ planned, record, last, times }: Followed): OrderRow => {
  const { id, kind, tenant, priority, deadline, body } = planned.order;
  const { bbox } = body as { readonly bbox?: readonly number[] | null };
  return {
    id,
    kind,
    tenant,
    priority,
    satellite: planned.satellite,
    ...(bbox === undefined || bbox === null ? {} : { bbox: [...bbox] }),
    fate: last?.answer ?? "not-heard",
    ...(last?.answer === "refused"
      ? { refusal: { by: "satellite" as const, field: last.field, wanted: last.wanted, got: last.got } }
      : {}),
    contact: record?.contact ?? null,
    issuedAt: dated(times.issued),
    deadline: dated(deadline),
    heardAt: dated(times.heard),
    takenAt: dated(times.taken),
    doneAt: dated(times.done),
    toldAt: dated(times.told),
    landedAt: dated(times.landed),
  };
};

const spreadOf = (followed: readonly Followed[], end: keyof OrderTimes) => {
  const delays = followed
    .flatMap(({ times }) => {
      const at = times[end];
      return at === null ? [] : [at - times.issued];
    })
    .toSorted((a, b) => a - b);
  if (delays.length === 0) return null;
  return { median: interpolatedQuantile(delays, 0.5), p90: interpolatedQuantile(delays, 0.9) };
};

/** A look is in time where its image is on the ground; what has no image, where it is done. */
const isInTime = ({ planned, times }: Followed): boolean => {
  const at = planned.order.kind === "look" ? times.landed : times.done;
  return at !== null && at <= planned.order.deadline;
};

/** Of an order that was refused before anything went up, nothing is known but why. */
const nothing = {
  kind: null,
  tenant: null,
  priority: null,
  satellite: null,
  contact: null,
  issuedAt: null,
  deadline: null,
  heardAt: null,
  takenAt: null,
  doneAt: null,
  toldAt: null,
  landedAt: null,
} as const;

const progress: Readonly<Record<OrderAnswer["answer"], number>> = {
  done: 0,
  accepted: 1,
  expired: 2,
  refused: 3,
};

/** Of the satellites that an order was for, the one that came furthest, and soonest, stands for it. */
const byProgress = (a: Followed, b: Followed): number => {
  const rank = ({ last }: Followed): number => (last === undefined ? 4 : progress[last.answer]);
  return rank(a) - rank(b) || (a.times.heard ?? Infinity) - (b.times.heard ?? Infinity);
};

/** What became of orders, from the plan and the books of the satellites; `null` in a mission without. */
export const ordersOf = ({ plan, satellites, landed }: PolicyRun): OrdersSummary | null =>
  plan.orders === undefined
    ? null
    : summariseOrders({
        plan: plan.orders,
        books: satellites.flatMap(({ orders }) => (orders === undefined ? [] : [orders])),
        takenAt: (image) => acquisitionAt(plan.acquisitions, image)?.at ?? null,
        landedAt: (image) => firstLanding(landed.find(({ acquisition: { index } }) => index === image)),
      });

/** What became of orders, in sum and one by one. */
export const summariseOrders = (flight: OrderedFlight): OrdersSummary => {
  const { plan, books } = flight;
  const records = new Map<string, OrderRecord[]>();
  for (const record of books.flatMap(({ orders }) => orders))
    records.set(record.id, [...(records.get(record.id) ?? []), record]);
  const copies = new Map<string, number>();
  for (const { order } of plan.planned) copies.set(order.id, (copies.get(order.id) ?? 0) + 1);
  // An order for several satellites is one order.
  const planned = [...new Map(plan.planned.map((one) => [one.order.id, one])).values()];
  const followed = planned.map((one): Followed => {
    const heard = (records.get(one.order.id) ?? []).map((record) => follow(one, record, flight));
    return heard.toSorted(byProgress)[0] ?? follow(one, undefined, flight);
  });
  const rows = followed.map((one): OrderRow => {
    const { id, kind } = one.planned.order;
    if (kind !== "cue") return rowOf(one);
    const satellites = { given: copies.get(id) ?? 0, heard: records.get(id)?.length ?? 0 };
    return { ...rowOf(one), satellite: null, contact: null, satellites };
  });
  const refused = plan.refused.map(({ id, field, wanted, got }): OrderRow => ({
    id,
    ...nothing,
    fate: "refused",
    refusal: { by: "ground", field, wanted, got },
  }));
  const ofFate = (fate: OrderRow["fate"]): number => rows.filter((row) => row.fate === fate).length;
  return {
    given: rows.length + refused.length,
    refusedOnGround: refused.length,
    refusedOnBoard: ofFate("refused"),
    notHeard: ofFate("not-heard"),
    accepted: ofFate("accepted"),
    done: ofFate("done"),
    inTime: followed.filter(isInTime).length,
    expired: ofFate("expired"),
    uplink: {
      bytes: sumOf(books, ({ uplink }) => uplink.bytes),
      frames: sumOf(books, ({ uplink }) => uplink.frames),
      lostFrames: sumOf(books, ({ uplink }) => uplink.lostFrames),
      receiveSeconds: sumOf(books, ({ uplink }) => uplink.receiveSeconds),
      receiveJoules: sumOf(books, ({ receiveEnergy }) => receiveEnergy),
    },
    answers: {
      bytes: sumOf(books, ({ answers }) => answers.bytes),
      frames: sumOf(books, ({ answers }) => answers.frames),
      lostFrames: sumOf(books, ({ answers }) => answers.lostFrames),
    },
    secondsToBoard: spreadOf(followed, "heard"),
    secondsToImage: spreadOf(followed, "taken"),
    secondsToGround: spreadOf(followed, "landed"),
    orders: [...rows, ...refused],
  };
};
