import type { SampleArray } from "../../pipeline/raster/samples.ts";
import type { Placement } from "./tile-placement.ts";

/** A tile on its way to a network: pixels and what turns them into the network's numbers. Crosses threads as it is. */
export interface InputTile {
  readonly width: number;
  readonly height: number;
  /** One plane a channel, each `width × height`, in the order of the network's channels. */
  readonly planes: readonly SampleArray[];
  /** 1 where there is a measurement; `null`: everywhere. */
  readonly valid: Uint8Array | null;
  /** Of each channel: input = gain · sample + bias. */
  readonly gain: readonly number[];
  readonly bias: readonly number[];
  /** Of each channel: the input where there is no measurement (what a physical value of 0 becomes). */
  readonly blank: readonly number[];
  /** Where the middle of the whole scene lies, in pixels of the tile: what several looks turn about. The tile's own when not given. */
  readonly sceneMiddlePx?: { readonly x: number; readonly y: number };
  /** Of each channel: the input round a tile that does not fill a letterbox. */
  readonly margin: readonly number[];
}

/**
 * Writes a tile into a network's input, `out` of channels × height × width in the order `layout`, where `placement` has it.
 *
 * Unscaled, a tile smaller than the input lies where the placement says and its outermost columns and rows go on all round: a black margin would make an edge that looks like a shore or an object, mirrored pixels would show objects twice.
 * Scaled, it is what the networks that want letterboxes were trained on: bilinear between the four nearest pixel centres
 * (OpenCV's `INTER_LINEAR`, without rounding to 8 bits), a margin of one value.
 */
export const fillInput = (
  tile: InputTile,
  placement: Placement,
  layout: "NCHW" | "NHWC",
  out: Float32Array,
): void => {
  const { width, height } = placement.inputPx;
  const channels = tile.planes.length;
  const plane = new Float32Array(tile.width * tile.height);
  tile.planes.forEach((samples, channel) => {
    toNumbers(tile, samples, channel, plane);
    const target: Target = {
      out,
      start: layout === "NHWC" ? channel : channel * height * width,
      step: layout === "NHWC" ? channels : 1,
      rowLength: width * (layout === "NHWC" ? channels : 1),
    };
    if (placement.fit === "letterbox")
      letterbox(plane, tile, placement, tile.margin[channel] as number, target);
    else extend(plane, tile, placement, target);
  });
};

/** Where a channel's numbers go: pixel (x, y) at `start + y · rowLength + x · step`. */
interface Target {
  readonly out: Float32Array;
  readonly start: number;
  readonly step: number;
  readonly rowLength: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const toNumbers = (tile: InputTile, samples: SampleArray, channel: number, out: Float32Array): void => {
  const gain = tile.gain[channel] as number;
  const bias = tile.bias[channel] as number;
  const blank = tile.blank[channel] as number;
  const { valid } = tile;
  for (let i = 0; i < out.length; i += 1) out[i] = gain * (samples[i] as number) + bias;
  if (valid === null) return;
  for (let i = 0; i < out.length; i += 1) if (valid[i] === 0) out[i] = blank;
};

const extend = (
  plane: Float32Array,
  tile: Size,
  { inputPx, tilePx }: Placement,
  { out, start, step, rowLength }: Target,
): void => {
  for (let row = 0; row < inputPx.height; row += 1) {
    const from = Math.min(Math.max(row - tilePx.y, 0), tile.height - 1) * tile.width;
    let at = start + row * rowLength;
    const first = plane[from] as number;
    for (let x = 0; x < tilePx.x; x += 1, at += step) out[at] = first;
    for (let x = 0; x < tile.width; x += 1, at += step) out[at] = plane[from + x] as number;
    const last = plane[from + tile.width - 1] as number;
    for (let x = tilePx.x + tile.width; x < inputPx.width; x += 1, at += step) out[at] = last;
  }
};

/** For each of `count` pixels on the way to another scale, the two it lies between and how near the second is. */
const between = (count: number, length: number) => {
  const first = new Int32Array(count);
  const second = new Int32Array(count);
  const share = new Float32Array(count);
  for (let i = 0; i < count; i += 1) {
    const at = Math.min(length - 1, Math.max(0, ((i + 0.5) * length) / count - 0.5));
    first[i] = Math.floor(at);
    second[i] = Math.min(length - 1, Math.floor(at) + 1);
    share[i] = at - Math.floor(at);
  }
  return { first, second, share };
};

const letterbox = (
  plane: Float32Array,
  tile: Size,
  { inputPx, tilePx }: Placement,
  margin: number,
  { out, start, step, rowLength }: Target,
): void => {
  for (let row = 0; row < inputPx.height; row += 1) {
    for (let x = 0, at = start + row * rowLength; x < inputPx.width; x += 1, at += step) out[at] = margin;
  }
  const columns = between(tilePx.width, tile.width);
  const rows = between(tilePx.height, tile.height);
  for (let row = 0; row < tilePx.height; row += 1) {
    const [above, below] = [
      (rows.first[row] as number) * tile.width,
      (rows.second[row] as number) * tile.width,
    ];
    const down = rows.share[row] as number;
    let at = start + (tilePx.y + row) * rowLength + tilePx.x * step;
    for (let x = 0; x < tilePx.width; x += 1, at += step) {
      const [left, right] = [columns.first[x] as number, columns.second[x] as number];
      const across = columns.share[x] as number;
      const top = (plane[above + left] as number) * (1 - across) + (plane[above + right] as number) * across;
      const bottom =
        (plane[below + left] as number) * (1 - across) + (plane[below + right] as number) * across;
      out[at] = top * (1 - down) + bottom * down;
    }
  }
};
