import { areApart, type Choice, type Choices, type LookSatellite } from "./look-choice.ts";
import type { Seeded } from "../../pipeline/seeded.ts";
import type { LookTimeline, Obstacle } from "./look-timeline.ts";

/** Moves of other looks that one order may set off, one behind the other. */
const depth = 2;
/** Looks that one may put out at once. */
const mostRivals = 3;
/** Looks of a pass, and of those that run into it, that are packed anew. */
const longestRow = 16;

/** Timelines and places before a change. */
interface Before {
  readonly states: readonly (readonly unknown[])[];
  readonly placed: readonly (Choice | null)[];
  readonly value: number;
}

/** A way to place an order: its choice, and the looks that have to go for it. */
interface Option {
  readonly choice: Choice;
  readonly out: readonly Choice[];
  readonly cost: number;
}

const worthOf = (choices: readonly Choice[]): number => choices.reduce((sum, { value }) => sum + value, 0);

/** The plan while it is made: what each order has been given, and the timelines of the satellites. */
export class LookDraft {
  readonly #timelines: readonly LookTimeline[];
  readonly #satellites: readonly LookSatellite[];
  readonly #choices: readonly Choices[];
  readonly #placed: (Choice | null)[];
  #value = 0;
  #checks = 0;
  #limit = 0;

  constructor(
    choices: readonly Choices[],
    satellites: readonly LookSatellite[],
    timelines: readonly LookTimeline[],
  ) {
    this.#choices = choices;
    this.#satellites = satellites;
    this.#timelines = timelines;
    this.#placed = choices.map(() => null);
  }

  /** Whether it has tried as much as it may. */
  get isSpent(): boolean {
    return this.#checks >= this.#limit;
  }

  /** Lets it try so much more. */
  allow(checks: number): void {
    this.#limit = this.#checks + checks;
  }

  /** What each order has been given, in the order of the requests; `null`: nothing. */
  get placed(): readonly (Choice | null)[] {
    return this.#placed;
  }

  /** Of all looks. */
  get value(): number {
    return this.#value;
  }

  timelineOf({ satellite }: Choice): LookTimeline {
    return this.#timelines[satellite] as LookTimeline;
  }

