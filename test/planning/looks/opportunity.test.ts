import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { angleBetween, directionTo, offNadirOf } from "../../../pipeline/orbit/pointing.ts";
import { ephemerisOf, stateInto } from "../../../pipeline/orbit/ephemeris.ts";
import type { Satellite } from "../../../pipeline/orbit/satellite.ts";
import { degrees, later, metres, seconds } from "../../../pipeline/units.ts";
import { boxArea } from "../../../planning/looks/look-area.ts";
import { nearestMiss } from "../../../planning/looks/near-miss.ts";
import { opportunitiesOf, type LookOrbit } from "../../../planning/looks/opportunity.ts";
import { resolveConstellation } from "../../../planning/orbits/constellation.ts";
import { walkerEpoch } from "../../../planning/orbits/walker.ts";
import type { CameraReach } from "../../../planning/overflight.ts";
import type { BoundingBox } from "../../../pipeline/raster/area-geometry.ts";

const golden = (name: string): string =>
  fileURLToPath(new URL(`../../golden/orbit/${name}`, import.meta.url));
const from = walkerEpoch;
const to = later(from, seconds(86_400));

/** Towns and corners of the Earth: both sides of the antimeridian, the poles, the equator. */
const places: readonly (readonly [name: string, longitude: number, latitude: number])[] = [
  ["Marseille", 5.36, 43.3],
  ["Suva", 179.99, -18.1],
  ["Wrangel", -179.5, 71.2],
  ["Quito", -78.5, -0.2],
  ["Pole", 0, 89.9],
  ["South", 0, -89.9],
  ["Alert", -62.3, 82.5],
  ["Hobart", 147.3, -42.9],
  ["Neumayer", -8.3, -70.7],
  ["Dateline", -180, 0.5],
];

const orbitsOf = async (): Promise<readonly Satellite[]> => [
  ...(await resolveConstellation("walker:4@550km,97.6deg", () => Promise.reject(new Error("no file")), {
    epoch: from,
  })),
  ...(
    await resolveConstellation("walker:3/3/1@700km,82deg", () => Promise.reject(new Error("no file")), {
      epoch: from,
    })
  ).map((one) => ({ ...one, id: `inclined-${one.id}` })),
];

const camera: CameraReach = { halfSwath: metres(10_000), offNadir: degrees(45), sunAbove: degrees(5) };

interface Window {
  readonly satellite: string;
  readonly place: string;
  readonly from: number;
  readonly to: number;
  readonly offNadir: number;
  readonly sun: number;
}

const around = (longitude: number, latitude: number, size = 0.01): BoundingBox => [
  longitude - size / 2 < -180 ? longitude - size / 2 + 360 : longitude - size / 2,
  Math.max(-90, latitude - size / 2),
  longitude + size / 2 > 180 ? longitude + size / 2 - 360 : longitude + size / 2,
  Math.min(90, latitude + size / 2),
];

const areaOf = (box: BoundingBox) => {
  const read = boxArea(box);
  if (!("area" in read)) throw new RangeError(read.got);
  return read.area;
};

const windowsOf = async (): Promise<readonly Window[]> => {
  const found: Window[] = [];
  for (const orbit of await orbitsOf()) {
    const flown: LookOrbit = { satellite: orbit.id, ephemeris: ephemerisOf(orbit, from, to) };
    for (const [place, longitude, latitude] of places) {
      const area = areaOf(around(longitude, latitude));
      for (const one of opportunitiesOf(flown, { area, camera, maxOffNadir: camera.offNadir, from, to }))
        found.push({
          satellite: orbit.id,
          place,
          from: one.from - from,
          to: one.until + one.dwell - from,
          offNadir: one.offNadir,
          sun: one.sun,
        });
    }
  }
  return found;
};

test("opportunities are those of Skyfield and ERFA, over the antimeridian and the poles too", async () => {
  if (process.env["SWATH_REGENERATE"] === "1") {
    const cases = {
      from,
      to,
      offNadir: camera.offNadir,
      sunAbove: camera.sunAbove,
      satellites: await orbitsOf(),
      places: places.map(([name, longitude, latitude]) => ({ name, longitude, latitude })),
    };
    writeFileSync(golden("looks-cases.json"), `${JSON.stringify(cases, null, 1)}\n`);
    const judged = execFileSync("/usr/bin/python3", [golden("looks.py")], {
      input: JSON.stringify(cases),
      encoding: "utf8",
      maxBuffer: 1e8,
    });
    writeFileSync(golden("looks.json"), judged);
  }
  const expected = JSON.parse(readFileSync(golden("looks.json"), "utf8")) as readonly Window[];
  const found = await windowsOf();
  // A stretch shorter than a look of a second is none.
  const long = expected.filter((one) => one.to - one.from > 1.5);
  expect(long.length).toBeGreaterThan(30);
  const missing = long.filter(
    (one) =>
      !found.some(
        (own) =>
          own.satellite === one.satellite && own.place === one.place && Math.abs(own.from - one.from) < 2,
      ),
  );
  expect(missing).toEqual([]);
  for (const own of found) {
    const one = expected.find(
      (other) =>
        other.satellite === own.satellite && other.place === own.place && Math.abs(other.from - own.from) < 2,
    );
    expect(one, `${own.satellite} over ${own.place} at ${own.from}`).toBeDefined();
    if (one === undefined) continue;
    expect(Math.abs(own.from - one.from)).toBeLessThan(0.5);
    expect(Math.abs(own.to - one.to)).toBeLessThan(0.5);
    expect(Math.abs(own.offNadir - one.offNadir)).toBeLessThan(0.1);
    expect(Math.abs(own.sun - one.sun)).toBeLessThan(0.1);
  }
});

