import { Command, Option } from "commander";
import { connectBus, type Bus } from "../pipeline/bus/connection.ts";
import { followResults } from "../pipeline/bus/result-stream.ts";
import { messageOf, SwathError } from "../pipeline/errors.ts";
import { interruptible } from "./interrupt.ts";
import { findServer } from "../studies/engine/live-server.ts";
import { parseNumber, parseWhole } from "../pipeline/quantity.ts";
import type { LonLatBox } from "../pipeline/raster/georeference.ts";
import type { ResultMessage } from "../pipeline/mission/result-message.ts";
import { classToken } from "../pipeline/bus/subjects.ts";

interface SubscribeFlags {
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

/** Whether the centre lies in the box; a box whose west is east of its east crosses the antimeridian. */
const inBox = ({ longitude, latitude }: ResultMessage, [west, south, east, north]: LonLatBox): boolean => {
  if (longitude === null || latitude === null || latitude < south || latitude > north) return false;
  return west <= east ? longitude >= west && longitude <= east : longitude >= west || longitude <= east;
};

const asFeature = ({ polygon, longitude, latitude, ...properties }: ResultMessage): unknown => ({
  type: "Feature",
  geometry: polygon === null ? null : { type: "Polygon", coordinates: [[...polygon, polygon[0]]] },
  properties: { ...properties, longitude, latitude },
});

/** The server asked for, or that of a command at work; one whose command was killed left its address behind. */
const joinServer = async ({ nats, creds, out }: SubscribeFlags): Promise<Bus> => {
  const url = nats ?? findServer(out);
  const login = creds === undefined ? {} : { creds };
  try {
    return await connectBus({ url, name: "swath subscribe", ...login });
  } catch (cause) {
    if (nats !== undefined) throw cause;
    throw new SwathError("bus", {
      what: `the swath command that worked with --out ${out} is gone`,
      wanted: "one at work, or --nats URL",
      got: messageOf((cause as Error).cause ?? cause),
      cause,
    });
  }
};

const listen = async (flags: SubscribeFlags, signal: AbortSignal): Promise<void> => {
  const box = flags.bbox === undefined ? null : parseBox(flags.bbox);
  const minScore = parseNumber("--min-score", flags.minScore, 0, 1);
  const limit = flags.limit === undefined ? Infinity : parseWhole("--limit", flags.limit, 1, 1e9);
  await using bus = await joinServer(flags);
  const results = followResults(bus, {
    run: flags.run ?? null,
    className: flags.class === undefined ? null : classToken(flags.class),
    from: flags.from,
    signal,
  });
  let printed = 0;
  for await (const data of results) {
    const result = JSON.parse(Buffer.from(data).toString()) as ResultMessage;
    if (result.score < minScore || (box !== null && !inBox(result, box))) continue;
    console.log(JSON.stringify(flags.format === "geojson" ? asFeature(result) : result));
    if (++printed >= limit) break;
  }
};

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
