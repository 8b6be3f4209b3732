import type { Detection } from "../../pipeline/detection/detection.ts";
import type { PixelWindow } from "../../pipeline/raster/raster.ts";
import type { Outputs } from "../runtimes/network-session.ts";

/** What bounds the detections of a head. */
export interface HeadLimits {
  /** Detections below are not reported. */
  readonly scoreThreshold: number;
  /** At most this many are reported, the best ones. */
  readonly maxDetections: number;
  readonly classCount: number;
  /** Whether scores outside 0…1 are an error; those of weights that radiation has hit are not. */
  readonly isStrict?: boolean;
  /** The network's input, padding included. */
  readonly inputPx: SizePx;
  /** The part of the input that holds the tile. */
  readonly tilePx: PixelWindow;
}

/** Width and height in pixels. */
export interface SizePx {
  readonly width: number;
  readonly height: number;
}

/**
 * Turns what a network puts out into detections, boxes in pixels of the network's input, in `compareDetections` order.
 * Boxes may reach past the input. Throws `SwathError("model")` when shapes do not fit or values are not numbers.
 */
export interface Head {
  /** Outputs that it reads; an empty name stands for the first one. */
  readonly outputs: readonly string[];
  decode(outputs: Outputs, limits: HeadLimits): readonly Detection[];
}
