import { beforeAll, describe, expect, test } from "vitest";
import { openBody } from "../../../operators/platform/body.ts";
import { spacecraftPresets } from "../../../operators/presets/registry.ts";
import { spacecraftOf } from "../../../operators/presets/spacecraft-preset.ts";
import type { Spacecraft } from "../../../pipeline/mission/spacecraft.ts";
import { orbitalPeriod } from "../../../pipeline/orbit/propagator.ts";
import type { Satellite } from "../../../pipeline/orbit/satellite.ts";
import { instant, later, parseInstant, seconds, watts } from "../../../pipeline/units.ts";
import { resolveConstellation } from "../../../planning/orbits/constellation.ts";
import { orbitLight } from "../../../studies/engine/orbit-light.ts";
import { type OrbitLoads, steadyOrbit } from "../../../studies/engine/steady-orbit.ts";
import { steadyUses } from "../../../studies/engine/steady-uses.ts";

const from = parseInstant("2026-06-01T00:00:00Z")!;
const preset = (name: string): Spacecraft =>
  spacecraftOf(spacecraftPresets.find((one) => one.name === name)!);

const begun = (craft: Spacecraft, initial: number): Spacecraft => ({
  ...craft,
  power: craft.power && { ...craft.power, battery: { ...craft.power.battery, initial } },
});

let satellite: Satellite;
beforeAll(async () => {
  const none = async (): Promise<string> => "";
  [satellite] = (await resolveConstellation("walker:1@550km", none, { epoch: from })) as [Satellite];
});

const idle: OrbitLoads = {
  work: 0,
  cameraWatts: 0,
  transmit: 0,
  contact: 0,
  otherWatts: 0,
  lowestSun: null,
};

describe("an orbit that repeats itself", () => {
  test("is the one to which a body comes, however it begins", () => {
    const craft = preset("three-body");
    const steady = steadyOrbit(craft, orbitLight(craft, satellite, from), idle);
    const period = orbitalPeriod(satellite);
    for (const initial of [0.62, 0.95, 1]) {
      const to = later(from, seconds(12 * period));
      const body = openBody(begun(craft, initial), satellite, from, to);
      const { series } = body.close();
      // Of the last two orbits: by then the start is forgotten.
      const late = series.at.flatMap((at, n) => (at > to - 2 * period ? [n] : []));
      const lowest = Math.min(...late.map((n) => series.charge?.[n] ?? 1));
      const hottest = Math.max(...late.map((n) => series.temperature?.[n] ?? 0));
      // The series has a point every few minutes, in which the lowest is missed by up to 1 %.
      expect(Math.abs(lowest - (steady.power?.lowestCharge ?? 0))).toBeLessThan(0.01);
      expect(hottest).toBeGreaterThan((steady.highestTemperature ?? 0) - 1.5);
      expect(hottest).toBeLessThan((steady.highestTemperature ?? 0) + 1.5);
    }
  });

  test("with the computer always at work, too", () => {
    const craft = preset("three-body");
    const steady = steadyOrbit(craft, orbitLight(craft, satellite, from), { ...idle, work: 1 });
    const period = orbitalPeriod(satellite);
    const to = later(from, seconds(8 * period));
    const body = openBody(begun(craft, 1), satellite, from, to);
    for (let at: number = from; at < to; at += 60) {
      body.draw("compute", instant(at), instant(Math.min(to, at + 60)), watts(craft.computer.power));
    }
    const { series } = body.close();
    const late = series.at.flatMap((at, n) => (at > to - 2 * period ? [n] : []));
    expect(Math.min(...late.map((n) => series.charge?.[n] ?? 1))).toBeCloseTo(
      steady.power?.lowestCharge ?? 0,
      1,
    );
  });

  test("does not exist where the array brings back less than is drawn, and that is said", () => {
    const craft = preset("three-body");
    const light = orbitLight(craft, satellite, from);
    const { power } = steadyOrbit(craft, light, { ...idle, otherWatts: 5000 });
    expect(power?.lossEachOrbit).toBeGreaterThan(0);
    expect(power?.lowestCharge).toBe(0);
  });

  test("falls with work, in charge, and rises in temperature", () => {
    const craft = preset("cubesat-6u");
    const light = orbitLight(craft, satellite, from);
    const flown = [0, 0.2, 0.5, 0.9, 1].map((work) => steadyOrbit(craft, light, { ...idle, work }));
    const charges = flown.map(({ power }) => power?.lowestCharge ?? 0);
    const temperatures = flown.map(({ highestTemperature }) => highestTemperature ?? 0);
    expect(charges).toEqual(charges.toSorted((a, b) => b - a));
    expect(temperatures).toEqual(temperatures.toSorted((a, b) => a - b));
  });
});

describe("the verdict on power and heat", () => {
  const use = (work: number) => ({
    satellite: satellite.id,
    contactSeconds: 6000,
    couldCarryBytes: 1e9,
    askedBytes: 1e6,
    carriedBytes: 1e6,
    workSeconds: 400 * work,
    transmitSeconds: 20 * work,
    cameraJoules: 100 * work,
    fullestStore: 0,
    storeMargin: null,
    crosslinkJoules: 0,
  });
  const judged = (craft: Spacecraft, work: number) =>
    steadyUses({
      spacecraft: craft,
      satellites: [satellite],
      uses: [use(work)],
      from,
      horizonSeconds: 86_400,
      lowestSun: null,
      mostImaging: Infinity,
      margins: "bisected",
    })[0]!;
  /** An array so small that work decides. */
  const lean = (craft: Spacecraft): Spacecraft => ({
    ...craft,
    power: craft.power && {
      ...craft.power,
      arrayArea: (craft.power.arrayArea * 0.4) as typeof craft.power.arrayArea,
    },
  });

  test("is the same whatever charge the satellite begins with", () => {
    const craft = lean(preset("cubesat-6u"));
    const of = (initial: number) => judged(begun(craft, initial), 1);
    expect(of(0.5)).toEqual(of(1));
    expect(of(0.95)).toEqual(of(1));
  });

  test("has a margin that falls as work grows, in proportion", () => {
    const craft = lean(preset("cubesat-6u"));
    const [one, ten, sixty] = [1, 10, 60].map((work) => judged(craft, work).power?.margin ?? Infinity);
    expect(one).toBeLessThan(Infinity);
    expect(ten! / one!).toBeCloseTo(1 / 10, 2);
    expect(sixty! / one!).toBeCloseTo(1 / 60, 2);
  });

  test("says that a battery is always full where it never sees the night nor a load that the array does not carry", () => {
    const craft = preset("three-body");
    const bright = {
      ...craft,
      power: craft.power && {
        ...craft.power,
        battery: { ...craft.power.battery, capacity: 1e15 as typeof craft.power.battery.capacity },
      },
    };
    expect(judged(bright, 1).power?.isAlwaysFull).toBe(true);
    expect(judged(craft, 1).power?.isAlwaysFull).toBe(false);
  });
});
