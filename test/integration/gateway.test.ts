import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { encodeResultMessage, type ResultMessage } from "../../pipeline/mission/result-message.ts";
import { listenTo, messages } from "../stations/gateway/event-client.ts";
import { result } from "../stations/subscribers/results.ts";
import { natsForTests } from "./nodes.ts";
import { onlyRun, type Running, scratch, start, swath } from "./swath.ts";

/** Real processes: nats-server, swath serve, clients that are killed. */
const kills = process.env["SWATH_LONG"] === "1" ? 200 : 6;
const nats = natsForTests();

interface Serving extends Running {
  readonly url: string;
  readonly token: string;
}

const serve = async (runs: string, port = 0, place = ["--nats", nats.server.url]): Promise<Serving> => {
  const running = start(["serve", "--port", `${port}`, "--runs", runs, ...place], runs);
  let said = "";
  running.child.stdout?.on("data", (data: Buffer) => (said += data.toString()));
  const link = /log in\s+(http:\/\/\S+)\/login\?token=(\S+)/;
  const ended = running.finished.then(({ stderr }) => {
    throw new Error(`serve ended: ${stderr}`);
  });
  while (!link.test(said)) await Promise.race([sleep(20), ended]);
  ended.catch(() => undefined);
  const [, url = "", token = ""] = link.exec(said) ?? [];
  return { ...running, url, token };
};

/** A run on the bus that publishes when it is told to. */
const beginRun = async (name: string) => {
  const run = `${name}-detect`;
  const subject = `swath.${run}.1.result`;
  await nats.bus.manager.streams.add({ name: `swath_${run}_1_result`, subjects: [`${subject}.>`] });
  const publish = async (
    from: number,
    to: number,
    over: Partial<ResultMessage> = {},
  ): Promise<readonly string[]> => {
    const all = Array.from({ length: to - from }, (_, i) => result(from + i, { ...over, run }));
    await Promise.all(
      all.map((one) => nats.bus.js.publish(`${subject}.${one.class}.none`, encodeResultMessage(one))),
    );
    return all.map(({ id }) => id);
  };
  return { run, publish };
};

const sorted = (ids: readonly string[]): readonly string[] => ids.toSorted();
const until = async (test: () => boolean): Promise<void> => {
  while (!test()) await sleep(20);
};

