import type { PowerSystem } from "../../pipeline/mission/spacecraft.ts";

/** What a battery holds, and what has gone through it, J. */
export type BatterySnapshot = Readonly<
  Record<"stored" | "generated" | "demanded" | "unmet" | "lost" | "shed", number>
>;

/**
 * A battery between array and loads, as a reservoir of joules: what goes in is multiplied by the charging efficiency, what
 * comes out by the discharging one; voltage, ageing and self-discharge are left out. Plain numbers: it is stepped for
 * every cell of thousands of satellites.
 *
 * After every step `generated + unmet + stored at the start = demanded + lost + shed + stored`, to rounding.
 */
export class Battery {
  stored: number;
  generated = 0;
  demanded = 0;
  unmet = 0;
  lost = 0;
  shed = 0;
  readonly initial: number;
  readonly capacity: number;
  readonly #chargeEfficiency: number;
  readonly #dischargeEfficiency: number;

  constructor({ capacity, initial, chargeEfficiency, dischargeEfficiency }: PowerSystem["battery"]) {
    this.capacity = capacity;
    this.initial = capacity * initial;
    this.stored = this.initial;
    this.#chargeEfficiency = chargeEfficiency;
    this.#dischargeEfficiency = dischargeEfficiency;
  }

  snapshot(): BatterySnapshot {
    const { stored, generated, demanded, unmet, lost, shed } = this;
    return { stored, generated, demanded, unmet, lost, shed };
  }

  restore(snapshot: BatterySnapshot): void {
    Object.assign(this, snapshot);
  }

  /** State of charge, 0…1. */
  get charge(): number {
    return this.stored / this.capacity;
  }

  /**
   * Lets joules in and out over a stretch in which both are even: loads are fed by the array first, and the rest is stored
   * or shed, or comes out of the battery. Returns the share of the demand that was met.
   */
  step(generated: number, demanded: number): number {
    this.generated += generated;
    this.demanded += demanded;
    if (generated >= demanded) {
      this.#charge(generated - demanded);
      return 1;
    }
    const unmet = this.#discharge(demanded - generated);
    return unmet === 0 ? 1 : 1 - unmet / demanded;
  }

  #charge(surplus: number): void {
    const room = this.capacity - this.stored;
    const taken = surplus * this.#chargeEfficiency;
    if (taken <= room) {
      this.stored += taken;
      this.lost += surplus - taken;
      return;
    }
    const accepted = room / this.#chargeEfficiency;
    this.stored = this.capacity;
    this.lost += accepted - room;
    this.shed += surplus - accepted;
  }

  /** Returns what the battery could not deliver. */
  #discharge(deficit: number): number {
    const needed = deficit / this.#dischargeEfficiency;
    if (needed <= this.stored) {
      this.stored -= needed;
      this.lost += needed - deficit;
      return 0;
    }
    const delivered = this.stored * this.#dischargeEfficiency;
    const unmet = deficit - delivered;
    this.lost += this.stored - delivered;
    this.stored = 0;
    this.unmet += unmet;
    return unmet;
  }
}
