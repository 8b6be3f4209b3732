import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SwathError } from "../../../pipeline/errors.ts";
import { resolveConstellation } from "../../../planning/orbits/constellation.ts";
import { identifiers } from "../../../planning/orbits/identifier.ts";
import { readOrbits as readOrbitFile } from "../../../planning/orbits/orbit-file.ts";
import { propagate } from "../../../pipeline/orbit/propagator.ts";
import type { RevolutionsPerDay } from "../../../pipeline/orbit/satellite.ts";
import { tleLines } from "../../../pipeline/orbit/tle-lines.ts";
import { parseTle } from "../../../planning/orbits/tle.ts";
import { parseSatelliteFilter } from "../../../planning/orbits/satellite-filter.ts";
import { degrees, formatInstant, instant } from "../../../pipeline/units.ts";

// The first example of the TLE format's description (ISS, 2008), with its known checksums.
const line1 = "1 25544U 98067A   08264.51782528 -.00002182  00000-0 -11606-4 0  2927";
const line2 = "2 25544  51.6416 247.4627 0006703 130.5360 325.0288 15.72125391563537";

const readOrbits = (text: string, source: string) => readOrbitFile(text, source).satellites;

/** A line with the checksum that it ought to have. */
const resummed = (line: string): string => {
  const body = line.slice(0, 68);
  const sum = Array.from(body).reduce((s, c) => s + (c === "-" ? 1 : Number(c) || 0), 0);
  return body + (sum % 10);
};

const omm = {
  OBJECT_NAME: "ISS (ZARYA)",
  OBJECT_ID: "1998-067A",
  EPOCH: "2008-09-20T12:25:40.104192",
  MEAN_MOTION: 15.72125391,
  ECCENTRICITY: 0.0006703,
  INCLINATION: 51.6416,
  RA_OF_ASC_NODE: "247.4627",
  ARG_OF_PERICENTER: 130.536,
  MEAN_ANOMALY: 325.0288,
  NORAD_CAT_ID: 25544,
  BSTAR: -0.11606e-4,
};

