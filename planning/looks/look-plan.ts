import { angleBetween } from "../../pipeline/orbit/pointing.ts";
import { slewEnergy, slewTime } from "../../pipeline/orbit/slew.ts";
import type { Degrees, Instant, Joules, Seconds } from "../../pipeline/units.ts";
import { seeded } from "../../pipeline/seeded.ts";
import { Choices, type LookRequest, type LookSatellite } from "./look-choice.ts";
import type { Direction } from "../../pipeline/orbit/pointing.ts";
import { LookDraft } from "./look-draft.ts";
import { LookTimeline, type Obstacle } from "./look-timeline.ts";

/** A look that stands in the plan of a satellite. */
export interface PlannedLook {
  /** Of the order. */
  readonly order: string;
  readonly satellite: string;
  readonly start: Instant;
  readonly end: Instant;
  readonly direction: Direction;
  readonly offNadir: Degrees;
  readonly sun: Degrees;
  readonly coverage: number;
  readonly value: number;
  /** From what the camera took before, or from straight down: the turn to it. */
  readonly slew: { readonly angle: Degrees; readonly time: Seconds; readonly energy: Joules };
}

/** An order that has no place in the plan, and why. */
export interface UnplannedLook {
  readonly order: string;
  /** `none`: it has no opportunity; `taken`: the run's own acquisitions have the camera. */
  readonly why: "none" | "taken" | Obstacle;
  /** Orders that stand in the way, by name; empty but for `looks`. */
  readonly rivals: readonly string[];
}

/** Which satellite takes what when. */
export interface LookPlan {
  /** In order of start, then satellite. */
  readonly looks: readonly PlannedLook[];
  /** In the order of the requests. */
  readonly unplanned: readonly UnplannedLook[];
  /** Of all looks. */
  readonly value: number;
}

/** How often it may look whether a choice fits while it exchanges looks, and while it rebuilds: bounds on its time, counted and not clocked. */
const exchangeChecks = 2000;
const rebuildChecks = 10_000;

/** Rounds in which a part of the plan is taken apart and put together again, where orders are left without a place. */
const mostRounds = 200;

/**
 * Plans looks: orders one after the other, those worth most first (then those with fewer opportunities, then the earlier deadline), each where it
 * fits; then those that found no place again, moving others to other times, passes or satellites, or putting out what is worth less. The
 * same requests give the same plan. Choices start on a grid within each opportunity (`Choices`).
 */
export const planLooks = (
  requests: readonly LookRequest[],
  satellites: readonly LookSatellite[],
): LookPlan => {
  const placeOf = new Map(satellites.map(({ satellite }, at) => [satellite, at]));
  const choices = requests.map((request, at) => new Choices(at, request, satellites, placeOf));
  const draft = new LookDraft(
    choices,
    satellites,
    satellites.map((satellite) => new LookTimeline(satellite)),
  );
  const turns = turnsOf(requests);
  // Where the camera's time is short, what is worth most for its length comes first: the better row is kept.
  const byLength = turns.toSorted((a, b) => worthASecond(requests, b) - worthASecond(requests, a));
  for (const order of byLength) draft.placeFree(order);
  const first = draft.value;
  draft.clear();
  for (const order of turns) draft.placeFree(order);
  if (first > draft.value) {
    draft.clear();
    for (const order of byLength) draft.placeFree(order);
  }
  draft.allow(exchangeChecks);
  for (let isBetterNow = true; isBetterNow && !draft.isSpent;) {
    isBetterNow = false;
    for (const order of turns) {
      if (draft.placed[order] === null && draft.place(order)) isBetterNow = true;
    }
  }
  draft.allow(rebuildChecks);
  const random = seeded("looks", requests.length);
  for (let round = 0; round < mostRounds && !draft.isSpent; round++) {
    const left = turns.filter(
      (order) => draft.placed[order] === null && choices[order]?.byOpportunity.size !== 0,
    );
    const order = left[random.integer(left.length)];
    if (order === undefined) break;
    draft.rebuild(order, random);
  }
  return planOf(requests, satellites, choices, draft);
};

/** Those worth most first; then those with fewer opportunities, then the earlier deadline. Places in the list. */
const turnsOf = (requests: readonly LookRequest[]): readonly number[] =>
  requests
    .map(({ value, deadline, opportunities, id }, order) => ({
      order,
      value,
      deadline,
      id,
      chances: opportunities.length,
    }))
    .toSorted(
      (a, b) =>
        b.value - a.value ||
        a.chances - b.chances ||
        a.deadline - b.deadline ||
        (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
    )
    .map(({ order }) => order);

/** Worth a second of the camera, at its best opportunity. */
const worthASecond = (requests: readonly LookRequest[], order: number): number => {
  const { value, opportunities } = requests[order] as LookRequest;
  return opportunities.reduce((most, { dwell, coverage }) => Math.max(most, (value * coverage) / dwell), 0);
};

const planOf = (
  requests: readonly LookRequest[],
  satellites: readonly LookSatellite[],
  choices: readonly Choices[],
  draft: LookDraft,
): LookPlan => {
  const idOf = (order: number): string => (requests[order] as LookRequest).id;
  const looks = draft.placed
    .flatMap((choice): readonly PlannedLook[] => {
      if (choice === null) return [];
      const { satellite, agility } = satellites[choice.satellite] as LookSatellite;
      const { start, end, direction, offNadir, value, opportunity } = choice;
      const angle = angleBetween(draft.timelineOf(choice).directionBefore(choice).direction, direction);
      const slew = { angle, time: slewTime(agility, angle), energy: slewEnergy(agility, angle) };
      const { sun, coverage } = opportunity;
      return [
        { order: idOf(choice.order), satellite, start, end, direction, offNadir, sun, coverage, value, slew },
      ];
    })
    .toSorted((a, b) => a.start - b.start || (a.satellite < b.satellite ? -1 : 1));
  const unplanned = requests.flatMap(({ id, opportunities }, order): readonly UnplannedLook[] => {
    if (draft.placed[order] !== null) return [];
    if ([...(choices[order] ?? [])].length === 0)
      return [{ order: id, why: opportunities.length === 0 ? "none" : "taken", rivals: [] }];
    const { why, rivals } = draft.whyNot(order);
    return [{ order: id, why, rivals: rivals.map(idOf) }];
  });
  return { looks, unplanned, value: draft.value };
};
