/**
 * `node dist/test/bench/edge-reach.js [folder with model.json]`: from how far a tile's edge is felt, with the weights of
 * ships-s2. Cuts tiles on the grid out of the ports of sen2ships and prints, by distance of a detection from the nearest edge
 * beyond which the scene goes on, by how much its score and size differ from those in the whole scene. Half the card's overlap
 * has to lie where nothing exceeds what `test/conformance/tiling.test.ts` allows.
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { openDataset } from "../../datasets/dataset.ts";
import { openModel } from "../../models/model.ts";
import { boxIou } from "../../pipeline/detection/box.ts";
import { cropRaster } from "../../pipeline/raster/crop.ts";
import type { PixelWindow, Raster } from "../../pipeline/raster/raster.ts";

const stepPx = 8;
const [tilePx, stridePx, leastScore] = [384, 176, 0.2];
const reference = process.argv[2] ?? "ships-s2";
// Compiled, this file lies one folder deeper than its source.
const data = fileURLToPath(new URL("../../../../shared/datasets/sen2ships/", import.meta.url));

interface Bin {
  detections: number;
  gone: number;
  score: number;
  overlap: number;
}

/** From a place to the nearest side of the window that is no side of the scene. */
const distanceOf = (x: number, y: number, w: PixelWindow, scene: Raster): number =>
  Math.min(
    w.x > 0 ? x - w.x : Number.POSITIVE_INFINITY,
    w.y > 0 ? y - w.y : Number.POSITIVE_INFINITY,
    w.x + w.width < scene.width ? w.x + w.width - x : Number.POSITIVE_INFINITY,
    w.y + w.height < scene.height ? w.y + w.height - y : Number.POSITIVE_INFINITY,
  );

if (!existsSync(data)) {
  console.log(`skipped: no ${data}`);
  process.exit(0);
}
const dataset = await openDataset(data, {});
await using model = await openModel(reference, { tileSizePx: 4096, threshold: leastScore / 4 });
const bins = Array.from({ length: 24 }, (): Bin => ({ detections: 0, gone: 0, score: 0, overlap: 1 }));
for (const { id, width, height } of dataset.scenes) {
  await using reader = await dataset.open(id);
  const scene = await reader.readWindow({ x: 0, y: 0, width, height }, model.info.bands);
  const whole = await model.detect(scene);
  const sure = whole.filter(({ score }) => score >= leastScore);
  for (let y = 0; y + tilePx <= height; y += stridePx) {
    for (let x = 0; x + tilePx <= width; x += stridePx) {
      const window = { x, y, width: tilePx, height: tilePx };
      const found = await model.detect(cropRaster(scene, window));
      for (const { score, boxPx: b } of sure) {
        const distance = distanceOf((b.x0 + b.x1) / 2, (b.y0 + b.y1) / 2, window, scene);
        const bin = bins[Math.floor(distance / stepPx)];
        if (distance < 0 || bin === undefined) continue;
        const here = { x0: b.x0 - x, y0: b.y0 - y, x1: b.x1 - x, y1: b.y1 - y };
        const near = found.map((other) => ({ other, iou: boxIou(other.boxPx, here) }));
        const best = near.toSorted((p, q) => q.iou - p.iou)[0];
        bin.detections += 1;
        if (best === undefined || best.iou < 0.5) bin.gone += 1;
        else {
          bin.score = Math.max(bin.score, Math.abs(best.other.score - score));
          bin.overlap = Math.min(bin.overlap, best.iou);
        }
      }
    }
  }
}
console.table(
  bins.map(({ detections, gone, score, overlap }, i) => ({
    "px from the edge": `${i * stepPx}–${(i + 1) * stepPx}`,
    detections,
    gone,
    "largest change of score": score.toFixed(4),
    "least IoU": overlap.toFixed(3),
  })),
);
