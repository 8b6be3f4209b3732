import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { expect, test } from "vitest";
import { applyConfigFile } from "../../cli/config-file.ts";
import { addScenarioOptions } from "../../cli/scenario-options.ts";
import { parseScenario } from "../../cli/scenario.ts";
import { policyNames } from "../../pipeline/product/policy.ts";
import { resolveConstellation } from "../../pipeline/orbit/constellation.ts";
import { resolveStations } from "../../pipeline/orbit/station-list.ts";
import { subPoint } from "../../pipeline/orbit/propagator.ts";

const noFiles = (path: string): string => expect.unreachable(`asked for ${path}`);

test("examples/rhone.yaml is RHONE's case: 150 satellites at 550 km, at most 200 Mbit/s, 2,000 images, four strategies", async () => {
  const command = addScenarioOptions(new Command("test")).option("--policies <names>");
  const file = fileURLToPath(new URL("../../examples/rhone.yaml", import.meta.url));
  command.parse(["--config", file], { from: "user" });
  applyConfigFile(command);
  const scenario = parseScenario("ships/", command.opts());

  const satellites = await resolveConstellation(scenario.constellation, noFiles);
  expect(satellites.length).toBe(150);
  // The height is over the equator's radius; J2 and the ellipsoid bend it by some 20 km.
  const { altitude } = subPoint(satellites[0]!, satellites[0]!.epoch);
  expect(Math.abs(altitude - 560_000)).toBeLessThan(25_000);
  expect(scenario.rate).toEqual({ kind: "fixed", rate: 200e6 });
  expect(scenario.horizon / scenario.cadence).toBeCloseTo(2000, 6);
  expect(scenario.spacecraft.name).toBe("bupt-1");
  expect((await resolveStations(scenario.stations, noFiles)).length).toBeGreaterThan(20);
  const { policies } = command.opts<{ policies: string }>();
  expect(policies.split(",")).toEqual(["raw", "compress", "chips", "detect"]);
  expect(policyNames).toEqual(expect.arrayContaining(policies.split(",")));
});
