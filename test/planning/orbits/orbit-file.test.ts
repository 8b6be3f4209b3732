import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SwathError } from "../../../pipeline/errors.ts";
import { resolveConstellation } from "../../../planning/orbits/constellation.ts";
import { readOrbits } from "../../../planning/orbits/orbit-file.ts";
import { seeded, type Seeded } from "../../../pipeline/seeded.ts";

const fields = {
  OBJECT_NAME: "STARLINK-11072 [DTC]",
  OBJECT_ID: "2026-150B",
  CENTER_NAME: "EARTH",
  REF_FRAME: "TEME",
  TIME_SYSTEM: "UTC",
  MEAN_ELEMENT_THEORY: "SGP4",
  EPOCH: "2026-07-19T06:30:49.181184",
  MEAN_MOTION: "15.58669131",
  ECCENTRICITY: ".0020652",
  INCLINATION: "51.6417",
  RA_OF_ASC_NODE: "73.7902",
  ARG_OF_PERICENTER: "4.6179",
  MEAN_ANOMALY: "85.0245",
  EPHEMERIS_TYPE: "0",
  CLASSIFICATION_TYPE: "U",
  NORAD_CAT_ID: "100042",
  BSTAR: ".10934E-3",
};
type Fields = Readonly<Record<string, string>>;
const other: Fields = { ...fields, OBJECT_NAME: 'A "B" & C', NORAD_CAT_ID: "100043" };

const entity = (text: string): string => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
const elementOf = ([key, value]: readonly [string, string]): string => `<${key}>${entity(value)}</${key}>`;

