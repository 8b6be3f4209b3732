import { noTraffic } from "../../datasets/http/traffic.ts";
import type { Dataset } from "../../datasets/dataset.ts";
import type { Label } from "../../pipeline/detection/detection.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { cropRaster } from "../../pipeline/raster/crop.ts";
import type { Georeference } from "../../pipeline/raster/georeference.ts";
import type { Raster } from "../../pipeline/raster/raster.ts";
import type { SceneReader } from "../../pipeline/raster/scene.ts";

const NAMES = ["B02", "B03", "B04", "B08"];

/** A dataset in memory: rasters with their labels. */
export const datasetOf = (
  scenes: Readonly<Record<string, readonly [Raster, readonly Label[] | null]>>,
  georeference: Georeference | null = null,
): Dataset => {
  const entries = Object.entries(scenes).map(([id, [raster, labels]]) => {
    const bands = raster.bands.map((band, i) => ({ ...band, name: NAMES[i] ?? band.name }));
    const { width, height } = raster;
    const scene = { id, width, height, bands, georeference, acquiredAt: null, platform: null };
    const reader: SceneReader = {
      scene,
      readWindow: async (window) => ({ ...cropRaster(raster, window), bands }),
      [Symbol.asyncDispose]: async () => {},
    };
    return { scene, reader, labels };
  });
  const find = (id: string) => entries.find(({ scene }) => scene.id === id);
  return {
    name: "toys",
    scenes: entries.map(({ scene }) => scene),
    skipped: [{ scene: "broken", error: new SwathError("raster", { what: "broken.tif is cut off" }) }],
    notes: [],
    fetched: () => noTraffic,
    [Symbol.asyncDispose]: async () => {},
    files: () => [],
    digests: async (id) => [{ file: `${id}.tif`, sha256: id }],
    labels: async (id) => find(id)?.labels ?? null,
    open: async (id) => find(id)?.reader as SceneReader,
  };
};

/** The toy network marks 20 × 40 px round the pixel after the object's corner. */
export const boxAt = (x: number, y: number) => ({ x0: x - 9, y0: y - 19, x1: x + 11, y1: y + 21 });
export const label = (x: number, y: number, className = "ship"): Label => ({ className, boxPx: boxAt(x, y) });
