/**
 * How fast scenes are read over HTTP, against the same scenes from disk, in one run: 20 scenes from a server on loopback
 * that takes 20 ms for each request, and how many bytes that fetched of those that were needed.
 *
 *     npm run bench:http [-- --json] [-- --rounds 3] [-- --delay 20]
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, sep } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { openAccess } from "../../datasets/access.ts";
import type { SceneEntry } from "../../datasets/catalogue.ts";
import { catalogue } from "../../datasets/dataset.ts";
import { openScene } from "../../datasets/image/file-scene.ts";
import { ensureHarbour } from "../../datasets/harbour/harbour.ts";
import { mapOrdered } from "../../pipeline/streams.ts";
import { reportFigures } from "./figures.ts";

const scenesWanted = 20;
const windowSide = 512;
/** As a pipeline reads: the next windows are asked for while this one is worked on, and the next scene while this one ends. */
const windowsInFlight = 4;
const scenesInFlight = 2;
const [leastSpeed, mostBytes] = [0.7, 1.15];

const projectRoot = (): string => {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, "package.json"))) folder = join(folder, "..");
  return folder;
};

/** The folder of real scenes beside the project; the built-in ones where it is not there. */
const findData = async (): Promise<string> => {
  const real = join(projectRoot(), "..", "shared", "datasets", "sen2ships");
  return existsSync(real) ? real : ensureHarbour("builtin:harbour?scenes=10");
};

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

/** What serving came to since it was last asked. */
interface Served {
  readonly requests: number;
  readonly cpuSeconds: number;
  /** Of requests under way: the most at once, and the mean over the time in which there were any. */
  readonly mostInFlight: number;
  readonly meanInFlight: number;
  /** Requests of one scene that came after another's answer, one after the other: the longest such chain, median over the scenes. */
  readonly roundTrips: number;
}

/** Requests under way over time, in seconds of wall clock. */
const openGauge = () => {
  let [now, most, requests, busy, area] = [0, 0, 0, 0, 0];
  let since = performance.now();
  const move = (by: number): void => {
    const time = performance.now();
    if (now > 0) busy += time - since;
    area += now * (time - since);
    [since, now] = [time, now + by];
    most = Math.max(most, now);
  };
  return {
    begin: () => (requests++, move(1)),
    end: () => move(-1),
    take: () => {
      const taken = { requests, mostInFlight: most, meanInFlight: busy === 0 ? 0 : area / busy };
      [most, requests, busy, area] = [now, 0, 0, 0];
      return taken;
    },
  };
};

/**
 * In a process of its own, so that serving is not paid for by reading; from memory, so that it costs little. `/<copy>/<path>` is a
 * file below `folder`. Answers each message with what it has `Served`.
 */
