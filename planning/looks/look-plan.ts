import { angleBetween } from "../../pipeline/orbit/pointing.ts";
import { slewEnergy, slewTime } from "../../pipeline/orbit/slew.ts";
import type { Degrees, Instant, Joules, Seconds } from "../../pipeline/units.ts";
import { Choices, type Choice, type LookRequest, type LookSatellite } from "./look-choice.ts";
import type { Direction } from "../../pipeline/orbit/pointing.ts";
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

/** Moves of other looks that one order may set off. */
const depth = 2;
/** Tries of all orders together: a bound on the time that a plan takes, counted and not clocked. */
const mostTries = 12_000;

/** Timelines and places before a change. */
type Before = readonly [readonly (readonly unknown[])[], readonly (Choice | null)[]];

/** The plan while it is made. */
class Draft {
  readonly #timelines: readonly LookTimeline[];
  readonly #choices: readonly Choices[];
  readonly placed: (Choice | null)[];
  #tries = 0;

  constructor(choices: readonly Choices[], timelines: readonly LookTimeline[]) {
    this.#choices = choices;
    this.#timelines = timelines;
    this.placed = choices.map(() => null);
  }

  get isSpent(): boolean {
    return this.#tries >= mostTries;
  }

  timelineOf({ satellite }: Choice): LookTimeline {
    return this.#timelines[satellite] as LookTimeline;
  }

  #put(choice: Choice): void {
    this.timelineOf(choice).add(choice);
    this.placed[choice.order] = choice;
  }

  #take(choice: Choice): void {
    this.timelineOf(choice).remove(choice);
    this.placed[choice.order] = null;
  }

  /** Places an order where nothing stands in its way: in the first opportunity of most value, at the start nearest to the best moment. */
  placeFree(order: number): boolean {
    for (const choice of this.#choices[order] as Choices) {
      if (this.timelineOf(choice).obstacle(choice) !== null) continue;
      this.#put(choice);
      return true;
    }
    return false;
  }

  /**
   * Places an order, moving others out of the way where they have another place to go, or are worth less together. Whatever
   * it changes, the plan is worth more afterwards; where it cannot be, nothing changes.
   */
  place(order: number, moves: number): boolean {
    if (this.placeFree(order)) return true;
    if (moves === 0) return false;
    const options = [...(this.#choices[order] as Choices)].map((choice) => {
      const rivals = this.timelineOf(choice).rivals(choice);
      return { choice, rivals, cost: rivals.reduce((sum, { value }) => sum + value, 0) };
    });
    for (const { choice, rivals } of options.toSorted((a, b) => a.cost - b.cost)) {
      if (rivals.length === 0 || rivals.length > 3) continue;
      if (this.#tries++ >= mostTries) return false;
      const before = this.#save();
      const worth = this.value;
      for (const rival of rivals) this.#take(rival);
      if (this.timelineOf(choice).obstacle(choice) === null) {
        this.#put(choice);
        for (const rival of rivals.toSorted((a, b) => b.value - a.value)) this.place(rival.order, moves - 1);
        if (this.value > worth + 1e-9) return true;
      }
      this.#restore(before);
    }
    return false;
  }

  get value(): number {
    return this.placed.reduce((sum, choice) => sum + (choice?.value ?? 0), 0);
  }

  #save(): Before {
    return [this.#timelines.map(({ state }) => state), [...this.placed]];
  }

  #restore([states, placed]: Before): void {
    this.#timelines.forEach((timeline, at) => timeline.restore(states[at] as readonly unknown[]));
    placed.forEach((choice, at) => (this.placed[at] = choice));
  }

  /** Why an order has no place: what stands in the way of its best choice. */
  whyNot(order: number): Omit<UnplannedLook, "order"> {
    const choices = [...(this.#choices[order] as Choices)];
    const found = choices.map((choice) => ({
      choice,
      why: this.timelineOf(choice).obstacle(choice) ?? ("looks" as const),
    }));
    const first = found.find(({ why }) => why !== "looks") ?? found[0];
    if (first === undefined) return { why: "none", rivals: [] };
    const rivals = found.flatMap(({ choice }) =>
      this.timelineOf(choice)
        .rivals(choice)
        .map((one) => one.order),
    );
    return { why: first.why, rivals: first.why === "looks" ? [...new Set(rivals)].map(String) : [] };
  }
}

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
  const draft = new Draft(
    choices,
    satellites.map((satellite) => new LookTimeline(satellite)),
  );
  const turns = requests
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
  for (const order of turns) draft.placeFree(order);
  for (let isBetterNow = true; isBetterNow && !draft.isSpent;) {
    isBetterNow = false;
    for (const order of turns) {
      if (draft.placed[order] === null && draft.place(order, depth)) isBetterNow = true;
    }
  }
  return planOf(requests, satellites, choices, draft);
};

const planOf = (
  requests: readonly LookRequest[],
  satellites: readonly LookSatellite[],
  choices: readonly Choices[],
  draft: Draft,
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
    return [{ order: id, why, rivals: rivals.map((one) => idOf(Number(one))) }];
  });
  return { looks, unplanned, value: draft.value };
};
