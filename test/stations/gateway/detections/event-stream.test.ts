import { EventEmitter } from "node:events";
import type { ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { drainedResponse } from "../../../../stations/gateway/detections/event-stream.ts";

/** A response as far as its buffer goes. */
const response = (waiting: number) => Object.assign(new EventEmitter(), { writableLength: waiting });
const drained = (one: ReturnType<typeof response>, signal = new AbortController().signal): Promise<void> =>
  drainedResponse(one as unknown as ServerResponse, signal);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("waiting for a client to read", () => {
  it("ends when it has read everything", async () => {
    await drained(response(0));
    const one = response(100);
    const waiting = drained(one);
    one.writableLength = 0;
    one.emit("drain");
    await waiting;
    expect([one.listenerCount("drain"), vi.getTimerCount()]).toEqual([0, 0]);
  });

  it("goes on while it reads something a minute, and gives it up when it reads nothing", async () => {
    const one = response(100);
    const given = drained(one).catch((error: unknown) => String(error));
    for (let left = 90; left >= 50; left -= 10) {
      one.writableLength = left;
      await vi.advanceTimersByTimeAsync(60_000);
    }
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await given).toMatch(
      /a client reads nothing: wanted something within 60 s, got 50 bytes that wait/,
    );
    expect([one.listenerCount("drain"), vi.getTimerCount()]).toEqual([0, 0]);
  });

  it("ends with the client", async () => {
    const leave = new AbortController();
    const waiting = drained(response(5), leave.signal);
    leave.abort(new Error("gone"));
    await expect(waiting).rejects.toThrow("gone");
  });
});
