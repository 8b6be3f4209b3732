import type { Instant } from "../units.ts";
import type { Georeference } from "./georeference.ts";
import type { Band, PixelWindow, Raster } from "./raster.ts";
import { bytesPerSample } from "./samples.ts";

/** What is known of a scene before a pixel is read. */
export interface Scene {
  /** Unique in its dataset; `[A-Za-z0-9._-]+`, so that it can stand in a NATS subject and a file name. */
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly bands: readonly Band[];
  readonly georeference: Georeference | null;
  /** When the pixels were taken; `null` when the dataset does not say. */
  readonly acquiredAt: Instant | null;
  readonly platform: string | null;
}

/** What the sensor hands over of the bands that are named: samples only, uncompressed; bytes. */
export const sceneBytes = ({ width, height, bands }: Scene, bandNames: readonly string[]): number =>
  bands.reduce(
    (sum, { name, sampleType }) =>
      bandNames.includes(name) ? sum + width * height * bytesPerSample(sampleType) : sum,
    0,
  );

/** An open scene. Reading is by window; nothing larger than the window and the blocks it touches is held. */
export interface SceneReader extends AsyncDisposable {
  readonly scene: Scene;
  /**
   * The pixels of `window`, in the order of `bandNames`.
   * Throws `SwathError("raster")` when the window leaves the scene, a band is missing or the file is corrupt.
   */
  readWindow(window: PixelWindow, bandNames: readonly string[], signal?: AbortSignal): Promise<Raster>;
  /**
   * Says which windows of which bands will be read, in this order, once that is known: files from elsewhere are then asked for ahead,
   * in few requests. Changes no pixel and no error; absent where pixels are at hand.
   */
  expect?(windows: readonly PixelWindow[], bandNames: readonly string[]): void;
}

/** Where scenes come from: a STAC collection, a folder, a generator. The port that operators and stations use. */
export interface SceneSource {
  readonly name: string;
  readonly scenes: readonly Scene[];
  /** Throws `SwathError("dataset")` for an unknown id, `SwathError("raster")` for a file that cannot be read. */
  open(sceneId: string): Promise<SceneReader>;
}
