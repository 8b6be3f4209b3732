import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeGeoTiff } from "../../datasets/geotiff/geotiff-writer.ts";
import { replay, writeRun } from "../../index.ts";
import { findSpacecraftPreset } from "../../operators/presets/preset-lookup.ts";
import { spacecraftOf } from "../../operators/presets/spacecraft-preset.ts";
import type { Satellite } from "../../pipeline/orbit/satellite.ts";
import { degrees, instant, later, seconds } from "../../pipeline/units.ts";
import { namedConstellations } from "../../planning/orbits/constellation-presets.ts";
import { resolveConstellation } from "../../planning/orbits/constellation.ts";
import { type CameraReach, lowestSun, planOverflights } from "../../planning/overflight.ts";
import { cameraReach } from "../../studies/engine/camera-reach.ts";
import { type Judged, ports } from "./ten-ports.ts";

const from = instant(Date.parse("2026-01-01T00:00:00Z") / 1000);

interface Claimed {
  readonly camera: CameraReach;
  readonly satellites: Readonly<Record<string, Satellite>>;
  readonly items: readonly {
    readonly place: string;
    readonly longitude: number;
    readonly latitude: number;
    readonly satellite: string;
    readonly at: number;
  }[];
}

/** What the planner says of ten ports and a constellation with its own cameras. */
const claim = async (name: string): Promise<Claimed> => {
  const { spacecraft } = namedConstellations.find((one) => one.name === name)!;
  const { reach: camera } = cameraReach(spacecraftOf(findSpacecraftPreset(spacecraft)!).camera);
  const satellites = await resolveConstellation(name, () => Promise.reject(new Error("no file")), {
    epoch: from,
  });
  const { seen } = planOverflights({
    camera,
    scenes: ports.map(([place, longitude, latitude]) => ({
      scene: place,
      acquiredAt: null,
      centre: { longitude: degrees(longitude), latitude: degrees(latitude) },
    })),
    satellites,
    from,
    until: later(from, seconds(10 * 86_400)),
  });
  const items = seen.map(({ scene, satellite, at }) => {
    const [place, longitude, latitude] = ports.find(([port]) => port === scene)!;
    return { place, longitude, latitude, satellite, at: Math.round(at * 1000) / 1000 };
  });
  const flown = satellites.filter(({ id }) => items.some(({ satellite }) => satellite === id));
  return { camera, satellites: Object.fromEntries(flown.map((one) => [one.id, one])), items };
};

const constellations = ["three-body", "dove", "sentinel-2", "jilin-1"];
const file = (name: string): string => fileURLToPath(new URL(`../golden/orbit/${name}`, import.meta.url));

const claims = async (): Promise<Readonly<Record<string, Claimed>>> =>
  Object.fromEntries(
    await Promise.all(constellations.map(async (name) => [name, await claim(name)] as const)),
  );

