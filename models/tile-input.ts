import type { SampleArray } from "../pipeline/raster/samples.ts";

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
}

export interface InputShape {
  readonly width: number;
  readonly height: number;
  readonly layout: "NCHW" | "NHWC";
}

/** Where a network of this input size and step lets a tile of `length` pixels end up: fixed, or the next multiple. */
export const paddedLength = (length: number, fixed: number | null, multipleOf: number): number =>
  fixed ?? Math.ceil(length / multipleOf) * multipleOf;

/**
 * Writes a tile into a network's input, `out` of channels × height × width. A tile smaller than the input lies in its
 * upper left corner and its last column and row go on to the right and below: a black margin would make an edge
 * that looks like a shore or an object, mirrored pixels would show objects twice.
 */
export const fillInput = (tile: InputTile, shape: InputShape, out: Float32Array): void => {
  const channels = tile.planes.length;
  const step = shape.layout === "NHWC" ? channels : 1;
  tile.planes.forEach((plane, channel) => {
    const start = shape.layout === "NHWC" ? channel : channel * shape.height * shape.width;
    const rowLength = shape.width * step;
    for (let row = 0; row < tile.height; row += 1)
      fillRow(tile, plane, channel, row, out, start + row * rowLength, step);
    padChannel(tile, shape, out, start, step);
  });
};

const fillRow = (
  tile: InputTile,
  plane: SampleArray,
  channel: number,
  row: number,
  out: Float32Array,
  start: number,
  step: number,
): void => {
  const gain = tile.gain[channel] as number;
  const bias = tile.bias[channel] as number;
  const blank = tile.blank[channel] as number;
  const { width, valid } = tile;
  const first = row * width;
  for (let x = 0, at = start; x < width; x += 1, at += step)
    out[at] = gain * (plane[first + x] as number) + bias;
  if (valid !== null) {
    for (let x = 0; x < width; x += 1) if (valid[first + x] === 0) out[start + x * step] = blank;
  }
};

const padChannel = (
  tile: InputTile,
  shape: InputShape,
  out: Float32Array,
  start: number,
  step: number,
): void => {
  const rowLength = shape.width * step;
  if (tile.width < shape.width) {
    for (let row = 0; row < tile.height; row += 1) {
      const last = out[start + row * rowLength + (tile.width - 1) * step] as number;
      for (let x = tile.width; x < shape.width; x += 1) out[start + row * rowLength + x * step] = last;
    }
  }
  const lastRow = start + (tile.height - 1) * rowLength;
  for (let row = tile.height; row < shape.height; row += 1) {
    for (let x = 0; x < shape.width; x += 1) {
      out[start + row * rowLength + x * step] = out[lastRow + x * step] as number;
    }
  }
};
