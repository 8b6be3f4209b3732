import type { Degrees, GramsPerCubicMetre, Hertz, Metres, MillimetresPerHour } from "../../units.ts";
import { gasAttenuation, gasColumn } from "./gases.ts";
import { rainAttenuation, rainCoefficients } from "./rain.ts";

/** What the air takes from the signal. Clouds and scintillation are left out. */
export interface Atmosphere {
  /** Clear air by ITU-R P.676 through the reference atmosphere of P.835; `null`: none. */
  readonly gases: {
    /** Water vapour at sea level; the reference atmosphere has 7.5 g/m³. */
    readonly surfaceVapour: GramsPerCubicMetre;
  } | null;
  /** The rain fade of ITU-R P.618 that is exceeded for a share of the year, on every pass; `null`: none. */
  readonly rain: {
    /** Exceeded for 0.01 % of an average year. */
    readonly rate: MillimetresPerHour;
    /** Above the sea. */
    readonly rainHeight: Metres;
    /** Percentage of an average year, 0.001 … 5: the link is designed for the rest of it. */
    readonly exceeded: number;
    /** Of the polarisation against the horizontal; 45° is circular. */
    readonly tilt: Degrees;
  } | null;
}

/** A station as a link sees it. */
export interface Place {
  readonly latitude: Degrees;
  readonly altitude: Metres;
}

/** dB on the way down at an elevation; both 0 in vacuum. */
export interface PathLoss {
  readonly gases: number;
  readonly rain: number;
}

/** The loss over a place as a function of elevation; what does not depend on elevation is computed once. */
export const pathLossOver = (
  { gases, rain }: Atmosphere,
  frequency: Hertz,
  { latitude, altitude }: Place,
): ((elevation: Degrees) => PathLoss) => {
  const column = gases === null ? null : gasColumn(frequency, altitude, gases.surfaceVapour);
  const coefficients = rainCoefficients(frequency);
  const path = rain === null ? null : { ...rain, stationHeight: altitude, latitude };
  return (elevation) => ({
    gases: column === null ? 0 : gasAttenuation(column, elevation),
    rain: path === null ? 0 : rainAttenuation(coefficients, frequency, elevation, path),
  });
};
