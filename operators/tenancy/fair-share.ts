/** Part of what is taken that falls to one of those who share. */
export interface Taken {
  readonly tenant: string;
  readonly amount: number;
}

/**
 * Who is to have what several want next: start-time fair queueing (Goyal, Vin, Cheng, SIGCOMM 1996). Each tenant has a virtual time that runs by what
 * it was given, divided by its weight; the one that is furthest behind is next. While two want all they can get, what they are given differs
 * by no more than one piece of work of each from the ratio of their weights, whatever else is asked for. Who wanted nothing for a while
 * begins where the others are: nothing is saved up.
 */
export class FairShare {
  readonly #weights: ReadonlyMap<string, number>;
  readonly #times = new Map<string, number>();
  readonly #wanting = new Map<string, number>();
  /** Virtual time of what was begun last. */
  #now = 0;

  /** A tenant that has no weight here has weight 1. */
  constructor(weights: ReadonlyMap<string, number>) {
    this.#weights = weights;
  }

  /** One more piece of work is wanted for them. */
  want(tenants: readonly string[]): void {
    for (const tenant of tenants) {
      const count = this.#wanting.get(tenant) ?? 0;
      if (count === 0) this.#times.set(tenant, Math.max(this.#time(tenant), this.#now));
      this.#wanting.set(tenant, count + 1);
    }
  }

  /** A piece of work is wanted no more: it is done, or gone. */
  drop(tenants: readonly string[]): void {
    for (const tenant of tenants) this.#wanting.set(tenant, (this.#wanting.get(tenant) ?? 0) - 1);
  }

  /** Of work for several: that of the one that is furthest behind. The smallest is next. */
  urgency(tenants: readonly string[]): number {
    return Math.min(...tenants.map((tenant) => this.#time(tenant)));
  }

  /** Work of that urgency is begun. */
  begin(urgency: number): void {
    this.#now = Math.max(this.#now, urgency);
  }

  /** What each was given. */
  charge(taken: readonly Taken[]): void {
    for (const { tenant, amount } of taken)
      this.#times.set(tenant, this.#time(tenant) + amount / this.weightOf(tenant));
  }

  /** Of a tenant. */
  weightOf(tenant: string): number {
    return this.#weights.get(tenant) ?? 1;
  }

  #time(tenant: string): number {
    return this.#times.get(tenant) ?? 0;
  }
}