describe("element sets", () => {
  test("two and three lines, LF and CRLF, comments and blank lines", () => {
    for (const text of [
      `${line1}\n${line2}`,
      `ISS (ZARYA)             \r\n${line1}\r\n${line2}\r\n`,
      `# stations\n\n0 ISS (ZARYA)\n${line1}\n${line2}   \n\n`,
    ]) {
      const [satellite, ...others] = readOrbits(text, "iss.tle");
      expect(others).toEqual([]);
      expect(satellite!.catalogNumber).toBe(25544);
      expect(formatInstant(satellite!.epoch)).toBe("2008-09-20T12:25:40.104Z");
      expect(satellite!.id).toBe(text.startsWith("1 ") ? "25544" : "ISS-ZARYA");
      expect(satellite!.elements).toEqual({
        meanMotion: 15.72125391,
        eccentricity: 0.0006703,
        inclination: 51.6416,
        rightAscension: 247.4627,
        argumentOfPerigee: 130.536,
        meanAnomaly: 325.0288,
        drag: -0.11606e-4,
      });
    }
  });

  test("OMM as object and array gives the satellite that the TLE gives", () => {
    const [fromTle] = readOrbits(`ISS (ZARYA)\n${line1}\n${line2}`, "iss.tle");
    for (const text of [JSON.stringify(omm), JSON.stringify([omm])]) {
      const [fromOmm] = readOrbits(text, "iss.json");
      expect({ ...fromOmm, epoch: 0 }).toEqual({ ...fromTle, epoch: 0 });
      expect(fromOmm!.epoch).toBeCloseTo(fromTle!.epoch, 5);
    }
  });

  test("letters extend catalogue numbers past 99999", () => {
    const extended = (line: string): string => resummed(`${line.slice(0, 2)}E8493${line.slice(7)}`);
    const [satellite] = readOrbits(`${extended(line1)}\n${extended(line2)}`, "alpha5.tle");
    expect(satellite!.catalogNumber).toBe(148_493);
  });

  test("a shared name is told apart by catalogue number; of a history the youngest set counts", () => {
    expect(
      identifiers([
        { name: "OBJECT *", distinction: "1" },
        { name: "OBJECT", distinction: "2" },
        { name: "São Paulo/3.x", distinction: "3" },
        { name: "日本", distinction: "4" },
        { name: "***", distinction: "" },
      ]),
    ).toEqual(["OBJECT-1", "OBJECT-2", "Sao-Paulo-3-x", "4", "unnamed"]);
    const older = { ...omm, EPOCH: "2008-09-10T12:00:00" };
    const [satellite, ...others] = readOrbits(JSON.stringify([omm, older]), "history.json");
    expect(others).toEqual([]);
    expect(formatInstant(satellite!.epoch)).toBe("2008-09-20T12:25:40.104Z");
  });

  test.each([
    [
      "a checksum",
      `X\n${line1}\n${line2.slice(0, 68)}1`,
      /x\.tle line 3 fails its checksum: wanted 7, got 1/,
    ],
    ["a changed digit", `${line1}\n${line2.replace("51.6416", "51.6417")}`, /line 2 fails its checksum/],
    ["a cut line", `${line1}\n${line2.slice(0, 65)}`, /line 2 is cut short: wanted 69 characters, got 65/],
    ["no second line", `A\n${line1}\nB\n`, /line 2 has no second line: wanted "2 25544 …" next, got "B"/],
    ["no first line", `A\n${line2}`, /line 2 is out of place: wanted line 1 of the elements of "A"/],
    ["a name alone", "A\n", /ends after the name "A"/],
    ["other lines", `${line1}\n2 25545${line2.slice(7, 68)}8`, /belongs to another satellite/],
    ["nothing", "\r\n", /holds no orbits/],
    ["no JSON", "[{]", /is no JSON/],
    [
      "a missing field",
      JSON.stringify({ ...omm, INCLINATION: undefined }),
      /object 1: INCLINATION: wanted 0 … 180 degrees, got nothing/,
    ],
    ["a bad epoch", JSON.stringify([{ ...omm, EPOCH: "yesterday" }]), /EPOCH: wanted UTC like/],
    [
      "no motion",
      JSON.stringify({ ...omm, MEAN_MOTION: 0 }),
      /x\.tle object 1: MEAN_MOTION: wanted more than 0 and at most 18 revolutions a day, got 0/,
    ],
    ["a motion backwards", JSON.stringify({ ...omm, MEAN_MOTION: "-15.7" }), /MEAN_MOTION: .*, got "-15.7"/],
    ["a motion through the ground", JSON.stringify({ ...omm, MEAN_MOTION: 1e9 }), /at most 18 revolutions/],
    [
      "an open orbit",
      JSON.stringify([{ ...omm, ECCENTRICITY: 1 }]),
      /object 1: ECCENTRICITY: wanted 0 ≤ e < 1, got 1$/m,
    ],
    ["a negative eccentricity", JSON.stringify({ ...omm, ECCENTRICITY: -1e-3 }), /0 ≤ e < 1, got -0.001/],
    [
      "an orbit tilted twice",
      JSON.stringify({ ...omm, INCLINATION: 190 }),
      /INCLINATION: wanted 0 … 180 degrees/,
    ],
    [
      "a negative motion in lines",
      `X\n${line1}\n${resummed(line2.replace("15.72125391", "-5.72125391"))}`,
      /x\.tle line 3, columns 53–63 \(mean motion\): wanted more than 0 and at most 18 revolutions a day, got -5.7/,
    ],
    [
      "an eccentricity with a sign in lines",
      `X\n${line1}\n${resummed(line2.replace("0006703", "-006703"))}`,
      /x\.tle line 3, columns 27–33 \(eccentricity\): wanted seven digits, got "-006703"/,
    ],
    [
      "a tilt over 180° in lines",
      `X\n${line1}\n${resummed(line2.replace(" 51.6416", "190.0000"))}`,
      /x\.tle line 3, columns 9–16 \(inclination\): wanted 0 … 180 degrees, got 190/,
    ],
    [
      "six digits in lines",
      `X\n1 ${line1.slice(2).replace("25544U", "100042U")}\n2 ${line2.slice(2).replace("25544", "100042")}`,
      /x\.tle line 2 has a catalogue number of six digits: .*OMM/s,
    ],
    [
      "a letter that numbers leave out",
      `${resummed(line1.replace("25544", "I5544"))}\n${resummed(line2.replace("25544", "I5544"))}`,
      /columns 3–7 \(catalogue number\): wanted a number, got "I5544"/,
    ],
    [
      "elements for SGP4-XP in lines",
      `X\n${resummed(`${line1.slice(0, 62)}4${line1.slice(63)}`)}\n${line2}`,
      /line 2, column 63 \(ephemeris type\): wanted 0, elements for SGP4, got 4, elements for SGP4-XP/,
    ],
    [
      "shifted columns",
      `${resummed(`${line1.slice(0, 32)}0${line1.slice(33)}`)}\n${line2}`,
      /line 1, column 33: wanted a blank between two fields, got "0"/,
    ],
    [
      "a day before the first",
      `${resummed(line1.replace("08264.5", "08000.5"))}\n${line2}`,
      /columns 19–32 \(epoch\)/,
    ],
    ["elements for SGP4-XP", JSON.stringify({ ...omm, EPHEMERIS_TYPE: "4" }), /EPHEMERIS_TYPE.*for SGP4-XP/],
    ["an unknown type", JSON.stringify({ ...omm, EPHEMERIS_TYPE: 9 }), /EPHEMERIS_TYPE.*got "9"/],
    ["Mars", JSON.stringify({ ...omm, CENTER_NAME: "MARS" }), /CENTER_NAME: wanted EARTH, got "MARS"/],
    [
      "another frame",
      JSON.stringify({ ...omm, REF_FRAME: "EME2000" }),
      /REF_FRAME: wanted TEME, got "EME2000"/,
    ],
    ["another clock", JSON.stringify({ ...omm, TIME_SYSTEM: "GPS" }), /TIME_SYSTEM: wanted UTC, got "GPS"/],
    ["30 February", JSON.stringify({ ...omm, EPOCH: "2026-02-30T00:00:00" }), /EPOCH: wanted UTC like/],
    ["hexadecimal", JSON.stringify({ ...omm, MEAN_ANOMALY: "0x10" }), /MEAN_ANOMALY: wanted -360 … 360/],
    ["a turn too many", JSON.stringify({ ...omm, RA_OF_ASC_NODE: 1e9 }), /RA_OF_ASC_NODE: wanted -360/],
    ["another theory", JSON.stringify({ ...omm, MEAN_ELEMENT_THEORY: "DSST" }), /wanted SGP4, got "DSST"/],
  ])("%s is refused with line and reason", (_, text, message) => {
    expect(() => readOrbits(text, "x.tle")).toThrow(SwathError);
    expect(() => readOrbits(text, "x.tle")).toThrow(message);
  });
});