const judge = (claimed: Readonly<Record<string, Claimed>>): Readonly<Record<string, readonly Judged[]>> => {
  const { stdout, stderr, status } = spawnSync("/usr/bin/python3", [file("overflights.py")], {
    input: JSON.stringify(claimed),
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Readonly<Record<string, readonly Judged[]>>;
};

const requireTrue = (name: string, judged: readonly Judged[]): void => {
  for (const { place, satellite, distance_m, reach_m, sun_deg } of judged) {
    expect(distance_m, `${name}: ${satellite} over ${place}`).toBeLessThanOrEqual(reach_m);
    expect(sun_deg, `${name}: the Sun over ${place}`).toBeGreaterThanOrEqual(lowestSun);
  }
};

describe("ten ports and four constellations: whoever is said to have seen a place was over it, by day", () => {
  test("by Skyfield and ERFA, of presets in January", async () => {
    const claimed = await claims();
    if (process.env["SWATH_REGENERATE"]) {
      writeFileSync(file("overflights-claimed.json"), `${JSON.stringify(claimed, null, 1)}\n`);
      writeFileSync(file("overflights.json"), `${JSON.stringify(judge(claimed), null, 1)}\n`);
    }
    const committed = JSON.parse(readFileSync(file("overflights-claimed.json"), "utf8")) as typeof claimed;
    const judged = JSON.parse(readFileSync(file("overflights.json"), "utf8")) as ReturnType<typeof judge>;
    for (const name of constellations) {
      const { items, camera } = claimed[name]!;
      // In the polar night nobody sees Hammerfest.
      expect(items.map(({ place }) => place).toSorted()).toEqual(
        ports.flatMap(([place]) => (place === "hammerfest" ? [] : [place])).toSorted(),
      );
      // What was judged is what the planner still says, to a hundredth of a second.
      expect(items.map(({ place, satellite }) => [place, satellite])).toEqual(
        committed[name]!.items.map(({ place, satellite }) => [place, satellite]),
      );
      for (const [n, { at }] of items.entries())
        expect(Math.abs(at - committed[name]!.items[n]!.at)).toBeLessThan(0.01);
      expect(camera).toEqual(committed[name]!.camera);
      expect(judged[name]).toHaveLength(items.length);
      requireTrue(name, judged[name]!);
    }
  });
});

const elements = "../shared/datasets/orbits/active-2026-08-13.tle";
const hasOracle =
  spawnSync("/usr/bin/python3", ["-c", "import skyfield, sgp4, erfa, numpy"], { stdio: "ignore" }).status ===
  0;
const why = !existsSync(elements)
  ? `${elements} is not there`
  : !hasOracle
    ? "python3-skyfield or python3-erfa is not there"
    : process.env["SWATH_LONG"] === undefined
      ? "SWATH_LONG is not set"
      : null;
if (why !== null) console.log(`whole runs against Skyfield skipped: ${why}`);

/** Ten scenes of 64 × 64 pixels around the ports, in spherical Mercator. */
const writePorts = async (folder: string): Promise<void> => {
  for (const [place, longitude, latitude] of ports) {
    const x = (longitude * Math.PI * 6_378_137) / 180;
    const y = 6_378_137 * Math.log(Math.tan(Math.PI / 4 + (latitude * Math.PI) / 360));
    await writeGeoTiff(join(folder, `${place}.tif`), {
      width: 64,
      height: 64,
      planes: [1, 2, 3, 4].map((band) =>
        Uint16Array.from({ length: 64 * 64 }, (_, n) => 500 + band + (n % 7)),
      ),
      bandNames: ["B02", "B03", "B04", "B08"],
      scale: 1e-4,
      nodata: 0,
      epsg: 3857,
      transform: [10, 0, x - 320, 0, -10, y + 320],
      acquiredAt: instant(Date.parse("2026-08-01T00:00:00Z") / 1000),
      software: "test",
    });
  }
};

interface Item {
  readonly id: string;
  readonly properties: { readonly "swath:captured_at": string[]; readonly "swath:satellites": string[] };
}

describe.skipIf(why !== null)("with real elements, every item that a run leaves", () => {
  let folder = "";
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "swath-ports-"));
    await writePorts(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each([
    ["FLOCK", "super-dove"],
    ["SENTINEL-2", "sentinel-2"],
    ["JILIN", "jilin-1"],
    ["LANDSAT", "landsat-9"],
  ])(
    "%s",
    async (names, spacecraft) => {
      const constellation = `${elements}:${names}`;
      const request = {
        dataset: folder,
        constellation,
        spacecraft,
        noDay: true,
        start: "2026-08-13T00:00:00Z",
      };
      const { reach: camera } = cameraReach(spacecraftOf(findSpacecraftPreset(spacecraft)!).camera);
      await using result = await replay({ ...request, hours: "24" });
      const out = join(folder, `run-${spacecraft}`);
      await writeRun(result, out);
      const stac = join(out, "detect", "stac");
      const read = readdirSync(stac)
        .filter((name) => name !== "collection.json")
        .map((name) => JSON.parse(readFileSync(join(stac, name), "utf8")) as Item);
      const items = read.map(({ id, properties }) => {
        const [place, longitude, latitude] = ports.find(([port]) => port === id)!;
        const [at, satellite] = [properties["swath:captured_at"], properties["swath:satellites"]].map(
          ([one]) => one as string,
        ) as [string, string];
        return { place, longitude, latitude, satellite, at: Date.parse(at) / 1000 };
      });
      const all = await resolveConstellation(constellation, async (path) => readFileSync(path, "utf8"), {});
      const satellites = Object.fromEntries(all.map((one) => [one.id, one]));
      expect(items.length).toBeGreaterThan(7);
      const judged = judge({ [spacecraft]: { camera, satellites, items } });
      expect(judged[spacecraft]).toHaveLength(items.length);
      requireTrue(spacecraft, judged[spacecraft]!);
    },
    120_000,
  );
});
