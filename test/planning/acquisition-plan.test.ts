import { describe, expect, test } from "vitest";
import { planAcquisitions, type AcquisitionRequest } from "../../planning/acquisition-plan.ts";
import { groundReach, lowestSun, type CameraReach, type SceneTarget } from "../../planning/overflight.ts";
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
    expect(planAcquisitions({ ...request, rule: { kind: "recorded" } }).acquisitions).toEqual([
      { index: 0, satellite: "walker-1-1", scene: "hedland", at: from + 60 },
      { index: 1, satellite: "walker-1-2", scene: "genoa", at: from + 7200 },
      { index: 2, satellite: "walker-2-1", scene: "honolulu", at: from + 7200 },
    ]);
  });

  test("at a cadence: scene after scene from the start", () => {
    const rule = { kind: "cadence", every: seconds(90) } as const;
    const { acquisitions } = planAcquisitions({ ...request, rule });
    expect(acquisitions.map(({ scene: name, at }) => [name, at - from])).toEqual([
      ["genoa", 0],
      ["hedland", 90],
      ["honolulu", 180],
    ]);
  });

  test.each([
    [true, 150, 0],
    [false, 150, 0],
    [true, 10, 30],
  ])(
    "by overflight, daylight %s, half a swath %i km, off nadir %i°: the track is near and no earlier chance is left out",
    (daylight, kilometres, offNadir) => {
      const camera: CameraReach = {
        halfSwath: metres(kilometres * 1000),
        offNadir: degrees(offNadir),
        sunAbove: daylight ? lowestSun : null,
      };
      // The orbits are circles, as high everywhere.
      const halfSwath = groundReach(camera, metres(6_371_000 + 550_000));
      const { acquisitions: plan, unseen } = planAcquisitions({
        ...request,
        rule: { kind: "overflight", camera, until: request.to },
      });
      expect(unseen).toEqual([]);
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
        expect(distance(satellite, target, at)).toBeLessThan(halfSwath * 1.02);
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
      const camera: CameraReach = { halfSwath: metres(100_000), offNadir: degrees(0), sunAbove: null };
      const { acquisitions } = planAcquisitions({
        ...request,
        satellites: [eccentric],
        scenes: [scene("below", longitude, latitude)],
        rule: { kind: "overflight", camera, until: instant(from + 160 * 60) },
      });
      expect(Math.abs(acquisitions[0]!.at - over)).toBeLessThan(10);
    }
  });

  test("scenes that nothing can take are listed", () => {
    const later = { ...request, scenes: [...scenes, scene("undated", 0, 0)] };
    expect(() => planAcquisitions({ ...later, rule: { kind: "recorded" } })).toThrow(/1 without: undated/);
    expect(() =>
      planAcquisitions({ ...request, rule: { kind: "cadence", every: seconds(6 * 86_400) } }),
    ).toThrow(/1 without: honolulu/);
    expect(() => planAcquisitions({ ...request, scenes: [], rule: { kind: "recorded" } })).toThrow(
      /at least one scene/,
    );
  });

  test("a scene that no camera covers, or that has no place, is left out by name; without any, there is no run", () => {
    const nowhere: SceneTarget = { scene: "plain", acquiredAt: null, centre: null };
    const camera: CameraReach = { halfSwath: metres(10_000), offNadir: degrees(30), sunAbove: lowestSun };
    const rule = { kind: "overflight", camera, until: request.to } as const;
    const polar = scene("pole", 0, -89.9);
    const { acquisitions, unseen } = planAcquisitions({
      ...request,
      scenes: [...scenes, nowhere, polar],
      rule,
    });
    expect(acquisitions.map(({ scene: name }) => name).toSorted()).toEqual(["genoa", "hedland", "honolulu"]);
    expect(unseen.map(({ scene: name }) => name)).toEqual(["plain", "pole"]);
    expect(unseen[0]?.reason).toMatch(/no place/);
    expect(unseen[1]?.reason).toMatch(
      /swath of 20 km turned up to 30° off the vertical covers it in 10 days/,
    );
    expect(() => planAcquisitions({ ...request, scenes: [nowhere], rule })).toThrow(
      /no scene is flown over: got plain: it has no place, .*; .*--schedule cadence/,
    );
  });
});
