import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  parseBytes,
  parseDuration,
  parseMoment,
  parseNumber,
  parseOutage,
  parseRate,
  parseWhole,
} from "../../pipeline/quantity.ts";
import { formatInstant, instant, parseInstant } from "../../pipeline/units.ts";

const wrongUse = (message: RegExp) =>
  expect.objectContaining({ tag: "config", message: expect.stringMatching(message) as unknown }) as unknown;

const thrown = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

describe("quantities", () => {
  test.each([
    ["8Mbit/s", 8e6],
    ["250kbit/s", 250e3],
    ["1.5Gbps", 1.5e9],
    ["8e6bit/s", 8e6],
  ])("the rate %s", (text, rate) => expect(parseRate("--rate", text)).toBe(rate));

  test.each([
    ["64GB", 64e9],
    ["1500kB", 1.5e6],
    ["2e9B", 2e9],
  ])("the size %s, in SI prefixes", (text, size) => expect(parseBytes("--store", text)).toBe(size));

  test.each([
    ["90s", 90],
    ["1.5h", 5400],
    ["2d", 172_800],
  ])("the duration %s", (text, span) => expect(parseDuration("--cadence", text)).toBe(span));

  test.each([
    "",
    "0",
    "8",
    "64",
    "2e9",
    "8M",
    "-1",
    "8MBps",
    "8 Mb",
    "1.2.3",
    "1e999",
    "Infinity",
    "NaN",
    "5minutes",
    "0x10",
  ])("%j is no rate, size or duration above 0", (text) => {
    expect(thrown(() => parseRate("--rate", text))).toEqual(wrongUse(/^--rate: wanted a rate above 0/));
    expect(thrown(() => parseBytes("--store", text))).toEqual(wrongUse(/^--store: wanted a size above 0/));
    expect(thrown(() => parseDuration("--cadence", text))).toEqual(wrongUse(/^--cadence: wanted a dur/));
  });

  test("numbers and fractions in a closed range", () => {
    expect(parseNumber("n", "1/65535", 0, 1)).toBe(1 / 65535);
    expect(parseNumber("n", " -2.5e-1 ", -1, 1)).toBe(-0.25);
    for (const text of ["", "1/", "/2", "1/0", "1/2/3", "0x1", "1,5", "two", "1.5"]) {
      expect(thrown(() => parseNumber("--ber", text, 0, 1))).toEqual(
        wrongUse(/^--ber: wanted a number from 0 to 1, got/),
      );
    }
    expect(parseWhole("n", "7", 0, 9)).toBe(7);
    expect(thrown(() => parseWhole("--seed", "1.5", 0, 9))).toEqual(wrongUse(/a whole number from 0 to 9/));
  });

  test("every finite number that is written out is read back", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        // A negative zero is written "0".
        expect(parseNumber("n", String(value), -Infinity, Infinity)).toBe(value === 0 ? 0 : value);
      }),
    );
  });
});

describe("moments", () => {
  test("UTC where no offset is given", () => {
    const noon = parseInstant("2026-01-01T12:00:00Z");
    for (const text of ["2026-01-01T12:00Z", "2026-01-01T12:00", "2026-01-01T13:00:00+01:00"]) {
      expect(parseMoment("--start", text)).toBe(noon);
    }
    expect(formatInstant(parseMoment("--start", "2024-02-29"))).toBe("2024-02-29T00:00:00.000Z");
  });

  test.each(["", "1", "soon", "2026", "2026-02-30", "2026-13-01", "2026-01-01T25:00", "01/02/2026"])(
    "%j is none",
    (text) => expect(thrown(() => parseMoment("--start", text))).toEqual(wrongUse(/^--start: wanted an ISO/)),
  );
});

describe("outages", () => {
  const start = instant(1000);
  test("count from the start of the horizon, or are times", () => {
    expect(parseOutage("North:0/90s", start)).toEqual({ station: "North", from: 1000, to: 1090 });
    expect(parseOutage("N-1:0s/2026-01-01T00:00Z", start).to).toBe(parseInstant("2026-01-01T00:00:00Z"));
  });

  test.each(["", "North", "North:1h", "North:2h/1h", "North:1h/1h", "No rth:1h/2h", "North:a/b"])(
    "%j is none",
    (text) => expect(thrown(() => parseOutage(text, start))).toEqual(wrongUse(/^--outage: wanted/)),
  );
});
