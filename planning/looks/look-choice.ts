import type { Ephemeris } from "../../pipeline/orbit/ephemeris.ts";
import { angleBetween, offNadirOf, type Direction } from "../../pipeline/orbit/pointing.ts";
import { slewTime, type Agility } from "../../pipeline/orbit/slew.ts";
import {
  degrees,
  instant,
  type Bytes,
  type Degrees,
  type Instant,
  type Seconds,
} from "../../pipeline/units.ts";
import type { CameraReach } from "../overflight.ts";
import type { LookArea } from "./look-area.ts";
import { pointingAt, type Opportunity } from "./opportunity.ts";

/** An order for a look, as the planner sees it. */
export interface LookRequest {
  /** Of the order. */
  readonly id: string;
  readonly area: LookArea;
  /** What a look that covers all of it is worth, above 0. */
  readonly value: number;
  /** The look has to be over by then. */
  readonly deadline: Instant;
  /** What has to be in the hands of a station by then, whatever lies before it in the store; `null`: whenever it comes. */
  readonly landBy: Instant | null;
  /** What it puts into the store. */
  readonly bytes: Bytes;
  /** On all satellites. */
  readonly opportunities: readonly Opportunity[];
}

/** The camera is taken: by an acquisition of the run's schedule, or a look that can no longer be moved. */
export interface TakenTime {
  readonly from: Instant;
  readonly to: Instant;
  readonly direction: Direction;
  readonly bytes: Bytes;
}

/** A satellite as the planner of looks sees it. */
export interface LookSatellite {
  readonly satellite: string;
  /** Over the horizon of the plan. */
  readonly ephemeris: Ephemeris;
  readonly camera: CameraReach;
  readonly agility: Agility;
  /** The camera may image so long in any `period`. */
  readonly duty: { readonly seconds: Seconds; readonly period: Seconds };
  readonly store: {
    readonly capacity: Bytes;
    /** At the start of the ephemeris. */
    readonly level: Bytes;
  };
  /** What contacts take away, each at its end, in order of time. */
  readonly drains: readonly { readonly at: Instant; readonly bytes: Bytes }[];
  /** In order of time. */
  readonly taken: readonly TakenTime[];
}

/** One way to fulfil an order: who takes it, when, and which way the camera then points. */
export interface Choice {
  /** Place of the order and of the satellite in their lists. */
  readonly order: number;
  readonly satellite: number;
  readonly start: Instant;
  readonly end: Instant;
  readonly direction: Direction;
  readonly offNadir: Degrees;
  readonly opportunity: Opportunity;
  /** The order's, times what the strip covers of the area. */
  readonly value: number;
  readonly bytes: Bytes;
  readonly landBy: Instant | null;
}

/** What takes the camera for a time, in one direction. */
export type Pointed = Pick<Choice, "start" | "end" | "direction">;

/** Starts in one opportunity lie so far apart, unless there would be too many. */
const startStep = 6;
const mostStarts = 24;

/** Evenly over the opportunity, and its best moment; the nearest to that last. */
const startsOf = ({ from, until, best }: Opportunity): Instant[] => {
  if (until <= from) return [from];
  const steps = Math.min(mostStarts - 1, Math.max(1, Math.ceil((until - from) / startStep)));
  const starts = [best];
  for (let n = 0; n <= steps; n++) {
    const start = instant(from + ((until - from) * n) / steps);
    if (start !== best) starts.push(start);
  }
  return starts.sort((a, b) => Math.abs(b - best) - Math.abs(a - best) || b - a);
};

/** No slew takes longer: what lies further away needs no look at its angle. */
const blockedFor = 3600;

/** Half a turn: looks further apart never get into each other's way. */
export const longestSlew = (agility: Agility): Seconds => slewTime(agility, degrees(180));

