import { Command, Option } from "commander";
import { stringifyFleetSummary } from "../measure/summary/fleet-summary.ts";
import { applyConfigFile } from "./config-file.ts";
import { printFleet } from "./fleet-text.ts";
import { interruptible } from "./interrupt.ts";
import { applyRecordedScenario } from "./recorded-scenario.ts";
import { runSimulation } from "../studies/simulate.ts";
import { constellationWords, stationWords } from "./scenario-options.ts";
import { addStoreOptions } from "./store-options.ts";
import { parseSimulation, parseSimulationExecution } from "./simulation-scenario.ts";

/** The options that shape a simulation. */
export const addSimulationOptions = (command: Command): Command => addStoreOptions(addFleetOptions(command));

const addFleetOptions = (command: Command): Command =>
  command
    .option("--config <file>", "YAML or JSON file with any of the long options below as keys")
    .option(
      "--workload <run>",
      "folder of a run, its workload.json, or a YAML file that declares a model's work",
    )
    .option("--policy <policy>", "which policy of the workload (default: detect, or its only one)")
    .option("--constellation <spec>", constellationWords, "walker:12")
    .option("--spacecraft <spec>", "a preset or a YAML file (default: the constellation's, or cubesat-6u)")
    .option("--stations <spec>", stationWords, "ksat")
    .option("--start <time>", "start of the horizon (default: the newest epoch of the orbits)")
    .option("--hours <hours>", "length of the horizon", "24")
    .addOption(
      new Option(
        "--schedule <rule>",
        "who takes pictures when: evenly by day, evenly always, or all as the run did",
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
    .option("--ber <rate>", "channel bit error rate", "0")
    .option("--segment-loss <share>", "share of link segments that never arrive", "0")
    .option(
      "--outage <station:from/to>",
      "a station that hears nothing for a while, e.g. Svalbard:1h/3h; may be given more than once",
      (outage: string, before: readonly string[] | undefined) => [...(before ?? []), outage],
    )
    .addOption(
      new Option(
        "--crosslinks <topology>",
        "links between satellites: none, all pairs, or a grid of neighbours; flown with and without",
      )
        .choices(["none", "all", "grid"])
        .default("none"),
    )
    .option("--epoch <duration>", "satellites exchange products at the end of each epoch", "60s")
    .option("--seed <number>", "seed of everything random", "1");

/** `swath simulate`: a measured run, scaled up. */
export const simulateCommand = (): Command =>
  addSimulationOptions(
    new Command("simulate").description(
      "Fly a constellation without pixels: the work and the products of a measured run, scaled up",
    ),
  )
    .option("--out <folder>", "where run folders go", "runs")
    .option(
      "--threads <n>",
      "threads that fly: with crosslinks more than one hardly pays, since all of them route",
      "1",
    )
    .option(
      "--shard <i/n>",
      "fly every n-th satellite, from the i-th on; the others fly elsewhere (needs --nats)",
    )
    .option("--nats <url>", "the NATS on which shards meet")
    .option("--creds <file>", "NATS credentials")
    .option("--run <name>", "what the shards' run is called on NATS (default: follows from the options)")
    .option("--json", "print the summary as JSON")
    .addHelpText(
      "after",
      `
An interrupted simulation goes on where it was when it is called again; a flight with crosslinks starts over.

Examples:
  $ swath simulate --workload runs/compare-3f2a91c0 --policy detect --constellation walker:2800
  $ swath simulate --workload runs/compare-3f2a91c0 --policy raw --constellation three-body --crosslinks grid
  $ swath simulate --workload runs/replay-91c03f2a --schedule recorded
  $ swath simulate --workload examples/declared-8b.yaml --policy detect --spacecraft three-body
  $ swath simulate --config fleet.yaml --shard 1/3 --nats nats://10.0.0.5:4222`,
    )
    .action(async (_, self: Command) => {
      applyConfigFile(self);
      applyRecordedScenario(self);
      const values = self.opts();
      const execution = parseSimulationExecution(values);
      const scenario = await parseSimulation(values);
      await interruptible(async (signal) => {
        const result = await runSimulation(scenario, execution, signal);
        if (result === null) return;
        if (execution.json) process.stdout.write(stringifyFleetSummary(result.summary));
        else printFleet(result);
      });
    });
