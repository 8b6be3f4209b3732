import { describe, expect, test } from "vitest";
import { openBody } from "../../../operators/platform/body.ts";
import { inferenceCost } from "../../../operators/platform/computer.ts";
import { captureEnergy } from "../../../operators/platform/tile-work.ts";
import { findSpacecraftPreset } from "../../../operators/presets/preset-lookup.ts";
import { spacecraftPresets } from "../../../operators/presets/registry.ts";
import { figuresOf, valuesOf } from "../../../operators/presets/figure.ts";
import { spacecraftOf } from "../../../operators/presets/spacecraft-preset.ts";
import { checkSpacecraft } from "../../../pipeline/mission/spacecraft-schema.ts";
import { oecLink } from "../../../pipeline/link/budget/oec-link.ts";
import {
  findNamedConstellation,
  namedConstellations,
} from "../../../planning/orbits/constellation-presets.ts";
import { instant, later, seconds } from "../../../pipeline/units.ts";

const from = instant(Date.UTC(2026, 7, 12) / 1000);
const to = later(from, seconds(86_400));

describe("figures", () => {
  test("a sheet gives its values in its own shape, and its figures by path", () => {
    const sheet = {
      name: "x",
      list: [{ a: { value: 1, unit: "W", kind: "published", source: "s" } }],
      none: { value: null, unit: "", kind: "assumed", source: "t" },
    };
    expect(valuesOf(sheet)).toEqual({ name: "x", list: [{ a: 1 }], none: null });
    expect(figuresOf(sheet).map(({ path }) => path)).toEqual(["list.0.a", "none"]);
  });
});

describe("spacecraft presets", () => {
  test.each(spacecraftPresets.map((preset) => [preset.name, preset] as const))(
    "%s passes the schema, and every figure says where it is from",
    (name, preset) => {
      const craft = spacecraftOf(preset);
      expect(checkSpacecraft(structuredClone(craft), name)).toEqual(craft);
      expect(name).toMatch(/^[a-z0-9-]+$/);
      expect(preset.note).toMatch(/\.$/);
      for (const { path, kind, source } of figuresOf(preset.sheet)) {
        expect(source, `${name}.${path}`).toMatch(/\S{2,}/);
        // A publication has a name, a number or a date.
        if (kind === "published")
          expect(source, `${name}.${path}`).toMatch(/[A-Z]|\d|\.(org|com|cpp|dat|tle)/);
      }
    },
  );

  test("names are unique", () => {
    expect(new Set(spacecraftPresets.map(({ name }) => name)).size).toBe(spacecraftPresets.length);
  });

  test("every constellation brings a spacecraft that exists", () => {
    for (const { name, spacecraft } of namedConstellations)
      expect(findSpacecraftPreset(spacecraft), name).not.toBeNull();
  });

  // One without a battery worth the name lives in sunlight only: see its note.
  const kept = spacecraftPresets.filter(({ name }) => name !== "oec");
  test.each(kept.map((preset) => [preset.name, preset] as const))(
    "%s, idle for a day, keeps its battery over the floor and its computer out of the cold",
    (name, preset) => {
      const craft = spacecraftOf(preset);
      const orbit = (findNamedConstellation(name) ?? findNamedConstellation("phi-sat-2"))!.satellites(
        from,
      )[0]!;
      const { power, heat } = openBody(craft, orbit, from, to).close();
      expect(power!.unmet).toBe(0);
      expect(power!.minCharge).toBeGreaterThanOrEqual(craft.power!.battery.floor);
      expect(heat!.min).toBeGreaterThan(250);
      expect(heat!.max).toBeLessThan(craft.heat!.throttleFrom);
    },
  );
});

describe("the cubesat of Orbital Edge Computing", () => {
  const { computer, camera, radio, power } = spacecraftOf(findSpacecraftPreset("oec")!);

  test("16.3 J for a frame of 32 tiles, and 2.2 J to take it", () => {
    // GoogLeNet: 1.5 G multiply-adds for 224 × 224 pixels (Szegedy et al., CVPR 2015).
    const operations = ((2 * 1.5e9) / 224 ** 2) * 640 ** 2;
    const tile = inferenceCost(computer, operations, "fp16");
    expect(tile.seconds).toBeCloseTo(0.04486, 3);
    expect(32 * tile.joules).toBeCloseTo(16.3, 1);
    expect(captureEnergy(camera, 4096 * 3072)).toBeCloseTo(3.5 * 0.03126 + 2.5 * 0.83886, 3);
  });

  test("7.05 W of array, 118 J of capacitor", () => {
    expect(1361 * power!.arrayArea * power!.arrayEfficiency).toBeCloseTo(7.029 * 1.0034, 1);
    expect(power!.battery.capacity).toBeCloseTo(34.302 ** 2 / (2 * 5), 0);
    expect(power!.battery.floor).toBeCloseTo((5.75 / (34.302 / 5)) ** 2, 2);
  });

  test("its radio has the link budget, not a rate", () => {
    expect(radio.rate).toEqual({ kind: "budget", budget: oecLink, sites: {} });
  });
});
