import { get, request } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SwathError } from "../../../pipeline/errors.ts";
import { instant, seconds } from "../../../pipeline/units.ts";
import { answerJson } from "../../../stations/gateway/answer.ts";
import type { Face } from "../../../stations/gateway/face.ts";
import { type Gateway, openGateway } from "../../../stations/gateway/gateway.ts";
import { issueToken, newSecret } from "../../../stations/gateway/login.ts";

const secret = newSecret();
const noted: string[] = [];

const toy: Face = {
  path: "/toy",
  title: "a toy",
  readingPosts: ["/toy/search"],
  routes(router) {
    router.get("/", (c) => answerJson(c, { long: "swath ".repeat(1000) }));
    router.post("/", async (c) => answerJson(c, await c.req.json()));
    router.post("/search", (c) => answerJson(c, []));
    router.get("/refused", () => {
      throw new SwathError("config", { what: "class", wanted: "ship", got: '"shop"', field: "class" });
    });
    router.get("/bug", () => {
      throw new TypeError("secret detail");
    });
  },
};
const page: Face = {
  path: "/",
  title: "the page",
  routes: (router) => router.get("/", (c) => c.html("<p>hello")),
};

const open = (over: Partial<Parameters<typeof openGateway>[0]> = {}): Promise<Gateway> =>
  openGateway({
    host: "127.0.0.1",
    port: 0,
    faces: [page, toy],
    secret,
    origins: [],
    loginValid: seconds(3600),
    note: (text) => noted.push(text),
    ...over,
  });

let gateway: Gateway;
beforeEach(async () => {
  noted.length = 0;
  gateway = await open();
});
afterEach(() => gateway[Symbol.asyncDispose]());

const problem = async (response: Response) => {
  expect(response.headers.get("Content-Type")).toBe("application/problem+json");
  return (await response.json()) as Readonly<Record<string, unknown>>;
};

/** `fetch` sets Host itself. */
const statusWithHost = (host: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    get(`${gateway.url}/api`, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on("error", reject);
  });

describe("the gateway's answers", () => {
  it("lists its faces", async () => {
    const { faces } = (await (await fetch(`${gateway.url}/api`)).json()) as { faces: unknown };
    expect(faces).toEqual([
      { path: "/", title: "the page" },
      { path: "/toy", title: "a toy" },
    ]);
  });

  it("come with an ETag, and not again to who has them", async () => {
    const first = await fetch(`${gateway.url}/toy`, { headers: { "Accept-Encoding": "gzip" } });
    expect([first.status, first.headers.get("Content-Encoding")]).toEqual([200, "gzip"]);
    await first.text();
    const etag = first.headers.get("ETag") ?? "";
    const again = await fetch(`${gateway.url}/toy`, { headers: { "If-None-Match": etag } });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    const other = await fetch(`${gateway.url}/toy`, { headers: { "If-None-Match": '"other"' } });
    expect([other.status, (await other.text()).length]).toEqual([200, 6011]);
  });

  it("say as problem+json what is not there, what is refused and that a fault is ours", async () => {
    const missing = await fetch(`${gateway.url}/api/nothing`);
    expect([missing.status, await problem(missing)]).toMatchObject([
      404,
      {
        title: "Not found",
        status: 404,
        detail: "nothing at GET /api/nothing; GET /api lists what there is",
      },
    ]);
    const refused = await fetch(`${gateway.url}/toy/refused`);
    expect([refused.status, await problem(refused)]).toMatchObject([
      400,
      { what: "class", wanted: "ship", got: '"shop"', field: "class" },
    ]);
    const bug = await fetch(`${gateway.url}/toy/bug`);
    expect(bug.status).toBe(500);
    expect(JSON.stringify(await problem(bug))).not.toContain("secret detail");
    expect(noted.join()).toContain("secret detail");
  });
});

