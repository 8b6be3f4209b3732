import type { AcquisitionRecord } from "../../pipeline/mission/ledger.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import { instant, type Instant } from "../../pipeline/units.ts";
import type { BoardTenancy } from "../tenancy/board-tenancy.ts";
import { FairQueue, type FairJob } from "../tenancy/fair-queue.ts";
import { sharesOf } from "../tenancy/tenant-work.ts";

/** The acquisitions that wait for the computer of one satellite. */
export interface Timeline {
  /** When the next one would be taken, given when the computer is free; infinite where none waits. */
  readonly nextAt: (computerFree: Instant) => number;
  /** Takes the next one, at the time that `nextAt` said. */
  readonly take: (at: number) => Acquisition;
  /** Takes in what orders add. */
  readonly add: (acquisitions: readonly Acquisition[]) => void;
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
  readonly #waiting: Acquisition[];
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

  take(): Acquisition {
    return this.#waiting.shift() as Acquisition;
  }

  add(acquisitions: readonly Acquisition[]): void {
    this.#hasMore ||= acquisitions.length > 0;
    this.#waiting.push(...acquisitions);
    this.#waiting.sort(byTime);
  }

  done(): void {
    // The next one is known already.
  }
}

interface Job extends FairJob {
  readonly acquisition: Acquisition;
}

/**
 * By fair shares of the computer: whenever it is free, the work of the tenant that is furthest behind. Which that is depends on all that has been taken
 * by then, so nothing is chosen before the computer is free for it.
 */
export class InFairShares implements Timeline {
  readonly #tenancy: BoardTenancy;
  readonly #queue: FairQueue<Job>;
  #taken: Job | null = null;

  constructor(tenancy: BoardTenancy, acquisitions: readonly Acquisition[]) {
    this.#tenancy = tenancy;
    this.#queue = new FairQueue(
      tenancy.weights,
      acquisitions.map((one) => this.#jobOf(one)),
    );
  }

  nextAt(computerFree: Instant): number {
    const next = this.#queue.nextAt;
    return next === null ? Infinity : Math.max(next, computerFree);
  }

  take(at: number): Acquisition {
    const job = this.#queue.take(instant(at));
    if (job === undefined) throw new RangeError(`nothing waits at ${at}`);
    this.#taken = job;
    return job.acquisition;
  }

  add(acquisitions: readonly Acquisition[]): void {
    for (const one of acquisitions) this.#queue.add(this.#jobOf(one));
  }

  done(acquisition: Acquisition, record: AcquisitionRecord): void {
    const job = this.#taken;
    if (job === null) return;
    this.#taken = null;
    const shares = sharesOf(record, this.#tenancy.ownersOf(acquisition.index));
    const sum = shares.reduce((all, { weight }) => all + weight, 0);
    this.#queue.done(
      job,
      sum === 0
        ? []
        : shares.map(({ tenant, weight }) => ({ tenant, amount: (record.computeSeconds * weight) / sum })),
    );
  }

  snapshot(): null {
    return null;
  }

  restore(): void {
    throw new RangeError("fair shares are not gone on with");
  }

  #jobOf(acquisition: Acquisition): Job {
    const { at, index } = acquisition;
    const tenants = this.#tenancy.wantedBy(acquisition);
    return { acquisition, tenants, at, index, priority: this.#tenancy.priorityOf(acquisition) };
  }
}