describe("elements as lines", () => {
  const [iss] = parseTle(`${line1}\n${line2}`, "iss.tle").sets;

  test("give the same elements back, to the last digit", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_799_999 }),
        fc.integer({ min: 0, max: 9_999_999 }),
        fc.integer({ min: -99_999, max: 99_999 }),
        fc.integer({ min: 1, max: 1_799_999_999 }),
        (inclination, eccentricity, drag, motion) => {
          const set = {
            ...iss!,
            elements: {
              ...iss!.elements,
              inclination: degrees(Number(`${inclination}e-4`)),
              eccentricity: Number(`${eccentricity}e-7`),
              drag: Number(`${drag}e-9`),
              meanMotion: Number(`${motion}e-8`) as RevolutionsPerDay,
            },
          };
          const lines = tleLines(set);
          const [back] = parseTle(lines!.map(resummed).join("\n"), "back.tle").sets;
          expect(back!.elements).toEqual(set.elements);
          expect(Math.abs(back!.epoch - set.epoch)).toBeLessThan(1e-6);
        },
      ),
    );
  });

  test("are none where the columns are too narrow", () => {
    const { elements, epoch } = iss!;
    for (const change of [
      { elements: { ...elements, inclination: degrees(51.64165) } },
      { elements: { ...elements, drag: 1.23456e-5 } },
      { elements: { ...elements, drag: 1e-20 } },
      { elements: { ...elements, meanAnomaly: degrees(1 / 3) } },
      { epoch: instant(epoch + 1e-4) },
      { epoch: instant(Date.UTC(2060, 0, 1) / 1000) },
    ])
      expect(tleLines({ ...iss!, ...change })).toBeNull();
  });
});

