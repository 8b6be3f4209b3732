/**
 * `npm run bench:offsets -- [--model ships-s2] [--scenes genoa,valencia] [--offsets 16]`: how much a detector's answer depends on where
 * its grid happens to lie. Cuts the first columns and rows off labelled scenes of sen2ships and prints the AP50 of each beginning and
 * their spread; then turns each scene by a quarter, as it is and with a side or both made odd, and prints how many ships above the
 * card's threshold come again with IoU ≥ 0.9. Whole scenes, one tile each; slow on purpose: 16 beginnings are 16 looks at all pixels.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openDataset } from "../../datasets/dataset.ts";
import { precisionRecall } from "../../measure/quality/average-precision.ts";
import type { JudgedScene } from "../../measure/quality/matching.ts";
import { openModel, readModelCard } from "../../models/model.ts";
import { boxIou, translateBox, type BoxPx } from "../../pipeline/detection/box.ts";
import type { Label } from "../../pipeline/detection/detection.ts";
import { mergeDetections } from "../../pipeline/detection/merge.ts";
import { nameDetections } from "../../pipeline/detection/named-detection.ts";
import { packageRoot } from "../../pipeline/package.ts";
import { cropRaster } from "../../pipeline/raster/crop.ts";
import { placedIn } from "../../pipeline/raster/placed.ts";
import type { Raster } from "../../pipeline/raster/raster.ts";

/** A multiple of every stride, larger than any scene. */
const wholePx = 4096;
const floor = 0.02;
const againIou = 0.9;

const { values } = parseArgs({
  options: {
    model: { type: "string", default: "ships-s2" },
    scenes: { type: "string", default: "genoa,valencia" },
    offsets: { type: "string", default: "16" },
  },
});
const data = join(packageRoot, "../shared/datasets/sen2ships");
if (!existsSync(data)) {
  console.log(`skipped: no ${data}`);
  process.exit(0);
}
const { thresholds } = await readModelCard(values.model);
await using model = await openModel(values.model, { tileSizePx: wholePx, threshold: floor });

const find = async (raster: Raster) => {
  const found = await model.detect(placedIn(raster, { ...raster, x: 0, y: 0 }, raster));
  return mergeDetections(found, model.info.mergeIou);
};

/** Without its first columns and rows. */
const begun = (raster: Raster, x: number, y: number): Raster =>
  cropRaster(raster, { x, y, width: raster.width - x, height: raster.height - y });

/** Pixel (x, y) is (width − 1 − y, x) of the raster before, as `numpy.rot90` turns it. */
const turned = (raster: Raster): Raster => {
  const { width: height, height: width } = raster;
  const planes = raster.planes.map((plane) =>
    Float32Array.from({ length: width * height }, (_, i) => {
      const [x, y] = [i % width, Math.floor(i / width)];
      return plane[x * raster.width + raster.width - 1 - y] as number;
    }),
  );
  const bands = raster.bands.map((band) => ({ ...band, sampleType: "float32" as const }));
  return { width, height, planes, bands, valid: null };
};

const turnedBack = ({ x0, y0, x1, y1 }: BoxPx, width: number): BoxPx => ({
  x0: width - y1,
  y0: x0,
  x1: width - y0,
  y1: x1,
});

const dataset = await openDataset(data, {});
const scenes: { readonly id: string; readonly raster: Raster; readonly labels: readonly Label[] }[] = [];
for (const id of values.scenes.split(",")) {
  await using reader = await dataset.open(id);
  const { width, height } = reader.scene;
  const raster = await reader.readWindow({ x: 0, y: 0, width, height }, model.info.bands);
  scenes.push({ id, raster, labels: (await dataset.labels(id)) ?? [] });
}

const figures: number[] = [];
for (let k = 0; k < Number(values.offsets); k += 1) {
  const [x, y] = [k % 16, (5 * k + 3) % 16];
  const judged: JudgedScene[] = [];
  for (const { raster, labels } of scenes) {
    const detections = nameDetections(await find(begun(raster, x, y)), model.info.classes);
    const moved = labels.map((label) => ({ ...label, boxPx: translateBox(label.boxPx, -x, -y) }));
    const inside = moved.filter(({ boxPx: b }) => b.x0 + b.x1 >= 0 && b.y0 + b.y1 >= 0);
    judged.push({ detections, labels: inside });
  }
  const ap50 = precisionRecall(judged).ap50 ?? 0;
  figures.push(ap50);
  console.log(`from column ${x}, row ${y}: AP50 ${ap50.toFixed(3)}`);
}
const mean = figures.reduce((sum, one) => sum + one, 0) / figures.length;
const spread = Math.max(...figures) - Math.min(...figures);
console.log(
  `${values.model}: mean AP50 ${mean.toFixed(3)}, spread ${spread.toFixed(3)} over ${figures.length}`,
);

for (const { id, raster } of scenes) {
  const even = begun(raster, raster.width % 2, raster.height % 2);
  for (const scene of [even, begun(even, 1, 0), begun(even, 1, 1)]) {
    const sure = (await find(scene)).filter(({ score }) => score >= thresholds.score);
    const back = (await find(turned(scene))).map(({ boxPx }) => turnedBack(boxPx, scene.width));
    const again = sure.filter(({ boxPx }) => back.some((box) => boxIou(box, boxPx) >= againIou)).length;
    console.log(
      `${id}, ${scene.width} × ${scene.height}, turned by a quarter: ${again} of ${sure.length} again`,
    );
  }
}
