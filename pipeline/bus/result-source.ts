import type { Bus } from "./connection.ts";
import { type BatchReader, followBatches } from "./follow-batches.ts";
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
 * The results of a stream behind a number, in order and in batches, what is kept and what comes, also across restarts of the server; resolves
 * when the reader's signal aborts. Throws `SwathError("bus")` when the stream goes, and what the reader throws.
 */
export const followSource = (
  bus: Bus,
  { stream }: Pick<ResultSource, "stream">,
  reader: BatchReader,
): Promise<void> => followBatches(bus, stream, subjectsOf(stream), reader);
