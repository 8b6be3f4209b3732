import { openDataset, type Dataset, type DatasetOptions } from "../datasets/dataset.ts";
import { type CheckResult, resultOf } from "../measure/check/check-result.ts";
import type { Excuses } from "../measure/check/excuse.ts";
import type { TilingTable } from "../measure/check/tiling-table.ts";
import { checkPage } from "../measure/report/check-report.ts";
import { bandsFor } from "../models/card/bands.ts";
import { gsdNote } from "../models/card/gsd-note.ts";
import { tilingNote } from "../models/card/tiling-note.ts";
import { describeModel } from "../models/inspection.ts";
import { type Model, openModel } from "../models/model.ts";
import type { Device } from "../pipeline/detection/device.ts";
import { runTiling, tilingReference } from "./check-tiling.ts";
import { trainingOf } from "./engine/training-scenes.ts";
import { labelledScenes } from "./inputs/labelled-scenes.ts";
import { tileSeconds } from "../operators/platform/tile-work.ts";
import { isEmpty } from "../operators/onboard/screen.ts";
import type { Computer, Spacecraft } from "../pipeline/mission/spacecraft.ts";
import { workingPower } from "../pipeline/mission/working-power.ts";
import type { Detection } from "../pipeline/detection/detection.ts";
import { mergeTileDetections, type TileDetections } from "../pipeline/detection/merge.ts";
import { isSwathError, SwathError } from "../pipeline/errors.ts";
import { quantiseDetections } from "../pipeline/product/detection-batch.ts";
import { placedIn } from "../pipeline/raster/placed.ts";
import type { Scene } from "../pipeline/raster/scene.ts";
import { planTiles } from "../pipeline/raster/tile-plan.ts";
import { mapOrdered } from "../pipeline/streams.ts";
import { joules, seconds } from "../pipeline/units.ts";
import { alignLabels, type LabelRules, type LabelledScene } from "../measure/quality/label-classes.ts";
import { nameDetections } from "../pipeline/detection/named-detection.ts";
import type { CheckedScene, CheckRun } from "../measure/check/checked-scene.ts";

/** Tiles under way at once for each inference thread: one that runs, one that waits. */
const tilesAThread = 2;

const inScene = async (
  dataset: Dataset,
  model: Model,
  scene: Scene,
  bands: readonly string[],
  { threads, computer }: { readonly threads: number; readonly computer: Computer },
) => {
  await using reader = await dataset.open(scene.id);
  const plan = planTiles({ x: 0, y: 0, width: scene.width, height: scene.height }, model.info.tile);
  const parts: TileDetections[] = [];
  let [modelPixels, onBoard] = [0, 0];
  const looked = mapOrdered(plan, tilesAThread * threads, async (tile) => {
    const raster = placedIn(scene, tile.window, await reader.readWindow(tile.window, bands));
    return { tile, detections: isEmpty(raster) ? null : await model.detect(raster) };
  });
  for await (const { tile, detections } of looked) {
    const pixels = detections === null ? 0 : tile.window.width * tile.window.height;
    const { opsPerPixel } = model.info;
    modelPixels += pixels;
    onBoard += tileSeconds(computer, {
      modelPixels: pixels,
      opsPerPixel,
      precision: model.info.precision,
      encodedSamples: 0,
    });
    if (detections !== null) parts.push({ tile, detections });
  }
  const merged = mergeTileDetections(parts, model.info.mergeIou);
  const found: readonly Detection[] = quantiseDetections(merged, scene);
  return { found, modelPixels, onBoard, tiles: plan.length };
};

/** What `make` gives, or the model's complaint that it throws. */
const attempt = <T>(make: () => T): T | SwathError => {
  try {
    return make();
  } catch (error) {
    if (isSwathError(error, "model")) return error;
    throw error;
  }
};

/**
 * Looks at scenes as a satellite does: tile by tile, merged once a scene, in the precision of the wire.
 * Scenes that do not have the model's bands are left out and noted; throws `SwathError("model")` when no label is left, or
 * when the model fails, `SwathError("raster")` when a scene cannot be read.
 */
