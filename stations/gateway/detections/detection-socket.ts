import { setTimeout as sleep } from "node:timers/promises";
import type { WebSocket } from "ws";
import { SwathError } from "../../../pipeline/errors.ts";
import type { Sink } from "../../../stations/subscribers/fan-out.ts";
import { type Journal, type JournalEntry, textOf } from "../../../stations/subscribers/journal.ts";
import { formatPosition } from "../../../stations/subscribers/position.ts";

/** A client that reads nothing for so long is gone; ms. */
const patience = 60_000;

/** `ws` says how much waits, but not when it has gone: it is asked so often; ms. */
const interval = 20;

/** The message of a detection: made once, however many get it. */
export const socketMessages = (journal: Pick<Journal, "id">): ((entry: JournalEntry) => string) => {
  const made = new WeakMap<JournalEntry, string>();
  return (entry) => {
    let message = made.get(entry);
    if (message === undefined) {
      message = `{"cursor":"${formatPosition(journal, entry.seq)}","detection":${textOf(entry)}}`;
      made.set(entry, message);
    }
    return message;
  };
};

/** A WebSocket as a sink: `{"cursor", "detection"}`, and `{"notice", "cursor"}`, a message each. */
export const socketSink = (
  socket: Pick<WebSocket, "send" | "bufferedAmount">,
  journal: Pick<Journal, "id">,
  messageOf: (entry: JournalEntry) => string,
): Sink => ({
  send(entries) {
    for (const entry of entries) socket.send(messageOf(entry));
  },
  tell(notice) {
    const { kind, after } = notice;
    const behind = kind === "behind" ? { behind: notice.head - after } : {};
    socket.send(JSON.stringify({ notice: kind, cursor: formatPosition(journal, after), ...behind }));
  },
  get waiting() {
    return socket.bufferedAmount;
  },
  async drained(signal) {
    let [last, since] = [socket.bufferedAmount, performance.now()];
    while (socket.bufferedAmount > 0) {
      await sleep(interval, undefined, { signal });
      if (socket.bufferedAmount < last) [last, since] = [socket.bufferedAmount, performance.now()];
      else if (performance.now() - since > patience)
        throw new SwathError("bus", {
          what: "a client reads nothing",
          wanted: `something within ${patience / 1000} s`,
          got: `${last} bytes that wait`,
        });
    }
  },
});
