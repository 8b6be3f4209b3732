import type { PlacedRaster } from "../raster/placed.ts";
import type { TileShape } from "../raster/tile-plan.ts";
import type { Detection } from "./detection.ts";

/** What the rest of the pipeline must know of a model; the full card lives with the model. */
export interface DetectorInfo {
  readonly name: string;
  readonly version: string;
  /** SHA-256 of the weights, so that a result can say what made it. */
  readonly sha256: string;
  readonly classes: readonly string[];
  /** Bands that a tile must bring, in this order. */
  readonly bands: readonly string[];
  readonly tile: TileShape;
  /** Detections below are not reported. */
  readonly scoreThreshold: number;
  /** Two boxes of one class that overlap more than this are one object. */
  readonly mergeIou: number;
  /** Multiply and add counted as two. */
  readonly opsPerPixel: number;
  readonly precision: "fp32" | "fp16" | "int8";
  /** What samples have to be: a fraction of light, counts as they are, 8-bit samples; not checked when not given. */
  readonly units?: "reflectance" | "dn" | "uint8";
  /** What runs it, where results may differ in their last digits from those of ONNX Runtime on a CPU. */
  readonly runtime?: string;
  /** Networks that it is made of, where it is more than one: `opsPerPixel` is the sum of theirs. */
  readonly parts?: readonly DetectorPart[];
}

/** One of several networks that work as one detector. */
export interface DetectorPart {
  readonly name: string;
  readonly sha256: string;
  /** Its classes are `firstClass` … `firstClass + classes - 1` of the detector's. */
  readonly firstClass: number;
  readonly classes: number;
  readonly opsPerPixel: number;
  readonly precision: DetectorInfo["precision"];
  /** Of its weights in memory; 0 of what has none. */
  readonly weightBytes: number;
}

/** Bits of a model's weights that are turned over, 0 … `weightBits` − 1. The same array stands for the same weights. */
export type WeightFlips = readonly number[];

/** A detection model, ready to run. */
export interface Detector extends AsyncDisposable {
  readonly info: DetectorInfo;
  /** What radiation can reach of its weights in memory; 0 or none: it has none, or they cannot be turned over. */
  readonly weightBits?: number;
  /** Of several networks, those at these places of `info.parts` alone, and of what they find these classes. Disposing of it does nothing. */
  readonly only?: (parts: readonly number[], classes: ReadonlySet<number>) => Detector;
  /**
   * Detections of a tile, boxes in its pixels, best score first; `tile.planes` in the order of `info.bands`. To keep all threads
   * busy, ask for the next before the last has answered. A tile's answer depends on that tile, where it lies in its scene and `flips` alone: not on what else is under way nor on the number of threads.
   * Throws `SwathError("model")` when shapes do not fit or the outputs are not numbers, as they may with weights turned over.
   */
  detect(tile: PlacedRaster, signal?: AbortSignal, flips?: WeightFlips): Promise<readonly Detection[]>;
}
