import { SwathError } from "../../pipeline/errors.ts";
import { degrees, instant, type Instant } from "../../pipeline/units.ts";
import type { ElementSet, RevolutionsPerDay } from "../../pipeline/orbit/satellite.ts";
import { type ElementBound, elementBounds } from "./element-bounds.ts";
import { type ElementReading, type LeftOut, requireSgp4Type } from "./element-reading.ts";

/** One line of the text and where it stands, counted from 1. */
interface Line {
  readonly number: number;
  readonly text: string;
}

/**
 * A line that is meant as line 1 or 2 of a set, whether or not it is sound: 60 characters and more after the number, or a
 * catalogue number in its columns. Names have at most 24 characters.
 */
const isMeantAs = (text: string, which: 1 | 2): boolean =>
  text.startsWith(`${which} `) &&
  (text.length >= 60 || /^. [0-9A-Z ][0-9 ]{4}(?<=\d.{0,4})[UCS ]/.test(text));

/** Columns that are blank, counted from 0; where they are not, the fields are shifted and their numbers are others. */
const blanks = { 1: [1, 8, 17, 32, 43, 52, 61, 63], 2: [1, 7, 16, 25, 33, 42, 51] } as const;

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

const verify = ({ number, text }: Line, which: 1 | 2, source: string): void => {
  const where = `${source} line ${number}`;
  if (/^. ?\d{6}/.test(text)) {
    throw new SwathError("orbit", {
      what: `${where} has a catalogue number of six digits`,
      wanted: "five columns: two-line elements end at 99999, with a letter in front at 339999",
      got: `"${text.slice(0, 12)}"`,
      hint: "take that object as OMM: CSV, JSON, XML or KVN",
    });
  }
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
  const filled = blanks[which].find((place) => text[place] !== " ");
  if (filled !== undefined) {
    throw new SwathError("orbit", {
      what: `${where}, column ${filled + 1}`,
      wanted: "a blank between two fields",
      got: `"${text[filled]}"`,
      hint: "its columns are shifted",
    });
  }
};

/** Columns are counted from 1, both ends included, as the format's description does. */
const column = (line: Line, source: string, what: string, first: number, last: number): number => {
  const text = line.text.slice(first - 1, last).trim();
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(text)) {
    throw new SwathError("orbit", {
      what: `${source} line ${line.number}, columns ${first}–${last} (${what})`,
      wanted: "a number",
      got: `"${text}"`,
    });
  }
  return Number(text);
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
  if (!(year >= 0 && day >= 1 && day < 367)) {
    throw new SwathError("orbit", {
      what: `${source} line ${line.number}, columns 19–32 (epoch)`,
      wanted: "two digits of the year and a day from 1 on",
      got: `"${line.text.slice(18, 32)}"`,
    });
  }
  return instant(Date.UTC(year < 57 ? 2000 + year : 1900 + year, 0, 1) / 1000 + (day - 1) * 86_400);
};

const elementSet = (name: string | null, first: Line, second: Line, source: string): ElementSet => {
  verify(first, 1, source);
  verify(second, 2, source);
  requireSgp4Type(
    first.text.slice(62, 63).trim(),
    `${source} line ${first.number}, column 63 (ephemeris type)`,
  );
  const number = catalogNumber(first, source);
  if (catalogNumber(second, source) !== number) {
    throw new SwathError("orbit", {
      what: `${source} line ${second.number} belongs to another satellite than line ${first.number}`,
      wanted: first.text.slice(2, 7),
      got: second.text.slice(2, 7),
    });
  }
  const bounded = (what: string, from: number, to: number, { wanted, allows }: ElementBound): number => {
    const value = column(second, source, what, from, to);
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
      rightAscension: degrees(bounded("right ascension", 18, 25, elementBounds.angle)),
      argumentOfPerigee: degrees(bounded("argument of perigee", 35, 42, elementBounds.angle)),
      meanAnomaly: degrees(bounded("mean anomaly", 44, 51, elementBounds.angle)),
      drag: assumedDecimal(first, source, "drag", 54, 61),
    },
  };
};

/**
 * Reads two-line element sets with or without a name line (`NAME` or `0 NAME`), LF or CRLF; lines that start with `#`
 * and empty lines are skipped, and so is what follows column 69. Format: https://celestrak.org/NORAD/documentation/tle-fmt.php
 *
 * A set that is not sound is left out, with line number and reason: a missing line, a wrong checksum, shifted columns, a field
 * that is no number, a catalogue number of six digits, an ephemeris type that is not SGP4's. Reading goes on behind it.
 *
 * @param source what messages call the text: its file name
 */
export const parseTle = (text: string, source: string): ElementReading => {
  const lines: readonly Line[] = text
    .split(/\r\n|\n|\r/)
    .map((raw, index) => ({ number: index + 1, text: raw.trimEnd() }))
    .filter((line) => line.text !== "" && !line.text.startsWith("#"));

  const sets: ElementSet[] = [];
  const leftOut: LeftOut[] = [];
  let name: string | null = null;
  const refuse = (what: string, wanted: string, got: string): void => {
    leftOut.push({ name, error: new SwathError("orbit", { what, wanted, got }) });
  };
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as Line;
    if (isMeantAs(line.text, 1)) {
      const second = lines[i + 1];
      if (second === undefined || !isMeantAs(second.text, 2)) {
        const got = second === undefined ? "the end of the text" : `"${second.text.slice(0, 24)}"`;
        refuse(
          `${source} line ${line.number} has no second line`,
          `"2 ${line.text.slice(2, 7)} …" next`,
          got,
        );
      } else {
        i++;
        try {
          sets.push(elementSet(name, line, second, source));
        } catch (error) {
          if (!(error instanceof SwathError)) throw error;
          leftOut.push({ name, error });
        }
      }
      name = null;
    } else {
      const isSecond = isMeantAs(line.text, 2);
      if (isSecond || name !== null) {
        const wanted =
          name === null ? "a name or line 1 of an element set" : `line 1 of the elements of "${name}"`;
        refuse(`${source} line ${line.number} is out of place`, wanted, `"${line.text.slice(0, 24)}"`);
      }
      name = isSecond ? null : line.text.replace(/^0 /, "").trim();
    }
  }
  if (name !== null)
    refuse(`${source} ends after the name "${name}"`, "its two lines", "the end of the text");
  return { sets, leftOut };
};
