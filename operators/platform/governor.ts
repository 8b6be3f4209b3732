import type { Spacecraft } from "../../pipeline/mission/spacecraft.ts";

/** A computer that stopped at the battery's floor starts again this share of the capacity above it, or halfway to full. */
const restartMargin = 0.05;

/**
 * Decides how fast the computer may work. Below the battery's floor it waits until there is `restartMargin` more; between
 * the limits of temperature it slows down linearly, and stops at the upper one.
 */
export class Governor {
  readonly #floor: number;
  readonly #restart: number;
  readonly #throttleFrom: number;
  readonly #stopAt: number;
  #lacksCharge = false;

  constructor({ power, heat }: Pick<Spacecraft, "power" | "heat">) {
    const floor = power?.battery.floor ?? 0;
    this.#floor = floor;
    this.#restart = floor + Math.min(restartMargin, (1 - floor) / 2);
    this.#throttleFrom = heat?.throttleFrom ?? Infinity;
    this.#stopAt = heat?.stopAt ?? Infinity;
  }

  /** Whether the last decision was made for the battery's sake. */
  get lacksCharge(): boolean {
    return this.#lacksCharge;
  }

  /** Goes on as after a decision that was made for the battery's sake, or was not. */
  restore(lacksCharge: boolean): void {
    this.#lacksCharge = lacksCharge;
  }

  /** Speed, 0…1, at a state of charge (0…1) and a temperature (K). To be asked in order of time. */
  decide(charge: number, temperature: number): number {
    if (charge < this.#floor || charge <= 0) this.#lacksCharge = true;
    else if (charge >= this.#restart) this.#lacksCharge = false;
    if (this.#lacksCharge) return 0;
    if (temperature < this.#throttleFrom) return 1;
    if (temperature >= this.#stopAt) return 0;
    return (this.#stopAt - temperature) / (this.#stopAt - this.#throttleFrom);
  }
}
