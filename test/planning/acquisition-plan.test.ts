import { describe, expect, test } from "vitest";
import {
  planAcquisitions,
  type AcquisitionRequest,
  type SceneTarget,
} from "../../planning/acquisition-plan.ts";
import { parseWalker } from "../../planning/orbits/constellation.ts";
import { subPoint } from "../../pipeline/orbit/propagator.ts";
import type { RevolutionsPerDay, Satellite } from "../../pipeline/orbit/satellite.ts";
import { sunElevation } from "../../pipeline/orbit/sun.ts";
import { walkerEpoch, walkerSatellites } from "../../planning/orbits/walker.ts";
import { degrees, instant, metres, seconds } from "../../pipeline/units.ts";

const from = walkerEpoch;
const scene = (
  name: string,
  longitude: number,
  latitude: number,
  after: number | null = null,
): SceneTarget => ({
  scene: name,
  acquiredAt: after === null ? null : instant(from + after),
  centre: { longitude: degrees(longitude), latitude: degrees(latitude) },
});

const scenes = [
  scene("genoa", 8.9, 44.4, 7200),
  scene("hedland", 118.6, -20.3, 60),
  scene("honolulu", -157.9, 21.3, 7200),
];
const request: Omit<AcquisitionRequest, "rule"> = {
  scenes,
  satellites: walkerSatellites(parseWalker("walker:4/2/1"), walkerEpoch),
  from,
  to: instant(from + 10 * 86_400),
};

describe("acquisitions", () => {
  test("as recorded: at the scenes' own times, satellites taking turns in that order", () => {
    expect(planAcquisitions({ ...request, rule: { kind: "recorded" } })).toEqual([
      { index: 0, satellite: "walker-1-1", scene: "hedland", at: from + 60 },
      { index: 1, satellite: "walker-1-2", scene: "genoa", at: from + 7200 },
      { index: 2, satellite: "walker-2-1", scene: "honolulu", at: from + 7200 },
    ]);
  });

  test("at a cadence: scene after scene from the start", () => {
    const rule = { kind: "cadence", every: seconds(90) } as const;
    expect(planAcquisitions({ ...request, rule }).map(({ scene: name, at }) => [name, at - from])).toEqual([
      ["genoa", 0],
      ["hedland", 90],
      ["honolulu", 180],
    ]);
  });

  test.each([true, false])(
    "by overflight, daylight %s: the track is near and no earlier chance is left out",
    (daylight) => {
      const halfSwath = metres(150_000);
      const plan = planAcquisitions({ ...request, rule: { kind: "overflight", halfSwath, daylight } });
      expect(plan.map(({ scene: name }) => name).toSorted()).toEqual(["genoa", "hedland", "honolulu"]);
      const distance = (satellite: string, target: SceneTarget, t: number): number => {
        const point = subPoint(
          request.satellites.find(({ id }) => id === satellite)!,
          instant(t),
        );
        const rad = Math.PI / 180;
        const cosine =
          Math.sin(point.latitude * rad) * Math.sin(target.centre!.latitude * rad) +
          Math.cos(point.latitude * rad) *
            Math.cos(target.centre!.latitude * rad) *
            Math.cos((point.longitude - target.centre!.longitude) * rad);
        return Math.acos(Math.min(1, cosine)) * 6_371_000;
      };
      const sunny = (target: SceneTarget, t: number): boolean =>
        !daylight || sunElevation(target.centre!.longitude, target.centre!.latitude, instant(t)) >= 10;
      for (const { satellite, scene: name, at } of plan) {
        const target = scenes.find((one) => one.scene === name)!;
        expect(distance(satellite, target, at)).toBeLessThan(halfSwath);
        expect(distance(satellite, target, at)).toBeLessThan(distance(satellite, target, at - 20));
        expect(distance(satellite, target, at)).toBeLessThan(distance(satellite, target, at + 20));
        expect(sunny(target, at)).toBe(true);
        // Polled every 20 s up to there: no satellite came closer than half a swath before.
        for (const { id } of request.satellites) {
          for (let t: number = from + 60; t < at - 60; t += 20) {
            if (sunny(target, t) && sunny(target, t + 30)) {
              expect(distance(id, target, t), `${id} ${t - from}`).toBeGreaterThan(halfSwath * 0.98);
            }
          }
        }
      }
    },
  );

  test("by overflight of an eccentric orbit, at its low end and its high end alike", () => {
    const eccentric: Satellite = {
      ...request.satellites[0]!,
      elements: {
        ...request.satellites[0]!.elements,
        meanMotion: 9 as RevolutionsPerDay,
        eccentricity: 0.3,
        argumentOfPerigee: degrees(90),
      },
    };
    for (const minutes of [20, 75, 140]) {
      const over = instant(from + minutes * 60);
      const { longitude, latitude } = subPoint(eccentric, over);
      const [plan] = planAcquisitions({
        ...request,
        to: instant(from + 160 * 60),
        satellites: [eccentric],
        scenes: [scene("below", longitude, latitude)],
        rule: { kind: "overflight", halfSwath: metres(100_000), daylight: false },
      });
      expect(Math.abs(plan!.at - over)).toBeLessThan(10);
    }
  });

  test("scenes that nothing can take are listed", () => {
    const later = { ...request, scenes: [...scenes, scene("undated", 0, 0)] };
    expect(() => planAcquisitions({ ...later, rule: { kind: "recorded" } })).toThrow(/1 without: undated/);
    expect(() =>
      planAcquisitions({ ...request, rule: { kind: "cadence", every: seconds(6 * 86_400) } }),
    ).toThrow(/1 without: honolulu/);
    const nowhere: SceneTarget = { scene: "plain", acquiredAt: null, centre: null };
    expect(() =>
      planAcquisitions({
        ...request,
        to: instant(from + 600),
        scenes: [...scenes, nowhere],
        rule: { kind: "overflight", halfSwath: metres(10_000), daylight: true },
      }),
    ).toThrow(
      /within 10 km in daylight of every scene's centre, got 4 without: genoa, hedland, honolulu, plain/,
    );
    expect(() => planAcquisitions({ ...request, scenes: [], rule: { kind: "recorded" } })).toThrow(
      /at least one scene/,
    );
  });
});
