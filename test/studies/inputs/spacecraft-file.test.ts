import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readSpacecraft, spacecraftFor, spacecraftYaml } from "../../../studies/inputs/spacecraft-file.ts";
import { findSpacecraftPreset } from "../../../operators/presets/preset-lookup.ts";
import { spacecraftPresets } from "../../../operators/presets/registry.ts";
import { spacecraftOf } from "../../../operators/presets/spacecraft-preset.ts";

const folder = mkdtempSync(join(tmpdir(), "swath-spacecraft-"));
afterAll(() => rmSync(folder, { recursive: true }));

const file = join(folder, "mine.yaml");
const write = (text: string): string => {
  writeFileSync(file, text);
  return file;
};
const oec = spacecraftYaml(findSpacecraftPreset("oec")!);

describe("--spacecraft", () => {
  test.each(spacecraftPresets.map((preset) => [preset.name, preset] as const))(
    "takes back what swath presets %s --yaml writes",
    (_, preset) => expect(readSpacecraft(write(spacecraftYaml(preset)))).toEqual(spacecraftOf(preset)),
  );

  test("the file says unit, provenance and source of each figure", () => {
    expect(oec).toContain("power: 11.3272 # W; published: cote (CMUAbstract/cote)");
    expect(oec).toContain("heat: null # assumed: cote knows no temperatures");
    expect(oec).toContain("fp16: 1.33e+12 # op/s");
  });

  test("and may be edited", () => {
    const edited = oec.replace("chips: 1 ", "chips: 4 ");
    expect(readSpacecraft(write(edited)).computer.chips).toBe(4);
  });

  test.each([
    [
      "a missing figure",
      /^shielding:.*\n/m,
      "",
      /mine.yaml: spacecraft.shielding: wanted millimetres, 0 or more, got nothing/,
    ],
    [
      "a negative mass of memory",
      /capacity: 6.4e\+10/,
      "capacity: -1",
      /spacecraft.store.capacity: wanted bytes, above 0, got -1/,
    ],
    [
      "an efficiency above 1",
      "arrayEfficiency: 0.286",
      "arrayEfficiency: 1.2",
      /spacecraft.power.arrayEfficiency: wanted an efficiency, above 0 and at most 1, got 1.2/,
    ],
    [
      "words for watts",
      "power: 11.5 ",
      "power: much ",
      /spacecraft.radio.power: wanted watts, 0 or more, got "much"/,
    ],
    [
      "a link without bandwidth",
      /bandwidth: 2e\+7/,
      "bandwidth: 0",
      /spacecraft.radio.rate.budget.coding.bandwidth: wanted hertz, 100 … 10000000000, got 0/,
    ],
    [
      "another kind of link",
      "kind: budget",
      "kind: carrier pigeon",
      /spacecraft.radio.rate.kind: wanted a link rate whose `kind` is fixed/,
    ],
    ["an unknown field", "camera:", "wings: 2\ncamera:", /unknown field "wings"/],
    ["no mapping", /[^]*/, "- 1", /mine.yaml: spacecraft: wanted an object/],
    ["no YAML", /[^]*/, "a: [", /spacecraft .*mine.yaml: wanted YAML or JSON/],
  ] as const)("%s is one clear line", (_, before, after, message) => {
    const text = oec.replace(before, after);
    expect(text).not.toBe(oec);
    let said = "";
    try {
      readSpacecraft(write(text));
    } catch (error) {
      said = (error as Error).message;
    }
    expect(said).toMatch(message);
    expect(said).not.toContain("\n");
  });

  test("an unknown preset is answered with those there are", () => {
    expect(() => readSpacecraft("ocelot")).toThrow(
      /spacecraft "ocelot": wanted cubesat-6u, oec, .* or a YAML file, got neither a preset nor a file; swath presets/,
    );
  });

  test("goes before the constellation's, which goes before the default", () => {
    expect(spacecraftFor("oec", "three-body").name).toBe("oec");
    expect(spacecraftFor(null, "three-body:2800").name).toBe("three-body");
    expect(spacecraftFor(null, "walker:3").name).toBe("cubesat-6u");
  });
});
