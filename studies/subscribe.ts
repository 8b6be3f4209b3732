import type { LonLatBox } from "../pipeline/raster/georeference.ts";
import { SwathError, messageOf } from "../pipeline/errors.ts";
import { parseNumber, parseWhole } from "../pipeline/quantity.ts";
import type { ResultMessage } from "../pipeline/mission/result-message.ts";
import type { SubscribeFlags } from "../cli/commands/subscribe.ts";
import { type Bus, connectBus } from "../pipeline/bus/connection.ts";
import { findServer } from "./engine/live-server.ts";
import { followResults } from "../pipeline/bus/result-stream.ts";
import { classToken } from "../pipeline/bus/subjects.ts";

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

export const listen = async (flags: SubscribeFlags, signal: AbortSignal): Promise<void> => {
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
