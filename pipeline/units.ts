/**
 * Branded quantities. A public signature never takes a bare number where a unit is meant: metres per pixel and
 * kilo against kibi are the mistakes that reach published tables.
 *
 * A quantity is a plain number at run time; the brand exists for the compiler only, so arithmetic yields `number`
 * and has to be named again: `seconds(a + b)`.
 */
declare const unit: unique symbol;

/** A number with its unit as a brand. */
export type Quantity<Unit extends string> = number & { readonly [unit]: Unit };

/** Octets. SI prefixes everywhere: 1 kB = 1000 B. */
export type Bytes = Quantity<"B">;
/** Data rate. SI prefixes everywhere: 1 kbit/s = 1000 bit/s. */
export type BitsPerSecond = Quantity<"bit/s">;
/** Data rate in octets. 1 B/s = 8 bit/s. */
export type BytesPerSecond = Quantity<"B/s">;
/** A length of time. A point of time is an `Instant`. */
export type Seconds = Quantity<"s">;
/** Length in m. */
export type Metres = Quantity<"m">;
/** Angle in degrees; latitudes and longitudes too. */
export type Degrees = Quantity<"deg">;
/** A rate of turn. */
export type DegreesPerSecond = Quantity<"deg/s">;
/** How fast a rate of turn grows. */
export type DegreesPerSecondSquared = Quantity<"deg/s²">;
/** Angle in radians. */
export type Radians = Quantity<"rad">;
/** Energy in J. 1 Wh = 3600 J. */
export type Joules = Quantity<"J">;
/** Power in W. */
export type Watts = Quantity<"W">;
/** Temperature, or a difference of temperatures, in K. */
export type Kelvin = Quantity<"K">;
/** Area in m². */
export type SquareMetres = Quantity<"m²">;
/** Length in mm. */
export type Millimetres = Quantity<"mm">;
/** Heat capacity. */
export type JoulesPerKelvin = Quantity<"J/K">;
/** Thermal conductance. */
export type WattsPerKelvin = Quantity<"W/K">;
/** Frequency, bandwidth or symbol rate. */
export type Hertz = Quantity<"Hz">;
/** A ratio of powers: 10 · log₁₀ of it. */
export type Decibels = Quantity<"dB">;
/** A ratio to one per kelvin: a receiver's gain over its noise temperature. */
export type DecibelsPerKelvin = Quantity<"dB/K">;
/** Rain rate. */
export type MillimetresPerHour = Quantity<"mm/h">;
/** Density of water vapour. */
export type GramsPerCubicMetre = Quantity<"g/m³">;

/** A point of mission time: UTC seconds since 1970-01-01T00:00:00Z, leap seconds not counted (as POSIX does). */
export type Instant = Quantity<"s since 1970 UTC">;

/** A number of octets as `Bytes`. */
export const bytes = (value: number): Bytes => value as Bytes;
/** A number of bit/s as `BitsPerSecond`. */
export const bitsPerSecond = (value: number): BitsPerSecond => value as BitsPerSecond;
/** A number of s as `Seconds`. */
export const seconds = (value: number): Seconds => value as Seconds;
/** A number of m as `Metres`. */
export const metres = (value: number): Metres => value as Metres;
/** A number of degrees as `Degrees`. */
export const degrees = (value: number): Degrees => value as Degrees;
/** A number of degrees a second as `DegreesPerSecond`. */
export const degreesPerSecond = (value: number): DegreesPerSecond => value as DegreesPerSecond;
/** A number of degrees a second, each second, as `DegreesPerSecondSquared`. */
export const degreesPerSecondSquared = (value: number): DegreesPerSecondSquared =>
  value as DegreesPerSecondSquared;
/** A number of radians as `Radians`. */
export const radians = (value: number): Radians => value as Radians;
/** A number of J as `Joules`. */
export const joules = (value: number): Joules => value as Joules;
/** A number of W as `Watts`. */
export const watts = (value: number): Watts => value as Watts;
/** A number of K as `Kelvin`. */
export const kelvin = (value: number): Kelvin => value as Kelvin;
/** A number of m² as `SquareMetres`. */
export const squareMetres = (value: number): SquareMetres => value as SquareMetres;
/** A number of mm as `Millimetres`. */
export const millimetres = (value: number): Millimetres => value as Millimetres;
/** A number of J/K as `JoulesPerKelvin`. */
export const joulesPerKelvin = (value: number): JoulesPerKelvin => value as JoulesPerKelvin;
/** A number of W/K as `WattsPerKelvin`. */
export const wattsPerKelvin = (value: number): WattsPerKelvin => value as WattsPerKelvin;
/** A number of Hz as `Hertz`. */
export const hertz = (value: number): Hertz => value as Hertz;
/** A number of dB as `Decibels`. */
export const decibels = (value: number): Decibels => value as Decibels;
/** A number of dB/K as `DecibelsPerKelvin`. */
export const decibelsPerKelvin = (value: number): DecibelsPerKelvin => value as DecibelsPerKelvin;
/** A number of mm/h as `MillimetresPerHour`. */
export const millimetresPerHour = (value: number): MillimetresPerHour => value as MillimetresPerHour;
/** A number of g/m³ as `GramsPerCubicMetre`. */
export const gramsPerCubicMetre = (value: number): GramsPerCubicMetre => value as GramsPerCubicMetre;
/** A number of UTC seconds since 1970 as an `Instant`. */
export const instant = (value: number): Instant => value as Instant;

/** Degrees → radians. */
export const toRadians = (angle: Degrees): Radians => radians((angle * Math.PI) / 180);
/** Radians → degrees. */
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
