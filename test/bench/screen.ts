/**
 * `npm run bench:screen`: what cloud screening saves and loses on the Landsat 8 patches of `cloud-l8biome/val`, window by window,
 * against the masks that people drew, for each judge. Bar (`clouds`): 95 % of decisions right, 1 % of clear windows dropped.
 */
import { basename, join } from "node:path";
import { readdir } from "node:fs/promises";
import { openGeoTiff } from "../../datasets/geotiff/geotiff.ts";
import { openCloudJudge } from "../../models/cloud-model.ts";
import { brightShare } from "../../operators/onboard/brightness.ts";
import { cropRaster } from "../../pipeline/raster/crop.ts";
import { pickBands } from "../../pipeline/raster/pick-bands.ts";
import type { PixelWindow, Raster } from "../../pipeline/raster/raster.ts";
import { openTileCodec } from "../../pipeline/product/tile-codec.ts";
import { packageRoot } from "../../pipeline/package.ts";

const LIMIT = 0.7;
const WINDOW_PX = 64;
const bandNames = ["blue", "green", "red", "nir", "swir16", "swir22", "cirrus"];
const judges = ["brightness", "clouds", "clouds:int8", "clouds-swir", "clouds-swir:int8"];

interface Patch {
  readonly name: string;
  readonly raster: Raster;
  readonly isCloud: Uint8Array;
}

const readPatch = async (folder: string, name: string): Promise<Patch> => {
  await using image = await openGeoTiff(join(folder, "Images", name));
  await using drawn = await openGeoTiff(join(folder, "Masks", name));
  const area = { x: 0, y: 0, width: image.width, height: image.height };
  const pixels = await image.readWindow(
    area,
    bandNames.map((_, i) => i),
  );
  const mask = await drawn.readWindow(area, [0]);
  const bands = bandNames.map((band) => ({
    name: band,
    sampleType: "float32" as const,
    scale: 1,
    offset: 0,
    unit: "reflectance" as const,
    nodata: null,
  }));
  const isCloud = Uint8Array.from(mask.planes[0] ?? [], (value) => (value >= 192 ? 1 : 0));
  return {
    name: basename(name, ".tif"),
    raster: { width: area.width, height: area.height, ...pixels, bands },
    isCloud,
  };
};

const windowsOf = ({ width, height }: Raster, side: number): readonly PixelWindow[] =>
  Array.from({ length: (width / side) * (height / side) }, (_, i) => ({
    x: (i % (width / side)) * side,
    y: Math.floor(i / (width / side)) * side,
    width: side,
    height: side,
  }));

const drawnShare = ({ raster, isCloud }: Patch, { x, y, width, height }: PixelWindow): number => {
  let cloudy = 0;
  for (let row = y; row < y + height; row += 1) {
    for (let column = x; column < x + width; column += 1) cloudy += isCloud[row * raster.width + column] ?? 0;
  }
  return cloudy / (width * height);
};

type Share = (raster: Raster, core: PixelWindow) => Promise<number>;

/** One decision, in whole windows: what was drawn, what was decided, and the bytes at stake. */
interface Decision {
  readonly cloudy: boolean;
  readonly dropped: boolean;
  readonly bytes: number;
}

const decide = async (
  patches: readonly Patch[],
  side: number,
  share: Share,
): Promise<readonly Decision[]> => {
  await using codec = openTileCodec();
  const decisions: Decision[] = [];
  for (const patch of patches) {
    const seen = pickBands(patch.raster, bandNames.slice(0, 4));
    for (const core of windowsOf(patch.raster, side)) {
      decisions.push({
        cloudy: drawnShare(patch, core) > LIMIT,
        dropped: (await share(patch.raster, core)) > LIMIT,
        bytes: (await codec.encode(cropRaster(seen, core))).byteLength,
      });
    }
  }
  return decisions;
};

const rowOf = (judge: string, side: number, decisions: readonly Decision[]) => {
  const count = (test: (d: Decision) => boolean): number => decisions.filter(test).length;
  const bytes = (test: (d: Decision) => boolean): number =>
    decisions.filter(test).reduce((sum, d) => sum + d.bytes, 0);
  const percent = (part: number, whole: number): number => Math.round((1000 * part) / whole) / 10;
  return {
    judge,
    "window px": side,
    "right %": percent(
      count((d) => d.cloudy === d.dropped),
      decisions.length,
    ),
    "clear dropped": `${count((d) => !d.cloudy && d.dropped)} of ${count((d) => !d.cloudy)}`,
    "cloudy kept": `${count((d) => d.cloudy && !d.dropped)} of ${count((d) => d.cloudy)}`,
    "bytes saved %": percent(
      bytes((d) => d.dropped),
      bytes(() => true),
    ),
    "possible %": percent(
      bytes((d) => d.cloudy),
      bytes(() => true),
    ),
  };
};

const folder =
  process.argv.slice(2).find((word) => !word.startsWith("--")) ??
  join(packageRoot, "../shared/datasets/cloud-l8biome/val");
const names = (await readdir(join(folder, "Images"))).filter((name) => name.endsWith(".tif")).toSorted();
const patches = await Promise.all(names.map((name) => readPatch(folder, name)));
const rows: ReturnType<typeof rowOf>[] = [];
for (const judge of judges) {
  await using model = judge === "brightness" ? null : await openCloudJudge(judge);
  const share: Share =
    model === null
      ? async (raster, core) => brightShare(pickBands(cropRaster(raster, core), bandNames.slice(0, 3)))
      : (raster, core) => model.cloudShare({ raster: pickBands(raster, model.info.bands), core, step: 1 });
  for (const side of [WINDOW_PX, 256]) rows.push(rowOf(judge, side, await decide(patches, side, share)));
}
if (process.argv.includes("--json"))
  console.log(JSON.stringify({ bench: "screen", folder, limit: LIMIT, rows }));
else {
  console.table(rows);
  console.log(
    `${patches.length} patches, dropped above ${LIMIT * 100} % cloud; bytes: blue green red nir, lossless`,
  );
}
