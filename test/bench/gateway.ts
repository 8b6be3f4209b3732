/**
 * The gateway on loopback: how long a detection takes from being published to each of 1,000 subscribers with areas of their own, whether each
 * gets exactly its own, how much memory that takes, and how fast one client is fed beside a bare JetStream push.
 *
 *   npm run bench:gateway
 *
 * NATS, gateway and clients are processes of their own on the same cores, so times are upper bounds of what the gateway takes.
 */
import { type ChildProcess, fork } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { connectBus } from "../../pipeline/bus/connection.ts";
import { startNatsServer } from "../../pipeline/bus/server.ts";
import { detectionId } from "../../pipeline/mission/detection-id.ts";
import {
  encodeResultMessage,
  type ResultMessage,
  resultVersion,
} from "../../pipeline/mission/result-message.ts";
import { seeded } from "../../pipeline/seeded.ts";
import { boxArea, isInArea } from "../../stations/subscribers/watch-area.ts";
import { type PartAnswer, type PartRequest, partsFile, wallMs } from "./gateway-parts.ts";
import { reportFigures, type Figure } from "./figures.ts";

const subscribers = 1000;
const perSecond = 500;
const secondsOfIt = 12;
/** Not timed: until everything is compiled. */
const warmUp = 2 * perSecond;
const messages = 60_000;
/** Others at work on the machine only ever slow a round down: the fastest of each counts. */
const rounds = 7;

const random = seeded("bench", "gateway");
const between = (low: number, high: number): number => low + random.uniform() * (high - low);

const detection = (n: number, run: string): ResultMessage => {
  const [longitude, latitude] = [between(-180, 180), between(-80, 80)];
  const content = {
    run,
    acquisition: n,
    class: n % 4 === 0 ? "airplane" : "ship",
    score: random.uniform(),
    box_px: [1, 2, 30, 40] as const,
  };
  const side = 0.001;
  return {
    schema: resultVersion,
    id: detectionId(content),
    run,
    policy: "detect",
    scene: "",
    acquisition: n,
    satellite: "walker-1-1",
    station: "Svalbard",
    class: content.class,
    score: content.score,
    place: "ground",
    box_px: content.box_px,
    outline_px: null,
    longitude,
    latitude,
    polygon: [
      [longitude - side, latitude - side],
      [longitude + side, latitude - side],
      [longitude + side, latitude + side],
      [longitude - side, latitude + side],
    ],
    captured_at: "2026-01-01T00:00:00.000Z",
    received_at: "2026-01-01T00:30:00.000Z",
    latency_s: 1800,
  };
};

interface Part extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly next: <Said extends PartAnswer["said"]>(
    said: Said,
  ) => Promise<Extract<PartAnswer, { said: Said }>>;
  /** Most octets that it has said it holds. */
  readonly mostMemory: () => number;
}

const startPart = (request: PartRequest): Part => {
  const child = fork(partsFile);
  let most = 0;
  child.on("message", (answer: PartAnswer) => {
    if (answer.said === "memory") most = Math.max(most, answer.bytes);
  });
  child.send(request);
  return {
    child,
    mostMemory: () => most,
    next: (said) =>
      new Promise((resolve) => {
        const hear = (answer: PartAnswer): void => {
          if (answer.said !== said) return;
          child.off("message", hear);
          resolve(answer as Extract<PartAnswer, { said: typeof said }>);
        };
        child.on("message", hear);
      }),
    async [Symbol.asyncDispose]() {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.disconnect();
      await gone;
    },
  };
};

const rows: Figure[] = [];

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

