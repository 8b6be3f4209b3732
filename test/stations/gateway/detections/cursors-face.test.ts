import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ResultMessage } from "../../../../pipeline/mission/result-message.ts";
import { result } from "../../subscribers/results.ts";
import { type EventClient, listenTo, messages } from "../event-client.ts";
import { type Served, serve } from "./served.ts";

let served: Served;
beforeEach(async () => {
  served = await serve();
});
afterEach(() => served[Symbol.asyncDispose]());

const listen = (query: string): Promise<EventClient> =>
  listenTo(`${served.gateway.url}/api/detections/stream?${query}`);
const get = (path: string, init?: RequestInit): Promise<Response> =>
  fetch(`${served.gateway.url}${path}`, init);
const isLive = (seen: EventClient["seen"]): boolean => seen.some(({ event }) => event === "live");
const acquisitions = (client: EventClient): readonly number[] =>
  messages(client.seen).map(({ data }) => (JSON.parse(data) as ResultMessage).acquisition);
const some = (from: number, to: number): ResultMessage[] =>
  Array.from({ length: to - from }, (_, i) => result(from + i));

const problem = async (response: Response): Promise<Readonly<Record<string, unknown>>> => {
  expect(response.headers.get("Content-Type")).toBe("application/problem+json");
  return (await response.json()) as Readonly<Record<string, unknown>>;
};

describe("cursors that the server keeps", () => {
  const ask = (method: string, path: string, body?: unknown): Promise<Response> =>
    get(`/api/cursors${path}`, {
      method,
      headers: served.authorized,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  it("are made, moved and never moved back; what is behind them comes again", async () => {
    served.land(some(0, 5));
    const { id } = served.feed.journal;
    expect((await get("/api/cursors/mine", { method: "PUT" })).status).toBe(401);
    const made = await ask("PUT", "/mine", { from: "start" });
    expect([made.status, await made.json()]).toEqual([
      201,
      { name: "mine", run: null, cursor: `${id}-0`, behind: 5 },
    ]);
    expect(await (await ask("POST", "/mine/ack", { cursor: `${id}-3` })).json()).toMatchObject({ behind: 2 });
    expect(await (await ask("POST", "/mine/ack", { cursor: `${id}-1` })).json()).toMatchObject({ behind: 2 });
    expect((await ask("PUT", "/mine", { from: "start" })).status).toBe(200);
    using client = await listen("cursor=mine");
    await client.until(isLive);
    expect(acquisitions(client)).toEqual([3, 4]);
    expect((await ask("DELETE", "/mine")).status).toBe(204);
    expect((await ask("GET", "/mine")).status).toBe(404);
  });

  it("are refused for another run, another server, and under names that are none", async () => {
    served.land(some(0, 2));
    await ask("PUT", "/mine", { run: "replay-00000000" });
    const other = await get("/api/detections/stream?cursor=mine&run=compare-11111111");
    expect([other.status, (await problem(other))["detail"]]).toEqual([
      409,
      "cursor mine is of another run: wanted run=replay-00000000, got run=compare-11111111; use another name for another run",
    ]);
    expect((await ask("PUT", "/mine", { run: "compare-11111111" })).status).toBe(409);
    expect((await ask("POST", "/mine/ack", { cursor: "j0-1" })).status).toBe(400);
    expect((await ask("POST", "/mine/ack")).status).toBe(400);
    expect((await ask("PUT", `/${encodeURIComponent("../x")}`)).status).toBe(400);
    served.feed.cursors.put({
      schema: "swath-cursor/1",
      name: "old",
      journal: "jffffffff",
      after: 3,
      run: null,
    });
    expect((await get("/api/detections/stream?cursor=old")).status).toBe(409);
  });
});