describe("constellations", () => {
  const noFiles = (path: string): string => expect.unreachable(`asked for ${path}`);
  const readText = (path: string): string => {
    expect(path).toBe("C:\\orbits\\iss.tle");
    return `ISS (ZARYA)\n${line1}\n${line2}`;
  };

  test("a filter takes parts of names, identifiers and catalogue numbers", async () => {
    for (const filter of ["", ":zarya", ":ISS-Z", ":25544"]) {
      const [satellite] = await resolveConstellation(`C:\\orbits\\iss.tle${filter}`, readText);
      expect(satellite!.id).toBe("ISS-ZARYA");
    }
    await expect(resolveConstellation("C:\\orbits\\iss.tle:FLOCK", readText)).rejects.toThrow(
      /no satellite in C:\\orbits\\iss.tle matches "FLOCK": .* got 1 satellite: ISS/,
    );
  });

  test.each([
    ["walker:", /wanted walker:total/],
    ["walker:0", /1 … 100000/],
    ["walker:12/5/1", /planes that divide 12, got 5/],
    ["walker:12/3/3", /phasing in 0 … 2, got 3/],
    ["walker:12@50km", /200 … 50000 km, got 50 km/],
    ["walker:12@20000km", /no orbit this high is sun-synchronous/],
    ["walker:12@550km,190deg", /0 … 180 deg/],
  ])("%s is wrong use", async (spec, message) => {
    await expect(resolveConstellation(spec, noFiles)).rejects.toThrow(message);
    await expect(resolveConstellation(spec, noFiles)).rejects.toMatchObject({ tag: "config" });
  });
});

const active = "../shared/datasets/orbits/active-2026-08-13.tle";
if (!existsSync(active)) console.log(`the catalogue of active objects is skipped: ${active} is not there`);

describe.skipIf(!existsSync(active))("the catalogue of active objects", () => {
  test("all 16,089 are read, have identifiers of their own and an orbit at their epoch", () => {
    const satellites = readOrbits(readFileSync(active, "utf8"), active);
    expect(satellites.length).toBe(16_089);
    expect(new Set(satellites.map(({ id }) => id)).size).toBe(16_089);
    const strange = satellites.filter((satellite) => {
      const [x, y, z] = propagate(satellite, satellite.epoch).position;
      return !/^[A-Za-z0-9_-]+$/.test(satellite.id) || Math.hypot(x, y, z) < 6.4e6;
    });
    expect(strange).toEqual([]);
    expect(satellites.filter(parseSatelliteFilter("FLOCK").allows).length).toBe(98);
    expect(satellites.filter(parseSatelliteFilter("sentinel-2").allows).map(({ id }) => id)).toEqual([
      "SENTINEL-2A",
      "SENTINEL-2B",
      "SENTINEL-2C",
    ]);
  });
});
