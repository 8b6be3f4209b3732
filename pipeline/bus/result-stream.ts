import type { Bus } from "./connection.ts";
import { genuine, isGenuine } from "./genuine.ts";
import { signatureHeader } from "./publisher.ts";
import { follow } from "./follow.ts";
import { listStreams, type KeptStream } from "./run-streams.ts";

/** Which results to follow; `null` for all. */
export interface ResultFilter {
  readonly run: string | null;
  /** As a subject token. */
  readonly className: string | null;
  readonly from: "start" | "now";
  readonly signal: AbortSignal;
}

/** Streams of results that are kept here, of one run (each start of it) or of all; in the order of their names. */
const resultStreams = async (bus: Bus, run: string | null): Promise<readonly KeptStream[]> => {
  const kept = await listStreams(bus);
  return kept
    .filter(({ kind, name }) => kind === "result" && (run === null || run === name))
    .toSorted((a, b) => (a.stream < b.stream ? -1 : 1));
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
  const subjectOf = (name: string, incarnation: string): string =>
    `swath.${name}.${incarnation}.result.${className ?? "*"}.>`;
  const live = bus.connection.subscribe(subjectOf(run ?? "*", "*"));
  const onAbort = (): void => live.unsubscribe();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    const seen = new Set<string>();
    const isNew = (subject: string, msgId: string): boolean => {
      const key = `${subject.split(".", 3).join(".")}/${msgId}`;
      return seen.size !== seen.add(key).size;
    };
    if (from === "start") {
      for (const { stream, name, incarnation } of await resultStreams(bus, run)) {
        const all = follow(bus, stream, subjectOf(name, incarnation ?? "*"), {
          from: "start",
          until: "caught-up",
          signal,
        });
        const kept = genuine(bus.guard, all);
        for await (const { subject, data, msgId } of kept) if (isNew(subject, msgId)) yield data;
      }
    }
    for await (const message of live) {
      const { subject, data } = message;
      const msgId = message.headers?.get("Nats-Msg-Id") ?? "";
      const signature = message.headers?.get(signatureHeader) ?? "";
      // What is forged must not stand in for the genuine one of its name.
      if (isGenuine(bus.guard, { subject, msgId, data }, signature) && isNew(subject, msgId)) yield data;
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    live.unsubscribe();
  }
}
