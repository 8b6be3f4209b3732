import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { seconds } from "../../../pipeline/units.ts";
import { gatewayApp } from "../../../stations/gateway/gateway.ts";
import { newSecret } from "../../../stations/gateway/login.ts";
import { pageFace, pagePolicy } from "../../../stations/gateway/page-face.ts";

const folder = mkdtempSync(join(tmpdir(), "swath-page-"));
afterAll(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, "assets"));
writeFileSync(join(folder, "index.html"), "<!doctype html><p>page");
writeFileSync(join(folder, "assets", "page-0123456789.js"), "export {};");

const ask = (path: string, built: string | null = folder, headers = {}) => {
  const secret = newSecret();
  const options = {
    host: "127.0.0.1",
    port: 0,
    secret,
    loginValid: seconds(60),
    origins: [],
    note: () => undefined,
  };
  const rules = { secret, isLoopback: true, hosts: ["127.0.0.1"], origins: [], readingPosts: [] };
  const app = gatewayApp({ ...options, faces: [pageFace(built)] }, rules);
  return app.request(path, { headers: { Host: "127.0.0.1:4280", ...headers } });
};

describe("the page", () => {
  it("is served with a policy that lets it load from this server alone", async () => {
    const answer = await ask("/");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("Content-Security-Policy")).toBe(pagePolicy);
    expect(pagePolicy).toContain("default-src 'none'");
    expect(pagePolicy).not.toMatch(/unsafe|https?:|\*/);
    expect(await answer.text()).toContain("page");
  });

  it("is asked for anew each time, its assets never again", async () => {
    const page = await ask("/");
    expect(page.headers.get("Cache-Control")).toBe("no-cache");
    expect((await ask("/", folder, { "If-None-Match": page.headers.get("ETag") ?? "" })).status).toBe(304);
    const asset = await ask("/assets/page-0123456789.js");
    expect(asset.headers.get("Cache-Control")).toContain("immutable");
    expect(asset.headers.get("Content-Type")).toContain("javascript");
  });

  it("has nothing but what was built", async () => {
    expect((await ask("/assets/..%2Findex.html")).status).toBe(404);
    expect((await ask("/assets/none.js")).status).toBe(404);
  });

  it("says so where it was not built", async () => {
    const answer = await ask("/", null);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ what: "the console was not built", hint: "npm run setup" });
  });
});
