import { once } from "node:events";
import { Command, Option } from "commander";
import { SwathError } from "../../pipeline/errors.ts";
import type { ResultMessage } from "../../pipeline/mission/result-message.ts";
import { parseNumber, parseWhole } from "../../pipeline/quantity.ts";
import type { LonLatBox } from "../../pipeline/raster/georeference.ts";
import { detectionFeature, openResultStream, subscribe } from "../../studies/subscribe.ts";
import { interruptible } from "../interrupt.ts";

interface SubscribeFlags {
  readonly class?: string;
  readonly bbox?: string;
  readonly run?: string;
  readonly from: "start" | "now";
  readonly format: "ndjson" | "geojson" | "arrow";
  readonly limit?: string;
  readonly minScore: string;
  readonly nats?: string;
  readonly creds?: string;
  readonly out: string;
}

const parseBox = (text: string): LonLatBox => {
  const parts = text.split(",");
  if (parts.length !== 4) {
    throw new SwathError("config", {
      what: "--bbox",
      wanted: "west,south,east,north in degrees",
      got: `"${text}"`,
    });
  }
  const [west = "", south = "", east = "", north = ""] = parts;
  const box: LonLatBox = [
    parseNumber("--bbox west", west, -180, 180),
    parseNumber("--bbox south", south, -90, 90),
    parseNumber("--bbox east", east, -180, 180),
    parseNumber("--bbox north", north, -90, 90),
  ];
  if (box[1] > box[3])
    throw new SwathError("config", { what: "--bbox", wanted: "south below north", got: `"${text}"` });
  return box;
};

async function* firstOf<T>(items: AsyncIterable<T>, limit: number): AsyncGenerator<T> {
  let given = 0;
  for await (const item of items) {
    yield item;
    if (++given >= limit) return;
  }
}

/** A record batch for each result, as it lands. */
const printArrow = async (results: AsyncIterable<ResultMessage>): Promise<void> => {
  const stream = openResultStream();
  const write = async (): Promise<void> => {
    try {
      for await (const result of results) stream.write([result]);
    } finally {
      stream.end();
    }
  };
  const print = async (): Promise<void> => {
    for await (const part of stream.bytes) {
      if (!process.stdout.write(part)) await once(process.stdout, "drain");
    }
  };
  await Promise.all([write(), print()]);
};

const listen = async (flags: SubscribeFlags, signal: AbortSignal): Promise<void> => {
  const request = {
    nats: flags.nats ?? null,
    creds: flags.creds ?? null,
    out: flags.out,
    run: flags.run ?? null,
    className: flags.class ?? null,
    from: flags.from,
    box: flags.bbox === undefined ? null : parseBox(flags.bbox),
    minScore: parseNumber("--min-score", flags.minScore, 0, 1),
  };
  const limit = flags.limit === undefined ? Infinity : parseWhole("--limit", flags.limit, 1, 1e9);
  const note = (text: string): void => console.error(`swath: ${text}`);
  const results = firstOf(subscribe(request, { note, signal }), limit);
  if (flags.format === "arrow") await printArrow(results);
  else {
    for await (const result of results) {
      console.log(JSON.stringify(flags.format === "geojson" ? detectionFeature(result) : result));
    }
  }
};

/** `swath subscribe`: detections as they land. */
export const subscribeCommand = (): Command =>
  new Command("subscribe")
    .description("Print detections as they land: one JSON object a line, or an Arrow stream")
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
      new Option("--format <format>", "objects, GeoJSON features, or an Arrow IPC stream")
        .choices(["ndjson", "geojson", "arrow"])
        .default("ndjson"),
    )
    .option("--limit <n>", "stop after so many")
    .option("--nats <url>", "NATS to listen on (default: a swath command at work on this machine)")
    .option("--creds <file>", "NATS credentials")
    .option("--out <folder>", "run folder of that command", "runs")
    .addHelpText("after", "\nExample:\n  $ swath subscribe --class ship --bbox -10,30,40,60 --from start")
    .action((flags: SubscribeFlags) => interruptible((signal) => listen(flags, signal)));
