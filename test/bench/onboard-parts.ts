/** The measured parts of `onboard.ts`, each run in a process of its own so that its CPU time and memory are its own. */
import { cpus } from "node:os";
import { detectAll } from "../detect-all.ts";
import type { Worker } from "node:worker_threads";
import { openGeoTiff } from "../../datasets/geotiff/geotiff.ts";
import { openModel, readModelCard, type Model } from "../../models/model.ts";
import { readWeights } from "../../models/card/card.ts";
import { inputTileOf } from "../../models/inference/network-detector.ts";
import { openOnnxSession } from "../../models/runtimes/onnx-session.ts";
import { fillInput } from "../../models/inference/tile-input.ts";
import { placeTile } from "../../models/inference/tile-placement.ts";
import { headOf } from "../../models/heads/card-head.ts";
import { mergeTileDetections, type TileDetections } from "../../pipeline/detection/merge.ts";
import type { Band, Raster } from "../../pipeline/raster/raster.ts";
import { planTiles, type Tile } from "../../pipeline/raster/tile-plan.ts";

export interface PartRequest {
  readonly part: "onboard" | "decode" | "inference" | "scenes";
  readonly scenePath: string;
  /** A model folder. */
  readonly modelPath: string;
  readonly threads: number;
}

export interface PartResult {
  readonly tiles: number;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly maxRssBytes: number;
  readonly detections: number;
  /** Share of all cores' time in which they had nothing to do, other processes included: low on a busy machine too. */
  readonly machineIdle?: number;
  /** Share of the run in which the inference threads had a tile to work on: whether they starve, on a busy machine too. */
  readonly workersBusy?: number;
  /** Resident memory after each scene of part `scenes`. */
  readonly rssBytes?: readonly number[];
}

/** What the bench's scene holds: reflectance × 10,000, as Sentinel-2 products do. */
const sceneBand = (name: string): Band => ({
  name,
  sampleType: "uint16",
  scale: 1e-4,
  offset: 0,
  unit: "reflectance",
  nodata: null,
});

type Scene = Awaited<ReturnType<typeof openGeoTiff>>;

const readTile = async (scene: Scene, model: Model, { window }: Tile): Promise<Raster> => {
  const bands = model.info.bands.map(sceneBand);
  const { planes } = await scene.readWindow(
    window,
    bands.map((_, i) => i),
  );
  return { width: window.width, height: window.height, bands, planes, valid: null };
};

