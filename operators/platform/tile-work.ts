import type { Camera, Computer, Precision } from "../../pipeline/mission/spacecraft.ts";
import type { Raster } from "../../pipeline/raster/raster.ts";
import { joules, seconds, type Joules, type Seconds } from "../../pipeline/units.ts";
import { effectiveOps } from "./computer.ts";

/** Seconds that an image encoder or a simple test takes for this number of samples. */
export const encodeSeconds = ({ samplesPerSecond }: Computer, samples: number): Seconds =>
  seconds(samples / samplesPerSecond);

/** The work of a tile for the computer. */
export interface TileWork {
  /** 0 when no model looks at it. */
  readonly modelPixels: number;
  /** Multiply and add counted as two. */
  readonly opsPerPixel: number;
  readonly precision: Precision;
  readonly encodedSamples: number;
  /** Other networks that look at the same pixels. */
  readonly others?: readonly { readonly opsPerPixel: number; readonly precision: Precision }[];
  /** Runs of the model, each over all pixels, and times what a run takes without protection; one when not given. */
  readonly runs?: number;
  readonly slowdown?: number;
}

/** Seconds at full speed that the computer needs for one tile. */
export const tileSeconds = (
  computer: Computer,
  { modelPixels, opsPerPixel, precision, encodedSamples, others = [], runs = 1, slowdown = 1 }: TileWork,
): Seconds => {
  const beside = others.reduce(
    (sum, other) =>
      sum + (runs * slowdown * (modelPixels * other.opsPerPixel)) / effectiveOps(computer, other.precision),
    0,
  );
  return seconds(
    computer.tileOverhead +
      (runs * slowdown * (modelPixels * opsPerPixel)) / effectiveOps(computer, precision) +
      encodeSeconds(computer, encodedSamples) +
      beside,
  );
};

/** Operations of all networks on a pixel. */
export const operationsAPixel = ({ opsPerPixel, others = [] }: TileWork): number =>
  others.reduce((sum, other) => sum + other.opsPerPixel, opsPerPixel);

/** Pixels times bands. */
export const samplesIn = (raster: Raster): number => raster.width * raster.height * raster.planes.length;

/** What camera and mass memory take for this number of samples. */
export const captureEnergy = ({ energyPerMegasample }: Camera, samples: number): Joules =>
  joules((energyPerMegasample * samples) / 1e6);
