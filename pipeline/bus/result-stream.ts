import type { Bus } from "./connection.ts";
import { follow } from "./follow.ts";
import { busError } from "./bus-error.ts";

/** Which results to follow; `null` for all. */
export interface ResultFilter {
  readonly run: string | null;
  /** As a subject token. */
  readonly className: string | null;
  readonly from: "start" | "now";
  readonly signal: AbortSignal;
}

/** Runs on this server that keep results. */
const resultStreams = async (bus: Bus): Promise<readonly string[]> => {
  const names: string[] = [];
  try {
    for await (const info of bus.manager.streams.list()) {
      const match = /^swath_(.+)_result$/.exec(info.config.name);
      if (match?.[1] !== undefined) names.push(match[1]);
    }
  } catch (cause) {
    throw busError("cannot list the runs of this NATS", cause);
  }
  return names.toSorted();
};

/**
 * Results of all runs or of one, each once: first what is kept where `from` is "start", then what comes, runs that begin
 * later included. Ends when the signal aborts. Throws `SwathError("bus")`.
 *
 * The live subscription opens before the past is read, so that nothing falls between; what both show is told apart by run
 * and message id.
 */
export async function* followResults(bus: Bus, filter: ResultFilter): AsyncGenerator<Uint8Array> {
  const { run, className, from, signal } = filter;
  const subjectOf = (name: string): string => `swath.${name}.result.${className ?? "*"}.>`;
  const live = bus.connection.subscribe(subjectOf(run ?? "*"));
  const onAbort = (): void => live.unsubscribe();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    const seen = new Set<string>();
    const isNew = (subject: string, msgId: string): boolean => {
      const key = `${subject.split(".")[1] ?? ""}/${msgId}`;
      return seen.size !== seen.add(key).size;
    };
    if (from === "start") {
      for (const name of run === null ? await resultStreams(bus) : [run]) {
        const kept = follow(bus, `swath_${name}_result`, subjectOf(name), {
          from: "start",
          until: "caught-up",
          signal,
        });
        for await (const { subject, data, msgId } of kept) if (isNew(subject, msgId)) yield data;
      }
    }
    for await (const message of live) {
      if (isNew(message.subject, message.headers?.get("Nats-Msg-Id") ?? "")) yield message.data;
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    live.unsubscribe();
  }
}
