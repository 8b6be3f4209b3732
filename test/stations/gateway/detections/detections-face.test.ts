import { connect } from "node:net";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import type { ResultMessage } from "../../../../pipeline/mission/result-message.ts";
import { result } from "../../subscribers/results.ts";
import { type EventClient, listenTo, messages } from "../event-client.ts";
import { type Served, serve } from "./served.ts";

let served: Served;
beforeEach(async () => {
  served = await serve();
});
afterEach(() => served[Symbol.asyncDispose]());

const listen = (query: string, init?: RequestInit): Promise<EventClient> =>
  listenTo(`${served.gateway.url}/api/detections/stream?${query}`, init);
const get = (path: string, init?: RequestInit): Promise<Response> =>
  fetch(`${served.gateway.url}${path}`, init);
const isLive = (seen: EventClient["seen"]): boolean => seen.some(({ event }) => event === "live");
const acquisitions = (client: EventClient): readonly number[] =>
  messages(client.seen).map(({ data }) => (JSON.parse(data) as ResultMessage).acquisition);
const some = (from: number, to: number, over: Partial<ResultMessage> = {}): ResultMessage[] =>
  Array.from({ length: to - from }, (_, i) => result(from + i, over));

const problem = async (response: Response): Promise<Readonly<Record<string, unknown>>> => {
  expect(response.headers.get("Content-Type")).toBe("application/problem+json");
  return (await response.json()) as Readonly<Record<string, unknown>>;
};

