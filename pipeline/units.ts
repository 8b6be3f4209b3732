/**
 * Branded quantities. A public signature never takes a bare number where a unit is meant: metres per pixel and
 * kilo against kibi are the mistakes that reach published tables.
 *
 * A quantity is a plain number at run time; the brand exists for the compiler only, so arithmetic yields `number`
 * and has to be named again: `seconds(a + b)`.
 */
declare const unit: unique symbol;

export type Quantity<Unit extends string> = number & { readonly [unit]: Unit };

/** Octets. SI prefixes everywhere: 1 kB = 1000 B. */
export type Bytes = Quantity<"B">;
export type BitsPerSecond = Quantity<"bit/s">;
export type BytesPerSecond = Quantity<"B/s">;
export type Seconds = Quantity<"s">;
export type Metres = Quantity<"m">;
export type Degrees = Quantity<"deg">;
export type Radians = Quantity<"rad">;
export type Joules = Quantity<"J">;
export type Watts = Quantity<"W">;
export type Kelvin = Quantity<"K">;
export type SquareMetres = Quantity<"m²">;
export type Millimetres = Quantity<"mm">;
export type JoulesPerKelvin = Quantity<"J/K">;
export type WattsPerKelvin = Quantity<"W/K">;
export type Hertz = Quantity<"Hz">;
export type Decibels = Quantity<"dB">;
/** A ratio to one per kelvin: a receiver's gain over its noise temperature. */
export type DecibelsPerKelvin = Quantity<"dB/K">;
export type MillimetresPerHour = Quantity<"mm/h">;
export type GramsPerCubicMetre = Quantity<"g/m³">;

/** A point of mission time: UTC seconds since 1970-01-01T00:00:00Z, leap seconds not counted (as POSIX does). */
export type Instant = Quantity<"s since 1970 UTC">;

export const bytes = (value: number): Bytes => value as Bytes;
export const bitsPerSecond = (value: number): BitsPerSecond => value as BitsPerSecond;
export const seconds = (value: number): Seconds => value as Seconds;
export const metres = (value: number): Metres => value as Metres;
export const degrees = (value: number): Degrees => value as Degrees;
export const radians = (value: number): Radians => value as Radians;
export const joules = (value: number): Joules => value as Joules;
export const watts = (value: number): Watts => value as Watts;
export const kelvin = (value: number): Kelvin => value as Kelvin;
export const squareMetres = (value: number): SquareMetres => value as SquareMetres;
export const millimetres = (value: number): Millimetres => value as Millimetres;
export const joulesPerKelvin = (value: number): JoulesPerKelvin => value as JoulesPerKelvin;
export const wattsPerKelvin = (value: number): WattsPerKelvin => value as WattsPerKelvin;
export const hertz = (value: number): Hertz => value as Hertz;
export const decibels = (value: number): Decibels => value as Decibels;
export const decibelsPerKelvin = (value: number): DecibelsPerKelvin => value as DecibelsPerKelvin;
export const millimetresPerHour = (value: number): MillimetresPerHour => value as MillimetresPerHour;
export const gramsPerCubicMetre = (value: number): GramsPerCubicMetre => value as GramsPerCubicMetre;
export const instant = (value: number): Instant => value as Instant;

export const toRadians = (angle: Degrees): Radians => radians((angle * Math.PI) / 180);
export const toDegrees = (angle: Radians): Degrees => degrees((angle * 180) / Math.PI);

/** `t + dt`, the one sum that every mission-time computation needs. */
export const later = (t: Instant, dt: Seconds): Instant => instant(t + dt);
/** `to − from`; negative when `to` lies before `from`. */
export const elapsed = (from: Instant, to: Instant): Seconds => seconds(to - from);

/** ISO 8601 with milliseconds, e.g. `2026-01-01T00:00:00.000Z`. */
export const formatInstant = (t: Instant): string => new Date(Math.round(t * 1000)).toISOString();

/** Parses an ISO 8601 date-time; `null` when it is none. */
export const parseInstant = (text: string): Instant | null => {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : instant(ms / 1000);
};
