import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { pathToFileURL } from "node:url";
import { areaGeometry } from "../../pipeline/raster/area-geometry.ts";
import { detectionId } from "../../pipeline/mission/detection-id.ts";
import { seeded } from "../../pipeline/seeded.ts";
import { formatInstant, instant } from "../../pipeline/units.ts";
import { type DetectionFeature, encodeGeoJson, featureOf } from "../../stations/archive/detection-geojson.ts";
import { encodeGeoParquet } from "../../stations/archive/geo-parquet.ts";
import { openServer } from "../../studies/serve/serve.ts";
import { stringifySummary } from "../../measure/summary/run-summary.ts";
import { summary } from "../measure/report/fixture.ts";
import { reportFigures } from "./figures.ts";

/*
 * OGC items over a million archived detections: time of a first page by bbox after start-up, and memory of the server.
 * Bars: ≤ 100 ms, ≤ 500 MB. `node archive.js --serve FOLDER` is the server, in a process of its own.
 */

const detections = 1_000_000;
const runs = 10;
const perScene = 200;

const makeRun = (out: string, index: number): void => {
  const run = `bench-${index}-detect`;
  const seed = seeded("archive", index);
  const random = (): number => seed.uniform();
  const start = 1_786_615_200 + index * 86_400;
  const features: DetectionFeature[] = [];
  for (let acquisition = 0; features.length < detections / runs; acquisition += 1) {
    const [x, y] = [random() * 360 - 180, random() * 150 - 75];
    const at = instant(start + acquisition * 15);
    for (let i = 0; i < perScene; i += 1) {
      const [west, south] = [x + random() * 0.9, y + random() * 0.9];
      const wrap = (longitude: number): number => (longitude > 180 ? longitude - 360 : longitude);
      const corners = [
        [wrap(west), south],
        [wrap(west + 0.002), south + 0.0002],
        [wrap(west + 0.002), south + 0.002],
        [wrap(west), south + 0.0018],
      ] as const;
      const content = {
        run,
        acquisition,
        class: ["ship", "tug", "tanker", "barge"][i % 4] as string,
        score: Math.floor(random() * 256) / 255,
        box_px: [i, i, i + 20.0625, i + 18.5] as const,
      };
      features.push(
        featureOf(detectionId(content), areaGeometry(corners), {
          ...content,
          place: "ground",
          policy: "detect",
          scene: `scene-${acquisition}`,
          satellite: `SAT-${acquisition % 150}`,
          station: `station-${acquisition % 12}`,
          captured_at: formatInstant(at),
          received_at: formatInstant(instant(at + 600.5)),
          latency_s: 600.5,
          longitude: wrap(west + 0.001),
          latitude: south + 0.001,
        }),
      );
    }
  }
  const folder = join(out, `bench-${index}`);
  mkdirSync(join(folder, "detect", "stac"), { recursive: true });
  writeFileSync(join(folder, "detect", "detections.parquet"), encodeGeoParquet(features));
  // The journal of subscribers reads this one: the server is measured whole.
  writeFileSync(join(folder, "detect", "detections.geojson"), encodeGeoJson(features));
  const policy = { ...summary.policies[0]!, policy: "detect" };
  const text = stringifySummary({ ...summary, runId: `bench-${index}`, policies: [policy] });
  writeFileSync(join(folder, "summary.json"), text);
};

const serve = async (out: string): Promise<void> => {
  const began = performance.now();
  await using server = await openServer(
    {
      host: "127.0.0.1",
      port: 0,
      runs: out,
      nats: null,
      creds: null,
      origins: [],
      loginValid: null,
    },
    { note: (text) => console.error(text) },
  );
  process.send?.({ url: server.url, startSeconds: (performance.now() - began) / 1000 });
  process.on("message", () => {
    const { maxRSS } = process.resourceUsage();
    process.send?.({ rss: process.memoryUsage.rss(), peak: maxRSS * 1024 });
  });
  await once(process, "disconnect");
};

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;

const bench = async (): Promise<void> => {
  const out = mkdtempSync(join(tmpdir(), "swath-bench-archive-"));
  try {
    for (let i = 0; i < runs; i += 1) makeRun(out, i);
    const child = spawn(process.execPath, [new URL(import.meta.url).pathname, "--serve", out], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    const [{ url, startSeconds }] = (await once(child, "message")) as [{ url: string; startSeconds: number }];
    console.log(
      `${detections.toLocaleString("en")} detections in ${runs} runs; served after ${startSeconds.toFixed(1)} s`,
    );
    const seed = seeded("boxes");
    const random = (): number => seed.uniform();
    const ask = async (words: string): Promise<readonly [milliseconds: number, matched: number]> => {
      const began = performance.now();
      const response = await fetch(`${url}/ogc/collections/detections/items?limit=100&${words}`);
      const { numberMatched } = (await response.json()) as { numberMatched: number };
      return [performance.now() - began, numberMatched];
    };
    const kinds: readonly (readonly [string, () => string])[] = [
      ["1° × 1°", () => box(random, 1, 1)],
      ["30° × 20°", () => box(random, 30, 20)],
      ["across the antimeridian", () => "bbox=170,-60,-170,60"],
      ["the whole Earth", () => "bbox=-180,-90,180,90"],
      ["nothing but a class and a score", () => "class=tug&min_score=0.99"],
    ];
    // The client's own connection and compiler are not what is measured.
    await (await fetch(`${url}/ogc`)).json();
    let worst = 0;
    for (const [kind, words] of kinds) {
      const [first] = await ask(words());
      const times: number[] = [];
      let matched = 0;
      for (let i = 0; i < 20; i += 1) {
        const [time, count] = await ask(words());
        times.push(time);
        matched = count;
      }
      worst = Math.max(worst, first, ...times);
      console.log(
        `  ${kind.padEnd(32)} first ${first.toFixed(0).padStart(4)} ms, median ${median(times).toFixed(0).padStart(4)} ms, slowest ${Math.max(
          ...times,
        )
          .toFixed(0)
          .padStart(4)} ms; ${matched.toLocaleString("en")} matched`,
      );
    }
    child.send("memory");
    const [{ rss, peak }] = (await once(child, "message")) as [{ rss: number; peak: number }];
    child.disconnect();
    await once(child, "exit");
    const [now, most] = [rss / 1e6, peak / 1e6];
    console.log(`memory ${now.toFixed(0)} MB at the end`);
    reportFigures([
      {
        what: "OGC items over 1,000,000 detections, slowest first page",
        value: worst,
        unit: "ms",
        bar: { most: 100 },
      },
      { what: "memory of that server, at most", value: most, unit: "MB", bar: { most: 500 } },
    ]);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
};

const box = (random: () => number, width: number, height: number): string => {
  const [west, south] = [random() * (360 - width) - 180, random() * (150 - height) - 75];
  return `bbox=${[west, south, west + width, south + height].map((value) => value.toFixed(3)).join(",")}`;
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [, , flag, folder] = process.argv;
  await (flag === "--serve" && folder !== undefined ? serve(folder) : bench());
}
