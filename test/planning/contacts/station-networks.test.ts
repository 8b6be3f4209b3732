import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readStations } from "../../../planning/contacts/station-file.ts";
import { resolveStations } from "../../../planning/contacts/station-list.ts";
import { findStationNetwork, stationNetworks } from "../../../planning/contacts/station-networks.ts";

const dataset = new URL("../../../../shared/datasets/orbits/ground-stations/", import.meta.url);
const absent = !existsSync(dataset);
if (absent) console.log(`comparison with the networks' lists skipped: ${dataset.pathname} is not there`);
const noFiles = (path: string): string => expect.unreachable(`asked for ${path}`);

/** Degrees of a great circle. */
const apart = (a: readonly [number, number], b: readonly [number, number]): number => {
  const [[x1, y1], [x2, y2]] = [a, b].map(([x, y]) => [(x * Math.PI) / 180, (y * Math.PI) / 180]) as [
    [number, number],
    [number, number],
  ];
  const chord = Math.sin((y2 - y1) / 2) ** 2 + Math.cos(y1) * Math.cos(y2) * Math.sin((x2 - x1) / 2) ** 2;
  return (2 * Math.asin(Math.sqrt(chord)) * 180) / Math.PI;
};

describe("station networks", () => {
  test.skipIf(absent)("lie within 0.5° of where an independent list has them", () => {
    const theirs = ["ksat", "aws", "ssc", "nen"].flatMap(
      (name) => readStations(readFileSync(new URL(`${name}.json`, dataset), "utf8"), name).stations,
    );
    const astray = stationNetworks
      .filter(({ name }) => name !== "oec")
      .flatMap(({ name, stations }) =>
        stations
          .filter(
            (own) =>
              !theirs.some(
                (other) => apart([own.longitude, own.latitude], [other.longitude, other.latitude]) <= 0.5,
              ),
          )
          .map((own) => `${name}: ${own.name}`),
      );
    // None of the lists has Matera.
    expect(astray).toEqual(["classic-eo: Matera"]);
  });

  test("have identifiers fit for subjects, unique in each", () => {
    for (const { stations } of stationNetworks) {
      const ids = stations.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]+$/);
    }
  });

  test("cote's stations are masked at 10°", () => {
    const { stations } = findStationNetwork("oec")!;
    expect(stations.length).toBe(10);
    expect(new Set(stations.map(({ minElevation }) => minElevation))).toEqual(new Set([10]));
    expect(new Set(stations.map(({ latitude }) => latitude))).toEqual(new Set([87, -87]));
  });

  test("may be joined by commas", async () => {
    const both = await resolveStations("ksat, aws", noFiles);
    const count = (name: string): number => findStationNetwork(name)!.stations.length;
    expect(both.length).toBe(count("ksat") + count("aws"));
    expect(await resolveStations("ksat", noFiles)).toBe(findStationNetwork("ksat")!.stations);
  });

  test("an unknown network is answered with those there are", async () => {
    const missing = (): never => {
      throw new Error("ENOENT");
    };
    await expect(resolveStations("ksat,awss", missing)).rejects.toThrow(
      /stations "awss": wanted builtin, ksat, .*, or a GeoJSON file, got no such network or file/,
    );
    await expect(resolveStations("mine.json", missing)).rejects.toThrow("ENOENT");
  });

  test("a station twice is refused by its name", async () => {
    await expect(resolveStations("builtin,ksat", noFiles)).rejects.toThrow(
      /stations "builtin,ksat": wanted every station once, got twice Svalbard \(builtin, ksat\), Inuvik .*, Troll/,
    );
    await expect(resolveStations("ssc,ssc", noFiles)).rejects.toThrow(/Esrange \(ssc\).* and 3 more/);
    const point = {
      type: "Feature",
      geometry: { type: "Point", coordinates: [1, 2] },
      properties: { name: "A" },
    };
    const file = JSON.stringify({ type: "FeatureCollection", features: [point, point] });
    await expect(resolveStations("mine.json", () => file)).rejects.toThrow(/got twice A \(mine.json\)/);
  });
});
