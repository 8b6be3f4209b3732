import type { BusMessage } from "../pipeline/bus/follow.ts";
import { decodeReport } from "../pipeline/link/report.ts";
import type { TurnReport } from "../pipeline/link/segment.ts";

/** The stations' answers, waited for by contact and turn. */
export interface ReportInbox {
  readonly report: (contact: string, turn: number) => Promise<TurnReport>;
  /** Settles when the messages end; rejects everyone who still waits with what ended them. */
  readonly done: Promise<void>;
}

/**
 * Sorts reports as they come. A station that is shown the same turn twice answers twice, in the same words; each answer
 * is taken once, and each is kept until somebody asks, since a satellite that was restarted asks again from the start.
 */
export const openReportInbox = (messages: AsyncIterable<BusMessage>): ReportInbox => {
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
    throw new Error("no more reports");
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
