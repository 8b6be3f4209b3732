/**
 * `npm run bench:models`: megapixels a second through every shipped network, in float32 and in its variants, on two threads.
 * `--write` puts what was measured into the cards. Rounds take turns, so that what else the machine does meets all of them.
 */
import { readFile, writeFile } from "node:fs/promises";
import { detectAll } from "../detect-all.ts";
import { cpus } from "node:os";
import { join } from "node:path";
import { inspectModel } from "../../models/inspection.ts";
import { shippedModels } from "../../models/card/location.ts";
import { openModel, type Model } from "../../models/model.ts";
import { packageRoot } from "../../pipeline/package.ts";
import type { Raster } from "../../pipeline/raster/raster.ts";
import { seeded } from "../../pipeline/seeded.ts";
import { reportFigures, type Figure } from "./figures.ts";

const SIDE_PX = 512;
const THREADS = 2;
const TILES = 8;
const ROUNDS = 7;
const machine = `${THREADS} threads, ${cpus()[0]?.model.trim() ?? "unknown processor"}`;

/** Rough ground of middling brightness. */
const rasterFor = ({ info }: Model, seed: number): Raster => {
  const random = seeded("bench:models", seed);
  const planes = info.bands.map(() =>
    Float32Array.from({ length: SIDE_PX ** 2 }, () => 0.05 + 0.3 * random.uniform()),
  );
  const bands = info.bands.map((name) => ({
    name,
    sampleType: "float32" as const,
    scale: 1,
    offset: 0,
    unit: "reflectance" as const,
    nodata: null,
  }));
  return { width: SIDE_PX, height: SIDE_PX, bands, planes, valid: null };
};

interface Runner {
  /** `ships-s2` or `ships-s2:int8`. */
  readonly reference: string;
  readonly bytes: number;
  readonly opsPerPixel: number;
  /** Seconds for all tiles. */
  readonly round: () => Promise<number>;
  readonly rounds: number[];
  readonly model: Model;
}

const openRunner = async (reference: string): Promise<Runner> => {
  const { file } = await inspectModel(reference);
  const model = await openModel(reference, { threads: THREADS, tileSizePx: SIDE_PX });
  const tiles = Array.from({ length: TILES }, (_, i) => rasterFor(model, i));
  const round = async (): Promise<number> => {
    const start = performance.now();
    await detectAll(model, tiles);
    return (performance.now() - start) / 1000;
  };
  await round();
  const { opsPerPixel } = model.info;
  return { reference, bytes: file?.bytes ?? 0, opsPerPixel, round, rounds: [], model };
};

/** Every network, its own file first. */
const references: string[] = [];
for (const name of await shippedModels()) {
  const { card } = await inspectModel(name);
  if (card === null || !("variants" in card)) continue;
  references.push(name, ...Object.keys(card.variants).map((variant) => `${name}:${variant}`));
}
const runners = await Promise.all(references.map(openRunner));
for (let i = 0; i < ROUNDS; i += 1) {
  for (const { round, rounds } of runners) rounds.push(await round());
}

const megapixels = (TILES * SIDE_PX ** 2) / 1e6;
/** Of the fastest round: what else the machine does can only add to it. */
const speedOf = ({ rounds }: Runner): number => megapixels / Math.min(...rounds);
const own = new Map(runners.map((runner) => [runner.reference, speedOf(runner)]));
const rows = runners.map((runner) => {
  const { reference, bytes, opsPerPixel } = runner;
  const speed = speedOf(runner);
  return {
    model: reference,
    kB: Math.round(bytes / 1000),
    "ops / px": Math.round(opsPerPixel),
    "MP/s": Math.round(speed * 10) / 10,
    "times fp32": Math.round((speed / (own.get(reference.split(":")[0] ?? "") ?? speed)) * 100) / 100,
  };
});
for (const { model } of runners) await model[Symbol.asyncDispose]();

if (process.argv.includes("--json")) console.log(JSON.stringify({ bench: "models", machine, rows }));
else {
  console.table(rows);
  console.log(`${SIDE_PX}² tiles, ${machine}, decoding of outputs included`);
}

reportFigures(
  runners.flatMap((runner): readonly Figure[] => {
    const { reference } = runner;
    const [name = "", variant] = reference.split(":");
    const whole = own.get(name);
    return variant === undefined || whole === undefined
      ? []
      : [
          {
            what: `${reference}, ${THREADS} threads`,
            value: speedOf(runner),
            unit: "MP/s",
            beside: { what: name, value: whole },
          },
        ];
  }),
);

if (process.argv.includes("--write")) {
  for (const runner of runners) {
    const [name = "", variant] = runner.reference.split(":");
    const path = join(packageRoot, "models", "shipped", name, "model.json");
    const card = JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>;
    const speed = {
      megapixelsPerSecond: Math.round(speedOf(runner) * 10) / 10,
      threads: THREADS,
      machine: cpus()[0]?.model.trim() ?? "unknown processor",
    };
    const of =
      variant === undefined ? card : (card["variants"] as Record<string, Record<string, unknown>>)[variant];
    if (of !== undefined) of["speed"] = speed;
    await writeFile(path, `${JSON.stringify(card, null, 2)}\n`);
  }
}
