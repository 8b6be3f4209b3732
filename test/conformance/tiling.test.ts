import { describe, expect, test } from "vitest";
import { detectAll } from "../detect-all.ts";
import { openDataset } from "../../datasets/dataset.ts";
import { bandsFor } from "../../models/card/bands.ts";
import { openModel, readModelCard, type Model } from "../../models/model.ts";
import { boxIou } from "../../pipeline/detection/box.ts";
import type { Detection } from "../../pipeline/detection/detection.ts";
import { differenceOf } from "../../measure/quality/difference.ts";
import { mergeDetections, mergeTileDetections } from "../../pipeline/detection/merge.ts";
import { cropRaster } from "../../pipeline/raster/crop.ts";
import type { Raster } from "../../pipeline/raster/raster.ts";
import { planTiles } from "../../pipeline/raster/tile-plan.ts";
import { hasSharedData, sharedData, whySkipped } from "../datasets/shared-data.ts";

/**
 * Tiling is not free, and at the card's overlap it costs nothing: a ship found in tiles is the ship found in the whole
 * scene. The network sees 108 px round a pixel; how much of that matters is a property of the weights, which this measures.
 */
const reference = "ships-s2";
const isLong = process.env["SWATH_LONG"] !== undefined;
/** A multiple of every stride, larger than any scene. */
const wholePx = 4096;

/** The scene, once decoded, and what the network finds in all of it at once. */
interface Seen {
  readonly raster: Raster;
  readonly whole: readonly Detection[];
}

const see = async (model: Model, port: string): Promise<Seen> => {
  const dataset = await openDataset(sharedData("sen2ships"), {});
  await using reader = await dataset.open(port);
  const { width, height } = reader.scene;
  const raster = await reader.readWindow({ x: 0, y: 0, width, height }, bandsFor(model.info, reader.scene));
  const found = await model.detect(raster);
  return { raster, whole: mergeDetections(found, model.info.mergeIou) };
};

const inTiles = async (model: Model, raster: Raster, sizePx: number, overlapPx: number) => {
  const area = { x: 0, y: 0, width: raster.width, height: raster.height };
  const tiles = planTiles(area, { ...model.info.tile, sizePx, overlapPx });
  const found = await detectAll(
    model,
    tiles.map(({ window }) => cropRaster(raster, window)),
  );
  const parts = tiles.map((tile, i) => ({ tile, detections: found[i] ?? [] }));
  return mergeTileDetections(parts, model.info.mergeIou);
};

/** Boxes that overlap by just what merging allows are one object or two as the last digits fall. */
const isOnEdge = ({ boxPx }: Detection, all: readonly Detection[], mergeIou: number): boolean =>
  all.some((other) => Math.abs(boxIou(other.boxPx, boxPx) - mergeIou) < 0.01);

/** Opens the model so that a tile may be as large as a scene, reporting a little below the card's threshold. */
const openWhole = async () => {
  const { tile, thresholds } = await readModelCard(reference);
  const same = { threshold: thresholds.score, iou: 0.9, score: 0.02 };
  const model = await openModel(reference, { tileSizePx: wholePx, threshold: same.threshold - same.score });
  return { model, overlapPx: tile.overlapPx, same };
};

const allPorts = [
  "algiers",
  "athens",
  "cartagena",
  "casablanca",
  "gdynia",
  "genoa",
  "hedland",
  "honolulu",
  "klang",
  "valencia",
];
type Run = readonly [port: string, sizesPx: readonly number[]];
/** 256 px tiles with a wide overlap look at every pixel ten times: a small port will do. */
const quickRuns: readonly Run[] = [
  ["honolulu", [256, 512]],
  ["klang", [512, 1024]],
];
const runs = isLong ? allPorts.map((port): Run => [port, [256, 512, 1024]]) : quickRuns;

describe.skipIf(!hasSharedData)(`ships in tiles are the ships in the whole scene${whySkipped}`, () => {
  test.each(runs)(
    "%s, in tiles of %j px with the card's overlap",
    async (port, sizes) => {
      const { model, overlapPx, same } = await openWhole();
      await using _ = model;
      const { raster, whole } = await see(model, port);
      const { mergeIou } = model.info;
      const changes = (before: readonly Detection[], after: readonly Detection[]) => {
        const { lost, added, moved } = differenceOf(before, after, same);
        return {
          lost: lost.filter((d) => !isOnEdge(d, before, mergeIou)),
          added: added.filter((d) => !isOnEdge(d, after, mergeIou)),
          moved,
        };
      };
      expect(whole.length).toBeGreaterThan(3);
      for (const sizePx of sizes) {
        const found = await inTiles(model, raster, sizePx, overlapPx);
        const { lost, added, moved } = changes(whole, found);
        const at = `${sizePx} px tiles, ${overlapPx} px overlap`;
        expect({ at, lost, added, moved }).toEqual({ at, lost: [], added: [], moved: [] });
      }
    },
    180_000,
  );

  test.runIf(isLong)(
    "and without overlap they are not: this can tell",
    async () => {
      const { model, same } = await openWhole();
      await using _ = model;
      let differing = 0;
      for (const port of allPorts) {
        const { raster, whole } = await see(model, port);
        const { lost, added, moved } = differenceOf(whole, await inTiles(model, raster, 256, 0), same);
        differing += lost.length + added.length + moved.length;
      }
      expect(differing).toBeGreaterThan(0);
    },
    180_000,
  );
});