const measureFanOut = async (): Promise<void> => {
  await using nats = await startNatsServer();
  await using bus = await connectBus({ url: nats.url, name: "bench" });
  const run = "bench-fan-detect";
  await bus.manager.streams.add({ name: `swath_${run}_1_result`, subjects: [`swath.${run}.1.result.>`] });
  await using gateway = startPart({ part: "gateway", nats: nats.url });
  const { url } = await gateway.next("ready");
  const wanted = Array.from({ length: subscribers }, (_, i) => {
    const [west, south] = [between(-180, 180), between(-80, 70)];
    const [width, height] = [between(2, 30), between(2, 20)];
    const box = [
      west,
      south,
      west + width > 180 ? west + width - 360 : west + width,
      Math.min(south + height, 90),
    ] as const;
    const minScore = i % 3 === 0 ? 0.5 : 0;
    const classes = i % 5 === 0 ? ["ship"] : null;
    return { box, minScore, classes, area: boxArea(box) };
  });
  const queries = wanted.map(
    ({ box, minScore, classes }) =>
      `bbox=${box.join(",")}&min_score=${minScore}${classes === null ? "" : "&class=ship"}`,
  );
  await using clients = startPart({ part: "clients", url, queries, quietMs: 3000 });
  await clients.next("ready");
  gateway.child.send("go");
  await sleep(1500);
  const count = warmUp + perSecond * secondsOfIt;
  const published: ResultMessage[] = [];
  const got = clients.next("got");
  // What the machine makes of it without a gateway: a subscriber of NATS in a process that does little else.
  await using beside = await connectBus({ url: nats.url, name: "bench" });
  const bareMs: number[] = [];
  beside.connection.subscribe(`swath.${run}.>`, {
    callback: (_, message) => {
      const at = wallMs();
      bareMs.push(at - Number(/"scene":"([\d.]+)"/.exec(message.string())?.[1]));
    },
  });
  const began = performance.now();
  for (let n = 0; n < count; n += 1) {
    const due = began + (n / perSecond) * 1000;
    const wait = due - performance.now();
    if (wait > 1) await sleep(wait);
    const one = { ...detection(n, run), scene: wallMs().toFixed(3) };
    published.push(one);
    bus.connection.publish(`swath.${run}.1.result.ship.none`, encodeResultMessage(one));
  }
  const { ids, waitsMs } = await got;
  const right = wanted.filter(({ area, minScore, classes }, i) => {
    const due = published.filter(
      ({ longitude, latitude, score, class: name }) =>
        score >= minScore &&
        (classes === null || classes.includes(name)) &&
        isInArea(area, longitude ?? 0, latitude ?? 0),
    );
    const gotten = ids[i] ?? [];
    return gotten.length === due.length && due.every(({ id }, at) => gotten[at] === id);
  }).length;
  const firstTimed = Math.round((warmUp / count) * waitsMs.length);
  const sorted = waitsMs.slice(firstTimed).toSorted((a, b) => a - b);
  const p99 = quantile(sorted, 0.99);
  const memory = gateway.mostMemory() / 1e6;
  const deliveries = ids.reduce((sum, one) => sum + one.length, 0);
  console.log(
    `${subscribers} subscribers, ${perSecond} detections/s, ${count} detections, ${deliveries} deliveries`,
  );
  console.log(
    `published to client: median ${quantile(sorted, 0.5).toFixed(1)} ms, p90 ${quantile(sorted, 0.9).toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, most ${quantile(sorted, 1).toFixed(1)} ms`,
  );
  const bare = bareMs.slice(warmUp).toSorted((a, b) => a - b);
  console.log(
    `published to a bare NATS subscriber beside: median ${quantile(bare, 0.5).toFixed(1)} ms, p99 ${quantile(bare, 0.99).toFixed(1)} ms`,
  );
  rows.push(
    {
      what: `published to server-sent events of ${subscribers} subscribers, p99`,
      value: p99,
      unit: "ms",
      beside: { what: "bare NATS subscriber", value: quantile(bare, 0.99) },
      bar: { most: 100 },
    },
    { what: "memory of that gateway", value: memory, unit: "MB", bar: { most: 300 } },
    {
      what: "of these subscribers, those that got exactly theirs, in order",
      value: right,
      unit: "",
      bar: { least: subscribers },
    },
  );
};

const measureRatio = async (): Promise<void> => {
  await using nats = await startNatsServer();
  await using bus = await connectBus({ url: nats.url, name: "bench" });
  const run = "bench-one-detect";
  const stream = `swath_${run}_1_result`;
  await bus.manager.streams.add({ name: stream, subjects: [`swath.${run}.1.result.>`] });
  for (let n = 0; n < messages; n += 1) {
    bus.connection.publish(`swath.${run}.1.result.ship.none`, encodeResultMessage(detection(n, run)));
    if (n % 1000 === 0) await bus.connection.flush();
  }
  while ((await bus.manager.streams.info(stream)).state.messages < messages) await sleep(50);
  const [bares, throughs]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    const bare = await (async () => {
      await using pushed = startPart({ part: "pushed", nats: nats.url, stream, count: messages });
      await pushed.next("ready");
      const counted = pushed.next("counted");
      const began = wallMs();
      pushed.child.send("go");
      return (await counted).atMs - began;
    })();
    const through = await (async () => {
      await using gateway = startPart({ part: "gateway", nats: nats.url });
      const { url } = await gateway.next("ready");
      await using counter = startPart({ part: "counter", url, count: messages });
      await counter.next("ready");
      const counted = counter.next("counted");
      const began = wallMs();
      gateway.child.send("go");
      return (await counted).atMs - began;
    })();
    const rate = (ms: number): string => `${Math.round(messages / ms)}k/s`;
    console.log(`round ${round + 1}: bare push ${rate(bare)}, through the gateway ${rate(through)}`);
    bares.push(bare);
    throughs.push(through);
  }
  rows.push({
    what: `one client through the gateway, fastest of ${rounds}`,
    value: messages / Math.min(...throughs),
    unit: "k/s",
    beside: { what: "bare JetStream push", value: messages / Math.min(...bares) },
    bar: { on: "ratio", least: 0.5 },
  });
};

await measureFanOut();
await measureRatio();
console.log();
reportFigures(rows);