describe("who may ask", () => {
  it("reads without a login on loopback, and changes nothing without one", async () => {
    const body = '{"a":1}';
    expect((await fetch(`${gateway.url}/toy`)).status).toBe(200);
    expect((await fetch(`${gateway.url}/toy/search`, { method: "POST" })).status).toBe(200);
    const none = await fetch(`${gateway.url}/toy`, { method: "POST", body });
    expect([none.status, none.headers.get("WWW-Authenticate")]).toEqual([401, 'Bearer realm="swath"']);
    await problem(none);
    const Authorization = `Bearer ${gateway.token}`;
    const good = await fetch(`${gateway.url}/toy`, { method: "POST", body, headers: { Authorization } });
    expect([good.status, await good.json()]).toEqual([200, { a: 1 }]);
  });

  it("says of a token that it has run out, or that it is of another server", async () => {
    const say = async (token: string) => {
      const headers = { Authorization: `Bearer ${token}` };
      return (await problem(await fetch(`${gateway.url}/toy`, { method: "POST", headers })))["detail"];
    };
    expect(await say(issueToken(secret, instant(0), seconds(60)))).toMatch(
      /got one that ran out at 1970-01-01T00:01:00.000Z/,
    );
    expect(await say(issueToken(newSecret(), instant(Date.now() / 1000), seconds(60)))).toMatch(
      /got one of another server/,
    );
    for (const odd of ["x", ".", "a.b.c", `${gateway.token}0`])
      expect(await say(odd)).toMatch(/another server/);
  });

  it("lets the login link in by a cookie", async () => {
    const link = await fetch(gateway.loginUrl, { redirect: "manual" });
    const cookie = link.headers.get("Set-Cookie") ?? "";
    expect([link.status, link.headers.get("Location")]).toEqual([303, "/"]);
    expect(cookie).toMatch(/^swath_login=.*HttpOnly; SameSite=Strict$/);
    const headers = { Cookie: cookie.split(";")[0] ?? "" };
    expect((await fetch(`${gateway.url}/toy`, { method: "POST", body: "{}", headers })).status).toBe(200);
    expect((await fetch(`${gateway.url}/login?token=x`)).status).toBe(401);
  });

  it("refuses names and origins that are not ours", async () => {
    expect(await statusWithHost("evil.example")).toBe(421);
    expect(await statusWithHost("localhost:4280")).toBe(200);
    const from = (Origin: string, url = gateway.url) => fetch(`${url}/toy`, { headers: { Origin } });
    const foreign = await from("https://evil.example");
    expect([foreign.status, foreign.headers.get("Access-Control-Allow-Origin")]).toEqual([403, null]);
    expect((await problem(foreign))["detail"]).toMatch(/a page of another origin asked: .*--cors/);
    expect((await from("null")).status).toBe(403);
    expect((await from(gateway.url)).status).toBe(200);
    await using asked = await open({ origins: ["https://map.example"] });
    const allowed = await from("https://map.example", asked.url);
    expect([allowed.status, allowed.headers.get("Access-Control-Allow-Origin")]).toEqual([
      200,
      "https://map.example",
    ]);
  });

  it("wants a login for everything beyond this machine", async () => {
    await using wide = await open({ host: "0.0.0.0" });
    const url = wide.url.replace("0.0.0.0", "127.0.0.1");
    expect((await fetch(`${url}/toy`)).status).toBe(401);
    const headers = { Authorization: `Bearer ${wide.token}` };
    expect((await fetch(`${url}/toy`, { headers })).status).toBe(200);
  });
});

describe("the server", () => {
  it("bounds bodies, said and unsaid", async () => {
    const headers = { Authorization: `Bearer ${gateway.token}` };
    const body = "x".repeat(1024 * 1024 + 1);
    const said = await fetch(`${gateway.url}/toy`, { method: "POST", headers, body });
    expect([said.status, await problem(said)]).toMatchObject([413, { what: "the body is too long" }]);
    const status = await new Promise((resolve, reject) => {
      const asked = request(`${gateway.url}/toy`, { method: "POST", headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on("error", reject);
      asked.write(body);
      asked.end("x");
    });
    expect(status).toBe(413);
  });

  it("says that a port is taken", async () => {
    const port = Number(new URL(gateway.url).port);
    await expect(open({ port })).rejects.toThrow(
      /^cannot listen on 127.0.0.1:\d+: wanted a free port .*, got a port that is taken; choose with --port/,
    );
  });
});
