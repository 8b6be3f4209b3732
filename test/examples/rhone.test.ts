import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { afterAll, expect, test } from "vitest";
import { applyOptions } from "../../cli/options/config-file.ts";
import { addOptions } from "../../cli/options/command-options.ts";
import { readSimulation } from "../../studies/options/simulation.ts";
import { simulationOptions } from "../../studies/options/table.ts";
import { readSweep } from "../../cli/options/sweep-file.ts";
import { resolveConstellation } from "../../planning/orbits/constellation.ts";
import { resolveStations } from "../../planning/contacts/station-list.ts";
import { subPoint } from "../../pipeline/orbit/propagator.ts";

const folder = mkdtempSync(join(tmpdir(), "swath-rhone-"));
afterAll(() => rmSync(folder, { recursive: true }));

const noFiles = (path: string): string => expect.unreachable(`asked for ${path}`);

const example = (name: string): string => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));

test("examples/rhone.yaml is RHONE's case: 150 satellites at 550 km, at most 200 Mbit/s, 2,000 images, four strategies", async () => {
  // Stands for the measured run. A model of 8 billion parameters has no room on BUPT-1: here it is a small one.
  const large = readFileSync(example("declared-8b.yaml"), "utf8");
  const workload = join(folder, "small.yaml");
  writeFileSync(workload, large.replace(/^weights: .*$/m, "weights: 1e6"));
  const plan = readSweep(example("rhone.yaml"), [`workload=${workload}`]);
  expect(plan.points).toEqual(["raw", "compress", "chips", "detect"].map((policy) => ({ policy })));
  const command = addOptions(new Command("test"), simulationOptions);
  applyOptions(command, { ...plan.options, policy: "detect" }, "rhone");
  const scenario = await readSimulation(command.opts());

  const satellites = await resolveConstellation(scenario.constellation, noFiles);
  expect(satellites.length).toBe(150);
  // The height is over the equator's radius; J2 and the ellipsoid bend it by some 20 km.
  const { altitude } = subPoint(satellites[0]!, satellites[0]!.epoch);
  expect(Math.abs(altitude - 560_000)).toBeLessThan(25_000);
  expect(scenario.rate).toEqual({ kind: "fixed", rate: 200e6 });
  expect(scenario.images).toBe(2000);
  expect(scenario.spacecraft.name).toBe("bupt-1");
  expect((await resolveStations(scenario.stations, noFiles)).length).toBeGreaterThan(20);
});
