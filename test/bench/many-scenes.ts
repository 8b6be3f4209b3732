/**
 * Time and memory of `swath replay` against the number of scenes: scenes of 1,024² with two bands, each in a file of its own, policy
 * `detect` with the shipped formula for water (a network would be all of the time, and is the same for each scene).
 *
 *     npm run bench:scenes [-- 100 200 400]
 *
 * Each run is a process of its own: CPU seconds of all its threads, so that other work on the machine counts little, and its peak
 * memory. Time is linear where a scene costs the same at every step: what the scenes between two sizes took is held against the first step.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeGeoTiff } from "../../datasets/geotiff/geotiff-writer.ts";
import { seeded } from "../../pipeline/seeded.ts";
import { instant } from "../../pipeline/units.ts";
import { reportFigures } from "./figures.ts";

const side = 1024;
const bars = { megabytes: 600, linearWithin: 0.05 };

/** Land with lakes and the noise of a sensor. */
const writeScene = async (path: string, index: number): Promise<void> => {
  const random = seeded(1, "many-scenes", index);
  const noise = Uint16Array.from({ length: 4096 }, () => Math.floor(random.uniform() * 24));
  const [green, nir] = [1, 2].map((band) =>
    Uint16Array.from({ length: side * side }, (_, i) => 600 * band + noise[(i * 7 + band) & 4095]!),
  ) as [Uint16Array, Uint16Array];
  for (let lake = 0; lake < 6; lake++) {
    const [x, y, width, height] = Array.from({ length: 4 }, () => Math.floor(random.uniform() * 400)) as [
      number,
      number,
      number,
      number,
    ];
    for (let row = y; row < y + height; row++) nir.fill(150, row * side + x, row * side + x + width);
  }
  await writeGeoTiff(path, {
    width: side,
    height: side,
    planes: [green, nir],
    bandNames: ["green", "nir"],
    scale: 1e-4,
    nodata: 0,
    epsg: 32632,
    transform: [10, 0, 300_000 + 10_240 * (index % 20), 0, -10, 5_000_000 - 10_240 * Math.floor(index / 20)],
    acquiredAt: instant(Date.UTC(2026, 5, 1) / 1000 + 600 * index),
    software: "swath bench",
  });
};

const probe = `import { writeFileSync } from "node:fs";
process.on("exit", () => { const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  writeFileSync(process.env.SCENES_COST, JSON.stringify({ cpu: (userCPUTime + systemCPUTime) / 1e6, peak: maxRSS * 1024 })); });`;

const main = fileURLToPath(new URL("../../cli/main.js", import.meta.url));

const replay = (folder: string, scenes: number) => {
  const [code, cost] = [join(folder, "probe.mjs"), join(folder, "cost.json")];
  writeFileSync(code, probe);
  rmSync(cost, { force: true });
  const words = `--model water --policy detect --constellation walker:3 --stations builtin --schedule cadence --cadence 10s`;
  const { status, stderr } = spawnSync(
    process.execPath,
    ["--import", code, main, "replay", join(folder, `of-${scenes}`), ...words.split(" ")],
    { encoding: "utf8", cwd: folder, env: { ...process.env, SCENES_COST: cost } },
  );
  if (status !== 0 || !existsSync(cost)) throw new Error(stderr.trim().split("\n").at(-1) ?? "no answer");
  return JSON.parse(readFileSync(cost, "utf8")) as { readonly cpu: number; readonly peak: number };
};

const sizes = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), "swath-bench-scenes-"));
try {
  const results: { readonly scenes: number; readonly cpu: number; readonly peak: number }[] = [];
  for (const scenes of sizes.length > 0 ? sizes : [100, 200, 400]) {
    const own = join(folder, `of-${scenes}`);
    mkdirSync(own);
    for (let index = 0; index < scenes; index++) {
      await writeScene(join(own, `scene-${`${index}`.padStart(5, "0")}.tif`), index);
    }
    const result = { scenes, ...replay(folder, scenes) };
    rmSync(own, { recursive: true });
    results.push(result);
    console.log(`${scenes} scenes: ${result.cpu.toFixed(1)} s CPU, ${(result.peak / 1e6).toFixed(0)} MB`);
  }
  // The first difference leaves out what a start costs.
  const steps = results.slice(1).map((result, at) => {
    const before = results[at]!;
    return (result.cpu - before.cpu) / (result.scenes - before.scenes);
  });
  const [first, last] = [steps[0] ?? Number.NaN, steps.at(-1) ?? Number.NaN];
  const largest = results.at(-1)!;
  reportFigures([
    {
      what: `peak memory of replay over ${largest.scenes} scenes of ${side}²`,
      value: largest.peak / 1e6,
      unit: "MB",
      bar: { most: bars.megabytes },
    },
    ...(steps.length > 1
      ? [
          {
            what: `CPU of a scene, last step against the first`,
            value: last / first,
            unit: "×",
            bar: { most: 1 + bars.linearWithin },
          },
        ]
      : []),
  ]);
} finally {
  rmSync(folder, { recursive: true });
}
