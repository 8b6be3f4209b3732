import {
  decibels,
  hertz,
  kelvin,
  watts,
  type Decibels,
  type Hertz,
  type Kelvin,
  type Watts,
} from "../../units.ts";
import { gOverTOf, type LinkBudget } from "./link-budget.ts";

/** A number with where it is from. */
interface Figure<Value extends number> {
  readonly value: Value;
  readonly unit: string;
  readonly kind: "published" | "assumed";
  readonly source: string;
}

const cote = "CMU cote 2.0 (Denby, Ruppel, Lucia: github.com/CMUAbstract/cote)";
const radio = `${cote}: examples/all-params/…/tx-sat.dat`;
const station = `${cote}: examples/capture-and-downlink/…/rx-gnd-0000064019.dat`;
const noise = `${cote}: software/utilities/source/utilities.cpp, calcSystemNoiseTemp, after Space Mission Analysis and Design, 3rd edition, table 13-10`;

/** Where an orbital-edge-computing cubesat's downlink has its figures from, as cote configures it. */
export const oecLinkFigures = {
  power: { value: watts(2), unit: "W", kind: "published", source: radio },
  lineLoss: { value: decibels(1), unit: "dB", kind: "published", source: radio },
  gain: { value: decibels(6), unit: "dBi", kind: "published", source: radio },
  frequency: { value: hertz(8.15e9), unit: "Hz", kind: "published", source: radio },
  bandwidth: { value: hertz(20e6), unit: "Hz", kind: "published", source: radio },
  receiveGain: { value: decibels(44.1), unit: "dBi", kind: "published", source: station },
  /** 25 K antenna + 35.4 K line of 0.5 dB + 84.3 K receiver with a noise figure of 1 dB behind that line. */
  noiseTemperature: {
    value: kelvin(25 + (290 * (1 - 0.8912509381)) / 0.8912509381 + (290 * (10 ** 0.1 - 1)) / 0.8912509381),
    unit: "K",
    kind: "published",
    source: noise,
  },
} as const satisfies Readonly<Record<string, Figure<Watts | Decibels | Hertz | Kelvin>>>;

const { power, lineLoss, gain, frequency, bandwidth, receiveGain, noiseTemperature } = oecLinkFigures;

/**
 * The downlink of cote's orbital-edge-computing cubesat: what Shannon allows in 20 MHz, no air, no margins, so an upper bound.
 * Stations have a mask of 10° there.
 */
export const oecLink: LinkBudget = {
  frequency: frequency.value,
  transmitter: { power: power.value, gain: gain.value, losses: lineLoss.value },
  receiver: {
    gOverT: gOverTOf(receiveGain.value, noiseTemperature.value),
    noiseTemperature: noiseTemperature.value,
  },
  losses: decibels(0),
  atmosphere: { gases: null, rain: null },
  coding: { kind: "shannon", bandwidth: bandwidth.value },
  implementationMargin: decibels(0),
  linkMargin: decibels(0),
  maxRate: null,
};
