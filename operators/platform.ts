import type { HardwareProfile } from "../pipeline/bus/run-plan.ts";
import type { Raster } from "../pipeline/raster/raster.ts";
import { bytes, joules, seconds, watts, type Joules, type Seconds } from "../pipeline/units.ts";

/**
 * The default spacecraft computer, radio and camera: a 6U cubesat with a Jetson-class module. All figures are assumed,
 * chosen inside the published range of such buses; a run names its profile and shows every figure of it.
 */
export const defaultHardware: HardwareProfile = {
  name: "cubesat-6u",
  opsPerSecond: 200e9, // A 10 W module of 0.5 TOPS fp16 nominal; 40 % of that reached on a small convolutional network.
  samplesPerSecond: 40e6,
  tileOverhead: seconds(0.005),
  computePower: watts(10),
  radioPower: watts(12),
  captureEnergyPerMegasample: joules(0.05),
  storeCapacity: bytes(64e9),
};

/** Seconds for so many samples to go through an image encoder or a screening test. */
export const encodeSeconds = (hardware: HardwareProfile, samples: number): Seconds =>
  seconds(samples / hardware.samplesPerSecond);

/** Seconds that the computer needs for one tile. `modelPixels` is 0 when no model looks at it. */
export const tileSeconds = (
  hardware: HardwareProfile,
  work: { readonly modelPixels: number; readonly opsPerPixel: number; readonly encodedSamples: number },
): Seconds =>
  seconds(
    hardware.tileOverhead +
      (work.modelPixels * work.opsPerPixel) / hardware.opsPerSecond +
      encodeSeconds(hardware, work.encodedSamples),
  );

/** Pixels times bands. */
export const samplesIn = (raster: Raster): number => raster.width * raster.height * raster.planes.length;

/** What camera and mass memory take for so many samples. */
export const captureEnergy = (hardware: HardwareProfile, samples: number): Joules =>
  joules((hardware.captureEnergyPerMegasample * samples) / 1e6);
