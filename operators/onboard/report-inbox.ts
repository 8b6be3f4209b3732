import type { BusMessage } from "../../pipeline/bus/message-parts.ts";
import { SwathError } from "../../pipeline/errors.ts";
import type { Refused } from "../../pipeline/link/security/link-security.ts";
import type { NakMessage } from "../../pipeline/link/transfer/nak-message.ts";
import type { TurnReport } from "../../pipeline/link/frames/segment.ts";
import type { TileRequest } from "../../pipeline/link/transfer/tile-request.ts";

/** What the ground says to a satellite, waited for by contact and turn. */
export interface ReportInbox {
  /** The answer to a turn, as soon as it is there; each is given once. */
  readonly report: (contact: string, turn: number) => Promise<TurnReport>;
  /** What a station requests when a contact opens, in the same way. */
  readonly requests: (contact: string) => Promise<readonly TileRequest[]>;
  /** What the centre orders when a contact opens (`orderData`), in the same way. */
  readonly orders: (contact: string) => Promise<Uint8Array>;
  /** Settles when the messages end; rejects everyone who still waits with what ended them. */
  readonly done: Promise<void>;
}

/**
 * Sorts reports as they come, and keeps each until it is read: a satellite that was restarted gets all answers to
 * its earlier start at once, and reads them one by one as it flies again.
 * What `read` refuses is dropped. When `messages` end, whoever waits is given the reason of `signal`, or `SwathError("bus")`.
 */
export const openReportInbox = (
  messages: AsyncIterable<BusMessage>,
  signal: AbortSignal,
  read: (message: Uint8Array) => NakMessage | Refused,
): ReportInbox => {
  const reports = openSlots<TurnReport>();
  const requests = openSlots<readonly TileRequest[]>();
  const orders = openSlots<Uint8Array>();
  const listen = async (): Promise<void> => {
    for await (const { data } of messages) {
      const said = read(data);
      if (said.kind === "report") reports.put(`${said.report.contact}/${said.report.turn}`, said.report);
      else if (said.kind === "requests") requests.put(said.asked.contact, said.asked.requests);
      else if (said.kind === "orders") orders.put(said.contact, said.data);
    }
    signal.throwIfAborted();
    throw new SwathError("bus", { what: "the stations' reports ended before the satellite had all of them" });
  };
  const done = listen().catch((error: unknown) => {
    reports.fail(error);
    requests.fail(error);
    orders.fail(error);
  });
  return {
    done,
    report: (contact, turn) => reports.take(`${contact}/${turn}`),
    requests: (contact) => requests.take(contact),
    orders: (contact) => orders.take(contact),
  };
};

/** Values that are put in once and taken out once, in either order. */
const openSlots = <T>() => {
  const arrived = new Map<string, { readonly value: T }>();
  const waiting = new Map<string, { resolve: (value: T) => void; reject: (error: unknown) => void }>();
  let failure: { readonly error: unknown } | null = null;
  return {
    put(key: string, value: T): void {
      const waiter = waiting.get(key);
      waiting.delete(key);
      if (waiter === undefined) arrived.set(key, { value });
      else waiter.resolve(value);
    },
    take: (key: string): Promise<T> =>
      new Promise((resolve, reject) => {
        const known = arrived.get(key);
        arrived.delete(key);
        if (known !== undefined) resolve(known.value);
        else if (failure !== null) reject(failure.error);
        else waiting.set(key, { resolve, reject });
      }),
    fail(error: unknown): void {
      failure = { error };
      for (const { reject } of waiting.values()) reject(error);
    },
  };
};