describe("server-sent events", () => {
  it("give what lands, and from the start on request, each behind its cursor", async () => {
    served.land(some(0, 5));
    using now = await listen("");
    using all = await listen("from=start");
    expect(now.response.headers.get("Content-Type")).toBe("text/event-stream");
    await now.until(isLive);
    await all.until(isLive);
    served.land(some(5, 8));
    await now.until((seen) => messages(seen).length === 3);
    await all.until((seen) => messages(seen).length === 8);
    expect(acquisitions(now)).toEqual([5, 6, 7]);
    expect(acquisitions(all)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    const { id } = served.feed.journal;
    expect(messages(all.seen).map((event) => event.id)).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `${id}-${n}`),
    );
    expect(JSON.parse(messages(all.seen)[0]?.data ?? "")).toEqual(result(0));
  });

  it("go on behind Last-Event-ID, a cursor or its bare number", async () => {
    served.land(some(0, 5));
    const { id } = served.feed.journal;
    for (const last of [`${id}-3`, "3"]) {
      using client = await listen("", { headers: { "Last-Event-ID": last } });
      await client.until(isLive);
      expect(acquisitions(client)).toEqual([3, 4]);
    }
  });

  it("keep to area, class, score, run, satellite and time", async () => {
    const far = { longitude: -175, latitude: -20 };
    served.land([
      result(0),
      result(1, { class: "water" }),
      result(2, { score: 0.2 }),
      result(3, far),
      result(4, { satellite: "walker-2-1" }),
      result(5, { longitude: null, latitude: null }),
      result(6, { received_at: "2026-01-02T00:00:00.000Z" }),
    ]);
    served.land([result(7, { run: "compare-11111111-raw" })], "stream-2");
    const square = {
      type: "Polygon",
      coordinates: [
        [
          [170, -30],
          [-170, -30],
          [-170, -10],
          [170, -10],
          [170, -30],
        ],
      ],
    };
    const cases: readonly (readonly [string, readonly number[]])[] = [
      ["class=water", [1]],
      ["class=ship,water&min_score=0.9", []],
      ["min_score=0.5&bbox=0,35,10,45&run=replay-00000000&class=ship", [0, 4, 6]],
      ["bbox=170,-30,-170,-10", [3]],
      [`area=${encodeURIComponent(JSON.stringify(square))}`, [3]],
      ["satellite=walker-2-*", [4]],
      ["run=compare-11111111", [7]],
      ["run=compare-11111111-raw", [7]],
      ["since=2026-01-02", [6]],
    ];
    for (const [query, wanted] of cases) {
      using client = await listen(`from=start&${query}`);
      await client.until(isLive);
      expect([query, acquisitions(client)]).toEqual([query, wanted]);
    }
    using late = await listen("from=2026-01-02T00:00:00Z");
    await late.until(isLive);
    expect(acquisitions(late)).toEqual([6]);
    using posted = await listen("", {
      method: "POST",
      body: JSON.stringify({ from: "start", area: square }),
    });
    await posted.until(isLive);
    expect(acquisitions(posted)).toEqual([3]);
  });

  it("let nothing out at a rate, only later", async () => {
    served.land(some(0, 30));
    const began = performance.now();
    using client = await listen("from=start&rate=20/s");
    await client.until((seen) => messages(seen).length === 30);
    expect(acquisitions(client)).toEqual(some(0, 30).map(({ acquisition }) => acquisition));
    expect(performance.now() - began).toBeGreaterThan(450);
    // One by one is no way round it.
    const again = performance.now();
    using slow = await listen("rate=10/s");
    await slow.until(isLive);
    for (let n = 30; n < 45; n += 1) {
      served.land(some(n, n + 1));
      await sleep(1);
    }
    await slow.until((seen) => messages(seen).length === 15);
    expect(performance.now() - again).toBeGreaterThan(450);
  });

  it("drop who does not read to its place, tell it, and hold nobody up", async () => {
    const { hostname, port } = new URL(served.gateway.url);
    const deaf = connect(Number(port), hostname);
    await once(deaf, "connect");
    deaf.write(`GET /api/detections/stream HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\n`);
    await once(deaf, "readable");
    deaf.pause();
    using quick = await listen("");
    await quick.until(isLive);
    const padding = "x".repeat(3000);
    const count = 3_500;
    for (let from = 0; from < count; from += 500) {
      served.land(some(from, from + 500, { scene: padding }));
      await sleep(1);
    }
    await quick.until((seen) => messages(seen).length === count);
    expect(served.feed.fanOut.subscribers).toBe(2);
    // It reads again: it is told, and gets the rest from where it was, nothing twice.
    let text = "";
    deaf.on("data", (data: Buffer) => (text += data.toString("latin1")));
    deaf.resume();
    while (!text.includes(`-${count}\n`)) await sleep(10);
    const ids = [...text.matchAll(/^id: \w+-(\d+)$/gm)].map((match) => Number(match[1]));
    expect(text).toMatch(/event: behind\ndata: \{"cursor":"\w+-\d+","behind":\d+\}/);
    expect([ids.length, new Set(ids).size, ids.at(-1)]).toEqual([count, count, count]);
    deaf.destroy();
  }, 20_000);

  it("refuse what does not parse, clearly, and disturb nobody", async () => {
    served.land(some(0, 3));
    using other = await listen("");
    await other.until(isLive);
    const cross = JSON.stringify({
      type: "Polygon",
      coordinates: [
        [
          [0, 0],
          [2, 2],
          [2, 0],
          [0, 2],
          [0, 0],
        ],
      ],
    });
    const { id } = served.feed.journal;
    const cases: readonly (readonly [string, number, RegExp])[] = [
      ["class=shop", 400, /unknown class "shop": wanted ship, water, got "shop"/],
      ["klass=ship", 400, /unknown parameter "klass": wanted class, bbox/],
      ["limit=3", 400, /unknown parameter "limit"/],
      ["bbox=1,2,3", 400, /bbox: wanted west,south,east,north in degrees, got "1,2,3"/],
      ["bbox=0,10,5,5", 400, /bbox: wanted south below north/],
      [`area=${encodeURIComponent(cross)}`, 400, /area: wanted a ring that does not cross or touch itself/],
      ["area=%7B", 400, /area: wanted GeoJSON polygons, got/],
      ["bbox=0,0,1,1&area=%7B%7D", 400, /the area: wanted bbox or area, got both/],
      ["min_score=2", 400, /min_score: wanted a number from 0 to 1, got "2"/],
      ["from=yesterday", 400, /from: wanted start, now, a time such as .*, got "yesterday"/],
      [
        "from=j00000000-3",
        400,
        /from: wanted one of this server, j\w+-<number>, got "j00000000-3", of another server/,
      ],
      [`from=${id}-99`, 400, /from: wanted at most j\w+-3, got/],
      [
        `from=${id}-2&run=compare-11111111`,
        409,
        /a cursor of another run: wanted one of run compare-11111111, got/,
      ],
      ["rate=fast", 400, /rate: wanted detections a second/],
      ["cursor=nobody", 404, /no cursor "nobody"; PUT/],
      ["class=,", 400, /class: wanted 1 to 100 names/],
    ];
    for (const [query, status, detail] of cases) {
      const response = await get(`/api/detections/stream?${query}`);
      const said = await problem(response);
      expect([query, response.status, said["status"]]).toEqual([query, status, status]);
      expect(said["detail"], query).toMatch(detail);
    }
    const body = await get("/api/detections/stream", { method: "POST", body: "[1" });
    expect([body.status, (await problem(body))["what"]]).toEqual([400, "the body"]);
    served.land(some(3, 4));
    await other.until((seen) => messages(seen).length === 1);
  });
});

