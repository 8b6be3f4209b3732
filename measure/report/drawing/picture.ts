import sharp from "sharp";
import type { BoxPx } from "../../../pipeline/detection/box.ts";
import type { Band, PixelWindow } from "../../../pipeline/raster/raster.ts";
import type { SceneReader } from "../../../pipeline/raster/scene.ts";

/** A picture for people, and the part of the scene that it shows, pixel for pixel. */
export interface Picture {
  readonly window: PixelWindow;
  readonly imageDataUri: string;
}

/**
 * The part of a scene, at most `side` pixels square, that shows most of the boxes: the best of a grid of candidates half
 * a side apart. The middle of the scene when there are none.
 */
export const busiestWindow = (
  width: number,
  height: number,
  boxes: readonly BoxPx[],
  side: number,
): PixelWindow => {
  const size = { width: Math.min(side, width), height: Math.min(side, height) };
  const last = { x: width - size.width, y: height - size.height };
  const starts = (end: number): number[] => {
    const steps = Math.ceil(end / (side / 2));
    return steps === 0 ? [0] : Array.from({ length: steps + 1 }, (_, i) => Math.round((end * i) / steps));
  };
  const inside = (x: number, y: number): number =>
    boxes.filter((b) => b.x0 >= x && b.x1 <= x + size.width && b.y0 >= y && b.y1 <= y + size.height).length;
  let best = { x: last.x >> 1, y: last.y >> 1, count: inside(last.x >> 1, last.y >> 1) };
  for (const y of starts(last.y)) {
    for (const x of starts(last.x)) {
      const count = inside(x, y);
      if (count > best.count) best = { x, y, count };
    }
  }
  return { x: best.x, y: best.y, ...size };
};

/** Red, green and blue where the names tell; else the first three bands, or the first one three times: by their names. */
const colourBands = (bands: readonly Band[]): readonly string[] => {
  const find = (pattern: RegExp): Band | undefined =>
    bands.find(({ name, commonName }) => pattern.test(commonName ?? name) || pattern.test(name));
  const named = [find(/^(red|B04)$/i), find(/^(green|B03)$/i), find(/^(blue|B02)$/i)];
  const [first, second, third] = bands;
  const chosen = named.every((band) => band !== undefined)
    ? named
    : second !== undefined && third !== undefined
      ? [first, second, third]
      : [first, first, first];
  return chosen.flatMap((band) => (band === undefined ? [] : [band.name]));
};

/** Low and high end of a stretch: the 1 % and 99.5 % quantiles of a thousand or so samples. */
const stretchOf = (plane: ArrayLike<number>): readonly [low: number, high: number] => {
  const step = Math.max(1, Math.floor(plane.length / 4096));
  const some: number[] = [];
  for (let i = 0; i < plane.length; i += step) some.push(plane[i] as number);
  some.sort((a, b) => a - b);
  const low = some[Math.floor(some.length * 0.01)] ?? 0;
  const high = some[Math.floor((some.length - 1) * 0.995)] ?? 1;
  return [low, high > low ? high : low + 1];
};

/** `window` as a person expects it, pixel for pixel: natural colours, stretched, gamma 1.6. Red, green and blue by turns, one byte each. */
export const renderColours = async (
  reader: SceneReader,
  window: PixelWindow,
  signal?: AbortSignal,
): Promise<Uint8Array> => {
  const names = colourBands(reader.scene.bands);
  const raster = await reader.readWindow(window, [...new Set(names)], signal);
  const pixels = new Uint8Array(window.width * window.height * 3);
  names.forEach((name, channel) => {
    const b = raster.bands.findIndex((band) => band.name === name);
    const plane = raster.planes[b] ?? new Uint8Array(window.width * window.height);
    const [low, high] = raster.bands[b]?.sampleType === "uint8" ? [0, 255] : stretchOf(plane);
    const gamma = raster.bands[b]?.sampleType === "uint8" ? 1 : 1 / 1.6;
    for (let i = 0; i < plane.length; i++) {
      const share = Math.min(1, Math.max(0, ((plane[i] as number) - low) / (high - low)));
      pixels[i * 3 + channel] = Math.round(255 * share ** gamma);
    }
  });
  return pixels;
};

const imageOf = (pixels: Uint8Array, { width, height }: PixelWindow) =>
  sharp(pixels, { raw: { width, height, channels: 3 } });

/** `renderColours` as a WebP without loss. */
export const encodeColours = async (
  pixels: Uint8Array,
  window: PixelWindow,
): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await imageOf(pixels, window).webp({ lossless: true, effort: 1 }).toBuffer());

/** `renderColours` as WebP in a data URI: pixel for pixel, or no wider and no higher than `mostPx`. */
export const renderPicture = async (
  reader: SceneReader,
  window: PixelWindow,
  mostPx = Infinity,
): Promise<Picture> => {
  const image = imageOf(await renderColours(reader, window), window);
  const sized =
    Math.max(window.width, window.height) <= mostPx
      ? image
      : image.resize({ width: mostPx, height: mostPx, fit: "inside", kernel: "lanczos3" });
  const webp = await sized.webp({ quality: 80 }).toBuffer();
  return { window, imageDataUri: `data:image/webp;base64,${webp.toString("base64")}` };
};
