import type { Dataset } from "../datasets/dataset.ts";
import { bandsFor } from "../models/card/bands.ts";
import type { Model } from "../models/model.ts";
import { tileSeconds } from "../operators/platform/tile-work.ts";
import { isEmpty } from "../operators/onboard/screen.ts";
import type { Computer } from "../pipeline/mission/spacecraft.ts";
import type { Detection } from "../pipeline/detection/detection.ts";
import { mergeTileDetections, type TileDetections } from "../pipeline/detection/merge.ts";
import { isSwathError, SwathError } from "../pipeline/errors.ts";
import { quantiseDetections } from "../pipeline/product/detection-batch.ts";
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
    const raster = await reader.readWindow(tile.window, bands);
    const [detections] = isEmpty(raster) ? [null] : await model.detect([raster]);
    return { tile, detections: detections ?? null };
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
      energy: joules(sums.onBoard * options.computer.power),
    },
    notes: [
      ...dataset.notes,
      ...dataset.skipped.map(({ scene, error }) => `scene ${scene} left out: ${error.message}`),
      ...notes,
      ...refused.map(({ message }) => `scene left out: ${message}`),
    ],
  };
};