/** The same messages in each form, as CelesTrak and Space-Track write them. */
const forms: Readonly<Record<string, (...messages: readonly Fields[]) => string>> = {
  json: (...messages) => JSON.stringify(messages),
  csv: (...messages) =>
    [
      Object.keys(fields).join(","),
      ...messages.map((one) =>
        Object.values(one)
          .map((value) => (/[",]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value))
          .join(","),
      ),
    ].join("\r\n"),
  semicolons: (...messages) =>
    [Object.keys(fields), ...messages.map((one) => Object.values(one))]
      .map((row) => row.join(";"))
      .join("\n"),
  kvn: (...messages) =>
    messages
      .map((one) =>
        [
          "CCSDS_OMM_VERS = 3.0",
          "COMMENT of a test",
          "COMMENT and another",
          ...Object.entries(one).map(
            ([key, value]) => `${key.padEnd(20)} = ${value}${key === "INCLINATION" ? " [deg]" : ""}`,
          ),
          "USER_DEFINED_A = 1",
        ].join("\n"),
      )
      .join("\n\n"),
  xml: (...messages) =>
    `<?xml version="1.0" encoding="UTF-8"?>\n<!-- <omm> --><ndm xmlns:xsi="http://x">${messages
      .map(
        (one) =>
          `<omm id="CCSDS_OMM_VERS" version="3.0"><header><COMMENT/><CREATION_DATE>x</CREATION_DATE></header><body><segment><metadata>${Object.entries(
            one,
          )
            .map(elementOf)
            .join("\n")}</metadata><data/></segment></body></omm>`,
      )
      .join("")}</ndm>`,
};

const [expected] = readOrbits(forms["json"]!(fields), "x").satellites;

describe("orbit mean-elements messages", () => {
  test.each(Object.keys(forms))("%s: one and two messages give what JSON gives", (form) => {
    const write = forms[form]!;
    expect(readOrbits(write(fields), "x").satellites).toEqual([expected]);
    expect(readOrbits(`\uFEFF${write(fields, other)}`, "x")).toEqual({
      satellites: [expected, { ...expected, id: "A-B-C", name: 'A "B" & C', catalogNumber: 100_043 }],
      leftOut: [],
    });
  });

  test.each(Object.keys(forms))(
    "%s: a message that is not sound costs itself, and is named",
    async (form) => {
      const text = forms[form]!(fields, { ...other, EPHEMERIS_TYPE: "4" });
      const { satellites, leftOut } = readOrbits(text, "x");
      expect(satellites).toEqual([expected]);
      expect(leftOut.map(({ name }) => name)).toEqual(['A "B" & C']);
      const notes: string[] = [];
      await resolveConstellation("x.txt", () => text, { onNote: (note) => notes.push(note) });
      expect(notes).toEqual([expect.stringMatching(/^A "B" & C is left out: x\.txt.*for SGP4-XP/)]);
      await expect(resolveConstellation("x.txt", () => text, { strict: true })).rejects.toThrow(/SGP4-XP/);
      // What the filter does not mean is nobody's loss.
      const filtered = resolveConstellation("x.txt:starlink", () => text, { strict: true });
      expect(await filtered).toEqual([expected]);
    },
  );

  test.each([
    [
      "a unit that makes another number",
      forms["kvn"]!(fields).replace("[deg]", "[rad]"),
      /unit of INCLINATION: wanted deg, got rad/,
    ],
    ["a keyword twice", `${forms["kvn"]!(fields)}\nBSTAR = 0`, /BSTAR: wanted one value, got two/],
    ["a state vector", "CCSDS_OPM_VERS = 2.0\nOBJECT_NAME = X", /wanted an OMM, got CCSDS_OPM_VERS/],
    ["a row cut short", forms["csv"]!(fields).slice(0, -8), /x line 2: BSTAR|x line 2: wanted 17 cells/],
    ["a web page", "<!DOCTYPE html><html></html>", /x line 1 is no XML/],
    ["another XML", "<a><b>1</b></a>", /XML without an OMM/],
    [
      "a tag that does not close",
      forms["xml"]!(fields).replace("</ndm>", ""),
      /wanted <\/ndm>, got the end of the text/,
    ],
    [
      "names alone",
      "<ndm><omm><OBJECT_NAME>B</OBJECT_NAME></omm></ndm>",
      /x omm 1: NORAD_CAT_ID: .* got nothing/,
    ],
    ["an answer that is none", "No GP data found", /x ends after the name "No GP data found"/],
  ])("%s is refused", (_, text, message) => {
    expect(() => readOrbits(text, "x")).toThrow(message);
  });

  test("epochs may count the days of the year", () => {
    const ordinal = forms["csv"]!({ ...fields, EPOCH: "2026-200T06:30:49.181184Z" });
    expect(readOrbits(ordinal, "x").satellites[0]!.epoch).toBe(expected!.epoch);
  });
});

const line1 = "1 25544U 98067A   08264.51782528 -.00002182  00000-0 -11606-4 0  2927";
const line2 = "2 25544  51.6416 247.4627 0006703 130.5360 325.0288 15.72125391563537";

describe("lines that are not sound", () => {
  test("cost their own set, and what stands round them is read", () => {
    const text = [
      "# a list",
      "A",
      line1,
      line2,
      "B",
      line1.replace("98067A", "98067B"),
      `${line2.slice(0, 68)}1`,
      line2,
      "C",
      line1,
      "D",
      line1,
      line2,
      "E",
    ].join("\n");
    const { satellites, leftOut } = readOrbits(text, "x.tle");
    expect(satellites.map(({ name }) => name)).toEqual(["A", "D"]);
    expect(leftOut.map(({ name, error }) => [name, error.message])).toEqual([
      ["B", expect.stringMatching(/line 7 fails its checksum/)],
      [null, expect.stringMatching(/line 8 is out of place/)],
      ["C", expect.stringMatching(/line 10 has no second line/)],
      ["E", expect.stringMatching(/ends after the name "E"/)],
    ]);
  });
});

describe("filters", () => {
  const names = ["FLOCK 4P-1", "FLOCK 4P-1 DEB", "SKYSAT-C1", "COSMOS 2251 DEB", "ISS"];
  const text = names.map((name) => `${name}\n${line1}\n${line2}`).join("\n");
  test.each([
    [":FLOCK", ["FLOCK 4P-1", "FLOCK 4P-1 DEB"]],
    [":flock,skysat", ["FLOCK 4P-1", "FLOCK 4P-1 DEB", "SKYSAT-C1"]],
    [":!DEB", ["FLOCK 4P-1", "SKYSAT-C1", "ISS"]],
    [":FLOCK, !DEB", ["FLOCK 4P-1"]],
    ["", names],
  ])("active.tle%s", async (filter, chosen) => {
    const satellites = await resolveConstellation(`active.tle${filter}`, () => text);
    expect(satellites.map(({ name }) => name)).toEqual(chosen);
  });

  test("a part that matches nothing is named", async () => {
    const asked = resolveConstellation("active.tle:FLOCK,FLOK", () => text);
    await expect(asked).rejects.toThrow(/no satellite in active\.tle matches "FLOK"/);
    await expect(resolveConstellation("active.tle:FLOCK,!FLOCK", () => text)).rejects.toThrow(
      /matches "FLOCK,!FLOCK"/,
    );
  });
});

/** A text with some of its characters changed, cut out, doubled or moved. */
const mutated = (text: string, draw: Seeded): string => {
  let mutant = text;
  for (let n = 1 + Math.floor(draw.uniform() * 4); n > 0; n--) {
    const at = Math.floor(draw.uniform() * mutant.length);
    const end = Math.min(mutant.length, at + 1 + Math.floor(draw.uniform() * 12));
    const kind = Math.floor(draw.uniform() * 4);
    if (kind === 0)
      mutant =
        mutant.slice(0, at) + String.fromCharCode(Math.floor(draw.uniform() * 256)) + mutant.slice(at + 1);
    else if (kind === 1) mutant = mutant.slice(0, at) + mutant.slice(end);
    else if (kind === 2) mutant = mutant.slice(0, end) + mutant.slice(at);
    else mutant = mutant.slice(0, at);
  }
  return mutant;
};

describe("mutants of files", () => {
  const seeds = [
    ...Object.values(forms).map((write) => write(fields, other)),
    `A\n${line1}\n${line2}\n0 B\n${line1}\n${line2}\n`,
  ];
  test("are read or refused with a reason, and what is read are orbits", () => {
    const draw = seeded("orbit files");
    for (let n = 0; n < 6000; n++) {
      const mutant = mutated(seeds[n % seeds.length]!, draw);
      try {
        for (const { elements, epoch } of readOrbits(mutant, "x").satellites) {
          expect(elements.meanMotion > 0 && elements.meanMotion <= 18 && elements.eccentricity < 1).toBe(
            true,
          );
          expect([...Object.values(elements), epoch].every(Number.isFinite)).toBe(true);
        }
      } catch (error) {
        if (!(error instanceof SwathError)) throw error;
        expect(error.message).toMatch(/^x/);
      }
    }
  });

  test("one changed digit of a line is always noticed", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 136 }), fc.integer({ min: 1, max: 9 }), (at, step) => {
        const text = line1 + line2;
        const digit = text[at]!;
        fc.pre(/\d/.test(digit) && at !== 0 && at !== 69);
        const other = `${text.slice(0, at)}${(Number(digit) + step) % 10}${text.slice(at + 1)}`;
        expect(() => readOrbits(`${other.slice(0, 69)}\n${other.slice(69)}`, "x")).toThrow(SwathError);
      }),
    );
  });
});
