import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HeatModel, earthAlbedo, earthInfrared, stefanBoltzmann } from "../../../operators/platform/heat.ts";
import type { ThermalModel, ThermalNode } from "../../../pipeline/mission/spacecraft.ts";
import { joulesPerKelvin, kelvin, squareMetres, wattsPerKelvin } from "../../../pipeline/units.ts";
import { plainHeat } from "./spacecraft.ts";

const node = (
  name: string,
  [capacity, area, absorptivity, emissivity, initial, busShare, computerShare]: readonly number[],
): ThermalNode => ({
  name,
  heatCapacity: joulesPerKelvin(capacity!),
  area: squareMetres(area!),
  absorptivity: absorptivity!,
  emissivity: emissivity!,
  initial: kelvin(initial!),
  busShare: busShare!,
  computerShare: computerShare!,
});

const modelOf = (
  nodes: readonly ThermalNode[],
  conductors: readonly (readonly [string, string, number])[],
): ThermalModel => ({
  ...plainHeat,
  nodes,
  conductors: conductors.map(([a, b, conductance]) => ({ a, b, conductance: wattsPerKelvin(conductance) })),
});

const dark = { share: 0, flux: 1361, overhead: 0, earthView: 0 };

describe("temperatures", () => {
  it("follow scipy's integration of the same physics to a tenth of a kelvin, the chip's transients included", () => {
    const golden = JSON.parse(
      readFileSync(new URL("../../golden/platform/heat.json", import.meta.url), "utf8"),
    ) as { samples: [number, number, number, number][] };
    const model = new HeatModel(
      modelOf(
        [
          node("shell", [6000, 0.28, 0.6, 0.8, 285, 0.7, 0]),
          node("board", [400, 0, 0, 0, 290, 0.3, 0.1]),
          node("chip", [20, 0, 0, 0, 295, 0, 0.9]),
        ],
        [
          ["shell", "board", 0.8],
          ["board", "chip", 2.5],
        ],
      ),
    );
    const earthView = 0.5 * (1 - Math.sqrt(1 - (6378.137 / 6928.137) ** 2));
    const worst = [0, 0, 0];
    for (let t = 0; t <= 10_800; t += 10) {
      const sample = golden.samples.find(([at]) => at === t);
      for (let i = 0; sample !== undefined && i < 3; i++)
        worst[i] = Math.max(worst[i]!, Math.abs(model.temperatures[i]! - sample[i + 1]!));
      const phase = ((t + 5) % 5400) / 5400;
      const share = phase >= 2 / 3 ? 0 : 1;
      const overhead = share * Math.max(0, -Math.cos(2 * Math.PI * phase));
      const works = t % 2000 >= 600 && t % 2000 < 1500;
      model.step(10, { share, flux: 1361, overhead, earthView }, 7, works ? 12 : 0);
    }
    expect(worst[0]).toBeLessThan(0.01);
    expect(worst[1]).toBeLessThan(0.1);
    expect(worst[2]).toBeLessThan(0.1);
  });

  it("settle where what comes in is radiated: the closed form of one node", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0.05, max: 1, noNaN: true }),
        fc.double({ min: 0.05, max: 1, noNaN: true }),
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        fc.double({ min: 0, max: 500, noNaN: true }),
        (share, absorptivity, emissivity, area, watts) => {
          const light = { share, flux: 1361, overhead: 0.4, earthView: 0.3 };
          const model = new HeatModel(
            modelOf([node("one", [50, area, absorptivity, emissivity, 280, 1, 1])], []),
          );
          for (let step = 0; step < 3000; step++) model.step(1000, light, watts * area, 0);
          const sunlight = 1361 * (share / 4 + earthAlbedo * 0.4 * 0.3);
          const expected =
            ((absorptivity * sunlight + emissivity * earthInfrared * 0.3 + watts) /
              (emissivity * stefanBoltzmann)) **
            0.25;
          expect(model.temperatures[0]).toBeCloseTo(expected, 6);
        },
      ),
      // A light node in steps far too long for it: it once settled below 0 K.
      { numRuns: 30, examples: [[0, 0.05, 0.05, 0.11843061392677552, 491.93786621093716]] },
    );
  });

  it("keep the heat that cannot leave: conductors only move it", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1, max: 1e4, noNaN: true }), { minLength: 2, maxLength: 5 }),
        fc.double({ min: 1e-3, max: 1e5, noNaN: true }),
        fc.double({ min: 0, max: 100, noNaN: true }),
        (capacities, conductance, watts) => {
          const nodes = capacities.map((c, i) =>
            node(`n${i}`, [c, 0, 0, 0, 250 + 30 * i, i === 0 ? 1 : 0, i === 1 ? 1 : 0]),
          );
          const chain = nodes.slice(1).map((one, i) => [nodes[i]!.name, one.name, conductance] as const);
          const model = new HeatModel(modelOf(nodes, chain));
          const heat = (): number => capacities.reduce((sum, c, i) => sum + c * model.temperatures[i]!, 0);
          const before = heat();
          for (let step = 0; step < 100; step++) model.step(10, dark, watts, 2 * watts);
          expect(heat() / (before + 3 * watts * 1000)).toBeCloseTo(1, 9);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("do not swing on a light node behind a strong conductor", () => {
    const model = new HeatModel(
      modelOf(
        [node("plate", [5000, 0, 0, 0, 300, 1, 0]), node("chip", [1, 0, 0, 0, 350, 0, 1])],
        [["plate", "chip", 500]],
      ),
    );
    let last = 350;
    for (let step = 0; step < 20; step++) {
      model.step(10, dark, 0, 0);
      expect(Math.abs(model.temperatures[1]! - model.temperatures[0]!)).toBeLessThanOrEqual(
        Math.abs(last - 300),
      );
      last = model.temperatures[1]!;
    }
    expect(last).toBeCloseTo(model.temperatures[0]!, 6);
  });
});
