import type { Spacecraft } from "../pipeline/bus/spacecraft.ts";
import { bitsPerSecond, bytes, joules, millimetres, seconds, watts } from "../pipeline/units.ts";

/**
 * The default spacecraft: a 6U cubesat with a Jetson-class module. All figures are assumed, chosen inside the published
 * range of such buses; a run names its spacecraft and shows every figure of it.
 */
export const defaultSpacecraft: Spacecraft = {
  name: "cubesat-6u",
  computer: {
    name: "10 W module",
    peakOps: { fp32: 0.5e12 },
    utilisation: 0.4,
    chips: 1,
    samplesPerSecond: 40e6,
    tileOverhead: seconds(0.005),
    power: watts(10),
    idlePower: watts(0),
  },
  camera: { energyPerMegasample: joules(0.05) },
  radio: { power: watts(12), rate: { kind: "fixed", rate: bitsPerSecond(8e6) } },
  store: { capacity: bytes(64e9) },
  power: null,
  heat: null,
  crosslink: null,
  shielding: millimetres(2),
};
