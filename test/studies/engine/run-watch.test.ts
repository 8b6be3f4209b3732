import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Bus, connectBus } from "../../../pipeline/bus/connection.ts";
import { openRun } from "../../../pipeline/bus/run-bus.ts";
import { startNatsServer } from "../../../pipeline/bus/server.ts";
import { seconds } from "../../../pipeline/units.ts";
import { type CommandWatch, watchRun } from "../../../studies/engine/run-watch.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A bus on which only streams are asked for. */
const busWith = (lastSeq: () => number): Bus =>
  ({
    address: "127.0.0.1:1",
    connection: { isClosed: () => false },
    manager: { streams: { info: async () => ({ state: { last_seq: lastSeq() } }) } },
    awaySince: () => null,
    onReconnect: () => () => undefined,
  }) as unknown as Bus;

const watching = (bus: Bus, more: Partial<CommandWatch> = {}) =>
  watchRun({
    bus,
    run: "replay-1.abc",
    kinds: ["link"],
    nodes: [],
    doneKey: () => "",
    wait: seconds(600),
    note: () => undefined,
    ...more,
  });

it("ends a run whose stream has lost what it had stored", async () => {
  let last = 40;
  await using watch = watching(busWith(() => last));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(watch.signal.aborted).toBe(false);
  last = 3;
  await vi.advanceTimersByTimeAsync(12_000);
  expect(String(watch.signal.reason)).toMatch(
    /run replay-1 cannot go on: wanted the 40 messages of stream \S+_(link|abc), got 3 on NATS at .*: a server lost its disk/,
  );
});

it("gives a new leader the time to know what is stored", async () => {
  let last = 40;
  await using watch = watching(busWith(() => last));
  await vi.advanceTimersByTimeAsync(5_000);
  last = 38;
  await vi.advanceTimersByTimeAsync(4_000);
  last = 41;
  await vi.advanceTimersByTimeAsync(20_000);
  expect(watch.signal.aborted).toBe(false);
});

it("ends a run whose nodes are all done while the mission centre waits for what was lost", async () => {
  vi.useRealTimers();
  await using server = await startNatsServer();
  await using bus = await connectBus({ url: server.url, name: "test" });
  await using run = await openRun(bus, "replay-1.abc", ["link"]);
  await run.state.put("ledger", Buffer.from("written"));
  await using watch = watching(bus, {
    nodes: [{ kind: "satellite", id: "W01" }],
    doneKey: () => "ledger",
    lastHeard: () => 0,
    wait: seconds(1),
  });
  await vi.waitFor(() => expect(watch.signal.aborted).toBe(true), 20_000);
  expect(String(watch.signal.reason)).toMatch(
    /what the mission centre waits for: all nodes are done and it has not come since .* UTC; given up after 1 s/,
  );
});
