import type { Bus } from "./connection.ts";
import { follow } from "./follow.ts";
import type { BusMessage } from "./message-parts.ts";
import { listStreams } from "./run-streams.ts";
import { busRunOf, commandRunOf, controlSpeaker, eventSubject } from "./subjects.ts";

/** Where the mission record of a run is said. */
export interface RecordSource {
  readonly stream: string;
  /** Of the command: `compare-3f2a91c0`. */
  readonly run: string;
  readonly incarnation: string;
  /** When the stream was made, milliseconds since 1970. */
  readonly startedMs: number;
}

/** Records of runs that a server has. Throws `SwathError("bus")`. */
export const listRecordSources = async (bus: Bus): Promise<readonly RecordSource[]> =>
  (await listStreams(bus)).flatMap(({ kind, name, incarnation, stream, created }) =>
    kind === "event" && incarnation !== null && name === commandRunOf(name)
      ? [{ stream, run: name, incarnation, startedMs: Date.parse(created) }]
      : [],
  );

/** A record from its beginning on, what is kept and what comes. Throws `SwathError("bus")` when the stream goes, or may not be read. */
export const followRecord = (
  bus: Bus,
  { stream, run, incarnation }: RecordSource,
  signal: AbortSignal,
): AsyncGenerator<BusMessage, void, undefined> =>
  follow(bus, stream, eventSubject(busRunOf(run, incarnation), controlSpeaker), { from: "start", signal });
