import { parseJsonText } from "./json-text.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { degrees, instant, type Instant } from "../../pipeline/units.ts";
import type { ElementSet, RevolutionsPerDay } from "../../pipeline/orbit/satellite.ts";
import { type ElementBound, elementBounds } from "./element-bounds.ts";

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const numberOf = (
  fields: Fields,
  key: string,
  where: string,
  { wanted, allows }: ElementBound = { wanted: "a number", allows: Number.isFinite },
): number => {
  const raw = fields[key];
  const value = typeof raw === "string" && raw.trim() !== "" ? Number(raw) : raw;
  if (typeof value !== "number" || !Number.isFinite(value) || !allows(value)) {
    throw new SwathError("orbit", {
      what: `${where}: ${key}`,
      wanted,
      got: raw === undefined ? "nothing" : JSON.stringify(raw),
    });
  }
  return value;
};

/** OMM epochs are UTC without a `Z` and carry microseconds, which `Date` would cut off. */
const epochOf = (fields: Fields, where: string): Instant => {
  const raw = fields["EPOCH"];
  const match = typeof raw === "string" ? /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?Z?$/.exec(raw) : null;
  const whole = match === null ? Number.NaN : Date.parse(`${match[1]}Z`);
  if (Number.isNaN(whole)) {
    throw new SwathError("orbit", {
      what: `${where}: EPOCH`,
      wanted: "UTC like 2026-08-11T03:05:32.354880",
      got: raw === undefined ? "nothing" : JSON.stringify(raw),
    });
  }
  return instant(whole / 1000 + Number(match?.[2] ?? 0));
};

const elementSet = (fields: Fields, where: string): ElementSet => {
  const catalogNumber = numberOf(fields, "NORAD_CAT_ID", where);
  const theory = fields["MEAN_ELEMENT_THEORY"] ?? "SGP4";
  if (theory !== "SGP4" && theory !== "SGP/SGP4") {
    throw new SwathError("orbit", {
      what: `${where}: MEAN_ELEMENT_THEORY`,
      wanted: "SGP4",
      got: JSON.stringify(theory),
    });
  }
  const name = fields["OBJECT_NAME"];
  return {
    name: typeof name === "string" && name.trim() !== "" ? name.trim() : `${catalogNumber}`,
    catalogNumber,
    epoch: epochOf(fields, where),
    elements: {
      meanMotion: numberOf(fields, "MEAN_MOTION", where, elementBounds.meanMotion) as RevolutionsPerDay,
      eccentricity: numberOf(fields, "ECCENTRICITY", where, elementBounds.eccentricity),
      inclination: degrees(numberOf(fields, "INCLINATION", where, elementBounds.inclination)),
      rightAscension: degrees(numberOf(fields, "RA_OF_ASC_NODE", where)),
      argumentOfPerigee: degrees(numberOf(fields, "ARG_OF_PERICENTER", where)),
      meanAnomaly: degrees(numberOf(fields, "MEAN_ANOMALY", where)),
      drag: numberOf(fields, "BSTAR", where),
    },
  };
};

/**
 * Reads orbit mean-elements messages as JSON, one object or an array of them, numbers as numbers or as text:
 * what CelesTrak (`FORMAT=json`) and Space-Track serve. CCSDS 502.0-B-3; the XML and KVN forms are not read.
 *
 * @param source what messages call the text: its file name
 * @throws SwathError("orbit") naming the object, the field and what it may be
 */
export const parseOmm = (text: string, source: string): readonly ElementSet[] => {
  const parsed = parseJsonText(text, source, "OMM objects");
  return (Array.isArray(parsed) ? (parsed as readonly unknown[]) : [parsed]).map((value, index) => {
    const where = `${source} object ${index + 1}`;
    if (!isFields(value))
      throw new SwathError("orbit", { what: where, wanted: "an OMM object", got: typeof value });
    return elementSet(value, where);
  });
};