  /** Places an order where nothing stands in its way: the best such choice. */
  placeFree(order: number): boolean {
    for (const choice of this.#choices[order] as Choices) {
      if (!this.#isFree(choice)) continue;
      this.#put(choice);
      return true;
    }
    return false;
  }

  /** Gives every order up. */
  clear(): void {
    for (const choice of this.#placed) if (choice !== null) this.#take(choice);
  }

  /**
   * Places an order, moving others out of the way where they have another place to go, or are worth less together. Whatever
   * it changes, the plan is worth more afterwards; where it cannot be, nothing changes.
   */
  place(order: number, moves = depth): boolean {
    if (this.placeFree(order) || this.#squeeze(order)) return true;
    if (moves === 0) return false;
    for (const { choice, out } of this.#optionsOf(order)) {
      if (this.isSpent) return false;
      const before = this.#save();
      for (const rival of out) this.#take(rival);
      if (this.#isFree(choice)) {
        this.#put(choice);
        for (const rival of out.toSorted((a, b) => b.value - a.value)) this.place(rival.order, moves - 1);
        // The room that is left may do for several others.
        if (moves === depth) this.#placed.forEach((one, other) => one ?? this.placeFree(other));
        if (this.#value > before.value + 1e-9) return true;
      }
      this.#restore(before);
    }
    return false;
  }

  /**
   * Gives up what stands near one opportunity of an order that has no place (its pass, and where the camera's time or the store is short, more of
   * the satellite's looks), places the order and then the others again in a drawn order, and keeps what comes of it unless it is worth less.
   */
  rebuild(order: number, random: Seeded): void {
    const passes = [...(this.#choices[order] as Choices).byOpportunity.values()];
    const [choice] = passes[random.integer(passes.length)] ?? [];
    if (choice === undefined) return;
    const before = this.#save();
    const timeline = this.timelineOf(choice);
    const pass = timeline.passOf(choice);
    const others = timeline.looks.filter((one) => !pass.includes(one) && random.uniform() < 0.5);
    const out = [...pass, ...others];
    for (const one of out) this.#take(one);
    const again = out.map((one) => ({
      order: one.order,
      key: random.uniform() - one.value / (choice.value * 4),
    }));
    again.sort((a, b) => a.key - b.key);
    for (const one of [order, ...again.map((other) => other.order)]) {
      if (!this.placeFree(one)) this.#squeeze(one);
    }
    this.#placed.forEach((one, other) => one ?? this.placeFree(other));
    if (this.#value < before.value - 1e-9) this.#restore(before);
  }

  /** Why an order has no place: what stands in the way of its choices, and whose looks. */
  whyNot(order: number): { readonly why: Obstacle; readonly rivals: readonly number[] } {
    const found = [...(this.#choices[order] as Choices)].map((choice) => ({
      why: this.timelineOf(choice).obstacle(choice) ?? ("looks" as const),
      rivals: this.timelineOf(choice)
        .rivals(choice)
        .map((one) => one.order),
    }));
    const why = found.find((one) => one.why !== "looks")?.why ?? "looks";
    return { why, rivals: why === "looks" ? [...new Set(found.flatMap(({ rivals }) => rivals))] : [] };
  }

  /** Ways to place an order at the cost of others, the cheapest first. */
  #optionsOf(order: number): readonly Option[] {
    const options = [...(this.#choices[order] as Choices)].flatMap((choice, n, all): readonly Option[] => {
      const timeline = this.timelineOf(choice);
      const rivals = timeline.rivals(choice);
      if (rivals.length > mostRivals) return [];
      if (rivals.length > 0) return [{ choice, out: rivals, cost: worthOf(rivals) }];
      // Duty, store or downlink: any one look less may make the room. One start of a pass is as good as another then.
      if (n > 0 && all[n - 1]?.opportunity === choice.opportunity) return [];
      return timeline.looks.map((one) => ({ choice, out: [one], cost: one.value }));
    });
    return options.toSorted((a, b) => a.cost - b.cost);
  }

  /**
   * Places an order among the looks of a pass by starting each of them as early as it can, in the order in which the satellite comes by, the
   * new one at every place of that row.
   */
  #squeeze(order: number): boolean {
    for (const [choice] of (this.#choices[order] as Choices).byOpportunity.values()) {
      if (choice === undefined || this.isSpent) return false;
      const row = this.timelineOf(choice).passOf(choice);
      if (row.length === 0 || row.length > longestRow) continue;
      for (let at = 0; at <= row.length; at++) {
        const packed = this.#packed(row.toSpliced(at, 0, choice));
        if (packed !== null && this.#exchange(row, packed)) return true;
      }
    }
    return false;
  }

  /** The looks in their order, each at the earliest start of its opportunity at which it can follow the one before; `null`: one cannot. */
  #packed(row: readonly Choice[]): readonly Choice[] | null {
    const packed: Choice[] = [];
    for (const { order, opportunity, satellite } of row) {
      const last = packed.at(-1);
      const { agility } = this.#satellites[satellite] as LookSatellite;
      let first: Choice | null = null;
      for (const choice of this.#choices[order] as Choices) {
        if (choice.opportunity !== opportunity || (first !== null && choice.start >= first.start)) continue;
        if (last === undefined || (choice.start >= last.end && areApart(last, choice, agility)))
          first = choice;
      }
      if (first === null) return null;
      packed.push(first);
    }
    return packed;
  }

  /** Puts looks in the place of others if nothing stands in their way. */
  #exchange(out: readonly Choice[], into: readonly Choice[]): boolean {
    const before = this.#save();
    for (const choice of out) this.#take(choice);
    for (const choice of into) {
      if (!this.#isFree(choice)) {
        this.#restore(before);
        return false;
      }
      this.#put(choice);
    }
    return true;
  }

  #isFree(choice: Choice): boolean {
    this.#checks++;
    return this.timelineOf(choice).obstacle(choice) === null;
  }

  #put(choice: Choice): void {
    this.timelineOf(choice).add(choice);
    this.#placed[choice.order] = choice;
    this.#value += choice.value;
  }

  #take(choice: Choice): void {
    this.timelineOf(choice).remove(choice);
    this.#placed[choice.order] = null;
    this.#value -= choice.value;
  }

  #save(): Before {
    return {
      states: this.#timelines.map(({ state }) => state),
      placed: [...this.#placed],
      value: this.#value,
    };
  }

  #restore({ states, placed, value }: Before): void {
    this.#timelines.forEach((timeline, at) => timeline.restore(states[at] as readonly unknown[]));
    placed.forEach((choice, at) => (this.#placed[at] = choice));
    this.#value = value;
  }
}
