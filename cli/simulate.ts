import { Command, Option } from "commander";
import { applyConfigFile } from "./config-file.ts";
import { interruptible } from "./interrupt.ts";
import { constellationWords, stationWords } from "./scenario-options.ts";
import { runSimulation } from "./run-simulation.ts";
import { parseSimulation } from "./simulation-scenario.ts";
import { printFleet } from "./fleet-text.ts";

/** `swath simulate`: a measured run, scaled up. */
export const simulateCommand = (): Command =>
  new Command("simulate")
    .description("fly a constellation without pixels: the work and the products of a measured run, scaled up")
    .requiredOption("--workload <run>", "folder of a run, or its workload.json")
    .option("--policy <policy>", "which policy of the workload (default: its only one)")
    .option("--config <file>", "YAML or JSON file with any of the long options below as keys")
    .option("--constellation <spec>", constellationWords, "walker:12")
    .option("--spacecraft <spec>", "a preset or a YAML file (default: the constellation's, or cubesat-6u)")
    .option("--stations <spec>", stationWords, "ksat")
    .option("--start <time>", "start of the horizon (default: the newest epoch of the orbits)")
    .option("--hours <hours>", "length of the horizon", "24")
    .addOption(
      new Option(
        "--schedule <rule>",
        "who takes pictures when: evenly by day, evenly always, or as the run did",
      )
        .choices(["daylight", "always", "recorded"])
        .default("daylight"),
    )
    .option("--cadence <duration>", "between two pictures of one satellite", "10min")
    .option(
      "--images <n>",
      "so many pictures in all, evenly over satellites and horizon, instead of --cadence",
    )
    .option("--rate <rate>", "downlink rate, as for replay (default: the spacecraft's radio)")
    .option("--store <size>", "ceiling of the onboard store (default: the spacecraft's)")
    .option("--ber <rate>", "channel bit error rate", "0")
    .option("--segment-loss <share>", "share of link segments that never arrive", "0")
    .addOption(
      new Option(
        "--crosslinks <topology>",
        "links between satellites: none, all pairs, or a grid of neighbours",
      )
        .choices(["none", "all", "grid"])
        .default("none"),
    )
    .option("--epoch <duration>", "satellites exchange products at the end of each epoch", "60s")
    .option("--seed <number>", "seed of everything random", "1")
    .option("--out <folder>", "where run folders go", "runs")
    .option("--json", "print the summary as JSON")
    .action(async (_, self: Command) => {
      applyConfigFile(self);
      const values = self.opts();
      const scenario = await parseSimulation(values);
      await interruptible(async (signal) => {
        const result = await runSimulation(scenario, String(values["out"]), signal);
        if (values["json"] === true) process.stdout.write(`${JSON.stringify(result.summary, null, 2)}\n`);
        else printFleet(result);
      });
    });
