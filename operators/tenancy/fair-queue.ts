import { FairShare, type Taken } from "./fair-share.ts";

/** What stands in a queue: for whom, and since when. */
export interface FairJob {
  readonly tenants: readonly string[];
  readonly at: number;
  /** Of a tenant's own work the smallest goes first. */
  readonly priority: number;
  /** Tells jobs apart; the smaller goes first where all else is equal. */
  readonly index: number;
}

const byOwnOrder = (a: FairJob, b: FairJob): number =>
  a.priority - b.priority || a.at - b.at || a.index - b.index;

/** A heap in the order of `byOwnOrder`. */
class Lane<Job extends FairJob> {
  readonly tenants: readonly string[];
  readonly #heap: Job[] = [];

  constructor(tenants: readonly string[]) {
    this.tenants = tenants;
  }

  get first(): Job | undefined {
    return this.#heap[0];
  }

  /** When the oldest joined; infinite where none is there. */
  get oldest(): number {
    let oldest = Infinity;
    for (const { at } of this.#heap) oldest = Math.min(oldest, at);
    return oldest;
  }

  push(job: Job): void {
    const heap = this.#heap;
    let at = heap.length;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (byOwnOrder(heap[above] as Job, job) <= 0) break;
      heap[at] = heap[above] as Job;
      at = above;
    }
    heap[at] = job;
  }

  shift(): Job | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      const right = heap[below + 1];
      if (right !== undefined && byOwnOrder(right, heap[below] as Job) < 0) below++;
      if (byOwnOrder(heap[below] as Job, last) >= 0) break;
      heap[at] = heap[below] as Job;
      at = below;
    }
    heap[at] = last;
    return first;
  }
}

/**
 * Work that waits for one computer, in the order of fair shares: see `FairShare`. Work for the same tenants stands in one lane, by priority and
 * age; the lane of whoever is furthest behind in what is short, the computer's time or something else that work takes, is next. Nobody starves: a tenant's virtual time stands still while it waits, and that of everybody
 * else passes it.
 */
export class FairQueue<Job extends FairJob> {
  /** Of each thing that work takes. */
  readonly #shares: readonly FairShare[];
  readonly #lanes = new Map<string, Lane<Job>>();
  /** Not there yet, latest first. */
  #coming: Job[];

  /** `jobs` are all that is known already; each joins at its time. `resources`: how many things work takes. */
  constructor(weights: ReadonlyMap<string, number>, jobs: readonly Job[], resources = 1) {
    this.#shares = Array.from({ length: resources }, () => new FairShare(weights));
    this.#coming = jobs.toSorted((a, b) => b.at - a.at || b.index - a.index);
  }

  /** Takes in work that is known only now. */
  add(job: Job): void {
    const after = this.#coming.findLastIndex(
      (one) => one.at > job.at || (one.at === job.at && one.index > job.index),
    );
    this.#coming.splice(after + 1, 0, job);
  }

  /** Gives up work that has not joined yet. */
  remove(isGivenUp: (job: Job) => boolean): void {
    this.#coming = this.#coming.filter((job) => !isGivenUp(job));
  }

  /** From when on there is something to take; `null`: never. */
  get nextAt(): number | null {
    for (const { first } of this.#lanes.values()) if (first !== undefined) return -Infinity;
    return this.#coming.at(-1)?.at ?? null;
  }

  /** Since when the oldest waits, or the first will; infinite where there is none. */
  get oldest(): number {
    let oldest = this.#coming.at(-1)?.at ?? Infinity;
    for (const lane of this.#lanes.values()) oldest = Math.min(oldest, lane.oldest);
    return oldest;
  }

  /**
   * Takes the next work at time `t`, which must not go back from call to call; `undefined` where none is there. `short`: which of the things that
   * work takes decides.
   */
  take(t: number, short = 0): Job | undefined {
    this.#join(t);
    const share = this.#shares[short];
    if (share === undefined) throw new RangeError(`work takes ${this.#shares.length} things, not ${short}`);
    let best: Lane<Job> | null = null;
    let urgency = Infinity;
    for (const lane of this.#lanes.values()) {
      if (lane.first === undefined) continue;
      const own = share.urgency(lane.tenants);
      if (own > urgency) continue;
      if (own === urgency && best?.first !== undefined && best.first.index < lane.first.index) continue;
      best = lane;
      urgency = own;
    }
    if (best === null) return undefined;
    for (const one of this.#shares) one.begin(one.urgency(best.tenants));
    return best.shift();
  }

  /** Says what a job that was taken came to, of each thing that work takes; before the next is taken. */
  done({ tenants }: Job, ...taken: readonly (readonly Taken[])[]): void {
    this.#shares.forEach((share, at) => {
      share.charge(taken[at] ?? []);
      share.drop(tenants);
    });
  }

  #join(t: number): void {
    for (let next = this.#coming.at(-1); next !== undefined && next.at <= t; next = this.#coming.at(-1)) {
      this.#coming.pop();
      const key = next.tenants.join("\n");
      const lane = this.#lanes.get(key) ?? new Lane<Job>(next.tenants);
      this.#lanes.set(key, lane);
      lane.push(next);
      for (const share of this.#shares) share.want(next.tenants);
    }
  }
}
