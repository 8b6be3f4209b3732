import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { openDataset } from "../../../datasets/dataset.ts";
import { writeGeoTiff } from "../../../datasets/geotiff/geotiff-writer.ts";
import { instant } from "../../../pipeline/units.ts";

const bands = ["B02", "B03", "B04", "B08"];
const sidePx = 128;

/** Writes a folder of images: crops of a scene of the harbour with the most ships in each, 128 pixels wide, over and over. */
export const writeImages = async (path: string, count: number): Promise<string> => {
  mkdirSync(path);
  await using harbour = await openDataset("builtin:harbour?scenes=1&size=512");
  const [scene] = harbour.scenes;
  if (scene === undefined) throw new RangeError("a harbour without scenes");
  const ships = (await harbour.labels(scene.id)) ?? [];
  await using reader = await harbour.open(scene.id);
  const windows = Array.from({ length: 49 }, (_, n) => {
    const window = { x: (n % 7) * 64, y: Math.floor(n / 7) * 64, width: sidePx, height: sidePx };
    const within = ships.filter(
      ({ boxPx: { x0, y0, x1, y1 } }) =>
        x0 >= window.x && y0 >= window.y && x1 <= window.x + sidePx && y1 <= window.y + sidePx,
    );
    return { window, ships: within.length };
  });
  const best = windows.toSorted((a, b) => b.ships - a.ships).slice(0, 4);
  for (const [n, { window }] of best.entries()) {
    const raster = await reader.readWindow(window, bands);
    await writeGeoTiff(join(path, `image-${`${n}`.padStart(3, "0")}.tif`), {
      width: sidePx,
      height: sidePx,
      planes: raster.planes as readonly Uint16Array[],
      bandNames: bands,
      scale: raster.bands[0]?.scale ?? 1,
      nodata: 0,
      epsg: 32631,
      transform: [10, 0, 5e5 + 2000 * n, 0, -10, 4.5e6],
      acquiredAt: instant(1.7e9 + n),
      software: "test",
    });
  }
  for (let n = best.length; n < count; n++) {
    const name = (one: number): string => join(path, `image-${`${one}`.padStart(3, "0")}.tif`);
    copyFileSync(name(n % best.length), name(n));
  }
  return path;
};
