import type { Degrees, Instant, Quantity } from "../units.ts";

/** Revolutions a day, as element sets state the mean motion. */
export type RevolutionsPerDay = Quantity<"rev/day">;

/** SGP4 mean elements (TEME, Kozai mean motion, WGS 72), as a TLE or an OMM carries them. */
export interface MeanElements {
  readonly meanMotion: RevolutionsPerDay;
  /** 0 ≤ e < 1. */
  readonly eccentricity: number;
  readonly inclination: Degrees;
  /** Of the ascending node. */
  readonly rightAscension: Degrees;
  readonly argumentOfPerigee: Degrees;
  readonly meanAnomaly: Degrees;
  /** B*, per Earth radius. */
  readonly drag: number;
}

/** A satellite and its orbit, as plain data: it can be sent to another process and propagated there. */
export interface Satellite {
  /** `[A-Za-z0-9_-]+`, unique in its constellation: it stands in NATS subjects. */
  readonly id: string;
  readonly name: string;
  readonly catalogNumber: number;
  /** The moment for which the elements hold. */
  readonly epoch: Instant;
  readonly elements: MeanElements;
}

/** An element set as read, before it has an identifier. */
export type ElementSet = Omit<Satellite, "id">;
