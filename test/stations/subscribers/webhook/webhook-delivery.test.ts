import { createHmac } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bytes } from "../../../../pipeline/units.ts";
import { openCursors } from "../../../../stations/subscribers/cursor-store.ts";
import { everything } from "../../../../stations/subscribers/detection-filter.ts";
import { fanOut as fanOutOf } from "../../../../stations/subscribers/fan-out.ts";
import { openJournal } from "../../../../stations/subscribers/folder-journal.ts";
import { take } from "../../../../stations/subscribers/ingest.ts";
import {
  openSubscriptions,
  type WebhookSubscription,
} from "../../../../stations/subscribers/webhook/subscription-store.ts";
import { backoffMs, deliverWebhook } from "../../../../stations/subscribers/webhook/webhook-delivery.ts";
import { heard, result } from "../results.ts";

const subscription: WebhookSubscription = {
  schema: "swath-subscription/1",
  name: "port-watch",
  webhook: "https://hooks.example/ships",
  secret: "0123456789abcdef",
  filter: structuredClone(everything) as WebhookSubscription["filter"],
  perSecond: null,
  attempts: 16,
  allowPrivate: false,
};

interface Call {
  readonly atMs: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A receiver and a clock of its own: sleeping takes no time, and time passes only there. */
const stage = async (
  answer: (call: Call, calls: readonly Call[]) => number | Error,
  folder = mkdtempSync(join(tmpdir(), "swath-webhook-")),
) => {
  const note = (): void => undefined;
  const journal = await openJournal({ folder: join(folder, "journal"), keep: bytes(1e8), note });
  journal.openSource({ name: "stream-1", run: result(0).run, startedMs: 1 });
  const fanOut = fanOutOf(journal);
  const subscriptions = openSubscriptions(join(folder, "webhooks"), note);
  const cursors = openCursors(join(folder, "cursors"), note);
  let now = Date.parse("2026-01-01T00:00:00Z");
  const calls: Call[] = [];
  const ports = {
    journal,
    fanOut,
    subscriptions,
    cursors,
    clock: {
      now: () => now,
      sleep: async (ms: number, signal: AbortSignal) => {
        signal.throwIfAborted();
        now += ms;
        await new Promise((resolve) => setImmediate(resolve));
      },
    },
    post: async (_: URL, headers: Call["headers"], body: string) => {
      const call = { atMs: now, headers, body };
      calls.push(call);
      const said = answer(call, calls);
      if (said instanceof Error) throw said;
      return { status: said, retryAfterSeconds: null };
    },
  };
  const land = (from: number, to: number): void =>
    take(
      { journal, fanOut },
      "stream-1",
      heard(
        Array.from({ length: to - from }, (_, i) => result(from + i)),
        journal.lastOf("stream-1") + 1,
      ),
    );
  const until = async (test: () => boolean): Promise<void> => {
    for (let turn = 0; !test(); turn += 1) {
      if (turn > 1e5) throw new Error("it never comes");
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return {
    folder,
    ports,
    calls,
    land,
    until,
    letters: () => subscriptions.letters("port-watch"),
    after: () => cursors.get("port-watch")?.after,
  };
};

const idOf = ({ body }: Call): string => (JSON.parse(body) as { readonly id: string }).id;
const ids = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from }, (_, i) => result(from + i).id);

describe("a webhook", () => {
  it("is called for each detection with a CloudEvent that its secret signs", async () => {
    const { ports, calls, land, until } = await stage(() => 204);
    const delivery = deliverWebhook(subscription, ports);
    land(0, 3);
    await until(() => delivery.state.delivered === 3);
    await delivery.stop();
    expect(calls.map(idOf)).toEqual(ids(0, 3));
    const { headers, body } = calls[0] as Call;
    expect(JSON.parse(body)).toEqual({
      specversion: "1.0",
      id: result(0).id,
      source: "/swath/runs/replay-00000000-detect",
      type: "swath.detection.v2",
      subject: "ship",
      time: "2026-01-01T01:00:00.000Z",
      datacontenttype: "application/json",
      sequence: `${ports.journal.id}-1`,
      data: result(0),
    });
    const signed = `${result(0).id}.${headers["webhook-timestamp"]}.${body}`;
    const mac = createHmac("sha256", "0123456789abcdef").update(signed).digest("base64");
    expect(headers["webhook-signature"]).toBe(`v1,${mac}`);
    expect(headers["Content-Type"]).toBe("application/cloudevents+json; charset=UTF-8");
  });

  it("that answers 500 for an hour loses nothing: it is asked ever more slowly, and gets all in order", async () => {
    const start = Date.parse("2026-01-01T00:00:00Z");
    const { ports, calls, land, until, letters } = await stage(({ atMs }) =>
      atMs - start < 3600e3 ? 500 : 200,
    );
    const delivery = deliverWebhook(subscription, ports);
    land(0, 5);
    await until(() => delivery.state.delivered === 5);
    await delivery.stop();
    const tries = calls.filter((call) => idOf(call) === result(0).id);
    const waits = tries.slice(1).map(({ atMs }, i) => (atMs - (tries[i] as Call).atMs) / 1000);
    expect(waits).toEqual(
      [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600, 600, 600, 600].slice(0, waits.length),
    );
    expect(tries.at(-1)?.atMs).toBeLessThan(start + 3600e3 + 600e3 + 1);
    expect(calls.slice(tries.length).map(idOf)).toEqual(ids(1, 5));
    expect(letters()).toEqual([]);
    expect([delivery.state.failingSinceMs, backoffMs(1), backoffMs(99)]).toEqual([null, 1000, 600_000]);
  });

  it("that never answers fills the dead letters, which can be sent again", async () => {
    let isDown = true;
    const { ports, calls, land, until, letters } = await stage(() =>
      isDown ? new Error("connect ECONNREFUSED") : 200,
    );
    const delivery = deliverWebhook(subscription, ports);
    land(0, 3);
    await until(() => letters().length === 3);
    expect(letters().map(({ id, attempts, reason }) => [id, attempts, reason])).toEqual(
      ids(0, 3).map((id, i) => [id, i === 0 ? 16 : 1, "connect ECONNREFUSED"]),
    );
    expect(await delivery.resend()).toEqual({ sent: 0, left: 3 });
    isDown = false;
    calls.length = 0;
    expect(await delivery.resend()).toEqual({ sent: 3, left: 0 });
    expect([calls.map(idOf), letters()]).toEqual([ids(0, 3), []]);
    land(3, 4);
    await until(() => delivery.state.delivered === 1);
    expect(delivery.state.failingSinceMs).toBeNull();
    await delivery.stop();
  });

  it("that refuses one detection for good gets the next at once", async () => {
    const bad = result(1).id;
    const { ports, calls, land, until, letters } = await stage((call) => (idOf(call) === bad ? 422 : 200));
    const delivery = deliverWebhook(subscription, ports);
    land(0, 4);
    await until(() => delivery.state.delivered === 3);
    await delivery.stop();
    expect(calls.map(idOf)).toEqual(ids(0, 4));
    expect(letters().map(({ id, attempts, reason }) => [id, attempts, reason])).toEqual([
      [bad, 1, "it answered 422"],
    ]);
  });

  it("goes on where it was after a restart, with what landed meanwhile", async () => {
    const first = await stage(() => 200);
    const delivery = deliverWebhook(subscription, first.ports);
    first.land(0, 3);
    await first.until(() => delivery.state.delivered === 3);
    await delivery.stop();
    first.land(3, 6);
    first.ports.journal.close();
    const second = await stage(() => 200, first.folder);
    const again = deliverWebhook(subscription, second.ports);
    await second.until(() => again.state.delivered === 3);
    await again.stop();
    expect([second.calls.map(idOf), second.after()]).toEqual([ids(3, 6), 6]);
  });
});
