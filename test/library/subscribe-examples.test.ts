import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Bus, connectBus } from "../../pipeline/bus/connection.ts";
import { openRun, type RunBus } from "../../pipeline/bus/run-bus.ts";
import { findNatsServer } from "../../pipeline/bus/server-binary.ts";
import { busRunOf, classToken, resultSubject } from "../../pipeline/bus/subjects.ts";
import { encodeResultMessage } from "../../pipeline/mission/result-message.ts";
import type { Gateway } from "../../stations/gateway/gateway.ts";
import { openServer } from "../../studies/serve/serve.ts";
import { noBrowser, openBrowser } from "../console/chromium.ts";
import { liveResults } from "../stations/gateway/run-folder.ts";

/*
 * The clients of docs/subscribe.md, against nats-server with its MQTT gateway, as examples/mqtt.conf has it, and against the gateway.
 */

const folder = mkdtempSync(join(tmpdir(), "swath-subscribe-"));
const example = (name: string): string => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));
const has = (program: string, ...words: readonly string[]): boolean =>
  spawnSync(program, words).error === undefined;

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { readonly port: number };
      server.close(() => resolve(port));
    });
  });

let server: ChildProcess;
let bus: Bus | undefined;
let run: RunBus;
let gateway: Gateway;
let pages: { readonly origin: string; readonly close: () => void };
let ports: { readonly nats: number; readonly mqtt: number };
const results = liveResults("compare-0badcafe-detect", 12);
const ships = results.filter((result) => result.class === "ship");

/** The browser's example from an origin of its own, as docs/subscribe.md says. */
const servePage = (): Promise<typeof pages> =>
  new Promise((resolve) => {
    const http = createHttpServer((_, response) =>
      response.writeHead(200, { "Content-Type": "text/html" }).end(readFileSync(example("subscribe.html"))),
    );
    http.listen(0, "127.0.0.1", () => {
      const { port } = http.address() as { readonly port: number };
      resolve({ origin: `http://127.0.0.1:${port}`, close: () => void http.close() });
    });
  });

const connected = async (url: string): Promise<Bus> => {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await connectBus({ url, name: "test" });
    } catch (error) {
      if (attempt >= 100) throw error;
      await sleep(100);
    }
  }
};

