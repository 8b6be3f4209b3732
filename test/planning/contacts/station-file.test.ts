import { describe, expect, test } from "vitest";
import { SwathError } from "../../../pipeline/errors.ts";
import { readStations } from "../../../planning/contacts/station-file.ts";
import { resolveStations } from "../../../planning/contacts/station-list.ts";
import { seeded } from "../../../pipeline/seeded.ts";

const feature = (coordinates: unknown, properties: unknown): unknown => ({
  type: "Feature",
  geometry: { type: "Point", coordinates },
  properties,
});
const collection = (...features: readonly unknown[]): string =>
  JSON.stringify({ type: "FeatureCollection", features });

const notesOf = async (text: string): Promise<readonly string[]> => {
  const notes: string[] = [];
  await resolveStations("x.json", () => text, { onNote: (note) => notes.push(note) });
  return notes;
};

describe("horizons in files", () => {
  const horizonOf = (horizon: unknown) =>
    readStations(collection(feature([1, 2], { horizon })), "x.json").stations[0]!;

  test("are pairs or objects in any order; a point at 360° is the one at 0°", () => {
    const sorted = [
      { azimuth: 0, elevation: 3 },
      { azimuth: 90, elevation: 12 },
      { azimuth: 200, elevation: 1 },
    ];
    for (const horizon of [
      [
        [0, 3],
        [90, 12],
        [200, 1],
      ],
      [
        [200, 1],
        [360, 3],
        [0, 3],
        [90, 12],
      ],
      [
        { azimuth: 90, elevation: 12 },
        { azimuth_deg: 0, elevation_deg: 3 },
        { azimuth: 200, elevation: 1 },
      ],
    ])
      expect(horizonOf(horizon)).toMatchObject({ horizon: sorted, minElevation: 0 });
  });

  test.each([
    ["no list", 7, /x\.json feature 1: horizon: wanted a list of \[azimuth, elevation\] in degrees, got 7/],
    ["an empty list", [], /horizon: wanted a list/],
    [
      "an azimuth in radians of the other sense",
      [[-1, 2]],
      /horizon\[0\]: azimuth: wanted a number in 0 … 360, got -1/,
    ],
    ["an elevation of the zenith", [[1, 90]], /horizon\[0\]: elevation: wanted a number in -5 … 89, got 90/],
    ["three numbers", [[1, 2, 3]], /horizon\[0\]: azimuth: .* got nothing/],
    [
      "a direction twice",
      [
        [1, 2],
        [1, 3],
      ],
      /horizon: wanted every azimuth once, got 1° twice/,
    ],
    [
      "north twice",
      [
        [0, 2],
        [360, 3],
      ],
      /elevation at 0° and at 360°, which are one direction: wanted 2, got 3/,
    ],
  ])("%s is refused", (_, horizon, message) => {
    expect(() => horizonOf(horizon)).toThrow(message);
  });
});

describe("what is doubtful in a station file", () => {
  test("altitudes that may be kilometres, and properties that are not read, are named", async () => {
    const text = collection(
      feature([15.4, 78.2, 0.45], { name: "Svalbard", mask: 10, min_elevation: 7 }),
      feature([2.5, -72, 1270], { name: "Troll", mask: 5 }),
    );
    const notes = await notesOf(text);
    expect(notes).toEqual([
      "x.json: altitude of Svalbard is read as 0.45 m; is it kilometres?",
      expect.stringMatching(
        /^x\.json: properties that are not read: mask, min_elevation; those read are name, min_elevation_deg, horizon/,
      ),
    ]);
    await expect(resolveStations("x.json", () => text, { strict: true })).rejects.toThrow(/is it kilometres/);
  });

  test("a height that no ground has is refused, one station alone", async () => {
    const bad = feature([15.4, 78.2, 8900], { name: "A" });
    expect(() => readStations(collection(bad), "x.json")).toThrow(
      /x\.json feature 1: altitude in metres: wanted a number in -500 … 6000, got 8900/,
    );
    const text = collection(bad, feature([2.5, -72, 1270], { name: "B" }));
    expect(readStations(text, "x.json").stations.map(({ id }) => id)).toEqual(["B"]);
    expect(await notesOf(text)).toEqual([
      expect.stringMatching(/^a station is left out: x\.json feature 1: alt/),
    ]);
    await expect(resolveStations("x.json", () => text, { strict: true })).rejects.toThrow(/altitude/);
  });

  test("nothing is said of what is in order", async () => {
    const properties = {
      name: "A",
      antennas: 2,
      acquisition_s: 20,
      turnaround_s: 60,
      backhaul_s: 0.3,
      uplink_bit_per_s: 64_000,
    };
    const text = collection(feature([1, 2, 30], properties), feature([3, 4], null));
    expect(await notesOf(text)).toEqual([]);
    expect(readStations(text, "x.json").stations[0]).toMatchObject({
      acquisition: 20,
      turnaround: 60,
      backhaul: 0.3,
      uplink: 64_000,
    });
  });
});

