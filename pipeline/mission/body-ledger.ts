import type { Instant, Joules, Kelvin, Seconds } from "../units.ts";

/** What draws electrical power on board. */
export type Load = "base" | "contact" | "camera" | "compute" | "transmit" | "crosslink" | "slew";

/** The computer had work and stood still. */
export interface Wait {
  readonly from: Instant;
  readonly to: Instant;
  readonly reason: "battery" | "heat";
}

/**
 * The energy balance of the battery over the horizon:
 * `generated + unmet + initialStored = demanded + lost + shed + finalStored`, to rounding.
 */
export interface PowerLedger {
  /** By the array, whether or not anything could use it. */
  readonly generated: Joules;
  /** Demanded by all loads together. */
  readonly demanded: Joules;
  /** Demanded when the battery was empty, and not delivered: a real satellite would have shut down. */
  readonly unmet: Joules;
  /** Lost in charging and discharging. */
  readonly lost: Joules;
  /** Generated with the battery full and no load to take it. */
  readonly shed: Joules;
  readonly initialStored: Joules;
  readonly finalStored: Joules;
  /** States of charge, 0…1. */
  readonly minCharge: number;
  readonly finalCharge: number;
}

/** Temperatures of the node that the computer minds. */
export interface HeatLedger {
  readonly min: Kelvin;
  readonly max: Kelvin;
  readonly final: Kelvin;
}

/** What one spacecraft's body went through. */
export interface BodyLedger {
  /** `null` where power is taken for granted. */
  readonly power: PowerLedger | null;
  /** `null` where temperature is taken for granted. */
  readonly heat: HeatLedger | null;
  /** Demanded, by what drew it. `base` has the idle computer all the time; `compute` is what work draws besides (`workingPower`). */
  readonly loads: Readonly<Record<Exclude<Load, "slew">, Joules>> & {
    /** Turns of the camera to ordered looks; absent where there were none. */
    readonly slew?: Joules;
  };
  /** Sunlight missed, as seconds of full darkness; 0 where neither power nor heat is modelled. */
  readonly eclipse: Seconds;
  readonly waits: readonly Wait[];
  /** In which the computer worked slower than it can. */
  readonly throttled: Seconds;
  /** A few hundred moments for a plot; empty where there is nothing to plot. */
  readonly series: {
    readonly at: readonly Instant[];
    /** States of charge, 0…1. */
    readonly charge: readonly number[] | null;
    readonly temperature: readonly Kelvin[] | null;
  };
}
