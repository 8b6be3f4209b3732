import type { GramsPerCubicMetre, Metres } from "../../units.ts";

/** The air at one height. */
export interface Air {
  /** Without water vapour, hPa. */
  readonly dryPressure: number;
  /** Partial pressure of water vapour, hPa. */
  readonly vapourPressure: number;
  /** Kelvin. */
  readonly temperature: number;
}

/** Base geopotential height (km), temperature there (K), its gradient (K/km), pressure there (hPa). */
const layers = [
  [0, 288.15, -6.5, 1013.25],
  [11, 216.65, 0, 226.3226],
  [20, 216.65, 1, 54.7498],
  [32, 228.65, 2.8, 8.680422],
] as const;

/** g·M/R of dry air, K/km. */
const hydrostatic = 34.1632;
/** Water vapour decreases by e over this height, km. */
const vapourScaleHeight = 2;
/** Least share of water vapour in the pressure, which it keeps to any height. */
const leastMixingRatio = 2e-6;

/** Highest point that the layers above describe, km. */
export const topOfAtmosphere = 47;

/**
 * Mean annual global reference atmosphere of ITU-R P.835-6 (§1.1), 0 … 47 km: temperature and pressure by layers, water
 * vapour `surfaceVapour`·exp(−h / 2 km), where the Recommendation takes 7.5 g/m³. Heights below 0 count as 0.
 */
export const airAt = (height: Metres, surfaceVapour: GramsPerCubicMetre): Air => {
  const km = Math.max(0, height / 1000);
  const geopotential = (6356.766 * km) / (6356.766 + km);
  const [base, baseTemperature, gradient, basePressure] =
    layers.findLast(([from]) => geopotential >= from) ?? layers[0];
  const above = geopotential - base;
  const temperature = baseTemperature + gradient * above;
  const pressure =
    gradient === 0
      ? basePressure * Math.exp((-hydrostatic * above) / baseTemperature)
      : basePressure * (baseTemperature / temperature) ** (hydrostatic / gradient);
  const density = surfaceVapour * Math.exp(-km / vapourScaleHeight);
  // P.835-6 equation (8): e = ρ·T / 216.7.
  const vapourPressure = Math.max((density * temperature) / 216.7, leastMixingRatio * pressure);
  return { dryPressure: pressure - vapourPressure, vapourPressure, temperature };
};