describe("some stations of a list", () => {
  const noFiles = (path: string): string => expect.unreachable(`asked for ${path}`);
  const idsOf = async (spec: string): Promise<readonly string[]> =>
    (await resolveStations(spec, noFiles)).map(({ id }) => id);

  test.each([
    ["ksat:3", ["Svalbard", "Tromso", "Jan-Mayen"]],
    ["ksat:Svalbard,Troll", ["Svalbard", "Troll"]],
    ["ksat:troll, svalbard", ["Svalbard", "Troll"]],
    ["ksat:Santa Maria", ["Santa-Maria-Azores"]],
    ["ksat:punta_arenas,Tromsø".replace("ø", "o"), ["Tromso", "Punta-Arenas"]],
    ["ksat:Troll,aws:1", ["Troll", "Alaska-1"]],
    ["builtin:!Troll", ["Svalbard", "Inuvik"]],
  ])("%s", async (spec, ids) => {
    expect(await idsOf(spec)).toEqual(ids);
  });

  test("a file's too", async () => {
    const text = collection(feature([1, 2], { name: "A" }), feature([3, 4], { name: "B" }));
    const read = (path: string): string => (path === "./x.json" ? text : expect.unreachable(path));
    const stations = await resolveStations("ksat:1,./x.json:B", read);
    expect(stations.map(({ id }) => id)).toEqual(["Svalbard", "B"]);
  });

  test.each([
    ["ksat:0", /wanted 1 … 32 of its 32 stations, got 0/],
    ["ksat:33", /got 33/],
    ["ksat:", /wanted a number, or names .* got nothing/],
    ["ksat:Oslo", /wanted a name of Svalbard, .*, got "Oslo"/],
    ["aws:Alaska,Oslo", /stations "aws:Alaska,Oslo": .* got "Oslo"/],
    ["nen:S", /wanted one station for each name, got "S", which may be Svalbard-SGS, South-Point/],
    ["builtin:!Troll,!Svalbard,!Inuvik", /got no station/],
    ["ksat:2,ksat:Svalbard", /wanted every station once, got twice Svalbard/],
  ])("%s is refused", async (spec, message) => {
    await expect(resolveStations(spec, noFiles)).rejects.toThrow(message);
  });
});

test("mutants of station files are read or refused with a reason", () => {
  const draw = seeded("station files");
  const text = collection(
    feature([15.4, 78.2, 450], {
      name: "A",
      min_elevation_deg: 5,
      horizon: [
        [0, 3],
        [180, 10],
      ],
      antennas: 2,
    }),
    feature([2.5, -72, 1270], { name: "B", g_over_t_db_per_k: 30, backhaul_s: 1 }),
  );
  for (let n = 0; n < 3000; n++) {
    const at = Math.floor(draw.uniform() * text.length);
    const end = at + Math.floor(draw.uniform() * 8);
    const character = String.fromCharCode(32 + Math.floor(draw.uniform() * 95));
    const mutant = text.slice(0, at) + (n % 2 === 0 ? character : "") + text.slice(end);
    try {
      for (const { latitude, altitude, minElevation, horizon = [] } of readStations(mutant, "x").stations) {
        expect(Math.abs(latitude) <= 90 && altitude <= 6000 && minElevation <= 89).toBe(true);
        expect(horizon.every(({ elevation }) => Number.isFinite(elevation))).toBe(true);
      }
    } catch (error) {
      if (!(error instanceof SwathError)) throw error;
      expect(error.message).toMatch(/^x/);
    }
  }
});
