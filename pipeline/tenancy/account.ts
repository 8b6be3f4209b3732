import { microAmount, type MicroAmount } from "./amount.ts";
import type { Work } from "./resource.ts";
import { Meter, type Tariff } from "./tariff.ts";

/** What a charge came to: the tenant pays `charge`; `overrun`, beyond its budget, is borne by the operator. */
export interface Settled {
  readonly charge: MicroAmount;
  readonly overrun: MicroAmount;
}

/** What a reservation holds of a budget; it is named by a number. */
interface Hold {
  left: number;
}

/**
 * The account of one tenant: budget = charged + held + free, at every moment. Work is reserved before it begins, charged as it is done, and
 * what a reservation has left over is released. A charge takes first what is held for it, then what is free; a tenant is never charged
 * more than its budget.
 */
export class Account {
  readonly #budget: number;
  readonly #meter: Meter;
  readonly #holds = new Map<number, Hold>();
  #charged = 0;
  #held = 0;
  #overrun = 0;

  /** `budget: null` has no end: the operator's own. */
  constructor(budget: MicroAmount | null, tariff: Tariff) {
    this.#budget = budget ?? Number.MAX_SAFE_INTEGER;
    this.#meter = new Meter(tariff);
  }

  get charged(): MicroAmount {
    return microAmount(this.#charged);
  }

  get overrun(): MicroAmount {
    return microAmount(this.#overrun);
  }

  get free(): MicroAmount {
    return microAmount(this.#budget - this.#charged - this.#held);
  }

  /** Holds an amount under a number; false, and nothing happens, where less is free. Throws `RangeError` for a number in use. */
  reserve(hold: number, amount: MicroAmount): boolean {
    if (this.#holds.has(hold)) throw new RangeError(`reservation ${hold} is open already`);
    if (amount < 0) throw new RangeError(`a reservation of ${amount}`);
    if (amount > this.free) return false;
    this.#holds.set(hold, { left: amount });
    this.#held += amount;
    return true;
  }

  /** Charges work, to a reservation or to what is free. Throws `RangeError` for a reservation that is not open. */
  charge(work: Work, hold: number | null): Settled {
    const price = this.#meter.charge(work);
    const reserved = hold === null ? { left: 0 } : this.#open(hold);
    const fromHold = Math.min(price, reserved.left);
    const fromFree = Math.min(price - fromHold, this.free);
    reserved.left -= fromHold;
    this.#held -= fromHold;
    const charge = microAmount(fromHold + fromFree);
    const overrun = microAmount(price - charge);
    this.#charged += charge;
    this.#overrun = microAmount(this.#overrun + overrun);
    return { charge, overrun };
  }

  /** Ends a reservation; what it still held is free again, and returned. Throws `RangeError` for one that is not open. */
  release(hold: number): MicroAmount {
    const { left } = this.#open(hold);
    this.#holds.delete(hold);
    this.#held -= left;
    return microAmount(left);
  }

  /** Numbers of the reservations that are open. */
  get holds(): Iterable<number> {
    return this.#holds.keys();
  }

  #open(hold: number): Hold {
    const found = this.#holds.get(hold);
    if (found === undefined) throw new RangeError(`reservation ${hold} is not open`);
    return found;
  }
}