export const runCheck = async (
  dataset: Dataset,
  model: Model,
  labelled: readonly LabelledScene[],
  options: LabelRules & {
    readonly threads: number;
    readonly computer: Computer;
    readonly tick: (done: number) => void;
  },
): Promise<CheckRun> => {
  const { labels, judged, notes } = alignLabels(labelled, model.info.classes, options);
  const scenes: CheckedScene[] = [];
  const refused: SwathError[] = [];
  const sums = { pixels: 0, modelPixels: 0, tiles: 0, onBoard: 0 };
  const began = performance.now();
  for (const { scene } of labelled) {
    const bands = attempt(() => bandsFor(model.info, scene));
    if (isSwathError(bands)) refused.push(bands);
    else {
      const { found, ...cost } = await inScene(dataset, model, scene, bands, options);
      sums.pixels += scene.width * scene.height;
      sums.modelPixels += cost.modelPixels;
      sums.tiles += cost.tiles;
      sums.onBoard += cost.onBoard;
      const detections = nameDetections(found, model.info.classes).filter((d) => judged.has(d.className));
      scenes.push({ scene, detections, labels: labels.get(scene.id) ?? [] });
    }
    options.tick(scenes.length + refused.length);
  }
  const [first] = refused;
  if (first !== undefined && scenes.every(({ labels: kept }) => kept.length === 0)) throw first;
  return {
    scenes,
    judged,
    cost: {
      ...sums,
      elapsed: seconds((performance.now() - began) / 1000),
      onBoard: seconds(sums.onBoard),
      energy: joules(sums.onBoard * workingPower(options.computer)),
    },
    notes: [
      ...dataset.notes,
      ...dataset.skipped.map(({ scene, error }) => `scene ${scene} left out: ${error.message}`),
      ...notes,
      ...refused.map(({ message }) => `scene left out: ${message}`),
    ],
  };
};

/** A model to be measured on labelled scenes. */
export interface CheckRequest extends LabelRules {
  /** A file, a folder with model.json, or the name of a shipped model. */
  readonly model: string;
  readonly dataset: string;
  /** How images and labels are read where they do not say so themselves. */
  readonly datasetOptions: DatasetOptions;
  /** `null`: all. */
  readonly scenes: readonly string[] | null;
  readonly excuses: Excuses | null;
  /** Whose computer it runs on. */
  readonly spacecraft: Spacecraft;
  /** Long sides that split the sizes, in pixels. */
  readonly sizesPx: readonly number[];
  readonly threads: number;
  readonly device: Device;
  /** Score from which detections count; `null`: the card's, else the floor. */
  readonly threshold: number | null;
  /** Lowest score asked of the model: where the curve ends. */
  readonly floor: number;
  /** `null`: the card's. */
  readonly tileSizePx: number | null;
  readonly overlapPx: number | null;
  /** Also compare tile sizes and overlaps with the whole scene. */
  readonly tiling: boolean;
}

/** What a check tells while it works. */
export interface CheckProgress {
  readonly scene: (done: number, of: number) => void;
  readonly tiling: (done: number, of: number) => void;
}

/** The result of `swath model check`. */
export interface Checked {
  readonly result: CheckResult;
  /** The page with the worst misses and false alarms, on request: it reads their pixels. */
  readonly page: () => Promise<string>;
}

/**
 * Measures a model on labelled scenes, tile by tile as it flies. Throws `SwathError` for a model, a dataset or labels that do
 * not fit each other.
 */
export const checkModel = async (
  request: CheckRequest,
  { progress, signal }: { readonly progress: CheckProgress; readonly signal: AbortSignal },
): Promise<Checked> => {
  const { threads, device, floor, spacecraft, excuses, tileSizePx, overlapPx } = request;
  const { card, tile } = await describeModel(request.model);
  const threshold = request.threshold ?? card?.thresholds.score ?? floor;
  const settings = { threads, device, threshold: Math.min(floor, threshold) };
  const dataset = await openDataset(request.dataset, request.datasetOptions);
  const labelled = await labelledScenes(dataset, request.scenes);
  await using model = await openModel(request.model, {
    ...settings,
    ...(tileSizePx === null ? {} : { tileSizePx }),
    ...(overlapPx === null ? {} : { overlapPx }),
  });
  const { info } = model;
  const run = await runCheck(dataset, model, labelled, {
    renamed: request.renamed,
    ignored: request.ignored,
    threads,
    computer: spacecraft.computer,
    tick(done) {
      signal.throwIfAborted();
      progress.scene(done, labelled.length);
    },
  });
  let tiling: TilingTable | null = null;
  if (request.tiling) {
    const isFixed = tile.source === "network";
    const against = tilingReference(info.tile, isFixed);
    await using large = await openModel(request.model, {
      ...settings,
      ...(isFixed ? {} : { tileSizePx: against.sizePx }),
    });
    tiling = await runTiling(dataset, large, run.scenes, {
      reference: against,
      chosen: info.tile,
      threshold,
      judged: run.judged,
      threads,
      tick(done) {
        signal.throwIfAborted();
        progress.tiling(done, run.scenes.length);
      },
    });
  }
  const scenes = run.scenes.map(({ scene }) => scene);
  const bands = Object.fromEntries(scenes.map((scene) => [scene.id, bandsFor(info, scene)]));
  const training = await trainingOf(dataset, model.card, scenes, bands);
  const narrow = tilingNote(card, info.tile);
  const ground = gsdNote(model.card, scenes);
  const noted = { ...run, notes: [...run.notes, ...[narrow, ground].flatMap((note) => note ?? [])] };
  const result = resultOf(noted, info, {
    dataset: dataset.name,
    threshold,
    edgesPx: request.sizesPx,
    threads,
    spacecraft,
    excuses,
    tiling,
    training,
  });
  return { result, page: () => checkPage(result, run, (scene) => dataset.open(scene)) };
};
