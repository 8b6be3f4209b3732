/**
 * How fast a JPEG 2000 band of 10,980² is read in windows of 1,024², against rasterio with one thread, and what memory it takes.
 *
 *     npm run bench:jp2 [-- --side 10980] [-- --rounds 3] [-- --python /usr/bin/python3]
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { rename } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openRaster } from "../../datasets/image/open-raster.ts";
import { packageRoot } from "../../pipeline/package.ts";
import { reportFigures, type Figure } from "./figures.ts";

interface Round {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly peakMegabytes?: number;
}

const windowSide = 1024;

/** Two windows at a time: one is decoded while the other is worked on. */
const windowsInFlight = 2;

const readAll = async (path: string): Promise<Round> => {
  await using file = await openRaster(path);
  const starts = (size: number) =>
    Array.from({ length: Math.ceil(size / windowSide) }, (_, i) => i * windowSide);
  const windows = starts(file.height)
    .flatMap((y) => starts(file.width).map((x) => ({ x, y })))
    .values();
  const start = performance.now();
  const work = async (): Promise<void> => {
    for (const { x, y } of windows) {
      const width = Math.min(windowSide, file.width - x);
      const height = Math.min(windowSide, file.height - y);
      await file.readWindow({ x, y, width, height }, [0]);
    }
  };
  await Promise.all(Array.from({ length: windowsInFlight }, work));
  const { user, system } = process.cpuUsage();
  const wallSeconds = (performance.now() - start) / 1000;
  return {
    wallSeconds,
    cpuSeconds: (user + system) / 1e6,
    peakMegabytes: process.resourceUsage().maxRSS / 1000,
  };
};

const run = (command: string, args: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed: ${stderr}`);
  return stdout;
};

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      side: { type: "string", default: "10980" },
      rounds: { type: "string", default: "3" },
      python: { type: "string", default: "/usr/bin/python3" },
      /** Set for the child processes. */
      file: { type: "string" },
    },
  });
  if (values.file !== undefined) {
    console.log(JSON.stringify(await readAll(values.file)));
    return;
  }
  const scripts = join(packageRoot, "test", "bench");
  const path = join(tmpdir(), `swath-bench-${values.side}.jp2`);
  if (!existsSync(path)) {
    run(values.python, [join(scripts, "jp2-scene.py"), `${path}.part`, values.side]);
    await rename(`${path}.part`, path);
  }
  const ours: Round[] = [];
  const theirs: Round[] = [];
  // Interleaved, so that what else the machine does hits both alike.
  for (let i = 0; i < Number(values.rounds); i++) {
    ours.push(JSON.parse(run(process.execPath, [import.meta.filename, "--file", path])) as Round);
    const rasterio = [join(scripts, "decode-rasterio.py"), path, `${windowSide}`, "one"];
    theirs.push(JSON.parse(run(values.python, rasterio)) as Round);
  }
  const wall = (rounds: readonly Round[]): number => median(rounds.map(({ wallSeconds }) => wallSeconds));
  const cpu = (rounds: readonly Round[]): number => median(rounds.map(({ cpuSeconds }) => cpuSeconds));
  const peak = Math.max(...ours.map(({ peakMegabytes }) => peakMegabytes ?? 0));
  console.log(
    `swath             ${wall(ours).toFixed(1)} s, ${cpu(ours).toFixed(1)} s CPU, peak ${peak.toFixed(0)} MB`,
  );
  console.log(`rasterio 1 thread ${wall(theirs).toFixed(1)} s, ${cpu(theirs).toFixed(1)} s CPU`);
  const what = `a 15-bit JPEG 2000 band of ${values.side}²`;
  const speed = (time: number): number => Number(values.side) ** 2 / 1e6 / time;
  const than = (name: string, time: (rounds: readonly Round[]) => number): Figure => ({
    what: `${what}${name}`,
    value: speed(time(ours)),
    unit: "MP/s",
    beside: { what: "rasterio, 1 thread", value: speed(time(theirs)) },
    bar: { on: "ratio", least: 0.5 },
  });
  reportFigures([
    than("", wall),
    than(", by CPU time", cpu),
    { what: `peak memory of it`, value: peak, unit: "MB" },
  ]);
};

await main();
