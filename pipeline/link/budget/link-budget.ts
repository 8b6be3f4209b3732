import type { GroundStation } from "../../orbit/contact.ts";
import {
  decibels,
  decibelsPerKelvin,
  degrees,
  metres,
  type BitsPerSecond,
  type Decibels,
  type DecibelsPerKelvin,
  type Degrees,
  type Hertz,
  type Kelvin,
  type Metres,
  type Watts,
} from "../../units.ts";
import { pathLossOver, type Atmosphere, type PathLoss, type Place } from "./atmosphere.ts";
import { freeSpaceLoss, inDecibels } from "./free-space.ts";
import type { Modulation } from "./modcod.ts";

/** How bits become symbols. */
export type Coding =
  | {
      /** Adaptive coding and modulation by EN 302 307-1, normal frames. */
      readonly kind: "dvb-s2";
      /** Symbols a second. */
      readonly symbolRate: Hertz;
      /** Of the pulse: the signal takes symbolRate · (1 + rollOff). */
      readonly rollOff: number;
      readonly pilots: boolean;
      readonly modulations: readonly Modulation[];
      /** Signal to spare before a faster MODCOD is taken. */
      readonly hysteresis: Decibels;
    }
  | {
      /** The capacity of a band with white noise, B·log₂(1 + C/N): what no code exceeds. */
      readonly kind: "shannon";
      readonly bandwidth: Hertz;
    };

/** A radio link from a satellite to the ground as plain data; every loss is a positive number. */
export interface LinkBudget {
  readonly frequency: Hertz;
  readonly transmitter: {
    /** At the output of the amplifier, radio frequency. */
    readonly power: Watts;
    /** Of the antenna towards the station, dBi. */
    readonly gain: Decibels;
    /** Between amplifier and antenna. */
    readonly losses: Decibels;
  };
  /** Of stations that state no G/T of their own. */
  readonly receiver: {
    readonly gOverT: DecibelsPerKelvin;
    /** Of the whole receiving system under a clear sky: decides how much warm rain adds. `null`: adds nothing. */
    readonly noiseTemperature: Kelvin | null;
  };
  /** Pointing, polarisation and what else is the same all along. */
  readonly losses: Decibels;
  readonly atmosphere: Atmosphere;
  readonly coding: Coding;
  /** How much more signal the real demodulator wants than the ideal one. */
  readonly implementationMargin: Decibels;
  /** Held back on top. */
  readonly linkMargin: Decibels;
  /** The hardware's ceiling; `null`: none. */
  readonly maxRate: BitsPerSecond | null;
}

/** What a link has to know about a station. */
export interface LinkSite extends Place {
  /** `null`: the budget's. */
  readonly gOverT: DecibelsPerKelvin | null;
}

/** A place at sea level in middle latitudes: what an unknown station counts as. */
export const anySite: LinkSite = { latitude: degrees(45), altitude: metres(0), gOverT: null };

/** What a link budget needs of a station. */
export const siteFor = ({ latitude, altitude, gOverT }: GroundStation): LinkSite => ({
  latitude,
  altitude,
  gOverT: gOverT ?? null,
});

/** G/T of an antenna of that gain (dBi) in front of a system of that noise temperature. */
export const gOverTOf = (gain: Decibels, noiseTemperature: Kelvin): DecibelsPerKelvin =>
  decibelsPerKelvin(gain - inDecibels(noiseTemperature));

/** Equivalent isotropically radiated power, dBW. */
export const eirpOf = ({ transmitter: { power, gain, losses } }: LinkBudget): Decibels =>
  decibels(inDecibels(power) + gain - losses);

/** Boltzmann's constant in dBW/K/Hz (exact, SI: 1.380649·10⁻²³ J/K). */
const boltzmann = inDecibels(1.380649e-23);

/** Mean radiating temperature of rain and cloud, K (ITU-R P.618-13 §3). */
const rainTemperature = 275;

/** What a link has apart from the distance: C/N0 in dBHz at 1 m in vacuum, and what the air takes at an elevation. */
export interface LinkConstants {
  readonly atOneMetre: number;
  /** Loss in dB; with the noise that rain adds. */
  readonly air: (elevation: Degrees) => number;
}

const noiseRise = (noise: Kelvin | null, { rain }: PathLoss): number =>
  noise === null || rain === 0 ? 0 : inDecibels(1 + (rainTemperature * (1 - 10 ** (-rain / 10))) / noise);

/** The terms of a link budget that stay the same over a pass. */
export const linkConstants = (budget: LinkBudget, site: LinkSite): LinkConstants => {
  const { frequency, receiver, losses, atmosphere } = budget;
  const gOverT = site.gOverT ?? receiver.gOverT;
  const loss = pathLossOver(atmosphere, frequency, site);
  return {
    atOneMetre: eirpOf(budget) - losses + gOverT - boltzmann - freeSpaceLoss(frequency, metres(1)),
    air: (elevation) => {
      const path = loss(elevation);
      return path.gases + path.rain + noiseRise(receiver.noiseTemperature, path);
    },
  };
};

/** Carrier over noise density at one moment, dBHz: EIRP − free space − air − losses + G/T − k. */
export const carrierToNoiseDensity = (
  budget: LinkBudget,
  site: LinkSite,
  range: Metres,
  elevation: Degrees,
): Decibels => {
  const { atOneMetre, air } = linkConstants(budget, site);
  return decibels(atOneMetre - 20 * Math.log10(range) - air(elevation));
};
