import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { planSimulation } from "../../../studies/fleet/fleet-plan.ts";
import { addOptions } from "../../../cli/options/command-options.ts";
import { readSimulation, readSimulationExecution } from "../../../studies/options/simulation.ts";
import { simulationExecutionOptions, simulationOptions } from "../../../studies/options/table.ts";
import { spacecraftYaml } from "../../../studies/inputs/spacecraft-file.ts";
import { findSpacecraftPreset } from "../../../operators/presets/preset-lookup.ts";
import type { SpacecraftPreset } from "../../../operators/presets/spacecraft-preset.ts";
import { parseSweep } from "../../../cli/options/sweep-file.ts";
import { isSwathError } from "../../../pipeline/errors.ts";
import { expiredTle } from "../expired-tle.ts";

const folder = mkdtempSync(join(tmpdir(), "swath-test-"));

const put = (name: string, content: string): void => writeFileSync(join(folder, name), content);

const declared = `name: made
source: this test
precision: fp32
image: {width: 1000, height: 1000, bands: 4, bytesPerSample: 2}
tile: 512
operations: {perPixel: 17000}
results: {perImage: [1, 2], bytesEach: 10, bytesPerImage: 100}
`;

const sweep = (options: string, lists: string): string =>
  `command: simulate\noptions: {workload: ${folder}/made.yaml, ${options}}\nsweep: ${lists}\n`;

beforeAll(() => {
  const oec = spacecraftYaml(findSpacecraftPreset("oec") as SpacecraftPreset);
  put("made.yaml", declared);
  put("ratio.yaml", `${declared}losslessRatio: 0.5\n`);
  put("negative.yaml", declared.replace("[1, 2]", "[1, -2]"));
  put("typo.yaml", declared.replace("precision", "precisoin"));
  put("other.json", '{"schema":"swath-workload/9"}');
  put("broken.json", "{");
  put("bright.yaml", oec.replace(/arrayEfficiency: [\d.]+/, "arrayEfficiency: 1.2"));
  const cubesat = spacecraftYaml(findSpacecraftPreset("cubesat-6u") as SpacecraftPreset);
  put("light.yaml", cubesat.replace(/heatCapacity: \S+/, "heatCapacity: -3"));
  put("old.tle", expiredTle);
  put("bad-rate.yaml", sweep("hours: 2", "{policy: [detect], rate: [8Mbit/s, 8MBps]}"));
  put("bad-hours.yaml", sweep("hours: 0", "{rate: [8Mbit/s]}"));
  put("bad-key.yaml", sweep("hours: 2", "{rates: [8Mbit/s]}"));
  put("both.yaml", sweep("rate: 1Mbit/s", "{rate: [8Mbit/s]}"));
  put("twice.yaml", sweep("hours: 2", "{rate: [8Mbit/s, 8Mbit/s]}"));
  put("nothing.yaml", sweep("hours: 2", "{}"));
  put("empty.yaml", sweep("hours: 2", "{rate: []}"));
  put("word.yaml", "command: fly\nsweep: {rate: [1]}\n");
  put("policy.yaml", sweep("hours: 2", "{policy: [detect, raw]}"));
});

afterAll(() => rmSync(folder, { recursive: true }));

/** What stands in a message, without line ends. */
const lineOf = async (work: () => Promise<unknown>): Promise<string> => {
  try {
    await work();
  } catch (error) {
    if (!isSwathError(error)) throw error;
    expect(error.message).not.toContain("\n");
    return error.message;
  }
  return "nothing wrong";
};

const simulated = (words: string) => async () => {
  const command = addOptions(
    addOptions(new Command("simulate").exitOverride(), simulationOptions),
    simulationExecutionOptions,
  );
  const located = words.replaceAll(/\b[\w-]+\.(yaml|json|tle)\b/g, `${folder}/$&`);
  command.parse(located.split(" ").filter(Boolean), { from: "user" });
  readSimulationExecution(command.opts());
  await planSimulation(await readSimulation(command.opts()), new AbortController().signal);
};

