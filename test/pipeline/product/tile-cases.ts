import type { Raster } from "../../../pipeline/raster/raster.ts";
import { allocateSamples, type SampleType } from "../../../pipeline/raster/samples.ts";
import { band, scenery, sequence } from "./rasters.ts";

/** Imagery that is the same every time: each band another seed, 8-bit types darker. */
export const sceneOf = (width: number, height: number, types: readonly SampleType[]): Raster => ({
  width,
  height,
  bands: types.map((type, b) => band(`b${b}`, type)),
  planes: types.map((type, b) => {
    const plane = allocateSamples(type, width * height);
    scenery(width, height, b + 1).forEach((value, i) => (plane[i] = value / (type.endsWith("8") ? 32 : 1)));
    return plane;
  }),
  valid: null,
});

const sparse = (): Raster => {
  const random = sequence(5);
  const odd = Uint16Array.from({ length: 2000 }, () => Math.floor(random() * 60) ** 2 * 9);
  return { width: 50, height: 40, bands: [band("odd", "uint16")], planes: [odd], valid: null };
};

const masked = (): Raster => ({
  ...sceneOf(40, 30, ["uint16", "float32", "int16", "uint16", "uint16"]),
  valid: Uint8Array.from({ length: 1200 }, (_, i) => (i % 40 > 33 ? 0 : 1)),
});

/** Tiles of many kinds, whose bytes in version 1 of the format stand in `test/golden/product/tiles-version-1.json`. */
export const tileCases: Readonly<Record<string, Raster>> = {
  one: sceneOf(1, 1, ["uint16"]),
  column: sceneOf(1, 40, ["int16", "uint8"]),
  row: sceneOf(40, 1, ["uint16", "uint16"]),
  mixed: sceneOf(30, 20, ["uint8", "int8", "uint16", "int16", "uint32", "float32", "float64"]),
  deep: sceneOf(
    24,
    24,
    Array.from({ length: 7 }, () => "uint16" as const),
  ),
  sparse: sparse(),
  masked: masked(),
  empty: { ...sceneOf(64, 64, ["uint16"]), planes: [new Uint16Array(64 * 64)] },
};
