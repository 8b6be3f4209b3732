import { readFileSync, writeFileSync } from "node:fs";
import { afterEach, describe, expect, test, vi } from "vitest";
import { presetDocs } from "../../../cli/text/preset-docs.ts";
import { presetsCommand } from "../../../cli/commands/presets.ts";
import { figureText } from "../../../cli/text/presets-text.ts";
import { computerProfiles } from "../../../operators/presets/computers.ts";
import { spacecraftPresets } from "../../../operators/presets/registry.ts";
import { namedConstellations } from "../../../planning/orbits/constellation-presets.ts";
import { stationNetworks } from "../../../planning/contacts/station-networks.ts";

afterEach(() => vi.restoreAllMocks());

const said = async (...words: readonly string[]): Promise<string> => {
  let text = "";
  vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  vi.spyOn(console, "log").mockImplementation((line: string) => (text += `${line}\n`));
  await presetsCommand().exitOverride().parseAsync(words, { from: "user" });
  return text;
};

describe("swath presets", () => {
  test("lists every name there is", async () => {
    const text = await said();
    for (const { name } of [
      ...spacecraftPresets,
      ...computerProfiles,
      ...namedConstellations,
      ...stationNetworks,
    ])
      expect(text).toContain(name);
  });

  test("prints all that has a name: figures with unit, provenance and source", async () => {
    const text = await said("three-body");
    expect(text).toMatch(/computer\.peakOps\.int8 +│ 744 Top\/s +│ published +│ SatNews/);
    expect(text).toMatch(/power\.arrayArea +│ 4 m² +│ assumed/);
    expect(text).toContain("Constellation three-body:");
    expect(await said("ksat")).toContain("Masks, antennas, 60 s between two satellites");
    expect(await said("jetson-nano")).toMatch(/Computer jetson-nano: [^]*measured: YOLOv8n/);
  });

  test("as JSON, figure by figure", async () => {
    const { spacecraft, constellations, networks } = JSON.parse(await said("landsat-9", "--json"));
    expect(networks).toEqual([]);
    expect(constellations[0]).toMatchObject({ name: "landsat-9", spacecraft: "landsat-9", satellites: 1 });
    expect(spacecraft[0].figures).toContainEqual({
      path: "store.capacity",
      value: 392.5e9,
      unit: "B",
      kind: "published",
      source: "Landsat 8 Data Users Handbook, LSDS-1574: 3.14 Tbit recorder",
    });
  });

  test.each([
    [["ocelot"], /no preset "ocelot": wanted one of cubesat-6u, .*classic-eo/],
    [["ksat", "--yaml"], /--yaml: wanted the name of a spacecraft: .*, got ksat/],
    [["--yaml"], /--yaml: wanted .*, got nothing/],
    [["oec", "--yaml", "--json"], /wanted one of them/],
  ] as const)("refuses %j", async (words, message) => {
    await expect(said(...words)).rejects.toThrow(message);
  });

  test("figures read well", () => {
    expect(figureText({ value: 2.5e12, unit: "B" })).toBe("2.5 TB");
    expect(figureText({ value: 0.0181, unit: "m²" })).toBe("0.0181 m²");
    expect(figureText({ value: 0.41, unit: "" })).toBe("0.41");
    expect(figureText({ value: null, unit: "" })).toBe("none");
  });
});

test("docs/presets.md is what the presets say", () => {
  const page = new URL("../../../docs/presets.md", import.meta.url);
  // After a change of the presets: npm run docs, or SWATH_REGENERATE=1 npx vitest run test/cli/presets.test.ts
  if (process.env["SWATH_REGENERATE"]) writeFileSync(page, presetDocs());
  expect(readFileSync(page, "utf8")).toBe(presetDocs());
});
