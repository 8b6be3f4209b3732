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

/** Room for a number in a frame. */
const numberRoom = 20;

/**
 * The frames of detections, back to back: their JSON is copied as it came. Made once, however many get the same ones in a row.
 */
export const eventFrames = (
  journal: Pick<Journal, "id">,
): ((entries: readonly JournalEntry[]) => Uint8Array) => {
  const before = Buffer.from(`id: ${formatPosition(journal, 0).slice(0, -1)}`);
  const between = Buffer.from("\ndata: ");
  const after = Buffer.from("\n\n");
  const around = before.length + numberRoom + between.length + after.length;
  let last: { readonly entries: readonly JournalEntry[]; readonly frames: Uint8Array } | null = null;
  return (entries) => {
    if (last?.entries === entries) return last.frames;
    const room = Buffer.allocUnsafeSlow(entries.reduce((sum, { data }) => sum + around + data.length, 0));
    let at = 0;
    const put = (bytes: Uint8Array): void => {
      room.set(bytes, at);
      at += bytes.length;
    };
    for (const { seq, data } of entries) {
      put(before);
      at += room.write(String(seq), at, "latin1");
      put(between);
      put(data);
      put(after);
    }
    last = { entries, frames: room.subarray(0, at) };
    return last.frames;
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
  framesOf: (entries: readonly JournalEntry[]) => Uint8Array,
): Sink => ({
  send(entries) {
    if (entries.length > 0) response.write(framesOf(entries));
  },
  tell(notice) {
    response.write(noticeFrame(journal, notice));
  },
  get waiting() {
    return response.writableLength;
  },
  drained: (signal) => drainedResponse(response, signal),
});
