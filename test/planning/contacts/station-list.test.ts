import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readStations } from "../../../planning/contacts/station-file.ts";
import { resolveStations } from "../../../planning/contacts/station-list.ts";
import { builtinStations } from "../../../planning/contacts/station-networks.ts";

const feature = (coordinates: unknown, properties: unknown): unknown => ({
  type: "Feature",
  geometry: { type: "Point", coordinates },
  properties,
});
const collection = (...features: readonly unknown[]): string =>
  JSON.stringify({ type: "FeatureCollection", features });

describe("ground stations", () => {
  test("position, mask, antennas and G/T are read, and what is absent has a default", () => {
    const [plain, full] = readStations(
      collection(
        feature([15.4, 78.2], { name: "Svalbard" }),
        feature([2.5, -72, 1270], {
          name: "Troll Sat",
          min_elevation_deg: 3,
          antennas: 2,
          g_over_t_db_per_k: 31.5,
        }),
      ),
      "x.json",
    ).stations;
    expect(plain).toEqual({
      id: "Svalbard",
      name: "Svalbard",
      longitude: 15.4,
      latitude: 78.2,
      altitude: 0,
      minElevation: 5,
      antennas: 1,
      turnaround: 60,
      backhaul: 1,
    });
    expect(full).toMatchObject({
      id: "Troll-Sat",
      altitude: 1270,
      minElevation: 3,
      antennas: 2,
      gOverT: 31.5,
    });
  });

  test("stations of one name are told apart", () => {
    const text = collection(
      feature([1, 1], { name: "A" }),
      feature([2, 2], { name: "A" }),
      feature([3, 3], null),
    );
    expect(readStations(text, "x.json").stations.map(({ id }) => id)).toEqual([
      "A-1",
      "A-2",
      "x-json-feature-3",
    ]);
  });

  test.each([
    ["no JSON", "{", /x\.json is no JSON/],
    ["no collection", "{}", /lists no ground stations/],
    ["an empty one", collection(), /lists no ground stations/],
    [
      "a line",
      collection({ type: "Feature", geometry: { type: "LineString" } }),
      /feature 1: wanted a GeoJSON feature/,
    ],
    [
      "a swapped position",
      collection(feature([15, 178], {})),
      /feature 1: latitude: wanted a number in -90 … 90, got 178/,
    ],
    [
      "a G/T in decibels of something else",
      collection(feature([15, 78], { g_over_t_db_per_k: 315 })),
      /feature 1: g_over_t_db_per_k: wanted a number in -40 … 70, got 315/,
    ],
    ["no latitude", collection(feature([15], {})), /latitude: .* got nothing/],
    [
      "half an antenna",
      collection(feature([1, 2], { antennas: 0.5 })),
      /antennas: wanted a whole number, got 0.5/,
    ],
    [
      "a mask as text",
      collection(feature([1, 2], { min_elevation_deg: "5" })),
      /min_elevation_deg: .* got "5"/,
    ],
  ])("%s is refused", (_, text, message) => {
    expect(() => readStations(text, "x.json")).toThrow(message);
  });

  test("builtin needs no file", async () => {
    expect(await resolveStations("builtin", () => expect.unreachable("read a file"))).toBe(builtinStations);
    expect(builtinStations.map(({ id }) => id)).toEqual(["Svalbard", "Inuvik", "Troll"]);
  });
});

const folder = "../shared/datasets/orbits/ground-stations";
if (!existsSync(folder)) console.log(`the networks' station lists are skipped: ${folder} is not there`);

describe.skipIf(!existsSync(folder))("the networks' lists", () => {
  test.each([
    ["ksat", 36],
    ["aws", 12],
    ["ssc", 10],
    ["nen", 18],
    ["atlas", 11],
  ])("%s has %i stations", (network, count) => {
    const stations = readStations(
      readFileSync(`${folder}/${network}.json`, "utf8"),
      `${network}.json`,
    ).stations;
    expect(stations.length).toBe(count);
    expect(new Set(stations.map(({ id }) => id)).size).toBe(count);
    for (const { id } of stations) expect(id).toMatch(/^[A-Za-z0-9_-]+$/);
  });
});
