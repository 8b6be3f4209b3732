import type { AcquisitionRecord } from "../../pipeline/mission/ledger.ts";
import type { Spacecraft } from "../../pipeline/mission/spacecraft.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import { instant, type Instant } from "../../pipeline/units.ts";
import { FairQueue, type FairJob } from "../tenancy/fair-queue.ts";
import { sharesOf, workOfTenants } from "../tenancy/tenant-work.ts";

/** The acquisitions that wait for the computer of one satellite. */
export interface Timeline {
  /** When the next one would be taken, given when the computer is free; infinite where none waits. */
  readonly nextAt: (computerFree: Instant) => number;
  /** When the camera takes, or took, the earliest of those that wait; infinite where none does. */
  readonly earliest: () => number;
  /** Takes the next one, at the time that `nextAt` said. */
  readonly take: (at: number) => Acquisition;
  /** Takes in what orders add. */
  readonly add: (acquisitions: readonly Acquisition[]) => void;
  /** Gives up those of these places in the schedule that lie ahead. */
  readonly remove: (indices: readonly number[]) => void;
  /** Says what the last one came to. */
  readonly done: (acquisition: Acquisition, record: AcquisitionRecord) => void;
  /** How many still wait; `null`: that does not say all there is to keep. */
  readonly snapshot: () => number | null;
  /** Goes on as a timeline of the same acquisitions in which so many still waited. */
  readonly restore: (waiting: number) => void;
}

const byTime = (a: Acquisition, b: Acquisition): number => a.at - b.at || a.index - b.index;

/** One after the other, as they were taken. */
export class InOrder implements Timeline {
  #waiting: Acquisition[];
  #hasMore = false;

  constructor(acquisitions: readonly Acquisition[]) {
    this.#waiting = acquisitions.toSorted(byTime);
  }

  snapshot(): number | null {
    return this.#hasMore ? null : this.#waiting.length;
  }

  restore(waiting: number): void {
    this.#waiting.splice(0, this.#waiting.length - waiting);
  }

  nextAt(): number {
    return this.#waiting[0]?.at ?? Infinity;
  }

  earliest(): number {
    return this.nextAt();
  }

  take(): Acquisition {
    return this.#waiting.shift() as Acquisition;
  }

  add(acquisitions: readonly Acquisition[]): void {
    this.#hasMore ||= acquisitions.length > 0;
    this.#waiting.push(...acquisitions);
    this.#waiting.sort(byTime);
  }

  remove(indices: readonly number[]): void {
    if (indices.length > 0) this.#waiting = this.#waiting.filter(({ index }) => !indices.includes(index));
  }

  done(): void {
    // The next one is known already.
  }
}

interface Job extends FairJob {
  readonly acquisition: Acquisition;
}

/** Whose acquisitions are, and how urgent. */
export interface QueueRules {
  readonly weights: ReadonlyMap<string, number>;
  /** Who wants it, at least one. */
  wantedBy(acquisition: Acquisition): readonly string[];
  /** Among its tenants' own: 1 goes first. */
  priorityOf(acquisition: Acquisition): number;
  /** Whose it is once it is taken. */
  ownersOf(acquisition: number): readonly string[];
}

/** What acquisitions take: of each there is a share for every tenant. */
const things = { time: 0, energy: 1 } as const;
/** Work that takes so much longer than at full speed was held up by power or heat. */
const heldUp = 1.001;

/**
 * By fair shares: whenever the computer is free, the work of the tenant that is furthest behind, by the computer's time, or by energy as long as power or heat
 * hold the computer up. Which that is depends on all that has been taken by then, so nothing is chosen before the computer is free for it.
 */
export class InFairShares implements Timeline {
  readonly #rules: QueueRules;
  readonly #spacecraft: Pick<Spacecraft, "camera" | "computer">;
  readonly #queue: FairQueue<Job>;
  #taken: Job | null = null;
  /** What was short when the last one was worked on. */
  #short: number = things.time;

  constructor(
    rules: QueueRules,
    spacecraft: Pick<Spacecraft, "camera" | "computer">,
    acquisitions: readonly Acquisition[],
  ) {
    this.#rules = rules;
    this.#spacecraft = spacecraft;
    this.#queue = new FairQueue(
      rules.weights,
      acquisitions.map((one) => this.#jobOf(one)),
      Object.keys(things).length,
    );
  }

  nextAt(computerFree: Instant): number {
    const next = this.#queue.nextAt;
    return next === null ? Infinity : Math.max(next, computerFree);
  }

  earliest(): number {
    return this.#queue.oldest;
  }

  take(at: number): Acquisition {
    const job = this.#queue.take(instant(at), this.#short);
    if (job === undefined) throw new RangeError(`nothing waits at ${at}`);
    this.#taken = job;
    return job.acquisition;
  }

  add(acquisitions: readonly Acquisition[]): void {
    for (const one of acquisitions) this.#queue.add(this.#jobOf(one));
  }

  remove(indices: readonly number[]): void {
    this.#queue.remove(({ index }) => indices.includes(index));
  }

  done(acquisition: Acquisition, record: AcquisitionRecord): void {
    const job = this.#taken;
    if (job === null) return;
    this.#taken = null;
    const owners = this.#rules.ownersOf(acquisition.index);
    const shares = sharesOf(record, owners);
    const sum = shares.reduce((all, { weight }) => all + weight, 0);
    const time = shares.map(({ tenant, weight }) => ({
      tenant,
      amount: (record.computeSeconds * weight) / sum,
    }));
    const energy = [...workOfTenants(record, owners, this.#spacecraft)].map(([tenant, work]) => ({
      tenant,
      amount: work.energy ?? 0,
    }));
    this.#queue.done(job, sum === 0 ? [] : time, sum === 0 ? [] : energy);
    if (record.computeSeconds > 0) {
      const isHeldUp = record.readyAt - record.startedAt > heldUp * record.computeSeconds;
      this.#short = isHeldUp ? things.energy : things.time;
    }
  }

  snapshot(): null {
    return null;
  }

  restore(): void {
    throw new RangeError("fair shares are not gone on with");
  }

  #jobOf(acquisition: Acquisition): Job {
    const { at, index } = acquisition;
    const tenants = this.#rules.wantedBy(acquisition);
    return { acquisition, tenants, at, index, priority: this.#rules.priorityOf(acquisition) };
  }
}
