import type { Bus } from "./connection.ts";
import type { BusMessage } from "./message-parts.ts";
import { follow } from "./follow.ts";
import { busRunOf, ownedStream, streamSubjects } from "./subjects.ts";
import { listStreams } from "./run-streams.ts";

/** A stream of results: one start of a run. */
export interface ResultSource {
  readonly stream: string;
  /** `<run>-<policy>`. */
  readonly run: string;
  /** When the stream was made, milliseconds since 1970. */
  readonly startedMs: number;
}

/** What a run under radiation is compared with: flown beside it, and nobody's result. */
const comparison = /-calm$/;

/** Streams of results that a server has. Throws `SwathError("bus")`. */
export const listResultSources = async (bus: Bus): Promise<readonly ResultSource[]> =>
  (await listStreams(bus))
    .filter(({ kind, name }) => kind === "result" && !comparison.test(name))
    .map(({ stream, name, created }) => ({ stream, run: name, startedMs: Date.parse(created) }));

/** Named in full: a reader may ask for results, and for nothing else that a stream might hold. */
const subjectsOf = (stream: string): string => {
  const owned = ownedStream(stream);
  return owned === null || owned.incarnation === null
    ? ">"
    : streamSubjects(busRunOf(owned.name, owned.incarnation), "result");
};

/**
 * The results of a stream behind a number, in order, what is kept and what comes, also across restarts of the server. Throws
 * `SwathError("bus")` when the stream goes.
 */
export const followSource = (
  bus: Bus,
  { stream }: Pick<ResultSource, "stream">,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<BusMessage, void, undefined> =>
  follow(bus, stream, subjectsOf(stream), { from: { after }, signal });