describe("laws", async () => {
  const [orbit] = await orbitsOf();
  const ephemeris = ephemerisOf(orbit as Satellite, from, to);
  const flown: LookOrbit = { satellite: "one", ephemeris };
  const state = new Float64Array(6);
  const angleAt = (t: number, box: BoundingBox): number => {
    stateInto(ephemeris, t - from, state);
    return offNadirOf(directionTo(state, areaOf(box).centre));
  };

  test("at any moment of a look the middle of the area lies within reach", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -180, max: 180, noNaN: true }),
        fc.double({ min: -89, max: 89, noNaN: true }),
        fc.integer({ min: 5, max: 45 }),
        (longitude, latitude, reach) => {
          const box = around(longitude, latitude, 0.1);
          const own: CameraReach = { ...camera, offNadir: degrees(reach), sunAbove: null };
          for (const one of opportunitiesOf(flown, {
            area: areaOf(box),
            camera: own,
            maxOffNadir: degrees(reach),
            from,
            to,
          })) {
            expect(one.until).toBeGreaterThanOrEqual(one.from);
            for (const t of [one.from, one.best, one.until + one.dwell])
              expect(angleAt(t, box)).toBeLessThan(reach + 0.05);
            expect(one.best).toBeGreaterThanOrEqual(one.from);
            expect(one.best).toBeLessThanOrEqual(one.until);
            expect(one.coverage).toBeGreaterThan(0);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test("an area across the antimeridian is seen as its two halves are", () => {
    const request = {
      camera: { ...camera, offNadir: degrees(55), sunAbove: null },
      maxOffNadir: null,
      from,
      to,
    };
    const [whole, east, west] = [
      [179.9, -20, -179.9, -19],
      [179.9, -20, 180, -19],
      [-180, -20, -179.9, -19],
    ].map((box) => opportunitiesOf(flown, { ...request, area: areaOf(box as unknown as BoundingBox) }));
    expect(whole?.length).toBeGreaterThan(0);
    expect(east?.length).toBe(whole?.length);
    expect(west?.length).toBe(whole?.length);
    whole?.forEach((one, at) => {
      const middle = ((east?.[at]?.from ?? 0) + (west?.[at]?.from ?? 0)) / 2;
      expect(Math.abs(one.from - middle)).toBeLessThan(0.5);
    });
  });

  test("a camera that only looks down takes what its strip passes over, at that moment alone", () => {
    const down: CameraReach = { halfSwath: metres(50_000), offNadir: degrees(0), sunAbove: null };
    stateInto(ephemeris, 3000, state);
    const request = {
      area: areaOf(around(5, 43)),
      camera: down,
      maxOffNadir: null,
      from,
      to: later(from, seconds(86_400)),
    };
    for (const one of opportunitiesOf(flown, request)) {
      expect(one.until).toBe(one.from);
      expect(one.offNadir).toBeLessThan(6);
    }
  });

  test("what is out of reach, dark or too long is told apart", () => {
    const far = {
      area: areaOf(around(5, 43)),
      camera: { ...camera, offNadir: degrees(1) },
      maxOffNadir: null,
      from,
      to,
    };
    expect(opportunitiesOf(flown, far)).toEqual([]);
    expect(nearestMiss(flown, far)).toMatchObject({ reason: "reach" });
    const long = { ...far, camera: { ...camera, sunAbove: null }, area: areaOf([4, 30, 5, 60]) };
    expect(opportunitiesOf(flown, long)).toEqual([]);
    const polar = {
      ...far,
      camera: { ...camera, offNadir: degrees(60), sunAbove: degrees(89.9) },
      area: areaOf(around(0, 80)),
    };
    expect(opportunitiesOf(flown, polar)).toEqual([]);
    expect(nearestMiss(flown, polar)?.reason).toBe("light");
  });

  test("angles between directions", () => {
    expect(angleBetween([0, 0, 1], [0, 0, 1])).toBe(0);
    expect(angleBetween([1, 0, 0], [0, 1, 0])).toBeCloseTo(90, 10);
  });
});