describe("a WebSocket", () => {
  const url = (query: string): string =>
    `${served.gateway.url.replace("http", "ws")}/api/detections/stream?${query}`;

  it("gives the same, and takes acknowledgements", async () => {
    served.land(some(0, 3));
    await get("/api/cursors/mine", { method: "PUT", headers: served.authorized, body: '{"from":"start"}' });
    const socket = new WebSocket(url("cursor=mine"), { headers: served.authorized });
    const said: Record<string, unknown>[] = [];
    socket.on("message", (data: Buffer) => said.push(JSON.parse(data.toString()) as Record<string, unknown>));
    while (said.length < 4) await sleep(5);
    const { id } = served.feed.journal;
    expect(said.map((one) => one["cursor"])).toEqual([`${id}-1`, `${id}-2`, `${id}-3`, `${id}-3`]);
    expect([said[0]?.["detection"], said[3]?.["notice"]]).toEqual([result(0), "live"]);
    socket.send(JSON.stringify({ ack: `${id}-2` }));
    while (served.feed.cursors.get("mine")?.after !== 2) await sleep(5);
    socket.send("nonsense");
    socket.send(JSON.stringify({ ack: `${id}-99` }));
    while (said.length < 6) await sleep(5);
    expect(said.slice(4)).toMatchObject([
      { problem: { status: 400 } },
      { problem: { status: 400, what: "ack" } },
    ]);
    socket.close();
  });

  it("moves no cursor for who has no login", async () => {
    served.land(some(0, 3));
    await get("/api/cursors/mine", { method: "PUT", headers: served.authorized, body: '{"from":"start"}' });
    const socket = new WebSocket(url("cursor=mine"));
    const said: Record<string, unknown>[] = [];
    socket.on("message", (data: Buffer) => said.push(JSON.parse(data.toString()) as Record<string, unknown>));
    while (said.length < 4) await sleep(5);
    socket.send(JSON.stringify({ ack: said[1]?.["cursor"] }));
    while (said.length < 5) await sleep(5);
    expect(said[4]).toMatchObject({ problem: { status: 401, wanted: "a login" } });
    expect(served.feed.cursors.get("mine")?.after).toBe(0);
    socket.close();
  });

  it("is refused like any other request", async () => {
    const status = async (query: string, headers = {}): Promise<unknown> => {
      const socket = new WebSocket(url(query), { headers });
      socket.on("error", () => undefined);
      const [, response] = (await once(socket, "unexpected-response")) as [
        unknown,
        { readonly statusCode: number },
      ];
      socket.terminate();
      return response.statusCode;
    };
    expect(await status("class=shop")).toBe(400);
    expect(await status("", { Origin: "https://evil.example" })).toBe(403);
  });
});

describe("pages", () => {
  it.each([
    ["min_score", "2"],
    ["bbox", "nan,1,2,3"],
    ["bbox", "1,2,3"],
    ["limit", "0"],
    ["limit", "1.5"],
    ["since", "yesterday"],
    ["from", "yesterday"],
    ["class", "whale"],
    ["area", "{}"],
  ])("name the parameter that is refused: %s=%s", async (name, value) => {
    const refused = await get(`/api/detections?${name}=${encodeURIComponent(value)}`);
    expect([refused.status, (await problem(refused))["field"]]).toEqual([400, name]);
  });

  it("follow one another and say where to go on", async () => {
    served.land(some(0, 25));
    const seen: number[] = [];
    let next: string | null = "/api/detections?limit=10&class=ship";
    let cursor = "";
    while (next !== null) {
      const response = await get(next);
      const page = (await response.json()) as {
        detections: ResultMessage[];
        cursor: string;
        next: string | null;
      };
      seen.push(...page.detections.map(({ acquisition }) => acquisition));
      expect(response.headers.get("Link")).toBe(page.next === null ? null : `<${page.next}>; rel="next"`);
      ({ next, cursor } = page);
    }
    expect(seen).toEqual(some(0, 25).map(({ acquisition }) => acquisition));
    served.land(some(25, 27));
    const rest = (await (await get(`/api/detections?from=${cursor}`)).json()) as {
      detections: ResultMessage[];
    };
    expect(rest.detections.map(({ acquisition }) => acquisition)).toEqual([25, 26]);
    const unknown = await get("/api/detections?run=compare-99999999");
    expect([unknown.status, (await problem(unknown))["field"]]).toEqual([404, "run"]);
    expect(await (await get("/api/detections/kept")).json()).toMatchObject({
      classes: ["ship", "water"],
      subscribers: 0,
    });
  });
});
