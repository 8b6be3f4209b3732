import type { Georeference } from "../../pipeline/raster/georeference.ts";
import type { PlaceClue } from "../crs/image-place.ts";
import type { PixelWindow } from "../../pipeline/raster/raster.ts";
import type { SampleArray, SampleType } from "../../pipeline/raster/samples.ts";

/** What a file says of one of its bands. `physical = scale · sample + offset`. */
export interface FileBand {
  /** `null` where the file gives the band no name. */
  readonly description: string | null;
  readonly scale: number;
  readonly offset: number;
  readonly unit: string | null;
  /** The nodata value of this band alone; absent: that of the file. */
  readonly nodata?: number;
}

/** Width and height in pixels. */
export interface PixelSize {
  readonly width: number;
  readonly height: number;
}

/** Which resolution a read takes, and what stops it. */
export interface ReadOptions {
  /** Index into `overviews`; absent: full resolution. The window is then in overview pixels. */
  readonly overview?: number;
  /** Stops the read between blocks; rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** The pixels of one window, planar. */
export interface WindowPixels {
  /** In the order asked for; each `window.width · window.height` samples, row by row. */
  readonly planes: readonly SampleArray[];
  /** 1 where every band asked for holds a measurement, 0 elsewhere; `null` when all pixels do. */
  readonly valid: Uint8Array | null;
}

/** An open image file of any format: a GeoTIFF, a PNG, a JPEG. */
export interface RasterFile extends AsyncDisposable {
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly sampleType: SampleType;
  readonly bands: readonly FileBand[];
  /** The sample value that means "no measurement"; NaN for some float files. */
  readonly nodata: number | null;
  /** Which band says how opaque a pixel is; `null` or absent without one. */
  readonly alphaBand?: number | null;
  /** Whether the file holds a mask of its own, which says all of what is a measurement. Absent is no. */
  readonly hasMask?: boolean;
  /** How the picture is to be turned to stand upright: EXIF orientation, 1 to 8; absent is 1. Samples are as stored. */
  readonly orientation?: number;
  /** Pictures of the file that are not read: further pages, neither overviews nor masks. Absent is none. */
  readonly otherPages?: number;
  /** From the file alone; what lies beside it may say more. */
  readonly georeference: Georeference | null;
  /** What the file says of its place, the most trusted first; absent where its format says nothing of places. */
  readonly placeClues?: readonly PlaceClue[];
  /** As people name it: `deflate`, `lzw`, `jpeg`, `none`, … */
  readonly compression: string;
  /** What is decoded at once; reading along these borders costs least. */
  readonly block: PixelSize;
  /** From fine to coarse. */
  readonly overviews: readonly PixelSize[];
  /**
   * Reads one window; `bandIndexes` count from 0. Several windows may be read at the same time: blocks that
   * they share are decoded once.
   * Throws `SwathError("raster")` when the window leaves the image, a band is missing or the file is corrupt.
   */
  readWindow(
    window: PixelWindow,
    bandIndexes: readonly number[],
    options?: ReadOptions,
  ): Promise<WindowPixels>;
  /**
   * Says that windows of these bands will be read, in this order. Costs nothing where files are at hand; from elsewhere they are then
   * asked for ahead, in few requests. Absent where nothing is gained. What cannot be expected is told by whoever reads it.
   */
  expect?(windows: readonly PixelWindow[], bandIndexes: readonly number[]): Promise<void>;
}
