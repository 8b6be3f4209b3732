import { SwathError } from "../../pipeline/errors.ts";
import { degrees, instant, type Instant } from "../../pipeline/units.ts";
import type { ElementSet, RevolutionsPerDay } from "../../pipeline/orbit/satellite.ts";
import { type ElementBound, elementBounds } from "./element-bounds.ts";

/** One line of the text and where it stands, counted from 1. */
interface Line {
  readonly number: number;
  readonly text: string;
}

const isElementLine = (text: string, which: 1 | 2): boolean =>
  text.length >= 60 && text.startsWith(`${which} `) && /^[0-9A-Z ][0-9 ]{4}$/.test(text.slice(2, 7));

/** Modulo-10 sum of the digits of columns 1–68, each minus sign counting 1. */
const checksum = (text: string): number => {
  let sum = 0;
  for (let i = 0; i < 68; i++) {
    const code = text.charCodeAt(i);
    if (code >= 48 && code <= 57) sum += code - 48;
    else if (code === 45) sum += 1;
  }
  return sum % 10;
};

const verify = ({ number, text }: Line, source: string): void => {
  const where = `${source} line ${number}`;
  if (text.length < 69) {
    throw new SwathError("orbit", {
      what: `${where} is cut short`,
      wanted: "69 characters",
      got: `${text.length}`,
      hint: "fetch the element set again",
    });
  }
  if (checksum(text) !== Number(text[68])) {
    throw new SwathError("orbit", {
      what: `${where} fails its checksum`,
      wanted: `${checksum(text)}`,
      got: text[68] ?? "",
      hint: "the element set was altered; fetch it again",
    });
  }
};

/** Columns are counted from 1, both ends included, as the format's description does. */
const column = (line: Line, source: string, what: string, first: number, last: number): number => {
  const text = line.text.slice(first - 1, last).trim();
  const value = Number(text);
  if (text === "" || !Number.isFinite(value)) {
    throw new SwathError("orbit", {
      what: `${source} line ${line.number}, columns ${first}–${last} (${what})`,
      wanted: "a number",
      got: `"${text}"`,
    });
  }
  return value;
};

/** `-11606-4` is −0.11606e−4: decimal point and `e` are assumed. */
const assumedDecimal = (line: Line, source: string, what: string, first: number, last: number): number => {
  const text = line.text.slice(first - 1, last);
  const match = /^([ +-])([0-9 ]{5})([ +-]\d)$/.exec(text);
  const [sign, digits, exponent] = match?.slice(1) ?? [];
  if (sign === undefined || digits === undefined || exponent === undefined) {
    throw new SwathError("orbit", {
      what: `${source} line ${line.number}, columns ${first}–${last} (${what})`,
      wanted: "a number like -11606-4",
      got: `"${text}"`,
    });
  }
  return Number(`${sign.trim()}.${digits.replaceAll(" ", "0")}e${exponent.trim()}`);
};

/** Five digits, or Alpha-5: a letter without I and O stands for 10 … 33 in the first place. */
const catalogNumber = (line: Line, source: string): number => {
  const text = line.text.slice(2, 7).trim();
  const letter = "ABCDEFGHJKLMNPQRSTUVWXYZ".indexOf(text[0] ?? "");
  if (letter < 0) return column(line, source, "catalogue number", 3, 7);
  return (letter + 10) * 10_000 + Number(text.slice(1));
};

/** Two-digit years: 57 … 99 lie in the 20th century, 00 … 56 in the 21st. */
const epoch = (line: Line, source: string): Instant => {
  const year = column(line, source, "epoch year", 19, 20);
  const day = column(line, source, "epoch day", 21, 32);
  return instant(Date.UTC(year < 57 ? 2000 + year : 1900 + year, 0, 1) / 1000 + (day - 1) * 86_400);
};

const elementSet = (name: string | null, first: Line, second: Line, source: string): ElementSet => {
  verify(first, source);
  verify(second, source);
  const number = catalogNumber(first, source);
  if (catalogNumber(second, source) !== number) {
    throw new SwathError("orbit", {
      what: `${source} line ${second.number} belongs to another satellite than line ${first.number}`,
      wanted: first.text.slice(2, 7),
      got: second.text.slice(2, 7),
    });
  }
  const field = (what: string, from: number, to: number): number => column(second, source, what, from, to);
  const bounded = (what: string, from: number, to: number, { wanted, allows }: ElementBound): number => {
    const value = field(what, from, to);
    if (allows(value)) return value;
    throw new SwathError("orbit", {
      what: `${source} line ${second.number}, columns ${from}–${to} (${what})`,
      wanted,
      got: `${value}`,
    });
  };
  const eccentricity = second.text.slice(26, 33).replaceAll(" ", "0");
  if (!/^\d{7}$/.test(eccentricity)) {
    throw new SwathError("orbit", {
      what: `${source} line ${second.number}, columns 27–33 (eccentricity)`,
      wanted: "seven digits",
      got: `"${second.text.slice(26, 33)}"`,
    });
  }
  return {
    name: name ?? `${number}`,
    catalogNumber: number,
    epoch: epoch(first, source),
    elements: {
      meanMotion: bounded("mean motion", 53, 63, elementBounds.meanMotion) as RevolutionsPerDay,
      eccentricity: Number(`0.${eccentricity}`),
      inclination: degrees(bounded("inclination", 9, 16, elementBounds.inclination)),
      rightAscension: degrees(field("right ascension", 18, 25)),
      argumentOfPerigee: degrees(field("argument of perigee", 35, 42)),
      meanAnomaly: degrees(field("mean anomaly", 44, 51)),
      drag: assumedDecimal(first, source, "drag", 54, 61),
    },
  };
};

/**
 * Reads two-line element sets with or without a name line (`NAME` or `0 NAME`), LF or CRLF; lines that start with `#`
 * and empty lines are skipped, and so is what follows column 69. Format: https://celestrak.org/NORAD/documentation/tle-fmt.php
 *
 * @param source what messages call the text: its file name
 * @throws SwathError("orbit") naming line number and reason: a missing line, a wrong checksum, a field that is no number
 */
export const parseTle = (text: string, source: string): readonly ElementSet[] => {
  const lines: readonly Line[] = text
    .split(/\r\n|\n|\r/)
    .map((raw, index) => ({ number: index + 1, text: raw.trimEnd() }))
    .filter((line) => line.text !== "" && !line.text.startsWith("#"));

  const sets: ElementSet[] = [];
  let name: string | null = null;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as Line;
    if (isElementLine(line.text, 1)) {
      const second = lines[i + 1];
      if (second === undefined || !isElementLine(second.text, 2)) {
        throw new SwathError("orbit", {
          what: `${source} line ${line.number} has no second line`,
          wanted: `"2 ${line.text.slice(2, 7)} …" next`,
          got: second === undefined ? "the end of the text" : `"${second.text.slice(0, 24)}"`,
        });
      }
      sets.push(elementSet(name, line, second, source));
      name = null;
      i++;
    } else if (isElementLine(line.text, 2) || name !== null) {
      throw new SwathError("orbit", {
        what: `${source} line ${line.number} is out of place`,
        wanted: name === null ? "a name or line 1 of an element set" : `line 1 of the elements of "${name}"`,
        got: `"${line.text.slice(0, 24)}"`,
      });
    } else name = line.text.replace(/^0 /, "").trim();
  }
  if (name !== null) {
    throw new SwathError("orbit", {
      what: `${source} ends after the name "${name}"`,
      wanted: "its two lines",
    });
  }
  return sets;
};
