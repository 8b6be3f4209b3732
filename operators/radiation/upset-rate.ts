import { type Instant, type Millimetres, millimetres, type Quantity } from "../../pipeline/units.ts";
import { earthRadius, type Vector3 } from "../../pipeline/orbit/reference-frame.ts";

/** How often one bit of memory is turned over by a particle. */
export type PerBitSecond = Quantity<"1/(bit s)">;

const perDay = 1 / 86_400;
const year = 365.25 * 86_400;
const degree = Math.PI / 180;

/*
 * Three orbit averages of commercial memories that people measured in flight set the four free figures of the model (`cosmicRate`,
 * `protonRate`, `kneeAltitude`, `altitudeScale`), all of them upsets per bit and day:
 *   4.04e-7  Alsat-1, 686 km, 98.2°, eight years of SRAM (Bentoutou, Advances in Space Research 48, 2011, 1147)
 *   8.5e-8   International Space Station, 2010–2017, DRAM behind 10 g/cm² (Koontz et al., NASA, 2020; read in a compilation only)
 *   7.63e-7  two satellites between 1,050 and 1,425 km, SRAM (Spacecraft Environment Engineering, doi:10.12126/see.2021.05.002)
 * Parts differ tenfold and more among each other: what the model says of a place relative to another is better than its level.
 */
/** Upsets by cosmic rays where the magnetic field keeps none away. Fitted. */
const cosmicRate = 1.3e-7 * perDay;
/** Upsets by trapped protons in the middle of the anomaly, far above the atmosphere. Fitted. */
const protonRate = 2.54e-5 * perDay;
/** Below this altitude the air eats the protons, by a factor e each `altitudeScale`. Fitted, metres. */
const kneeAltitude = 702e3;
const altitudeScale = 128e3;

/**
 * Middle of the South Atlantic Anomaly: 30° S 40° W in 1974, at 700–800 km (Knoll, Holzer & Schmidtke, Journal of Geophysical
 * Research 82, 1977, 5281); it drifts west by 0.3° a year (Fürst et al., Earth and Planetary Science Letters 281, 2009, 125).
 */
const anomaly = { latitude: -30, longitude: -40, at: Date.UTC(1974, 0) / 1000, drift: -0.3 / year };
/** Standard deviations of the bell that stands for its shape, degrees. Assumed. */
const anomalyWidth = { latitude: 12, longitude: 24 };
/** Where the bell has come down to a tenth counts as the edge. */
const edge = 2 * Math.log(10);

/** Gauss coefficients g₁₁, h₁₁, g₁₀ of 2020, nT (IGRF-13: Alken et al., Earth, Planets and Space 73:49, 2021). */
const dipole = unit([-1450.9, 4652.5, -29_404.8]);
/** Reference radius of the IGRF. */
const magneticRadius = 6_371_200;
/** Vertical Størmer cutoff at the magnetic equator, GV: 14.9 cos⁴λ/r² = 14.9/L² (Smart & Shea, Adv. Space Res. 36, 2005, 2012). */
const stormerCutoff = 14.9;
/** Cutoff at which half of the upsets by cosmic rays are kept away, GV. Assumed. */
const halfCutoff = 3;

/** Shielding that the fitted rates hold for. Assumed: the sources do not say. */
export const referenceShielding = millimetres(5);
/** MeV above the shield's cut-off over which the protons of the anomaly fall by a factor e. Assumed. */
const protonSpectrum = 100;

function unit([x, y, z]: Vector3): Vector3 {
  const length = Math.hypot(x, y, z);
  return [x / length, y / length, z / length];
}

/** McIlwain's L of a place in the tilted dipole: how many Earth radii out its field line crosses the magnetic equator. */
export const dipoleShell = ([x, y, z]: Vector3): number => {
  const r = Math.hypot(x, y, z);
  const sine = (x * dipole[0] + y * dipole[1] + z * dipole[2]) / r;
  return r / magneticRadius / Math.max(1e-9, 1 - sine * sine);
};

/**
 * Energy in MeV at which a proton just comes through: the Bragg–Kleeman rule R = α·E^1.77 with α = 0.0022 g/cm² for water
 * (Bortfeld, Medical Physics 24, 1997, 2024), 1.28 times that for aluminium of 2.7 g/cm³ (37 mm stop 100 MeV).
 */
const stoppedEnergy = (shielding: Millimetres): number =>
  ((0.27 * shielding) / (1.28 * 0.0022)) ** (1 / 1.77);

/**
 * Share of the upsets by trapped protons that shielding leaves, 1 at `referenceShielding`. Protons of a few MeV, which only
 * upset memories behind next to nothing, are not in it. Cosmic rays pass as if there were no shield.
 */
export const protonTransmission = (shielding: Millimetres): number =>
  Math.exp((stoppedEnergy(referenceShielding) - stoppedEnergy(shielding)) / protonSpectrum);

/** Square of the distance from the middle of the anomaly, in standard deviations. */
const anomalyDistance = ([x, y, z]: Vector3, at: Instant): number => {
  const centre = anomaly.longitude + anomaly.drift * (at - anomaly.at);
  const turns = (Math.atan2(y, x) / degree - centre) / 360;
  const east = 360 * (turns - Math.round(turns));
  const north = Math.atan2(z, Math.hypot(x, y)) / degree - anomaly.latitude;
  return (east / anomalyWidth.longitude) ** 2 + (north / anomalyWidth.latitude) ** 2;
};

/** Whether a place lies in the South Atlantic Anomaly: where trapped protons are at a tenth of their most or more. */
export const isInAnomaly = (positionEcef: Vector3, at: Instant): boolean =>
  anomalyDistance(positionEcef, at) < edge;

/** Upsets of a commercial memory at a place in low Earth orbit, by what makes them. The Sun is quiet. */
export interface UpsetRates {
  /** Trapped protons: the South Atlantic Anomaly. */
  readonly protons: PerBitSecond;
  /** Cosmic rays: everywhere, most near the magnetic poles. */
  readonly cosmic: PerBitSecond;
}

/**
 * Upset rates at an Earth-fixed place in metres. Holds from 300 to 1,500 km; outside of that it goes on smoothly and means
 * little. Error: a factor of two for the mean of an orbit, more for one part or one moment.
 */
export const upsetRates = (positionEcef: Vector3, at: Instant, shielding: Millimetres): UpsetRates => {
  const altitude = Math.hypot(...positionEcef) - earthRadius;
  const air = 1 / (1 + Math.exp((kneeAltitude - altitude) / altitudeScale));
  const bell = Math.exp(-anomalyDistance(positionEcef, at) / 2);
  const cutoff = stormerCutoff / dipoleShell(positionEcef) ** 2;
  return {
    protons: (protonRate * air * bell * protonTransmission(shielding)) as PerBitSecond,
    cosmic: (cosmicRate / (1 + (cutoff / halfCutoff) ** 2)) as PerBitSecond,
  };
};

/** The sum of `upsetRates`. */
export const upsetRate = (positionEcef: Vector3, at: Instant, shielding: Millimetres): PerBitSecond => {
  const { protons, cosmic } = upsetRates(positionEcef, at, shielding);
  return (protons + cosmic) as PerBitSecond;
};
