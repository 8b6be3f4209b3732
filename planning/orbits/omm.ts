import { SwathError } from "../../pipeline/errors.ts";
import { degrees, instant, type Instant } from "../../pipeline/units.ts";
import { type ElementBound, elementBounds } from "./element-bounds.ts";
import { requireSgp4Type } from "./element-reading.ts";
import type { ElementSet, RevolutionsPerDay } from "../../pipeline/orbit/satellite.ts";

/** Keywords of one message and their values: text, or numbers where JSON has them. */
export type OmmFields = Readonly<Record<string, unknown>>;

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

const isAbsent = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === "string" && value.trim() === "");

const shown = (value: unknown): string =>
  isAbsent(value) ? "nothing" : (JSON.stringify(value) ?? typeof value).slice(0, 60);

const numberOf = (fields: OmmFields, key: string, where: string, bound?: ElementBound): number => {
  const raw = fields[key];
  const value = typeof raw === "string" && decimal.test(raw.trim()) ? Number(raw) : raw;
  if (typeof value !== "number" || !Number.isFinite(value) || bound?.allows(value) === false) {
    throw new SwathError("orbit", {
      what: `${where}: ${key}`,
      wanted: bound?.wanted ?? "a number",
      got: shown(raw),
    });
  }
  return value;
};

/** Days and seconds are counted in UTC; `2026-200T…` counts the days of the year. CCSDS 502.0-B-3, §7.5.10. */
const moment = /^(\d{4})-(?:(\d\d)-(\d\d)|(\d{3}))T(\d\d):(\d\d):(\d\d)(\.\d+)?Z?$/;

/** OMM epochs carry microseconds, which `Date` would cut off. */
const epochOf = (fields: OmmFields, where: string): Instant => {
  const raw = fields["EPOCH"];
  const match = typeof raw === "string" ? moment.exec(raw.trim()) : null;
  const [year, month, day, dayOfYear, hour, minute, second] = (match?.slice(1, 8) ?? []).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const isOrdinal = match?.[4] !== undefined;
  const date = isOrdinal ? Date.UTC(year, 0, dayOfYear) : Date.UTC(year, month - 1, day);
  const back = new Date(date);
  // `Date` counts on from 30 February and from day 366 of a common year; a message that has them is wrong.
  const isDate =
    match !== null &&
    back.getUTCFullYear() === year &&
    (isOrdinal || (back.getUTCMonth() === month - 1 && back.getUTCDate() === day));
  if (!isDate || hour > 23 || minute > 59 || second > 59) {
    throw new SwathError("orbit", {
      what: `${where}: EPOCH`,
      wanted: "UTC like 2026-08-11T03:05:32.354880",
      got: shown(raw),
    });
  }
  return instant(date / 1000 + hour * 3600 + minute * 60 + second + Number(match[8] ?? 0));
};

/** What SGP4 takes of each keyword that says what the elements are of. What a message leaves out is so by convention. */
const conventions: readonly (readonly [key: string, wanted: string, allowed: ReadonlySet<string>])[] = [
  ["CENTER_NAME", "EARTH", new Set(["EARTH"])],
  ["REF_FRAME", "TEME", new Set(["TEME", "TEMEOFDATE"])],
  ["TIME_SYSTEM", "UTC", new Set(["UTC"])],
  ["MEAN_ELEMENT_THEORY", "SGP4", new Set(["SGP4", "SGP/SGP4"])],
];

/**
 * The elements of one orbit mean-elements message. CCSDS 502.0-B-3, §4.
 *
 * @param where what messages call it: file and place
 * @throws SwathError("orbit") naming the keyword, what it may be and what it is
 */
export const ommElements = (fields: OmmFields, where: string): ElementSet => {
  for (const [key, wanted, allowed] of conventions) {
    const value = fields[key];
    if (isAbsent(value) || (typeof value === "string" && allowed.has(value.trim().toUpperCase()))) continue;
    throw new SwathError("orbit", { what: `${where}: ${key}`, wanted, got: shown(value) });
  }
  const type = fields["EPHEMERIS_TYPE"];
  const typeText = typeof type === "string" || typeof type === "number" ? `${type}`.trim() : shown(type);
  requireSgp4Type(isAbsent(type) ? "" : typeText, `${where}: EPHEMERIS_TYPE`);
  const catalogNumber = numberOf(fields, "NORAD_CAT_ID", where, elementBounds.catalogNumber);
  const name = fields["OBJECT_NAME"];
  return {
    name: typeof name === "string" && name.trim() !== "" ? name.trim() : `${catalogNumber}`,
    catalogNumber,
    epoch: epochOf(fields, where),
    elements: {
      meanMotion: numberOf(fields, "MEAN_MOTION", where, elementBounds.meanMotion) as RevolutionsPerDay,
      eccentricity: numberOf(fields, "ECCENTRICITY", where, elementBounds.eccentricity),
      inclination: degrees(numberOf(fields, "INCLINATION", where, elementBounds.inclination)),
      rightAscension: degrees(numberOf(fields, "RA_OF_ASC_NODE", where, elementBounds.angle)),
      argumentOfPerigee: degrees(numberOf(fields, "ARG_OF_PERICENTER", where, elementBounds.angle)),
      meanAnomaly: degrees(numberOf(fields, "MEAN_ANOMALY", where, elementBounds.angle)),
      drag: numberOf(fields, "BSTAR", where),
    },
  };
};
