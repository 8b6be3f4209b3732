import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { postWebhook, readTarget } from "../../../../stations/subscribers/webhook/webhook-target.ts";

const open = { loopback: false, inner: false };
const local = { loopback: true, inner: false };

describe("where a webhook may lead", () => {
  it("is the web, over http and https", async () => {
    expect((await readTarget("https://93.184.215.14/x?y=1", open)).href).toBe("https://93.184.215.14/x?y=1");
    for (const odd of [
      "ftp://93.184.215.14/",
      "file:///etc/passwd",
      "gopher://x",
      "javascript:1",
      "",
      "hooks.example",
    ])
      await expect(readTarget(odd, open), odd).rejects.toThrow(
        /the webhook: wanted https:\/\/… or http:\/\/…/,
      );
    await expect(readTarget("https://me:pw@93.184.215.14/", open)).rejects.toThrow(
      /without user and password/,
    );
  });

  it("is no inner network, however it is written", async () => {
    const inner = [
      "http://127.0.0.1:9/",
      "http://localhost:9/",
      "http://2130706433/",
      "http://0x7f.1/",
      "http://0/",
      "http://10.1.2.3/",
      "http://172.20.0.1/",
      "http://192.168.1.1/",
      "http://169.254.169.254/latest/meta-data",
      "http://100.64.0.1/",
      "http://[::1]/",
      "http://[::ffff:10.0.0.1]/",
      "http://[fe80::1]/",
      "http://[fd00::1]/",
      "http://224.0.0.1/",
    ];
    for (const one of inner)
      await expect(readTarget(one, open), one).rejects.toThrow(/leads into an inner network/);
    for (const one of inner)
      await expect(readTarget(one, { loopback: true, inner: true }), one).resolves.toBeInstanceOf(URL);
    await expect(readTarget("http://127.0.0.1:9/", local)).resolves.toBeInstanceOf(URL);
    await expect(readTarget("http://10.1.2.3/", local)).rejects.toThrow(
      /or one of this machine, got 10.1.2.3; --allow-private lets it/,
    );
  });
});

describe("calling a webhook", () => {
  it("posts, does not follow redirects, and looks again where a name leads", async () => {
    const seen: string[] = [];
    await using server = createServer((request, response) => {
      seen.push(`${request.method} ${request.url} ${String(request.headers["x-told"])}`);
      response
        .writeHead(request.url === "/moved" ? 302 : 503, { location: "/other", "retry-after": "7" })
        .end("x".repeat(1e6));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const { signal } = new AbortController();
    const post = postWebhook(local);
    const told = { "x-told": "yes" };
    expect(await post(new URL(`http://127.0.0.1:${port}/x`), told, "{}", signal)).toEqual({
      status: 503,
      retryAfterSeconds: 7,
    });
    expect(await post(new URL(`http://localhost:${port}/moved`), told, "{}", signal)).toMatchObject({
      status: 302,
    });
    expect(seen).toEqual(["POST /x yes", "POST /moved yes"]);
    for (const host of ["localhost", "127.0.0.1"])
      await expect(
        postWebhook(open)(new URL(`http://${host}:${port}/x`), told, "{}", signal),
      ).rejects.toThrow(/inner network/);
    expect(seen).toHaveLength(2);
  });
});
