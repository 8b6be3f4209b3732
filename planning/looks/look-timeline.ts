import { nadir } from "../../pipeline/orbit/pointing.ts";
import { areApart, longestSlew, type Choice, type LookSatellite, type Pointed } from "./look-choice.ts";

/** Why a look has no place in a timeline. */
export type Obstacle = "looks" | "duty" | "store" | "downlink";

/** What stands in the timeline of a satellite: a look, or a taken time (`choice` null). */
interface Entry extends Pointed {
  readonly bytes: number;
  readonly landBy: number | null;
  readonly choice: Choice | null;
}

/** The looks of one satellite in order of time, and whether another one fits: between its neighbours, into duty, store and downlink. */
export class LookTimeline {
  readonly #satellite: LookSatellite;
  readonly #reach: number;
  /** Contacts' ends, and what they take away up to and with each. */
  readonly #drained: readonly { readonly at: number; readonly sum: number }[];
  readonly #watchesStore: boolean;
  #entries: Entry[];

  constructor(satellite: LookSatellite) {
    this.#satellite = satellite;
    this.#reach = longestSlew(satellite.agility);
    let sum = 0;
    this.#drained = satellite.drains.map(({ at, bytes }) => ({ at, sum: (sum += bytes) }));
    this.#watchesStore = Number.isFinite(satellite.store.capacity) || satellite.drains.length > 0;
    this.#entries = satellite.taken.map(({ from, to, direction, bytes }) => ({
      start: from,
      end: to,
      direction,
      bytes,
      landBy: null,
      choice: null,
    }));
  }

  /** Looks that stand, in order of time. */
  get looks(): readonly Choice[] {
    return this.#entries.flatMap(({ choice }) => (choice === null ? [] : [choice]));
  }

  /** All that stands, for taking changes back. */
  get state(): readonly unknown[] {
    return this.#entries;
  }

  /** Takes changes back to a `state`. */
  restore(state: readonly unknown[]): void {
    this.#entries = state as Entry[];
  }

  /** Looks that the choice would get in the way of. */
  rivals(choice: Choice): readonly Choice[] {
    const { agility } = this.#satellite;
    const found: Choice[] = [];
    for (let at = this.#placeOf(choice.start - this.#reach - 120); at < this.#entries.length; at++) {
      const entry = this.#entries[at] as Entry;
      if (entry.start > choice.end + this.#reach) break;
      if (entry.choice !== null && !areApart(choice, entry, agility)) found.push(entry.choice);
    }
    return found;
  }

  /** Looks of the same pass, and of passes that run into it, that a choice may push or be pushed by; in the order in which the satellite comes by. */
  passOf({ opportunity: { from, until, dwell } }: Choice): readonly Choice[] {
    let [first, last] = [from - this.#reach, until + dwell + this.#reach];
    const looks = this.looks;
    let found: readonly Choice[] = [];
    for (;;) {
      const near = looks.filter(({ start, end }) => end >= first && start <= last);
      if (near.length === found.length) break;
      found = near;
      for (const { start, end } of near)
        [first, last] = [Math.min(first, start - this.#reach / 2), Math.max(last, end + this.#reach / 2)];
    }
    return found.toSorted((a, b) => a.start - b.start);
  }

  /** What stands in the way of a choice; `null`: nothing. */
  obstacle(choice: Choice): Obstacle | null {
    const at = this.#placeOf(choice.start);
    const { agility } = this.#satellite;
    const [before, after] = [this.#entries[at - 1], this.#entries[at]];
    if (before !== undefined && !areApart(before, choice, agility)) return "looks";
    if (after !== undefined && !areApart(choice, after, agility)) return "looks";
    if (this.#exceedsDuty(choice, at)) return "duty";
    return this.#watchesStore ? this.#overfills(choice, at) : null;
  }

  /** Puts in a choice that nothing stands in the way of. */
  add(choice: Choice): void {
    const { start, end, direction, bytes, landBy } = choice;
    this.#entries = this.#entries.toSpliced(this.#placeOf(start), 0, {
      start,
      end,
      direction,
      bytes,
      landBy,
      choice,
    });
  }

  remove(choice: Choice): void {
    this.#entries = this.#entries.filter((entry) => entry.choice !== choice);
  }

  /** Where the camera points before a look: at what it took last, or straight down. */
  directionBefore(choice: Choice): Pointed {
    const at = this.#placeOf(choice.start);
    return this.#entries[at - 1] ?? { start: choice.start, end: choice.start, direction: nadir };
  }

  /** The first place whose entry does not start before `t`. */
  #placeOf(t: number): number {
    let [low, high] = [0, this.#entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#entries[middle] as Entry).start < t) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** A period that begins with any look holds at most so many seconds of looks that begin in it. */
  #exceedsDuty(choice: Choice, place: number): boolean {
    const { seconds, period } = this.#satellite.duty;
    if (!Number.isFinite(seconds)) return false;
    const entries = this.#entries;
    const own = choice.end - choice.start;
    const lengthOf = (first: number, from: number): number => {
      let sum = 0;
      for (let at = first; at < entries.length && (entries[at] as Entry).start < from + period; at++) {
        const { start, end } = entries[at] as Entry;
        sum += end - start;
      }
      return sum;
    };
    if (lengthOf(place, choice.start) + own > seconds) return true;
    for (let at = place - 1; at >= 0; at--) {
      const { start } = entries[at] as Entry;
      if (start + period <= choice.start) return false;
      if (lengthOf(at, start) + own > seconds) return true;
    }
    return false;
  }

  /** What contacts have taken away by `t`. */
  #drainedBy(t: number): number {
    const drained = this.#drained;
    let [low, high] = [0, drained.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((drained[middle] as { readonly at: number }).at <= t) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? 0 : (drained[low - 1] as { readonly sum: number }).sum;
  }

  /** First in, first out: whether the store overflows anywhere with the choice in it, or a look lands too late. */
  #overfills(choice: Choice, place: number): Obstacle | null {
    const { capacity, level: initial } = this.#satellite.store;
    let level: number = initial;
    let drained = this.#drainedBy(this.#satellite.ephemeris.from);
    const put = (end: number, bytes: number, landBy: number | null): Obstacle | null => {
      const by = this.#drainedBy(end);
      level = Math.max(0, level - (by - drained)) + bytes;
      drained = by;
      if (level > capacity) return "store";
      return landBy !== null && this.#drainedBy(landBy) - by < level ? "downlink" : null;
    };
    for (let at = 0; at <= this.#entries.length; at++) {
      if (at === place) {
        const found = put(choice.end, choice.bytes, choice.landBy);
        if (found !== null) return found;
      }
      const entry = this.#entries[at];
      if (entry === undefined) continue;
      const found = put(entry.end, entry.bytes, entry.landBy);
      // What was too much before is not the choice's doing.
      if (found !== null && at >= place) return found;
    }
    return null;
  }
}
