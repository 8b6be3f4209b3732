import { decibels, type Decibels, type Hertz, type Metres } from "../../units.ts";

/** Speed of light in vacuum, m/s (exact, SI). */
export const speedOfLight = 299_792_458;

/** 10·log₁₀ of a ratio. */
export const inDecibels = (ratio: number): Decibels => decibels(10 * Math.log10(ratio));

const perDecibel = Math.LN10 / 10;

/** The ratio again: 10^(dB/10), written as an exponential because it is several times as fast. */
export const fromDecibels = (value: Decibels): number => Math.exp(value * perDecibel);

/** (4πd/λ)² in dB, positive: free-space basic transmission loss between isotropic antennas (ITU-R P.525-4 §2.3). */
export const freeSpaceLoss = (frequency: Hertz, range: Metres): Decibels =>
  decibels(20 * Math.log10((4 * Math.PI * range * frequency) / speedOfLight));