/** Takes the tiles in order, `inFlight` at a time: enough that no core waits, few enough that memory stays flat. */
const forEachTile = async (
  tiles: readonly Tile[],
  inFlight: number,
  work: (tile: Tile) => Promise<void>,
): Promise<void> => {
  const queue = tiles.values();
  const lane = async (): Promise<void> => {
    for (const tile of queue) await work(tile);
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
};

/** Milliseconds since the machine started, summed over its cores. */
const coreTimes = (): { readonly idle: number; readonly all: number } => {
  const times = cpus().map((core) => core.times);
  const idle = times.reduce((sum, t) => sum + t.idle, 0);
  return { idle, all: times.reduce((sum, t) => sum + t.user + t.nice + t.sys + t.irq, idle) };
};

const timed = async (work: () => Promise<number>, tiles: number): Promise<PartResult> => {
  const machine = coreTimes();
  const cpu = process.cpuUsage();
  const start = performance.now();
  const detections = await work();
  const wallSeconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const maxRssBytes = process.resourceUsage().maxRSS * 1024;
  const after = coreTimes();
  const machineIdle = (after.idle - machine.idle) / (after.all - machine.all);
  return { tiles, wallSeconds, cpuSeconds: (user + system) / 1e6, maxRssBytes, detections, machineIdle };
};

/** Runs one part. Opening files and models, and the first tiles, are outside of the measured time. */
export const runPart = async ({ part, scenePath, modelPath, threads }: PartRequest): Promise<PartResult> => {
  const workers: Worker[] = [];
  process.on("worker", (worker) => workers.push(worker));
  await using scene = await openGeoTiff(scenePath);
  await using model = await openModel(modelPath, { threads });
  const tiles = planTiles({ x: 0, y: 0, width: scene.width, height: scene.height }, model.info.tile);
  const inFlight = 2 * threads + 2;
  if (part === "decode") {
    return await timed(async () => {
      await forEachTile(tiles, inFlight, async (tile) => void (await readTile(scene, model, tile)));
      return 0;
    }, tiles.length);
  }
  const first = await Promise.all(tiles.slice(0, 2 * threads).map((tile) => readTile(scene, model, tile)));
  if (part === "inference") return await bareInference(model, first, tiles.length, modelPath);
  await detectAll(model, first);
  if (part === "scenes") return await manyScenes(model, scenePath, inFlight);
  const before = workers.map(({ performance: p }) => p.eventLoopUtilization());
  const result = await timed(async () => {
    const parts: TileDetections[] = [];
    await forEachTile(tiles, inFlight, async (tile) => {
      const detections = await model.detect(await readTile(scene, model, tile));
      parts.push({ tile, detections });
    });
    return mergeTileDetections(parts, model.info.mergeIou).length;
  }, tiles.length);
  const busy = workers.map(({ performance: p }, i) =>
    p.eventLoopUtilization(p.eventLoopUtilization(), before[i]),
  );
  const workersBusy = busy.reduce((sum, { utilization }) => sum + utilization, 0) / busy.length;
  return { ...result, workersBusy };
};

/** One after the other, 50 scenes of 9 tiles, each opened anew: places of the bench's scene. */
const manyScenes = async (model: Model, scenePath: string, inFlight: number): Promise<PartResult> => {
  const scenes = 50;
  const side = 1400;
  const rssBytes: number[] = [];
  let tileCount = 0;
  const result = await timed(async () => {
    let found = 0;
    for (let i = 0; i < scenes; i += 1) {
      await using scene = await openGeoTiff(scenePath);
      const area = { x: (i % 8) * 500, y: Math.floor(i / 8) * 550, width: side, height: side };
      const tiles = planTiles(area, model.info.tile);
      const parts: TileDetections[] = [];
      await forEachTile(tiles, inFlight, async (tile) => {
        const detections = await model.detect(await readTile(scene, model, tile));
        parts.push({ tile, detections });
      });
      tileCount += tiles.length;
      found += mergeTileDetections(parts, model.info.mergeIou).length;
      rssBytes.push(process.memoryUsage.rss());
    }
    return found;
  }, 0);
  return { ...result, tiles: tileCount, rssBytes };
};

/** The network alone, with inputs that are ready: one thread, as many runs as there are tiles. */
const bareInference = async (
  { info }: Model,
  rasters: readonly Raster[],
  runs: number,
  modelPath: string,
): Promise<PartResult> => {
  const card = await readModelCard(modelPath);
  const { bytes } = await readWeights(`${modelPath}/${card.file}`);
  const names = { inputName: card.input.name, outputNames: headOf(card.head).outputs };
  const session = await openOnnxSession(bytes, names, info.name);
  const shape = [1, info.bands.length, info.tile.sizePx, info.tile.sizePx];
  const inputs = rasters.map((raster) => {
    const input = new Float32Array(shape.reduce((product, n) => product * n, 1));
    const placement = placeTile(raster, {
      ...card.input,
      ...card.tile,
      fixed: { width: null, height: null },
    });
    fillInput(inputTileOf(raster, card, info.name), placement, card.input.layout, input);
    return input;
  });
  for (const input of inputs) await session.run(input, shape);
  const result = await timed(async () => {
    for (let i = 0; i < runs; i += 1) await session.run(inputs[i % inputs.length] as Float32Array, shape);
    return 0;
  }, runs);
  await session.release();
  return result;
};
