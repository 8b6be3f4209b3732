import { describe, expect, it } from "vitest";
import { openReportInbox } from "../../../operators/onboard/report-inbox.ts";
import type { BusMessage } from "../../../pipeline/bus/message-parts.ts";
import { decodeNakMessage, encodeNakMessage } from "../../../pipeline/link/transfer/nak-message.ts";

const message = (contact: string, turn: number): BusMessage => ({
  subject: "",
  seq: 0,
  msgId: "",
  signature: "",
  data: encodeNakMessage({
    kind: "report",
    report: { contact, turn, missing: [[turn, turn + 1]], heard: true },
  }),
});

/** Messages that come when told to. */
const tap = () => {
  const queue: BusMessage[] = [];
  let wake = (): void => undefined;
  let ended = false;
  async function* messages(): AsyncGenerator<BusMessage> {
    for (;;) {
      const next = queue.shift();
      if (next !== undefined) yield next;
      else if (ended) return;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  }
  const push = (...more: BusMessage[]): void => {
    queue.push(...more);
    wake();
  };
  const end = (): void => {
    ended = true;
    wake();
  };
  return { messages: messages(), push, end };
};

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("openReportInbox", () => {
  it("gives each answer to who asks for it, before or after it comes, in any order", async () => {
    const { messages, push, end } = tap();
    const inbox = openReportInbox(messages, new AbortController().signal, decodeNakMessage);
    const early = inbox.report("c", 1);
    push(message("c", 0), message("c", 1), message("d", 0));
    expect((await early).missing).toEqual([[1, 2]]);
    await settled();
    expect((await inbox.report("d", 0)).contact).toBe("d");
    expect((await inbox.report("c", 0)).turn).toBe(0);
    end();
    await inbox.done;
  });

  it("turns everybody away when the messages end: with the signal's reason, else with what is wrong", async () => {
    const { messages, end } = tap();
    const inbox = openReportInbox(messages, new AbortController().signal, decodeNakMessage);
    const waiting = inbox.report("c", 0);
    end();
    await expect(waiting).rejects.toMatchObject({ tag: "bus" });
    await inbox.done;
    await expect(inbox.report("c", 1)).rejects.toMatchObject({ tag: "bus" });
    const stop = new AbortController();
    const other = tap();
    const stopped = openReportInbox(other.messages, stop.signal, decodeNakMessage);
    stop.abort(new Error("enough"));
    other.end();
    await expect(stopped.report("c", 0)).rejects.toThrow("enough");
  });
});