describe("one line that names the field", () => {
  test.each([
    ["", /--workload: wanted the folder of a run, .*got none; swath replay and swath compare measure one/],
    ["--workload nowhere", /--workload nowhere: wanted the folder of a run/],
    ["--workload broken.json", /--workload .*broken\.json: wanted the folder of a run/],
    ["--workload other.json", /other\.json is no swath-workload\/1 at schema/],
    ["--workload typo.yaml", /declared workload .*typo\.yaml: precision/],
    ["--workload ratio.yaml", /declared workload .*ratio\.yaml: losslessRatio: got .*>=1/],
    ["--workload negative.yaml", /declared workload .*negative\.yaml: results\.perImage\.1: got .*>=0/],
    ["--workload made.yaml --policy raw", /--policy for workload made: wanted one that it measured: detect/],
    [
      "--workload made.yaml --schedule recorded",
      /--schedule recorded: wanted a workload that a run measured/,
    ],
    ["--workload made.yaml --spacecraft bright.yaml", /spacecraft\.power\.arrayEfficiency: .*got 1\.2/],
    ["--workload made.yaml --spacecraft light.yaml", /heat\.nodes\.0\.heatCapacity: .*got -3/],
    ["--workload made.yaml --stations ksat,ksat", /stations? .*twice|two stations|both called/i],
    ["--workload made.yaml --constellation old.tle --start 2026-01-01", /expired|decayed/],
    ["--workload made.yaml --hours 0", /--hours: wanted a number from 0\.01/],
    ["--workload made.yaml --epoch 48h", /--epoch: wanted from 1s to the horizon, 24h, got 48h/],
    ["--workload made.yaml --images 0", /--images: wanted a number from 1/],
    ["--workload made.yaml --images 999999 --hours 1", /--images 999999: wanted at most \d+/],
    ["--workload made.yaml --crosslinks grid", /--crosslinks: wanted a spacecraft with crosslink terminals/],
    ["--workload made.yaml --shard 3/3 --nats nats://x", /--shard: wanted i\/n with i from 0 to n − 1/],
    ["--workload made.yaml --nats nats://x", /--nats: wanted --shard i\/n beside it/],
    ["--workload made.yaml --outage Nowhere:1h/2h", /--outage: wanted one of .*got "Nowhere"/],
  ])("swath simulate %s", async (words, message) => {
    expect(await lineOf(simulated(words))).toMatch(message);
  });

  test.each([
    ["bad-rate.yaml", /sweep bad-rate\.yaml: sweep\.rate\.1: --rate: wanted a rate above 0/],
    ["bad-hours.yaml", /sweep bad-hours\.yaml: options\.hours: --hours: wanted a number/],
    ["bad-key.yaml", /sweep bad-key\.yaml: sweep: wanted one of workload, .*got "rates"/],
    ["both.yaml", /sweep both\.yaml: sweep\.rate: wanted options or sweep, not both/],
    ["twice.yaml", /sweep twice\.yaml: sweep\.rate: wanted each value once, got 8Mbit\/s twice/],
    ["nothing.yaml", /sweep nothing\.yaml: sweep: wanted a list for at least one option/],
    ["empty.yaml", /sweep empty\.yaml: sweep\.rate: /],
    ["word.yaml", /sweep word\.yaml: command: /],
    ["policy.yaml", /sweep policy\.yaml: sweep\.policy\.1: --policy for workload made: wanted one/],
    ["none.yaml", /sweep none\.yaml: wanted YAML or JSON, got ENOENT/],
  ])("swath sweep %s", async (file, message) => {
    const path = join(folder, file);
    const parsing = async () => parseSweep(path, [], join(folder, "swept"));
    expect((await lineOf(parsing)).replaceAll(`${folder}/`, "")).toMatch(message);
  });
});
