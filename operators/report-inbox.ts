import type { BusMessage } from "../pipeline/bus/follow.ts";
import { SwathError } from "../pipeline/errors.ts";
import { decodeReport } from "../pipeline/link/report.ts";
import type { TurnReport } from "../pipeline/link/segment.ts";

/** The stations' answers, waited for by contact and turn. */
export interface ReportInbox {
  /** The answer to a turn, as soon as it is there; each is given once. */
  readonly report: (contact: string, turn: number) => Promise<TurnReport>;
  /** Settles when the messages end; rejects everyone who still waits with what ended them. */
  readonly done: Promise<void>;
}

/**
 * Sorts reports as they come, and keeps each until somebody asks: a satellite that was restarted is shown all answers to
 * its former life at once, and asks for them one by one as it flies again.
 * When `messages` end, whoever waits is given the reason of `signal`, or `SwathError("bus")`.
 */
export const openReportInbox = (messages: AsyncIterable<BusMessage>, signal: AbortSignal): ReportInbox => {
  const arrived = new Map<string, TurnReport>();
  const waiting = new Map<
    string,
    { resolve: (report: TurnReport) => void; reject: (error: unknown) => void }
  >();
  let failure: { readonly error: unknown } | null = null;
  const key = (contact: string, turn: number): string => `${contact}/${turn}`;
  const read = async (): Promise<void> => {
    for await (const { data } of messages) {
      const report = decodeReport(data);
      const at = key(report.contact, report.turn);
      const waiter = waiting.get(at);
      waiting.delete(at);
      if (waiter === undefined) arrived.set(at, report);
      else waiter.resolve(report);
    }
    signal.throwIfAborted();
    throw new SwathError("bus", { what: "the stations' reports ended before the satellite had all of them" });
  };
  const done = read().catch((error: unknown) => {
    failure = { error };
    for (const { reject } of waiting.values()) reject(error);
  });
  return {
    done,
    report: (contact, turn) =>
      new Promise((resolve, reject) => {
        const at = key(contact, turn);
        const known = arrived.get(at);
        arrived.delete(at);
        if (known !== undefined) resolve(known);
        else if (failure !== null) reject(failure.error);
        else waiting.set(at, { resolve, reject });
      }),
  };
};
