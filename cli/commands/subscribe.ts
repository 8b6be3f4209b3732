import { once } from "node:events";
import { Command, Option } from "commander";
import type { ResultMessage } from "../../pipeline/mission/result-message.ts";
import { parseNumber, parseWhole } from "../../pipeline/quantity.ts";
import { type Heard, listen, type Listening, type ListenRequest } from "../../studies/listen.ts";
import { csvHead, csvRow, detectionFeature, openResultStream } from "../../studies/subscribe.ts";
import { addOptions } from "../options/command-options.ts";
import { connectionOptions, connectionOptionsFor } from "../../studies/options/nats-options.ts";
import { readOptions, type Written } from "../../studies/options/option.ts";
import { untilStopped } from "../interrupt.ts";
import { type GatewayFlags, readGatewayPlace } from "../options/gateway-place.ts";

interface SubscribeFlags extends GatewayFlags, Written<typeof connectionOptions> {
  readonly area?: string;
  readonly bbox?: string;
  readonly class?: string;
  readonly minScore: string;
  readonly run?: string;
  readonly satellite?: string;
  readonly rate?: string;
  readonly from: string;
  readonly cursor?: string;
  readonly format: "ndjson" | "geojson" | "arrow" | "csv";
  readonly limit?: string;
  readonly out: string;
}

const namesOf = (text: string | undefined): readonly string[] | null =>
  text === undefined ? null : text.split(",").map((one) => one.trim());

const requestOf = (flags: SubscribeFlags): ListenRequest => {
  return {
    gateway: readGatewayPlace(flags),
    ...readOptions(connectionOptions, flags),
    out: flags.out,
    areaFile: flags.area ?? null,
    box: flags.bbox ?? null,
    classes: namesOf(flags.class),
    minScore: parseNumber("--min-score", flags.minScore, 0, 1),
    run: flags.run ?? null,
    satellites: namesOf(flags.satellite),
    rate: flags.rate ?? null,
    from: flags.from,
    cursor: flags.cursor ?? null,
  };
};

async function* firstOf<T>(items: AsyncIterable<T>, limit: number): AsyncGenerator<T> {
  let given = 0;
  for await (const item of items) {
    yield item;
    if (++given >= limit) return;
  }
}

const print = async (data: string | Uint8Array): Promise<void> => {
  if (!process.stdout.write(data)) await once(process.stdout, "drain");
};

const withCursor = (value: object, cursor: string | null): object =>
  cursor === null ? value : { ...value, cursor };

const lines: Readonly<Record<"ndjson" | "geojson" | "csv", (heard: Heard) => string>> = {
  ndjson: ({ result, cursor }) => JSON.stringify(withCursor(result, cursor)),
  geojson: ({ result, cursor }) => JSON.stringify(withCursor(detectionFeature(result), cursor)),
  csv: ({ result, cursor }) => csvRow(result, cursor ?? ""),
};

/** How often a gateway is told how far we are, at most; ms. */
const ackInterval = 200;

/** Acknowledges what has been printed, soon after, and at the end. */
const acknowledging = ({ acknowledge }: Listening) => {
  let [reached, told] = [null as string | null, 0];
  const tell = async (): Promise<void> => {
    if (reached !== null) await acknowledge(reached);
    [reached, told] = [null, performance.now()];
  };
  return {
    printed: async (cursor: string | null): Promise<void> => {
      reached = cursor ?? reached;
      if (performance.now() - told > ackInterval) await tell();
    },
    end: tell,
  };
};

const printLines = async (
  detections: AsyncIterable<Heard>,
  format: "ndjson" | "geojson" | "csv",
  printed: (cursor: string | null) => Promise<void>,
): Promise<void> => {
  if (format === "csv") await print(`${csvHead}\n`);
  for await (const heard of detections) {
    await print(`${lines[format](heard)}\n`);
    await printed(heard.cursor);
  }
};

/** A record batch for each result, as it lands. */
const printArrow = async (
  detections: AsyncIterable<Heard>,
  printed: (cursor: string | null) => Promise<void>,
): Promise<void> => {
  const stream = openResultStream();
  const write = async (): Promise<void> => {
    try {
      for await (const { result, cursor } of detections) {
        stream.write([result satisfies ResultMessage]);
        await printed(cursor);
      }
    } finally {
      stream.end();
    }
  };
  const forward = async (): Promise<void> => {
    for await (const part of stream.bytes) await print(part);
  };
  await Promise.all([write(), forward()]);
};

const follow = async (flags: SubscribeFlags, signal: AbortSignal): Promise<void> => {
  const limit = flags.limit === undefined ? Infinity : parseWhole("--limit", flags.limit, 1, 1e9);
  const note = (text: string): void => console.error(`swath: ${text}`);
  const listening = await listen(requestOf(flags), { note, signal });
  const detections = firstOf(listening.detections, limit);
  const { printed, end } = acknowledging(listening);
  if (flags.format === "arrow") await printArrow(detections, printed);
  else await printLines(detections, flags.format, printed);
  await end();
};

/** `swath subscribe`: detections as they land. */
export const subscribeCommand = (): Command =>
  addOptions(
    new Command("subscribe")
      .description("Print detections as they land, from a gateway (swath serve) or straight from NATS")
      .option("--area <file>", "GeoJSON polygons: only centres inside")
      .option(
        "--bbox <west,south,east,north>",
        "only centres inside, degrees; west > east crosses the antimeridian",
      )
      .option("--class <names>", "only these classes, with commas between")
      .option("--min-score <score>", "only scores from here on", "0")
      .option("--run <id>", "only this run, or only <run>-<policy> (default: all)")
      .option("--satellite <names>", "only these satellites, with commas between; * stands for any letters")
      .option("--rate <n/s>", "at most this rate, such as 10/s or 100/min: the rest comes later")
      .option("--from <when>", "start, now, a time, a number or a cursor", "now")
      .option(
        "--cursor <name>",
        "go on where this name stopped: the gateway keeps it; --from says where a new one begins",
      )
      .addOption(
        new Option(
          "--format <format>",
          "objects or GeoJSON features, one a line, an Arrow IPC stream, or CSV",
        )
          .choices(["ndjson", "geojson", "arrow", "csv"])
          .default("ndjson"),
      )
      .option("--limit <n>", "stop after so many")
      .option("--gateway <url>", "swath serve to ask (default: one that serves the run folder, else NATS)")
      .option("--token-file <file>", "login token for that gateway")
      .option("--out <folder>", "run folder of that command", "runs"),
    connectionOptionsFor("NATS to listen on (default: a swath command at work on this machine)"),
  )
    .addHelpText(
      "after",
      `
Exactly once: store the "cursor" of a line together with what you did about it, and start again with --from CURSOR. With --cursor NAME the
gateway stores it once the line is printed; a line that is printed again after a crash has the same "id".

Examples:
  $ swath subscribe --class ship --bbox=-5,35,10,44
  $ swath subscribe --area gulf.geojson --class ship --cursor my-service --format geojson
  $ swath subscribe --from start --format arrow > ships.arrows`,
    )
    .action((flags: SubscribeFlags) => untilStopped((signal) => follow(flags, signal)));
