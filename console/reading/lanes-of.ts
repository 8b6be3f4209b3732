import { eclipsesIn } from "../../pipeline/orbit/eclipse.ts";
import { isSwathError } from "../../pipeline/errors.ts";
import { instant } from "../../pipeline/units.ts";
import type { HandOver, Lane, LaneBar, LaneSend, LaneShot } from "../time/lane.ts";
import { silentFrom } from "../state/silent-nodes.ts";
import { countUpTo, rowsOf } from "../state/sorted.ts";
import { publishedAt, type PolicyView } from "./policy-view.ts";
import type { Prepared } from "./prepared.ts";
import { sceneName } from "./scene-marks.ts";

type Span = readonly [from: number, to: number];

/** Shadows of a satellite over the whole run, from when half of the Sun is gone; worked out when they are asked for first. */
export const newShadows = (prepared: Prepared): ((satellite: number) => readonly Span[]) => {
  const known = new Map<number, readonly Span[]>();
  return (which) => {
    const before = known.get(which);
    if (before !== undefined) return before;
    const found = shadowsOf(prepared, which);
    known.set(which, found);
    return found;
  };
};

const shadowsOf = ({ plan, epoch, length }: Prepared, which: number): readonly Span[] => {
  const satellite = plan.orbits[which];
  if (satellite === undefined) return [];
  try {
    return eclipsesIn(satellite, instant(epoch), instant(epoch + length)).map((eclipse) => [
      eclipse.centreEntry ?? eclipse.penumbraEntry,
      eclipse.centreExit ?? eclipse.penumbraExit,
    ]);
  } catch (error) {
    // One that decays during the run has no lane of light and shadow.
    if (isSwathError(error, "orbit")) return [];
    throw error;
  }
};

const barsOf = (
  { plan, epoch }: Prepared,
  rows: Iterable<number>,
  labelOf: (row: number) => string,
): readonly LaneBar[] => {
  const { from_s, to_s } = plan.contacts.columns;
  return Array.from(rows, (row) => ({
    from: epoch + (from_s[row] as number),
    to: epoch + (to_s[row] as number),
    label: labelOf(row),
    contact: row,
  }));
};

const shotsOf = (prepared: Prepared, view: PolicyView | null, rows: Iterable<number>): readonly LaneShot[] =>
  Array.from(rows, (acquisition) => {
    const landed = view === null ? NaN : publishedAt(view, acquisition);
    return {
      t: prepared.epoch + (prepared.plan.acquisitions.columns.at_s[acquisition] as number),
      label: sceneName(prepared, acquisition),
      landedAt: Number.isNaN(landed) ? null : prepared.epoch + landed,
      acquisition,
    };
  });

const sendsOf = (
  prepared: Prepared,
  view: PolicyView | null,
  rows: readonly LaneBar[],
): readonly LaneSend[] => {
  if (view === null) return [];
  const { at_s, to_s, kind } = view.record.tables.sends.columns;
  return rows.flatMap(({ contact }) =>
    Array.from(rowsOf(view.record.sendsOf, contact), (row) => ({
      from: prepared.epoch + (at_s[row] as number),
      to: prepared.epoch + (to_s[row] as number),
      kind: prepared.head.kinds[kind[row] as number]?.kind ?? "",
    })),
  );
};

const sinceOf = ({ head, epoch }: Prepared, id: string): number | null => {
  const from = silentFrom(head, id);
  return from === null ? null : epoch + from;
};