describe("swath serve", () => {
  it("gives each client all of a run once, though gateway and NATS are killed meanwhile and a publisher repeats itself", async () => {
    const runs = scratch();
    const { run, publish } = await beginRun("replay-0000aaaa");
    let server = await serve(runs);
    const port = Number(new URL(server.url).port);
    const got: string[] = [];
    let last = "";
    const follow = async (): Promise<void> => {
      using client = await listenTo(`${server.url}/api/detections/stream?run=${run}&from=start`, {
        headers: last === "" ? {} : { "Last-Event-ID": last },
      });
      await client.ended;
      for (const { id, data } of messages(client.seen)) {
        got.push((JSON.parse(data) as ResultMessage).id);
        last = id;
      }
    };
    const published = [...(await publish(0, 300))];
    let following = follow();
    await sleep(500);
    server.child.kill("SIGKILL");
    await following;
    await server.finished;
    // Hours may lie between: nothing that JetStream remembers of message ids is needed.
    published.push(...(await publish(300, 500)));
    await publish(100, 350);
    await nats.server.restart("KILL");
    server = await serve(runs, port);
    following = follow();
    published.push(...(await publish(500, 700)));
    await sleep(1500);
    server.child.kill("SIGINT");
    const asked = performance.now();
    expect((await server.finished).code).toBe(0);
    expect(performance.now() - asked).toBeLessThan(2000);
    await following;
    expect(sorted(got)).toEqual(sorted(published));
  }, 60_000);

  it(
    "loses nothing and repeats nothing for a client that is killed between effect and acknowledgement",
    async () => {
      const runs = scratch();
      const { run, publish } = await beginRun("replay-0000bbbb");
      const server = await serve(runs);
      const published = await publish(0, kills * 4);
      const client = fileURLToPath(new URL("effect-client.mjs", import.meta.url));
      await fetch(`${server.url}/api/cursors/mine`, {
        method: "PUT",
        headers: { Authorization: `Bearer ${server.token}` },
        body: JSON.stringify({ from: "start", run }),
      });
      const lives = async (file: string, words: readonly string[]): Promise<readonly string[]> => {
        const done = (): readonly string[] => {
          try {
            return readFileSync(file, "utf8")
              .trim()
              .split("\n")
              .map((line) => (JSON.parse(line) as { id: string }).id);
          } catch {
            return [];
          }
        };
        for (let life = 0; life <= kills; life += 1) {
          const child = spawn(process.execPath, [client, server.url, run, file, ...words], {
            stdio: ["ignore", "pipe", "inherit"],
          });
          if (life === kills) await until(() => new Set(done()).size === published.length);
          else await once(child.stdout, "data"); // The effect has happened; what follows it has not.
          child.kill("SIGKILL");
          await once(child, "exit");
        }
        return done();
      };
      const own = await lives(join(runs, "own"), []);
      expect(sorted(own)).toEqual(sorted(published));
      // The gateway's cursor moves after the effect: what was not acknowledged comes again, under the same id.
      const kept = await lives(join(runs, "kept"), ["mine", server.token]);
      expect(sorted([...new Set(kept)])).toEqual(sorted(published));
      server.child.kill("SIGINT");
      await server.finished;
    },
    30_000 + kills * 3_000,
  );

  it("serves one folder at a time, and says who is in the way", async () => {
    const runs = scratch();
    const server = await serve(runs);
    const second = await swath(["serve", "--port", "0", "--runs", runs], runs);
    expect([second.code, second.stderr]).toEqual([
      1,
      expect.stringMatching(/another gateway serves .*: wanted one at a time, got process \d+; end it/),
    ]);
    server.child.kill("SIGKILL");
    await server.finished;
    const third = await serve(runs);
    third.child.kill("SIGINT");
    expect((await third.finished).code).toBe(0);
  }, 30_000);

  it("leaves out and names a run folder that is half there", async () => {
    const runs = scratch();
    mkdirSync(join(runs, "compare-00000000", "detect"), { recursive: true });
    writeFileSync(join(runs, "compare-00000000", "summary.json"), "{");
    writeFileSync(
      join(runs, "compare-00000000", "detect", "detections.geojson"),
      '{"type":"FeatureCollection","features":[\n{"ty',
    );
    const server = await serve(runs, 0, []);
    expect((await fetch(`${server.url}/api/detections`)).status).toBe(200);
    server.child.kill("SIGINT");
    expect((await server.finished).stderr).toMatch(
      /left out: no detections in .*compare-00000000.*: wanted features of swath-result\/2/,
    );
  }, 30_000);
});

describe("swath replay --live", () => {
  it("serves the run while it works, and then until Ctrl-C; live and archived detections are the same", async () => {
    const runs = scratch();
    const words = [
      "--constellation=walker:2",
      "--stations=builtin",
      "--schedule=cadence",
      "--no-day",
      "--hours=12",
    ];
    const running = start(
      ["replay", "builtin:harbour?scenes=1&size=1024", ...words, "--live", "--out", runs],
      runs,
    );
    let said = "";
    running.child.stderr?.on("data", (data: Buffer) => (said += data.toString()));
    await until(() => /watch it at/.test(said));
    const url = /watch it at (http:\/\/\S+), log in at http/.exec(said)?.[1] ?? "";
    using client = await listenTo(`${url}/api/detections/stream?from=start&class=ship`);
    await until(() => said.includes(`still served at ${url}: Ctrl-C ends it`));
    const file = join(onlyRun(runs), "detect", "detections.geojson");
    const { features } = JSON.parse(readFileSync(file, "utf8")) as {
      features: readonly { readonly id: string }[];
    };
    expect(features.length).toBeGreaterThan(0);
    await client.until((seen) => messages(seen).length >= features.length);
    const live = messages(client.seen).map(({ data }) => (JSON.parse(data) as ResultMessage).id);
    expect(sorted(live)).toEqual(sorted(features.map(({ id }) => id)));
    running.child.kill("SIGINT");
    const asked = performance.now();
    const { code, stderr } = await running.finished;
    const took = performance.now() - asked;
    // On a busy machine closing may take longer than anybody waits: then the watch ends it, says so, and leaves by the signal.
    const wasEnded = code === null && stderr.endsWith("swath: interrupted\n");
    expect(wasEnded || code === 0, `${code} after ${Math.round(took)} ms: ${stderr.slice(-300)}`).toBe(true);
    expect(took).toBeLessThan(2500);
  }, 120_000);
});

