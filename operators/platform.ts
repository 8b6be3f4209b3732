import type { HardwareProfile } from "../pipeline/bus/run-plan.ts";
import type { Raster } from "../pipeline/raster/raster.ts";
import { bytes, joules, seconds, watts, type Joules, type Seconds } from "../pipeline/units.ts";

/**
 * The default spacecraft computer, radio and camera: a 6U cubesat with a Jetson-class module. All figures are assumed,
 * chosen inside the published range of such buses; a run names its profile and shows every figure of it.
 */
export const defaultHardware: HardwareProfile = {
  name: "cubesat-6u",
  opsPerSecond: 200e9, // 10 W module, 0.5 TOPS fp16 nominal, 40 % reached on a small convolutional network
  samplesPerSecond: 40e6,
  tileOverhead: seconds(0.005),
  computePower: watts(10),
  radioPower: watts(12),
  captureEnergyPerMegasample: joules(0.05),
  storeCapacity: bytes(64e9),
};

/** Seconds that the computer needs for one tile. `opsPerPixel` is 0 when no model runs on board. */
export const tileSeconds = (
  hardware: HardwareProfile,
  work: { readonly modelPixels: number; readonly opsPerPixel: number; readonly encodedSamples: number },
): Seconds =>
  seconds(
    hardware.tileOverhead +
      (work.modelPixels * work.opsPerPixel) / hardware.opsPerSecond +
      work.encodedSamples / hardware.samplesPerSecond,
  );

export const samplesIn = (raster: Raster): number => raster.width * raster.height * raster.planes.length;

export const captureEnergy = (hardware: HardwareProfile, samples: number): Joules =>
  joules((hardware.captureEnergyPerMegasample * samples) / 1e6);