const serve = async (folder: string, delayMs: number): Promise<void> => {
  const held = new Map<string, Buffer>();
  const gauge = openGauge();
  /** By scene: the longest chain among the requests that have been answered. */
  const chains = new Map<string, number>();
  const server = createServer((request, response) => {
    gauge.begin();
    const path = join(folder, decodeURIComponent(request.url ?? "").replace(/^\/\d+\//, "/"));
    const content = held.get(path) ?? readFileSync(path);
    held.set(path, content);
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
    const [start, end] = [
      Number(first ?? 0),
      Math.min(Number(last ?? content.length - 1), content.length - 1),
    ];
    const [, scene = ""] = /^\/(\d+)\//.exec(request.url ?? "") ?? [];
    const chain = (chains.get(scene) ?? 0) + 1;
    response.once("finish", () => {
      gauge.end();
      chains.set(scene, Math.max(chains.get(scene) ?? 0, chain));
    });
    setTimeout(() => {
      response.writeHead(206, {
        etag: `"${content.length}"`,
        "content-length": end - start + 1,
        "content-range": `bytes ${start}-${end}/${content.length}`,
      });
      response.end(content.subarray(start, end + 1));
    }, delayMs);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  let cpu = process.cpuUsage();
  process.on("message", () => {
    const { user, system } = process.cpuUsage(cpu);
    cpu = process.cpuUsage();
    const roundTrips = median([...chains.values(), 0]);
    chains.clear();
    process.send?.({ ...gauge.take(), cpuSeconds: (user + system) / 1e6, roundTrips } satisfies Served);
  });
  process.send?.((server.address() as AddressInfo).port);
};

type Work = Pick<SceneEntry, "scene" | "assets">;

const readScene = async ({ scene, assets }: Work, access: ReturnType<typeof openAccess>): Promise<void> => {
  await using reader = await openScene(scene, assets, { access });
  const bands = scene.bands.map(({ name }) => name);
  const starts = (length: number): readonly number[] =>
    Array.from({ length: Math.ceil(length / windowSide) }, (_, i) => i * windowSide);
  const windows = starts(scene.height).flatMap((y) =>
    starts(scene.width).map((x) => ({
      x,
      y,
      width: Math.min(windowSide, scene.width - x),
      height: Math.min(windowSide, scene.height - y),
    })),
  );
  reader.expect?.(windows, bands);
  for await (const _ of mapOrdered(windows, windowsInFlight, (window) => reader.readWindow(window, bands)));
};

/** Seconds that reading all of `scenes` takes, and the bytes it fetched. */
const timed = async (scenes: readonly Work[]) => {
  await using access = openAccess();
  const cpu = process.cpuUsage();
  const start = performance.now();
  for await (const _ of mapOrdered(scenes, scenesInFlight, (work) => readScene(work, access)));
  const { user, system } = process.cpuUsage(cpu);
  return {
    seconds: (performance.now() - start) / 1000,
    cpuSeconds: (user + system) / 1e6,
    ...access.traffic(),
  };
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      json: { type: "boolean", default: false },
      rounds: { type: "string", default: "3" },
      delay: { type: "string", default: "20" },
      /** Set for the child process. */
      serve: { type: "string" },
    },
  });
  const delayMs = Number(values.delay);
  if (values.serve !== undefined) return serve(values.serve, delayMs);
  const folder = await findData();
  const { entries } = await catalogue(folder);
  const local = Array.from({ length: scenesWanted }, (_, i) => entries[i % entries.length]!);
  const server = fork(fileURLToPath(import.meta.url), ["--serve", folder, "--delay", `${delayMs}`]);
  const [port] = (await once(server, "message")) as [number];
  const remote = local.map(({ scene, assets }, i) => ({
    scene,
    assets: assets.map((asset) => {
      const path = asset.path
        .slice(folder.length + 1)
        .split(sep)
        .map(encodeURIComponent)
        .join("/");
      return { ...asset, path: `http://127.0.0.1:${port}/${i}/${path}` };
    }),
  }));
  const needed = local
    .flatMap(({ assets }) => assets.map(({ path }) => statSync(path).size))
    .reduce((a, b) => a + b, 0);
  // Once untimed: loops are compiled, files are in memory.
  await timed(local.slice(0, 4));
  await timed(remote.slice(0, 4));
  const served = async (): Promise<Served> => {
    server.send("served");
    const [answer] = (await once(server, "message")) as [Served];
    return answer;
  };
  await served();
  const rounds = [];
  for (let i = 0; i < Number(values.rounds); i++) {
    rounds.push({ disk: await timed(local), web: await timed(remote), served: await served() });
    await sleep(100);
  }
  server.kill();
  const megapixels = local.reduce((sum, { scene }) => sum + (scene.width * scene.height) / 1e6, 0);
  const [disk, web] = [
    median(rounds.map((round) => round.disk.seconds)),
    median(rounds.map((round) => round.web.seconds)),
  ];
  const [{ web: last }] = rounds as [(typeof rounds)[number]];
  const result = {
    scenes: local.length,
    megapixels,
    diskMegapixelsPerSecond: megapixels / disk,
    httpMegapixelsPerSecond: megapixels / web,
    speedOfDisk: disk / web,
    cpuOfDisk:
      median(rounds.map((round) => round.web.cpuSeconds)) /
      median(rounds.map((round) => round.disk.cpuSeconds)),
    diskSeconds: disk,
    httpSeconds: web,
    diskCpuSeconds: median(rounds.map((round) => round.disk.cpuSeconds)),
    httpCpuSeconds: median(rounds.map((round) => round.web.cpuSeconds)),
    serverCpuSeconds: median(rounds.map((round) => round.served.cpuSeconds)),
    roundTripsOfScene: rounds[0]!.served.roundTrips,
    mostInFlight: Math.max(...rounds.map((round) => round.served.mostInFlight)),
    meanInFlight: median(rounds.map((round) => round.served.meanInFlight)),
    requests: last.requests,
    fetchedBytes: last.bytes,
    neededBytes: needed,
    fetchedOfNeeded: last.bytes / needed,
  };
  if (values.json) {
    console.log(JSON.stringify(result, null, 2));
    return;
  }
  console.log(
    `${result.scenes} scenes, ${megapixels.toFixed(0)} MP, ${delayMs} ms a request; median of ${values.rounds}`,
  );
  console.log(
    `disk ${result.diskMegapixelsPerSecond.toFixed(1)} MP/s, HTTP ${result.httpMegapixelsPerSecond.toFixed(1)} MP/s`,
  );
  console.log(
    `processor time: disk ${result.diskCpuSeconds.toFixed(2)} s in ${disk.toFixed(2)} s, ` +
      `HTTP ${result.httpCpuSeconds.toFixed(2)} s in ${web.toFixed(2)} s (${result.cpuOfDisk.toFixed(2)} ×), its server ${result.serverCpuSeconds.toFixed(2)} s`,
  );
  console.log(
    `${result.roundTripsOfScene} round trips a scene; requests in flight: ${result.meanInFlight.toFixed(1)} on average, ${result.mostInFlight} at most`,
  );
  console.log(`fetched ${(last.bytes / 1e6).toFixed(1)} MB in ${last.requests} requests`);
  reportFigures([
    {
      what: `${result.scenes} scenes over HTTP, ${delayMs} ms a request`,
      value: result.httpMegapixelsPerSecond,
      unit: "MP/s",
      beside: { what: "from disk", value: result.diskMegapixelsPerSecond },
      bar: { on: "ratio", least: leastSpeed },
    },
    {
      what: "bytes fetched",
      value: last.bytes / 1e6,
      unit: "MB",
      beside: { what: "bytes of the blocks needed", value: needed / 1e6 },
      bar: { on: "ratio", most: mostBytes },
    },
  ]);
};

await main();
