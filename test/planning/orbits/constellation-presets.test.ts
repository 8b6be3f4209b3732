import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { resolveConstellation } from "../../../planning/orbits/constellation.ts";
import { readOrbits } from "../../../planning/orbits/orbit-file.ts";
import { namedConstellations } from "../../../planning/orbits/constellation-presets.ts";
import { staleElements } from "../../../planning/orbits/expiry.ts";
import { propagate, subPoint } from "../../../pipeline/orbit/propagator.ts";
import { meridianAt } from "../../../planning/orbits/walker.ts";
import { instant } from "../../../pipeline/units.ts";

const noFiles = (path: string): string => expect.unreachable(`asked for ${path}`);
const catalogue = new URL("../../../../shared/datasets/orbits/active-2026-08-13.tle", import.meta.url);
const absent = !existsSync(catalogue);
if (absent) console.log(`Three-Body against the catalogue skipped: ${catalogue.pathname} is not there`);
const start = instant(Date.UTC(2031, 4, 6) / 1000);

const cosineBetween = (p: readonly number[], q: readonly number[]): number =>
  p.reduce((sum, x, i) => sum + x * q[i]!, 0) / (Math.hypot(...p) * Math.hypot(...q));

describe("constellations by name", () => {
  test.each(namedConstellations.map((one) => [one.name, one] as const))(
    "%s flies at any start, and is as many as it says",
    async (name, { count }) => {
      const satellites = await resolveConstellation(name, noFiles, { epoch: start });
      expect(satellites.length).toBe(count);
      expect(new Set(satellites.map(({ id }) => id)).size).toBe(count);
      expect(satellites.filter(({ id }) => !/^[A-Za-z0-9_-]+$/.test(id))).toEqual([]);
      expect(staleElements(satellites, start, instant(start + 86_400))).toEqual([]);
      const every = Math.ceil(count / 60);
      for (const satellite of satellites.filter((_, n) => n % every === 0)) {
        const { altitude } = subPoint(satellite, instant(start + 5000));
        expect(altitude).toBeGreaterThan(420_000);
        expect(altitude).toBeLessThan(2_030_000);
      }
    },
  );

  test("planes keep their local solar time through the year", async () => {
    for (const day of [0, 91, 182, 273]) {
      const at = instant(start + day * 86_400 + 12_345);
      const [sentinel] = await resolveConstellation("sentinel-2", noFiles, { epoch: at });
      expect(sentinel!.elements.rightAscension).toBeCloseTo(meridianAt(at, 22.5), 9);
    }
  });

  test("Sentinel-2A and B stand opposite each other", async () => {
    const [a, b] = await resolveConstellation("sentinel-2", noFiles, { epoch: start });
    const cosine = cosineBetween(propagate(a!, start).position, propagate(b!, start).position);
    expect(cosine).toBeLessThan(-0.9999);
  });

  test.skipIf(absent)("the twelve of Three-Body stand where the catalogue has them, to 1.5°", async () => {
    const at = instant(Date.UTC(2026, 7, 11) / 1000);
    const ours = await resolveConstellation("three-body", noFiles, { epoch: at });
    const theirs = readOrbits(readFileSync(catalogue, "utf8"), "catalogue").satellites.filter(({ name }) =>
      name.startsWith("SCS-01"),
    );
    expect(theirs.map(({ id, catalogNumber }) => [id, catalogNumber])).toEqual(
      ours.map(({ id, catalogNumber }) => [id, catalogNumber]),
    );
    for (const [i, real] of theirs.entries()) {
      const cosine = cosineBetween(propagate(real, at).position, propagate(ours[i]!, at).position);
      expect((Math.acos(cosine) * 180) / Math.PI, real.name).toBeLessThan(1.5);
    }
  });

  test("an unknown name is answered with those there are", async () => {
    const missing = (): never => {
      throw new Error("ENOENT");
    };
    await expect(resolveConstellation("threebody", missing)).rejects.toThrow(
      /constellation "threebody": wanted walker:N, three-body, .*, or a file, got no such name or file/,
    );
    await expect(resolveConstellation("./active.tle", missing)).rejects.toThrow("ENOENT");
  });

  test("a path of the same name stays a file", async () => {
    await expect(resolveConstellation("./dove", () => "")).rejects.toThrow(/holds no orbits/);
  });
});