/** A lane a satellite, of those that are asked for. */
export const satelliteLanes = (
  prepared: Prepared,
  view: PolicyView | null,
  which: readonly number[],
  shadows: (satellite: number) => readonly Span[],
): readonly Lane[] => {
  const { head, plan, epoch } = prepared;
  const losses = view?.record.tables.losses.columns;
  return which.map((satellite) => {
    const bars = barsOf(
      prepared,
      rowsOf(plan.contactsOf, satellite),
      (row) => head.stations[plan.contacts.columns.station[row] as number]?.name ?? "",
    );
    return {
      id: head.satellites[satellite] ?? "",
      label: prepared.shortNames[satellite] ?? "",
      fullLabel: head.satellites[satellite] ?? "",
      bars,
      shadows: shadows(satellite),
      shots: shotsOf(prepared, view, rowsOf(plan.acquisitionsOf, satellite)),
      sends: sendsOf(prepared, view, bars),
      losses:
        losses === undefined
          ? []
          : Array.from(losses.at_s).flatMap((at, row) =>
              losses.satellite[row] === satellite ? [epoch + at] : [],
            ),
      silentSince: sinceOf(prepared, head.satellites[satellite] ?? ""),
    };
  });
};

/** A lane a station: whom each hears when. */
export const stationLanes = (prepared: Prepared, view: PolicyView | null): readonly Lane[] =>
  prepared.head.stations.map((station, index) => {
    const bars = barsOf(
      prepared,
      rowsOf(prepared.plan.contactsAt, index),
      (row) => prepared.shortNames[prepared.plan.contacts.columns.satellite[row] as number] ?? "",
    );
    return {
      id: station.id,
      label: station.name,
      fullLabel: station.name,
      bars,
      shadows: [],
      shots: [],
      sends: sendsOf(prepared, view, bars),
      losses: [],
      silentSince: sinceOf(prepared, station.id),
    };
  });

const mostShots = 2000;

/** A lane a policy: what each took, sent and lost, all satellites together. */
export const policyLanes = (prepared: Prepared, views: readonly PolicyView[]): readonly Lane[] =>
  views.map((view) => {
    const { sends, losses } = view.record.tables;
    return {
      id: view.record.policy.label,
      label: view.record.policy.label,
      fullLabel: view.record.policy.label,
      bars: [],
      shadows: [],
      // Thousands of triangles on one lane are a wall.
      shots: shotsOf(
        prepared,
        view,
        Array.from(
          { length: prepared.plan.acquisitions.rows <= mostShots ? prepared.plan.acquisitions.rows : 0 },
          (_, i) => i,
        ),
      ),
      sends: Array.from(sends.columns.at_s, (at, row) => ({
        from: prepared.epoch + at,
        to: prepared.epoch + (sends.columns.to_s[row] as number),
        kind: prepared.head.kinds[sends.columns.kind[row] as number]?.kind ?? "",
      })),
      losses: Array.from(losses.columns.at_s, (at) => prepared.epoch + at),
      silentSince: null,
    };
  });

/** Routes are found at most so long before their hand-over. */
const longestRoute = 7200;

/** Hand-overs between satellites in a window, those that happened and those that a product waits for at `t`; seconds from the start. */
export const handOversOf = (
  { head, epoch }: Prepared,
  { record }: PolicyView,
  t: number,
  window: { readonly from: number; readonly to: number },
): readonly HandOver[] => {
  const { handovers, routes, products } = record.tables;
  const kindOf = (product: number): string => head.kinds[products.columns.kind[product] ?? 0]?.kind ?? "";
  const name = (satellite: number | undefined): string => head.satellites[satellite ?? -1] ?? "";
  const found: HandOver[] = [];
  const done = handovers.columns;
  for (
    let row = countUpTo(done.at_s, window.from);
    row < handovers.rows && (done.at_s[row] as number) <= t;
    row++
  )
    found.push({
      t: epoch + (done.at_s[row] as number),
      from: name(done.from[row]),
      to: name(done.to[row]),
      kind: kindOf(done.product[row] as number),
    });
  const plan = routes.columns;
  for (
    let row = countUpTo(plan.at_s, t - longestRoute);
    row < routes.rows && (plan.at_s[row] as number) <= t;
    row++
  ) {
    const when = plan.handover_s[row] as number;
    // A route is a plan from when it was found until the hand-over it leads to.
    if (when > t && when <= window.to)
      found.push({
        t: epoch + when,
        from: name(plan.from[row]),
        to: name(plan.to[row]),
        kind: kindOf(plan.product[row] as number),
      });
  }
  return found;
};
