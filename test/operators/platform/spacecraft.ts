import type { PowerSystem, Spacecraft, ThermalModel } from "../../../pipeline/mission/spacecraft.ts";
import type { Satellite } from "../../../pipeline/orbit/satellite.ts";
import {
  bitsPerSecond,
  bytes,
  degrees,
  instant,
  joules,
  joulesPerKelvin,
  kelvin,
  millimetres,
  seconds,
  squareMetres,
  watts,
} from "../../../pipeline/units.ts";

export const plainPower: PowerSystem = {
  arrayArea: squareMetres(0.2),
  arrayEfficiency: 0.28,
  attitude: "sun-tracking",
  battery: {
    capacity: joules(280_000),
    chargeEfficiency: 0.95,
    dischargeEfficiency: 0.95,
    floor: 0.3,
    initial: 0.9,
  },
  loads: { base: watts(8), contact: watts(4) },
};

export const plainHeat: ThermalModel = {
  nodes: [
    {
      name: "body",
      heatCapacity: joulesPerKelvin(9000),
      area: squareMetres(0.28),
      absorptivity: 0.6,
      emissivity: 0.8,
      initial: kelvin(285),
      busShare: 1,
      computerShare: 1,
    },
  ],
  conductors: [],
  computerNode: "body",
  throttleFrom: kelvin(333),
  stopAt: kelvin(353),
};

export const plainSpacecraft: Spacecraft = {
  name: "plain",
  computer: {
    name: "plain",
    peakOps: { fp16: 0.5e12 },
    utilisation: 0.4,
    chips: 1,
    samplesPerSecond: 40e6,
    tileOverhead: seconds(0.005),
    power: watts(10),
    idlePower: watts(1.25),
  },
  camera: { energyPerMegasample: joules(0.05) },
  radio: { power: watts(12), rate: { kind: "fixed", rate: bitsPerSecond(50e6) } },
  store: { capacity: bytes(64e9) },
  power: plainPower,
  heat: plainHeat,
  crosslink: null,
  shielding: millimetres(2),
};

/** 2026-08-12T00:00:00Z. */
export const start = instant(1_786_492_800);

/** A circular orbit of 550 km at the time `start`. */
export const lowOrbit = (inclination = 53, rightAscension = 0, meanAnomaly = 0): Satellite => ({
  id: "LOW",
  name: "LOW",
  catalogNumber: 1,
  epoch: start,
  elements: {
    meanMotion: 15.06 as Satellite["elements"]["meanMotion"],
    eccentricity: 0.0005,
    inclination: degrees(inclination),
    rightAscension: degrees(rightAscension),
    argumentOfPerigee: degrees(0),
    meanAnomaly: degrees(meanAnomaly),
    drag: 0,
  },
});
