import type { Bus } from "../pipeline/bus/connection.ts";
import { followResults } from "../pipeline/bus/result-stream.ts";
import { listParts } from "../pipeline/bus/run-listing.ts";
import { someOf } from "../pipeline/format.ts";
import { classToken } from "../pipeline/bus/subjects.ts";
import { isSwathError, messageOf, SwathError } from "../pipeline/errors.ts";
import { decodeResultMessage, type ResultMessage } from "../pipeline/mission/result-message.ts";
import {
  type DetectionFilter,
  isCommandRun,
  isOfRun,
  matcher,
} from "../stations/subscribers/detection-filter.ts";
import { connectTo, keysGuard, type ConnectionValues, type Waiting } from "./inputs/nats-connection.ts";
import { findServer, joinLiveServer } from "./engine/live-server.ts";

export { detectionFeature } from "../stations/archive/detection-geojson.ts";
export { csvHead, csvRow } from "../stations/subscribers/result-csv.ts";
export { openResultStream } from "../stations/subscribers/result-arrow.ts";
export { boxArea, parseBox, readWatchArea } from "../stations/subscribers/watch-area.ts";

/** What a subscriber wants of a NATS, and from where. */
export interface SubscribeRequest extends Partial<ConnectionValues> {
  /** Server to listen on; `null`: that of a command at work which writes to `out`. */
  readonly nats: string | null;
  readonly out: string;
  readonly filter: DetectionFilter;
  /** With what was published before, or only what comes. */
  readonly from: "start" | "now";
}

/** The server asked for, or that of a command at work; one whose command was killed left its address behind. */
const joinServer = async (request: SubscribeRequest, waiting: Waiting): Promise<Bus> => {
  const { nats, out } = request;
  if (nats !== null) return connectTo({ ...request, nats }, "swath subscribe", waiting);
  const url = findServer(out);
  try {
    return await joinLiveServer(url, "swath subscribe", keysGuard(request.keys, waiting.progress.note));
  } catch (cause) {
    throw new SwathError("bus", {
      what: `the swath command that worked with --out ${out} is gone`,
      wanted: "one at work, or --nats URL",
      got: messageOf((cause as Error).cause ?? cause),
      cause,
    });
  }
};

/** A message of somebody else on the same subjects costs itself alone: it is named and left out. */
const readResult = (data: Uint8Array, note: (text: string) => void): ResultMessage | null => {
  try {
    return decodeResultMessage(data);
  } catch (error) {
    if (!isSwathError(error, "bus")) throw error;
    note(`left out: ${error.message}`);
    return null;
  }
};

/** A run that is not there may yet begin, or be mistyped: that is told, with those that are there. */
const noteMissing = async (bus: Bus, run: string, note: (text: string) => void): Promise<void> => {
  const parts = await listParts(bus);
  if (parts.some((part) => isOfRun(part, run) || part === run)) return;
  const there = parts.length === 0 ? "no runs" : someOf(parts);
  note(`no run ${run} on NATS at ${bus.address} yet, but ${there}: listening until it begins`);
};

/**
 * Detections as they land on a NATS, one by one, until `signal` says stop or whoever reads breaks off. What is no detection is left out, with a
 * note. Throws `SwathError("bus")` when no server answers.
 */
export async function* subscribe(
  request: SubscribeRequest,
  { note, signal }: { readonly note: (text: string) => void; readonly signal: AbortSignal },
): AsyncGenerator<ResultMessage> {
  await using bus = await joinServer(request, { progress: { note }, signal });
  const { filter, from } = request;
  const matches = matcher(filter);
  // One class, or one run of one policy, is left to the server to choose.
  const [only, ...others] = filter.classes ?? [];
  const className = only === undefined || others.length > 0 ? null : classToken(only);
  // A run of a command has several on the bus, one a policy.
  const run = filter.run !== null && isCommandRun(filter.run) ? null : filter.run;
  if (filter.run !== null) await noteMissing(bus, filter.run, note);
  for await (const data of followResults(bus, { run, className, from, signal })) {
    const result = readResult(data, note);
    if (result !== null && matches(result)) yield result;
  }
}