/** Whether a satellite can take both: from one to the other it turns, and settles. */
export const areApart = (a: Pointed, b: Pointed, agility: Agility): boolean => {
  const [first, second] = a.start <= b.start ? [a, b] : [b, a];
  const gap = second.start - first.end;
  // Most pairs lie so far apart, or so near to each other, that no angle needs to be known.
  if (gap < 0 || gap >= longestSlew(agility)) return gap >= 0;
  return gap >= slewTime(agility, angleBetween(first.direction, second.direction));
};

/**
 * All that an order can choose from, the best first: by what the strip covers of the area, then by the time of the pass, then by how near the
 * start lies to the best moment of it. Only what the taken times of the satellites allow. Made as they are asked for: most orders take the first.
 */
export class Choices {
  readonly #order: number;
  readonly #request: LookRequest;
  readonly #satellites: readonly LookSatellite[];
  readonly #left: { readonly opportunity: Opportunity; readonly place: number }[];
  readonly #made: Choice[] = [];
  /** The opportunity that is being made, and its starts, the nearest to the best moment last. */
  #next: { readonly opportunity: Opportunity; readonly place: number } | null = null;
  #starts: Instant[] = [];
  #byOpportunity: ReadonlyMap<Opportunity, readonly Choice[]> | null = null;

  constructor(
    order: number,
    request: LookRequest,
    satellites: readonly LookSatellite[],
    placeOf: ReadonlyMap<string, number>,
  ) {
    this.#order = order;
    this.#request = request;
    this.#satellites = satellites;
    this.#left = request.opportunities
      .flatMap((opportunity) => {
        const place = placeOf.get(opportunity.satellite);
        return place === undefined ? [] : [{ opportunity, place }];
      })
      .sort(
        (a, b) =>
          a.opportunity.coverage - b.opportunity.coverage ||
          b.opportunity.from - a.opportunity.from ||
          b.place - a.place,
      );
  }

  /** One after the other, for as long as anybody asks. */
  *[Symbol.iterator](): Generator<Choice> {
    for (let at = 0; ; at++) {
      while (at >= this.#made.length && (this.#left.length > 0 || this.#starts.length > 0)) this.#makeNext();
      const choice = this.#made[at];
      if (choice === undefined) return;
      yield choice;
    }
  }

  /** All, by opportunity in the same order, each opportunity's by start. */
  get byOpportunity(): ReadonlyMap<Opportunity, readonly Choice[]> {
    if (this.#byOpportunity !== null) return this.#byOpportunity;
    const groups = new Map<Opportunity, Choice[]>();
    for (const choice of this) {
      const group = groups.get(choice.opportunity);
      if (group === undefined) groups.set(choice.opportunity, [choice]);
      else group.push(choice);
    }
    for (const group of groups.values()) group.sort((a, b) => a.start - b.start);
    this.#byOpportunity = groups;
    return groups;
  }

  /** The next start, of the next opportunity where the one before has no more. */
  #makeNext(): void {
    if (this.#starts.length === 0) this.#next = this.#left.pop() ?? null;
    const next = this.#next;
    if (next === null) return;
    const { opportunity, place } = next;
    if (this.#starts.length === 0) this.#starts = startsOf(opportunity);
    const start = this.#starts.pop();
    if (start === undefined) return;
    const { area, value, deadline, landBy, bytes } = this.#request;
    const { ephemeris, camera, agility, taken } = this.#satellites[place] as LookSatellite;
    const { dwell, coverage } = opportunity;
    const end = instant(start + dwell);
    if (end > deadline) return;
    const direction = pointingAt(ephemeris, instant(start + dwell / 2), area, camera);
    for (const { from, to, direction: other } of taken) {
      const isNear = from < end + blockedFor && to > start - blockedFor;
      if (!isNear) continue;
      if (!areApart({ start, end, direction }, { start: from, end: to, direction: other }, agility)) return;
    }
    this.#made.push({
      order: this.#order,
      satellite: place,
      start,
      end,
      direction,
      offNadir: offNadirOf(direction),
      opportunity,
      value: value * coverage,
      bytes,
      landBy,
    });
  }
}
