import type { SampleArray } from "../../pipeline/raster/samples.ts";
import { readNumbers, type Tiff } from "./directory.ts";
import type { ImageLayout } from "./image-layout.ts";
import { tag } from "./tag.ts";

/** Red, green and blue of each index, 0…255. */
export interface Palette {
  readonly colours: readonly [red: Uint8Array, green: Uint8Array, blue: Uint8Array];
}

const palettePhotometric = 3;
const maxPaletteBytes = 6 * 65_536;

/**
 * TIFF states colours in 16 bits and does not say how 8 become 16: most writers multiply by 257, some by 256, and some put 8 bits in as they are.
 * The factor that divides all of them is meant, as later GDAL has it.
 */
const toBytes = (values: Float64Array): Uint8Array => {
  const all = (factor: number): boolean => values.every((value) => value % factor === 0);
  const factor = values.every((value) => value <= 255) ? 1 : !all(257) && all(256) ? 256 : 257;
  return Uint8Array.from(values, (value) => Math.floor(value / factor));
};

/** The colours of an image of indices; `null` when it is no such image. */
export const readPalette = async (tiff: Tiff, layout: ImageLayout): Promise<Palette | null> => {
  if (
    layout.photometric !== palettePhotometric ||
    layout.samplesPerPixel !== 1 ||
    layout.bitsPerSample > 16
  ) {
    return null;
  }
  const values = await readNumbers(tiff, layout.directory, tag.colorMap, maxPaletteBytes);
  const count = 2 ** layout.bitsPerSample;
  if (values === null || values.length < 3 * count) return null;
  const bytes = toBytes(values);
  return {
    colours: [
      bytes.subarray(0, count),
      bytes.subarray(count, 2 * count),
      bytes.subarray(2 * count, 3 * count),
    ],
  };
};

/** The colours `bands` (0 red, 1 green, 2 blue) of a plane of indices. */
export const applyPalette = (
  { colours }: Palette,
  indexes: SampleArray,
  bands: readonly number[],
): readonly Uint8Array[] =>
  bands.map((band) => {
    const colour = colours[band]!;
    return Uint8Array.from({ length: indexes.length }, (_, i) => colour[indexes[i]!]!);
  });
