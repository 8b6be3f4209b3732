import {
  bitsPerSecond,
  type BitsPerSecond,
  type Decibels,
  type Metres,
  type Radians,
  type Watts,
} from "../../units.ts";
import { fromDecibels, speedOfLight } from "./free-space.ts";

/** A laser link between two terminals as plain data. Through air it takes a clear sky: clouds are not modelled. */
export type OpticalLink =
  | {
      readonly kind: "telescopes";
      readonly wavelength: Metres;
      /** Average, at the laser. */
      readonly power: Watts;
      readonly transmitAperture: Metres;
      readonly receiveAperture: Metres;
      /** Full width of the beam between the 1/e² points; `null`: the diffraction limit of an evenly lit aperture. */
      readonly divergence: Radians | null;
      /** Of the optics on the way out and in, 0…1 each. */
      readonly transmitEfficiency: number;
      readonly receiveEfficiency: number;
      /** Pointing error, and what else is lost on the way; positive. */
      readonly losses: Decibels;
      /** Photons that the receiver wants for each bit, coding included. */
      readonly photonsPerBit: number;
      readonly maxRate: BitsPerSecond;
    }
  | {
      /** A rate that is known at one distance. */
      readonly kind: "reference";
      readonly rate: BitsPerSecond;
      readonly range: Metres;
      readonly maxRate: BitsPerSecond;
    };

/** Planck's constant, J·s (exact, SI). */
const planck = 6.62607015e-34;

/** Power over area at 1 m for each watt sent, 1/m². */
const intensityAtOneMetre = (divergence: Radians | null, aperture: Metres, wavelength: Metres): number => {
  // Evenly lit: gain (πD/λ)². Gaussian of full 1/e² width θ: on its axis 8 / (π·θ²·r²).
  const gain = divergence === null ? ((Math.PI * aperture) / wavelength) ** 2 : 32 / divergence ** 2;
  return gain / (4 * Math.PI);
};

/** Bits a second that arrive at 1 m were there no ceiling: everything falls with 1/r² from there. */
export const rateAtOneMetre = (link: OpticalLink): number => {
  if (link.kind === "reference") return link.rate * link.range * link.range;
  const { wavelength, power, transmitAperture, receiveAperture, divergence, photonsPerBit } = link;
  const area = (Math.PI / 4) * receiveAperture ** 2;
  const received =
    (power *
      link.transmitEfficiency *
      link.receiveEfficiency *
      intensityAtOneMetre(divergence, transmitAperture, wavelength) *
      area) /
    fromDecibels(link.losses);
  return received / (photonsPerBit * ((planck * speedOfLight) / wavelength));
};

/** Rate at a distance: received photons over photons for each bit, at most the terminals' own. */
export const opticalRate = (link: OpticalLink, range: Metres): BitsPerSecond =>
  bitsPerSecond(Math.round(Math.min(link.maxRate, rateAtOneMetre(link) / (range * range))));

/** Farthest distance at which the link still runs at `rate`; 0 where it never does. */
export const opticalReach = (link: OpticalLink, rate: BitsPerSecond): Metres =>
  (rate > link.maxRate ? 0 : Math.sqrt(rateAtOneMetre(link) / rate)) as Metres;
