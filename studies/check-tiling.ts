import type { Dataset } from "../datasets/dataset.ts";
import { bandsFor } from "../models/card/bands.ts";
import type { Model } from "../models/model.ts";
import { isEmpty } from "../operators/onboard/screen.ts";
import type { Detection } from "../pipeline/detection/detection.ts";
import { differenceOf, type Sameness } from "../measure/quality/difference.ts";
import { mergeTileDetections, type TileDetections } from "../pipeline/detection/merge.ts";
import { precisionRecall } from "../measure/quality/average-precision.ts";
import type { JudgedScene } from "../measure/quality/matching.ts";
import { cropRaster } from "../pipeline/raster/crop.ts";
import { placedIn } from "../pipeline/raster/placed.ts";
import { windowArea, type PixelWindow, type Raster } from "../pipeline/raster/raster.ts";
import { planTiles, type TileShape } from "../pipeline/raster/tile-plan.ts";
import { mapOrdered } from "../pipeline/streams.ts";
import { nameDetections } from "../pipeline/detection/named-detection.ts";
import type { CheckedScene } from "../measure/check/checked-scene.ts";
import type { TilingReference, TilingTable } from "../measure/check/tiling-table.ts";

/** Sides of tiles that computers in orbit have memory for. */
const sizesPx = [256, 512, 1024] as const;

const overlapsPx = [0, 32, 64, 96, 128, 192] as const;

/** A network as large as ships-s2 needs some 600 MB for a tile of this side. */
const largestBlockPx = 2560;

/** `isFixed`: the network takes tiles of one size only. */
export const tilingReference = ({ sizePx, gridPx = 1 }: TileShape, isFixed: boolean): TilingReference => {
  const blockPx = Math.max(sizePx, largestBlockPx - (largestBlockPx % gridPx));
  return isFixed
    ? { kind: "overlap", blockPx, sizePx, overlapPx: Math.floor((3 * sizePx) / 4) }
    : { kind: "whole", blockPx, sizePx: blockPx, overlapPx: 0 };
};

/**
 * The tilings to compare, by size and overlap: the usual ones and the chosen one. Overlaps beyond half a tile, which
 * more than quadruple the work, only where chosen.
 */
export const tilingRows = ({ kind }: TilingReference, chosen: TileShape): readonly TileShape[] => {
  const { gridPx = 1 } = chosen;
  const sizes = kind === "overlap" ? [chosen.sizePx] : [...sizesPx, chosen.sizePx];
  const fitting = [...new Set(sizes)].filter((sizePx) => sizePx % gridPx === 0).sort((a, b) => a - b);
  return fitting.flatMap((sizePx) => {
    const usual = [...overlapsPx, chosen.overlapPx].filter((overlapPx) => overlapPx <= sizePx / 2);
    const own = sizePx === chosen.sizePx ? [chosen.overlapPx] : [];
    return [...new Set([...usual, ...own])]
      .sort((a, b) => a - b)
      .map((overlapPx) => ({ sizePx, overlapPx, gridPx }));
  });
};

const inTiles = async (model: Model, raster: Raster, shape: TileShape, inFlight: number) => {
  const plan = planTiles({ x: 0, y: 0, width: raster.width, height: raster.height }, shape);
  const parts: TileDetections[] = [];
  let modelPixels = 0;
  const looked = mapOrdered(plan, inFlight, async (tile) => {
    const pixels = placedIn(raster, tile.window, cropRaster(raster, tile.window));
    return { tile, detections: isEmpty(pixels) ? null : await model.detect(pixels) };
  });
  for await (const { tile, detections } of looked) {
    if (detections === null) continue;
    parts.push({ tile, detections });
    modelPixels += windowArea(tile.window);
  }
  return { found: mergeTileDetections(parts, model.info.mergeIou), modelPixels };
};

/** The labels whose centre lies in a window, in its pixels. */
const labelsIn = ({ labels }: JudgedScene, { x, y, width, height }: PixelWindow): JudgedScene["labels"] =>
  labels
    .map((label) => {
      const { x0, y0, x1, y1 } = label.boxPx;
      return { ...label, boxPx: { x0: x0 - x, y0: y0 - y, x1: x1 - x, y1: y1 - y } };
    })
    .filter(({ boxPx: { x0, y0, x1, y1 } }) => {
      const [column, row] = [(x0 + x1) / 2, (y0 + y1) / 2];
      return column >= 0 && row >= 0 && column < width && row < height;
    });

const openBooks = (shape: TileShape) => ({
  shape,
  lost: 0,
  added: 0,
  moved: 0,
  modelPixels: 0,
  judged: [] as JudgedScene[],
});

/**
 * Looks at the scenes of a check again, in tiles of several sizes and overlaps, and compares each with the whole scene. Every
 * pixel is decoded once for all of them. `model` must take tiles as large as `reference.sizePx`; `chosen` is how the check cut.
 * Throws `SwathError("raster")` when a scene cannot be read.
 */
export const runTiling = async (
  dataset: Dataset,
  model: Model,
  scenes: readonly CheckedScene[],
  options: {
    readonly reference: TilingReference;
    readonly chosen: TileShape;
    readonly threshold: number;
    readonly judged: ReadonlySet<string>;
    readonly threads: number;
    readonly tick: (done: number) => void;
  },
): Promise<TilingTable> => {
  const { reference, chosen, judged } = options;
  const inFlight = 2 * options.threads;
  const same: Sameness = { threshold: options.threshold, iou: 0.9, score: 0.02 };
  const first = openBooks({ ...chosen, ...reference });
  const books = tilingRows(reference, chosen).map(openBooks);
  let [pixels, detections, done] = [0, 0, 0];
  const enter = (to: typeof first, labels: JudgedScene["labels"], found: readonly Detection[]): void => {
    const named = nameDetections(found, model.info.classes).filter(({ className }) => judged.has(className));
    to.judged.push({ labels, detections: named });
  };

  for (const checked of scenes) {
    const { scene } = checked;
    await using reader = await dataset.open(scene.id);
    const bands = bandsFor(model.info, scene);
    const area = { x: 0, y: 0, width: scene.width, height: scene.height };
    const blocks = { ...chosen, sizePx: reference.blockPx, overlapPx: 0 };
    for (const { core: window } of planTiles(area, blocks)) {
      const raster = await reader.readWindow(window, bands);
      const labels = labelsIn(checked, window);
      pixels += windowArea(window);
      const whole = await inTiles(model, raster, first.shape, inFlight);
      detections += whole.found.filter(({ score }) => score >= same.threshold).length;
      enter(first, labels, whole.found);
      for (const book of books) {
        const { found, modelPixels } = await inTiles(model, raster, book.shape, inFlight);
        const { lost, added, moved } = differenceOf(whole.found, found, same);
        book.lost += lost.length;
        book.added += added.length;
        book.moved += moved.length;
        book.modelPixels += modelPixels;
        enter(book, labels, found);
      }
    }
    options.tick(++done);
  }
  return {
    reference,
    detections,
    ap50: precisionRecall(first.judged).ap50,
    same,
    rows: books.map(({ shape: { sizePx, overlapPx }, lost, added, moved, modelPixels, judged: all }) => ({
      sizePx,
      overlapPx,
      isChosen: sizePx === chosen.sizePx && overlapPx === chosen.overlapPx,
      lost,
      added,
      moved,
      ap50: precisionRecall(all).ap50,
      compute: (sizePx / (sizePx - overlapPx)) ** 2,
      computeHere: modelPixels / pixels,
    })),
  };
};