describe("swath subscribe and swath subscriptions at a gateway", () => {
  it("go on where a cursor stopped, in each format, and call webhooks that fail at first", async () => {
    const runs = scratch();
    const { run, publish } = await beginRun("replay-0000cccc");
    const server = await serve(runs);
    const area = join(runs, "gulf.geojson");
    const ring = [
      [4, 39],
      [6, 39],
      [6, 41],
      [4, 41],
      [4, 39],
    ];
    writeFileSync(
      area,
      JSON.stringify({ type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [ring] } }),
    );
    const calls: { readonly id: string; readonly signed: boolean }[] = [];
    await using receiver = createServer((request, response) => {
      let body = "";
      request.on("data", (data: Buffer) => (body += data.toString()));
      request.on("end", () => {
        if (failures-- > 0) response.writeHead(500).end();
        else {
          calls.push({
            id: (JSON.parse(body) as { id: string }).id,
            signed: request.headers["webhook-signature"] !== undefined,
          });
          response.writeHead(204).end();
        }
      });
    }).listen(0, "127.0.0.1");
    let failures = 2;
    await once(receiver, "listening");
    const { port } = receiver.address() as AddressInfo;
    const key = join(runs, "hook.key");
    writeFileSync(key, "0123456789abcdef0123\n");
    const manage = (...words: readonly string[]) => swath(["subscriptions", ...words, "--out", runs], runs);
    const hook = `http://127.0.0.1:${port}/`;
    const added = await manage(
      "add",
      "--name",
      "watch",
      "--webhook",
      hook,
      "--secret-file",
      key,
      "--area",
      area,
      "--run",
      run,
      "--from",
      "start",
    );
    expect([added.code, added.stdout]).toEqual([0, `watch calls ${hook}\n`]);
    const inside = await publish(0, 10);
    await publish(10, 20, { longitude: 100 });
    const listen = (...words: readonly string[]) =>
      swath(
        [
          "subscribe",
          "--out",
          runs,
          "--area",
          area,
          "--run",
          run,
          "--class",
          "ship",
          "--from",
          "start",
          ...words,
        ],
        runs,
      );
    const first = await listen("--cursor", "mine", "--limit", "4");
    const rest = await listen("--cursor", "mine", "--limit", "6");
    const idsOf = (text: string): readonly string[] =>
      text
        .trim()
        .split("\n")
        .map((line) => (JSON.parse(line) as { id: string }).id);
    expect(first.stderr + rest.stderr).toBe("");
    expect(sorted([...idsOf(first.stdout), ...idsOf(rest.stdout)])).toEqual(sorted(inside));
    const csv = await listen("--format", "csv", "--limit", "10");
    expect(csv.stdout.trim().split("\n")).toHaveLength(11);
    expect(csv.stdout).toMatch(/^id,run,policy,scene,.*,latency_s,model,cursor\n/);
    const wrong = await listen("--class", "shop");
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      expect.stringMatching(/unknown class "shop": wanted .*ship/),
    ]);
    await until(() => calls.length === 10);
    expect(sorted(calls.map(({ id }) => id))).toEqual(sorted(inside));
    expect(calls.every(({ signed }) => signed)).toBe(true);
    const shown = await manage("list", "--json");
    expect(JSON.parse(shown.stdout)).toMatchObject([
      { name: "watch", delivered: 10, dead_letters: 0, signed: true },
    ]);
    expect((await manage("dead-letters", "watch")).stdout).toBe("no dead letters\n");
    const refused = await manage("add", "--name", "inner", "--webhook", "http://192.168.0.1/");
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringMatching(/leads into an inner network .* --allow-private/),
    ]);
    expect((await manage("remove", "watch")).code).toBe(0);
    server.child.kill("SIGINT");
    await server.finished;
  }, 240_000);
});
