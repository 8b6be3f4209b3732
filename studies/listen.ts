import { readFile } from "node:fs/promises";
import { messageOf, SwathError } from "../pipeline/errors.ts";
import { parseMoment } from "../pipeline/quantity.ts";
import type { ResultMessage } from "../pipeline/mission/result-message.ts";
import { boxArea, parseBox, readWatchArea, type WatchArea } from "../stations/subscribers/watch-area.ts";
import type { ConnectionValues } from "./inputs/nats-connection.ts";
import { askGateway, followGateway, type GatewayPlace } from "./serve/gateway-client.ts";
import { findGateway } from "./serve/live-gateway.ts";
import { subscribe } from "./subscribe.ts";

/** What somebody at a terminal wants to hear of. */
export interface ListenRequest extends Partial<ConnectionValues> {
  /** A gateway to ask; `null`: the one that serves `out`, or the NATS below. */
  readonly gateway: GatewayPlace | null;
  readonly nats: string | null;
  readonly out: string;
  /** File of GeoJSON polygons, or `null`. */
  readonly areaFile: string | null;
  /** `west,south,east,north`, or `null`. */
  readonly box: string | null;
  readonly classes: readonly string[] | null;
  readonly minScore: number;
  readonly run: string | null;
  readonly satellites: readonly string[] | null;
  /** `10/s`, or `null`. */
  readonly rate: string | null;
  /** `start`, `now`, a time, a number or a cursor. */
  readonly from: string;
  /** Of a cursor that the gateway keeps, or `null`. */
  readonly cursor: string | null;
}

/** A detection, and the cursor behind it where a gateway keeps one. */
export interface Heard {
  readonly result: ResultMessage;
  readonly cursor: string | null;
}

/** What is listened to. */
export interface Listening {
  readonly detections: AsyncIterable<Heard>;
  /** Tells the gateway that everything up to here has been dealt with; nothing where no cursor is kept. */
  readonly acknowledge: (cursor: string) => Promise<void>;
}

const readAreaFile = async (path: string): Promise<{ readonly value: unknown; readonly area: WatchArea }> => {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    throw new SwathError("config", {
      what: `--area ${path}`,
      wanted: "a file of GeoJSON polygons",
      got: messageOf(cause),
      field: "area",
      cause,
    });
  }
  return { value, area: readWatchArea(value, `--area ${path}`) };
};

const needsGateway = (what: string): SwathError =>
  new SwathError("config", {
    what,
    wanted: "swath serve at work over the same folder, or --gateway URL",
    got: "neither",
    hint: "NATS alone keeps no cursors: swath serve --nats URL does, for swath subscribe --gateway http://127.0.0.1:4280",
  });

const listenToNats = (
  request: ListenRequest,
  area: WatchArea | null,
  ports: { readonly note: (text: string) => void; readonly signal: AbortSignal },
): Listening => {
  const { from, cursor, rate, classes, minScore, run, satellites } = request;
  if (cursor !== null) throw needsGateway("--cursor");
  if (rate !== null) throw needsGateway("--rate");
  const isTime = /^\d{4}-\d\d-\d\d/.test(from);
  if (from !== "start" && from !== "now" && !isTime) throw needsGateway(`--from ${from}`);
  const sinceMs = isTime ? parseMoment("--from", from) * 1000 : null;
  const filter = { area, classes, minScore, run, satellites, sinceMs };
  async function* heard(): AsyncGenerator<Heard> {
    for await (const result of subscribe(
      { ...request, filter, from: from === "now" ? "now" : "start" },
      ports,
    ))
      yield { result, cursor: null };
  }
  return { detections: heard(), acknowledge: () => Promise.resolve() };
};

const isThere = async (place: GatewayPlace): Promise<boolean> => {
  try {
    await askGateway(place, "GET", "/api/detections/kept");
    return true;
  } catch {
    // One that was killed leaves its address behind.
    return false;
  }
};

const listenToGateway = async (
  place: GatewayPlace,
  request: ListenRequest,
  area: unknown,
  ports: { readonly note: (text: string) => void; readonly signal: AbortSignal },
): Promise<Listening> => {
  const { box, classes, minScore, run, satellites, rate, from, cursor } = request;
  if (cursor !== null)
    await askGateway(place, "PUT", `/api/cursors/${encodeURIComponent(cursor)}`, {
      from,
      ...(run === null ? {} : { run }),
    });
  const query = {
    ...(area === null ? {} : { area }),
    ...(box === null ? {} : { bbox: box }),
    ...(classes === null ? {} : { class: classes }),
    ...(run === null ? {} : { run }),
    ...(satellites === null ? {} : { satellite: satellites }),
    ...(rate === null ? {} : { rate }),
    ...(cursor === null ? { from } : { cursor }),
    min_score: minScore,
  };
  return {
    detections: followGateway(place, { query, ...ports }),
    async acknowledge(reached) {
      if (cursor !== null)
        await askGateway(place, "POST", `/api/cursors/${encodeURIComponent(cursor)}/ack`, {
          cursor: reached,
        });
    },
  };
};

/**
 * Listens to a gateway where one is named or serves the folder, else to NATS. Throws `SwathError`: "config" for what is refused, "bus" where no one
 * is there.
 */
export const listen = async (
  request: ListenRequest,
  ports: { readonly note: (text: string) => void; readonly signal: AbortSignal },
): Promise<Listening> => {
  const { areaFile, box, nats, out } = request;
  if (areaFile !== null && box !== null)
    throw new SwathError("config", {
      what: "the area",
      wanted: "--area or --bbox",
      got: "both",
      field: "area",
    });
  const file = areaFile === null ? null : await readAreaFile(areaFile);
  const boxed = box === null ? null : boxArea(parseBox(box, "--bbox"));
  const announced = request.gateway ?? (nats === null ? findGateway(out) : null);
  if (announced !== null && (request.gateway !== null || (await isThere(announced))))
    return listenToGateway(announced, request, file?.value ?? null, ports);
  return listenToNats(request, file?.area ?? boxed, ports);
};
