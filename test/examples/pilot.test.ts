import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { expect, test } from "vitest";
import { readMapping, applyOptions } from "../../cli/options/config-file.ts";
import { addOptions } from "../../cli/options/command-options.ts";
import { readOptions } from "../../studies/options/option.ts";
import { readScenario } from "../../studies/options/scenario.ts";
import { policiesOption, scenarioOptions } from "../../studies/options/table.ts";

const example = fileURLToPath(new URL("../../examples/pilot-2028.yaml", import.meta.url));

test("examples/pilot-2028.yaml has its four chapters: workloads for tenants, energy, crosslinks, radiation", () => {
  const command = addOptions(addOptions(new Command("test"), scenarioOptions), policiesOption);
  applyOptions(command, readMapping(example, example), example);
  expect(readOptions(policiesOption, command.opts()).policies.map(({ label }) => label)).toEqual([
    "raw",
    "detect",
    "chips",
  ]);
  const scenario = readScenario("builtin:harbour", command.opts());
  const { workloads, tenants, crosslinks, upsets, spacecraft } = scenario;
  expect(workloads?.refused).toEqual([]);
  expect(tenants?.refused).toEqual([]);
  // Every workload is somebody's who has a budget.
  const known = tenants?.tenants.map(({ id }) => id) ?? [];
  expect(workloads?.workloads.map(({ tenant }) => known.includes(tenant))).toEqual([true, true, true]);
  expect(crosslinks).toBe("all");
  expect(spacecraft.crosslink).not.toBeNull();
  expect(spacecraft.power).not.toBeNull();
  expect(upsets).toMatchObject({ factor: 1000, protection: "vote" });
});
