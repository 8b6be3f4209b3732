import { Command, Option } from "commander";
import { interruptible } from "../interrupt.ts";
import { listen } from "../../studies/subscribe.ts";

export interface SubscribeFlags {
  readonly class?: string;
  readonly bbox?: string;
  readonly run?: string;
  readonly from: "start" | "now";
  readonly format: "ndjson" | "geojson";
  readonly limit?: string;
  readonly minScore: string;
  readonly nats?: string;
  readonly creds?: string;
  readonly out: string;
}

/** `swath subscribe`: detections as they land. */
export const subscribeCommand = (): Command =>
  new Command("subscribe")
    .description("Print detections as they land: one JSON object a line")
    .option("--class <name>", "only this class")
    .option("--bbox <west,south,east,north>", "only centres inside, degrees")
    .option("--min-score <score>", "only scores from here on", "0")
    .option("--run <id>", "only this run, <run>-<policy> (default: all)")
    .addOption(
      new Option("--from <when>", "what was published before, or only what comes")
        .choices(["start", "now"])
        .default("now"),
    )
    .addOption(
      new Option("--format <format>", "objects, or GeoJSON features")
        .choices(["ndjson", "geojson"])
        .default("ndjson"),
    )
    .option("--limit <n>", "stop after so many")
    .option("--nats <url>", "NATS to listen on (default: a swath command at work on this machine)")
    .option("--creds <file>", "NATS credentials")
    .option("--out <folder>", "run folder of that command", "runs")
    .addHelpText("after", "\nExample:\n  $ swath subscribe --class ship --bbox -10,30,40,60 --from start")
    .action((flags: SubscribeFlags) => interruptible((signal) => listen(flags, signal)));
