/** The processes of the gateway's bench: each is this file with a role as its first argument, and speaks to its parent in messages. */
import { mkdtempSync, rmSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { connectBus } from "../../pipeline/bus/connection.ts";
import { bytes, seconds } from "../../pipeline/units.ts";
import { detectionsFace } from "../../stations/gateway/detections/detections-face.ts";
import { openGateway } from "../../stations/gateway/gateway.ts";
import { newSecret } from "../../stations/gateway/login.ts";
import { openCursors } from "../../stations/subscribers/cursor-store.ts";
import { fanOut as fanOutOf } from "../../stations/subscribers/fan-out.ts";
import { openJournal } from "../../stations/subscribers/folder-journal.ts";
import { ingest } from "../../stations/subscribers/ingest.ts";

/** What a process is started with. */
export type PartRequest =
  /** A gateway; it hears the NATS once it is told to. */
  | { readonly part: "gateway"; readonly nats: string }
  /** Clients of one gateway, a query each; they tell what they got when `count` have come in all, or at `quiet` ms without any. */
  | {
      readonly part: "clients";
      readonly url: string;
      readonly queries: readonly string[];
      readonly quietMs: number;
    }
  /** One client that counts. */
  | { readonly part: "counter"; readonly url: string; readonly count: number }
  /** One client of JetStream, pushed to. */
  | { readonly part: "pushed"; readonly nats: string; readonly stream: string; readonly count: number };

/** What it says. */
export type PartAnswer =
  | { readonly said: "ready"; readonly url: string }
  | { readonly said: "memory"; readonly bytes: number }
  /** For each client the ids it got, and the times of all from `scene` (when it was published) to here, ms. */
  | {
      readonly said: "got";
      readonly ids: readonly (readonly string[])[];
      readonly waitsMs: readonly number[];
    }
  | { readonly said: "counted"; readonly atMs: number };

/** A parent that has just let go hears nothing more, and need not. */
const say = (answer: PartAnswer): void => void process.send?.(answer, undefined, {}, () => undefined);

/** Milliseconds since 1970, finer than `Date.now()`: the same in every process of a machine. */
export const wallMs = (): number => performance.timeOrigin + performance.now();

const note = (text: string): void => console.error(text);

const beGateway = async (nats: string): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), "swath-bench-gateway-"));
  const journal = await openJournal({ folder, keep: bytes(1e9), note });
  const feed = {
    journal,
    fanOut: fanOutOf(journal),
    cursors: openCursors(join(folder, "cursors"), note),
    knownClasses: () => new Set<string>(),
  };
  const bus = await connectBus({ url: nats, name: "bench" });
  const faces = [detectionsFace(feed, note)];
  const options = {
    host: "127.0.0.1",
    port: 0,
    faces,
    secret: newSecret(),
    origins: [],
    loginValid: seconds(60),
    note,
  };
  const gateway = await openGateway(options);
  say({ said: "ready", url: gateway.url });
  process.once("message", () => void ingest(bus, feed, new AbortController().signal));
  setInterval(() => say({ said: "memory", bytes: process.memoryUsage().rss }), 200);
  process.once("disconnect", () => {
    rmSync(folder, { recursive: true });
    process.exit();
  });
};

const listen = (url: string, onText: (text: string) => void): void => {
  get(url, { agent: false }, (response) => {
    response.setEncoding("utf8");
    response.on("data", onText);
  });
};

const beClients = (url: string, queries: readonly string[], quietMs: number): void => {
  const ids = queries.map((): string[] => []);
  const waitsMs: number[] = [];
  let [live, last] = [0, wallMs()];
  for (const [i, query] of queries.entries()) {
    let rest = "";
    listen(`${url}/api/detections/stream?${query}`, (text) => {
      const now = wallMs();
      const frames = (rest + text).split("\n\n");
      rest = frames.pop() ?? "";
      for (const frame of frames) {
        const id = /"id":"([^"]+)"/.exec(frame)?.[1];
        if (id !== undefined) {
          ids[i]?.push(id);
          waitsMs.push(now - Number(/"scene":"([\d.]+)"/.exec(frame)?.[1]));
          last = now;
        } else if (frame.startsWith("event: live") && ++live === queries.length) say({ said: "ready", url });
      }
    });
  }
  const timer = setInterval(() => {
    if (waitsMs.length === 0 || wallMs() - last < quietMs) return;
    clearInterval(timer);
    say({ said: "got", ids, waitsMs });
  }, 200);
};

const beCounter = (url: string, count: number): void => {
  let [counted, carried] = [0, false];
  const client = get(`${url}/api/detections/stream?from=start`, { agent: false }, (response) => {
    say({ said: "ready", url });
    response.on("data", (data: Buffer) => {
      // Every frame ends in an empty line, and nothing in it is empty.
      if (carried && data[0] === 10) counted += 1;
      for (let at = data.indexOf("\n\n"); at >= 0; at = data.indexOf("\n\n", at + 2)) counted += 1;
      carried = data.at(-1) === 10 && data.at(-2) !== 10;
      // The two notices at the beginning are frames too.
      if (counted < count + 2) return;
      say({ said: "counted", atMs: wallMs() });
      client.destroy();
    });
  });
};

const bePushed = async (nats: string, stream: string, count: number): Promise<void> => {
  const bus = await connectBus({ url: nats, name: "bench" });
  const consumer = await bus.js.consumers.getPushConsumer(stream);
  say({ said: "ready", url: nats });
  await new Promise((resolve) => process.once("message", resolve));
  let counted = 0;
  for await (const _ of await consumer.consume()) {
    counted += 1;
    if (counted === count) break;
  }
  say({ said: "counted", atMs: wallMs() });
};

/** Where this file lies, for whoever starts it. */
export const partsFile: string = fileURLToPath(import.meta.url);

if (process.argv[1] === partsFile) {
  process.once("message", (request: PartRequest) => {
    if (request.part === "gateway") void beGateway(request.nats);
    else if (request.part === "clients") beClients(request.url, request.queries, request.quietMs);
    else if (request.part === "counter") beCounter(request.url, request.count);
    else void bePushed(request.nats, request.stream, request.count);
  });
  process.on("disconnect", () => process.exit());
}