beforeAll(async () => {
  pages = await servePage();
  ports = { nats: await freePort(), mqtt: await freePort() };
  const text = readFileSync(example("mqtt.conf"), "utf8")
    .replaceAll("127.0.0.1:4222", `127.0.0.1:${ports.nats}`)
    .replaceAll("127.0.0.1:1883", `127.0.0.1:${ports.mqtt}`)
    .replace("nats-store", join(folder, "store"));
  writeFileSync(join(folder, "nats.conf"), text);
  server = spawn(findNatsServer(process.env["PATH"] ?? ""), ["-c", join(folder, "nats.conf")], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  server.stderr?.on("data", (data: Buffer) => (log += data.toString()));
  const url = `nats://127.0.0.1:${ports.nats}`;
  bus = await connected(url).catch((error: unknown) => {
    server.kill();
    throw new Error(log, { cause: error });
  });
  run = await openRun(bus, busRunOf("compare-0badcafe-detect", "a1b2c3d4"), ["result"]);
  gateway = await openServer(
    {
      host: "127.0.0.1",
      port: 0,
      runs: join(folder, "runs"),
      nats: url,
      origins: [pages.origin],
      loginValid: null,
    },
    { note: () => undefined },
  );
}, 30_000);
afterAll(async () => {
  await gateway?.[Symbol.asyncDispose]();
  await run?.[Symbol.asyncDispose]();
  await bus?.[Symbol.asyncDispose]();
  server.kill();
  pages.close();
});

/** Says the detections; JetStream would leave out what is said again in the same round. */
const publish = async (round: number): Promise<void> => {
  for (const result of results) {
    const subject = resultSubject(run.run, classToken(result.class), "831ea4fffffffff");
    await run.publish(subject, encodeResultMessage(result), `${result.id}.${round}`);
  }
  await run.flush();
};

interface Client {
  readonly lines: readonly string[];
  readonly said: () => string;
  readonly ended: Promise<number | null>;
}

const start = (
  program: string,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Client => {
  const child = spawn(program, words, {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [text, said] = ["", ""];
  child.stdout.on("data", (data: Buffer) => (text += data.toString()));
  child.stderr.on("data", (data: Buffer) => (said += data.toString()));
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  return {
    get lines() {
      return text.split("\n").filter(Boolean);
    },
    said: () => said,
    ended,
  };
};

const idsOf = (lines: readonly string[]): readonly string[] =>
  lines.map((line) => (JSON.parse(line) as { readonly id: string }).id);
const idsIn = (list: readonly { readonly id: string }[]): readonly string[] => list.map(({ id }) => id);

describe("clients of NATS itself", () => {
  const python = has("/usr/bin/python3", "--version");
  const mosquitto = has("mosquitto_sub", "--help");
  if (!mosquitto)
    console.warn("skipped: MQTT: mosquitto_sub is not installed (apt-get install mosquitto-clients)");
  if (!python) console.warn("skipped: subscribe.py: /usr/bin/python3 is not installed");

  it("hear what is published: the NATS protocol, and MQTT by mosquitto_sub", async () => {
    const count = `${ships.length}`;
    const raw = start(process.execPath, [
      example("nats-subscribe.mjs"),
      `nats://127.0.0.1:${ports.nats}`,
      "swath.*.*.result.ship.>",
      count,
    ]);
    const topic = "swath/+/+/result/ship/#";
    const words = ["-h", "127.0.0.1", "-p", `${ports.mqtt}`, "-t", topic, "-C", count, "-W", "25"];
    const mqtt = mosquitto ? start("mosquitto_sub", words) : null;
    // Said again and again until both have listened long enough: neither says reliably when it begins to.
    const clients = [raw, ...(mqtt === null ? [] : [mqtt])];
    let heard = false;
    void Promise.all(clients.map(({ ended }) => ended)).then(() => (heard = true));
    for (let round = 0; !heard && round < 60; round += 1) {
      await publish(round);
      await sleep(200);
    }
    for (const { lines, said } of clients)
      expect(idsOf(lines).toSorted(), said()).toEqual(idsIn(ships).toSorted());
  }, 30_000);

  it.skipIf(!python)(
    "subscribe.py goes on behind the detection that it wrote down last",
    async () => {
      const words = [example("subscribe.py"), gateway.url, "class=ship&from=start"];
      const env = { CURSOR: join(folder, "cursor.txt") };
      const first = start("/usr/bin/python3", words, { ...env, COUNT: "4" });
      expect(await first.ended, first.said()).toBe(0);
      const second = start("/usr/bin/python3", words, { ...env, COUNT: `${ships.length - 4}` });
      expect(await second.ended, second.said()).toBe(0);
      expect(idsOf([...first.lines, ...second.lines])).toEqual(idsIn(ships));
      const refused = start("/usr/bin/python3", [example("subscribe.py"), gateway.url, "class=whale"], env);
      expect(await refused.ended).toBe(1);
      expect(refused.said()).toMatch(/unknown class "whale"/);
    },
    30_000,
  );

  it("subscribe.mjs reads the gateway's stream", async () => {
    const tugs = results.filter((result) => result.class === "tug");
    const words = [example("subscribe.mjs"), gateway.url, "from=start&class=tug", `${tugs.length}`];
    const client = start(process.execPath, words);
    expect(await client.ended, client.said()).toBe(0);
    expect(idsOf(client.lines)).toEqual(idsIn(tugs));
  }, 30_000);

  if (noBrowser !== null) console.warn(`subscribe.html: ${noBrowser}`);

  it.skipIf(noBrowser !== null)(
    "subscribe.html lists them in a browser, from another origin that was let in",
    async () => {
      const browser = await openBrowser();
      try {
        const page = await browser.newPage();
        const query = new URLSearchParams({ gateway: gateway.url, from: "start", class: "tug" });
        await page.goto(`${pages.origin}/subscribe.html?${query.toString()}`);
        await page.locator("#state", { hasText: /^live$/ }).waitFor();
        const listed = await page.locator("#list li").evaluateAll((items) => items.map(({ id }) => id));
        const tugs = results.filter((result) => result.class === "tug");
        expect(listed).toEqual(idsIn(tugs).toReversed());
      } finally {
        await browser.close();
      }
    },
    30_000,
  );
});
