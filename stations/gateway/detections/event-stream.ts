import type { ServerResponse } from "node:http";
import { SwathError } from "../../../pipeline/errors.ts";
import type { Notice, Sink } from "../../../stations/subscribers/fan-out.ts";
import type { Journal, JournalEntry } from "../../../stations/subscribers/journal.ts";
import { formatPosition } from "../../../stations/subscribers/position.ts";

/** A client that reads nothing for so long is gone, or might as well be; ms. */
const patience = 60_000;

/** Resolves once the response holds nothing back any more. Rejects when the signal aborts, or when the client reads nothing for a minute. */
export const drainedResponse = (response: ServerResponse, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    if (response.writableLength === 0) {
      resolve();
      return;
    }
    let last = response.writableLength;
    const done = (settle: () => void): void => {
      clearInterval(timer);
      response.off("drain", check);
      signal.removeEventListener("abort", abort);
      settle();
    };
    const abort = (): void => done(() => reject(signal.reason as Error));
    const check = (): void => {
      if (response.writableLength === 0) done(resolve);
    };
    const timer = setInterval(() => {
      const now = response.writableLength;
      if (now === last)
        done(() =>
          reject(
            new SwathError("bus", {
              what: "a client reads nothing",
              wanted: `something within ${patience / 1000} s`,
              got: `${now} bytes that wait`,
            }),
          ),
        );
      last = now;
    }, patience);
    response.on("drain", check);
    signal.addEventListener("abort", abort, { once: true });
    check();
  });

/** The frame of a detection: made once, however many get it. */
export const eventFrames = (journal: Pick<Journal, "id">): ((entry: JournalEntry) => string) => {
  const made = new WeakMap<JournalEntry, string>();
  return (entry) => {
    let frame = made.get(entry);
    if (frame === undefined) {
      frame = `id: ${formatPosition(journal, entry.seq)}\ndata: ${entry.text}\n\n`;
      made.set(entry, frame);
    }
    return frame;
  };
};

const noticeFrame = (journal: Pick<Journal, "id">, notice: Notice): string => {
  const { kind, after } = notice;
  const cursor = formatPosition(journal, after);
  const data = kind === "behind" ? { cursor, behind: notice.head - after } : { cursor };
  return `event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`;
};

/** Server-sent events as a sink: a detection is a message, whose id is the cursor behind it; a notice is an event of its name. */
export const eventSink = (
  response: ServerResponse,
  journal: Pick<Journal, "id">,
  frameOf: (entry: JournalEntry) => string,
): Sink => ({
  send(entries) {
    if (entries.length === 0) return;
    let text = "";
    for (const entry of entries) text += frameOf(entry);
    response.write(text);
  },
  tell(notice) {
    response.write(noticeFrame(journal, notice));
  },
  get waiting() {
    return response.writableLength;
  },
  drained: (signal) => drainedResponse(response, signal),
});
