import type { BodyLedger, PowerLedger } from "../../pipeline/mission/body-ledger.ts";
import { instant, joules, kelvin, type Instant } from "../../pipeline/units.ts";
import type { Battery } from "./battery.ts";

/** Points of the series at most, the last moment besides. */
const points = 300;

/** What a trace has noted. */
export interface BodyTraceSnapshot {
  readonly times: readonly number[];
  readonly charges: readonly number[];
  readonly temperatures: readonly number[];
  readonly count: number;
  /** Lowest charge, lowest and highest temperature. */
  readonly extremes: readonly [number, number, number];
}

/** Extremes of charge and temperature, and a thinned series of both. */
export class BodyTrace {
  readonly #stride: number;
  #times: number[] = [];
  #charges: number[] = [];
  #temperatures: number[] = [];
  #count = 0;
  #minCharge = Infinity;
  #minTemperature = Infinity;
  #maxTemperature = -Infinity;

  /** Without `keepsSeries`: extremes alone. */
  constructor(cells: number, keepsSeries = true) {
    this.#stride = keepsSeries ? Math.max(1, Math.ceil(cells / points)) : Infinity;
  }

  /** To be called at the start of every cell and at the end of the last; `t` in seconds from the start of the horizon. */
  note(t: number, charge: number, temperature: number): void {
    if (charge < this.#minCharge) this.#minCharge = charge;
    if (temperature < this.#minTemperature) this.#minTemperature = temperature;
    if (temperature > this.#maxTemperature) this.#maxTemperature = temperature;
    if (this.#stride === Infinity || this.#count++ % this.#stride !== 0) return;
    this.#times.push(t);
    this.#charges.push(charge);
    this.#temperatures.push(temperature);
  }

  snapshot(): BodyTraceSnapshot {
    return {
      times: this.#times,
      charges: this.#charges,
      temperatures: this.#temperatures,
      count: this.#count,
      extremes: [this.#minCharge, this.#minTemperature, this.#maxTemperature],
    };
  }

  restore({ times, charges, temperatures, count, extremes }: BodyTraceSnapshot): void {
    this.#times = [...times];
    this.#charges = [...charges];
    this.#temperatures = [...temperatures];
    this.#count = count;
    [this.#minCharge, this.#minTemperature, this.#maxTemperature] = extremes;
  }

  /** `temperature` is that of the computer's node at the end; `undefined` where no heat is kept. */
  close(
    from: Instant,
    battery: Battery | null,
    temperature: number | undefined,
  ): Pick<BodyLedger, "power" | "heat" | "series"> {
    const power: PowerLedger | null = battery && {
      generated: joules(battery.generated),
      demanded: joules(battery.demanded),
      unmet: joules(battery.unmet),
      lost: joules(battery.lost),
      shed: joules(battery.shed),
      initialStored: joules(battery.initial),
      finalStored: joules(battery.stored),
      minCharge: this.#minCharge,
      finalCharge: battery.charge,
    };
    const heat =
      temperature === undefined
        ? null
        : {
            min: kelvin(this.#minTemperature),
            max: kelvin(this.#maxTemperature),
            final: kelvin(temperature),
          };
    return {
      power,
      heat,
      series: {
        at: power === null && heat === null ? [] : this.#times.map((t) => instant(from + t)),
        charge: power && this.#charges,
        temperature: heat && this.#temperatures.map(kelvin),
      },
    };
  }
}
