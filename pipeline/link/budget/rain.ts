import type { Degrees, Hertz, Metres, MillimetresPerHour } from "../../units.ts";

/** A sum of Gaussians over log₁₀ f and a straight line: rows (a, b, c), slope, offset. */
interface Regression {
  readonly terms: readonly (readonly [a: number, b: number, c: number])[];
  readonly slope: number;
  readonly offset: number;
}

// ITU-R P.838-3, tables 1 to 4.
const kHorizontal: Regression = {
  terms: [
    [-5.3398, -0.10008, 1.13098],
    [-0.35351, 1.2697, 0.454],
    [-0.23789, 0.86036, 0.15354],
    [-0.94158, 0.64552, 0.16817],
  ],
  slope: -0.18961,
  offset: 0.71147,
};
const kVertical: Regression = {
  terms: [
    [-3.80595, 0.56934, 0.81061],
    [-3.44965, -0.22911, 0.51059],
    [-0.39902, 0.73042, 0.11899],
    [0.50167, 1.07319, 0.27195],
  ],
  slope: -0.16398,
  offset: 0.63297,
};
const alphaHorizontal: Regression = {
  terms: [
    [-0.14318, 1.82442, -0.55187],
    [0.29591, 0.77564, 0.19822],
    [0.32177, 0.63773, 0.13164],
    [-5.3761, -0.9623, 1.47828],
    [16.1721, -3.2998, 3.4399],
  ],
  slope: 0.67849,
  offset: -1.95537,
};
const alphaVertical: Regression = {
  terms: [
    [-0.07771, 2.3384, -0.76284],
    [0.56727, 0.95545, 0.54039],
    [-0.20238, 1.1452, 0.26809],
    [-48.2991, 0.791669, 0.116226],
    [48.5833, 0.791459, 0.116479],
  ],
  slope: -0.053739,
  offset: 0.83433,
};

const evaluate = ({ terms, slope, offset }: Regression, logF: number): number =>
  terms.reduce((sum, [a, b, c]) => sum + a * Math.exp(-(((logF - b) / c) ** 2)), slope * logF + offset);

/** k and α of γ = k·Rᵅ for horizontal and vertical polarisation; a function of the frequency alone. */
export interface RainCoefficients {
  readonly kH: number;
  readonly kV: number;
  readonly alphaH: number;
  readonly alphaV: number;
}

/** ITU-R P.838-3, equations 2 and 3; 1 … 1000 GHz. */
export const rainCoefficients = (frequency: Hertz): RainCoefficients => {
  const logF = Math.log10(frequency / 1e9);
  return {
    kH: 10 ** evaluate(kHorizontal, logF),
    kV: 10 ** evaluate(kVertical, logF),
    alphaH: evaluate(alphaHorizontal, logF),
    alphaV: evaluate(alphaVertical, logF),
  };
};

const radiansOf = (angle: Degrees): number => (angle * Math.PI) / 180;

/** Attenuation in rain, dB/km (ITU-R P.838-3, equations 1, 4, 5). `tilt` of the polarisation against the horizontal; 45° is circular. */
export const specificRainAttenuation = (
  { kH, kV, alphaH, alphaV }: RainCoefficients,
  rate: MillimetresPerHour,
  elevation: Degrees,
  tilt: Degrees,
): number => {
  const weight = Math.cos(radiansOf(elevation)) ** 2 * Math.cos(2 * radiansOf(tilt));
  const k = (kH + kV + (kH - kV) * weight) / 2;
  const alpha = (kH * alphaH + kV * alphaV + (kH * alphaH - kV * alphaV) * weight) / (2 * k);
  return k * rate ** alpha;
};

/** Where it rains, and how hard. */
export interface RainPath {
  /** Exceeded for 0.01 % of an average year (ITU-R P.837 has maps). */
  readonly rate: MillimetresPerHour;
  /** Mean height of the rain above the sea (ITU-R P.839: the 0° isotherm plus 360 m). */
  readonly rainHeight: Metres;
  readonly stationHeight: Metres;
  readonly latitude: Degrees;
  readonly tilt: Degrees;
  /** Percentage of an average year in which the attenuation is exceeded, 0.001 … 5. */
  readonly exceeded: number;
}

/** Effective radius of the Earth, km: straight rays for bent ones. */
const effectiveRadius = 8500;

/**
 * Rain attenuation exceeded for a percentage of an average year, dB (ITU-R P.618-13 §2.2.1.1, the same in P.618-14; up to
 * 55 GHz). A statement on a year, not on a storm: spread over every pass it is a fade margin.
 */
export const rainAttenuation = (
  coefficients: RainCoefficients,
  frequency: Hertz,
  elevation: Degrees,
  { rate, rainHeight, stationHeight, latitude, tilt, exceeded }: RainPath,
): number => {
  const heightKm = (rainHeight - stationHeight) / 1000;
  if (heightKm <= 0 || rate <= 0) return 0;
  const sine = Math.sin(radiansOf(elevation));
  const cosine = Math.cos(radiansOf(elevation));
  const slant =
    elevation >= 5
      ? heightKm / sine
      : (2 * heightKm) / (Math.sqrt(sine ** 2 + (2 * heightKm) / effectiveRadius) + sine);
  const ground = slant * cosine;
  const gamma = specificRainAttenuation(coefficients, rate, elevation, tilt);
  const f = frequency / 1e9;
  const reduction = 1 / (1 + 0.78 * Math.sqrt((ground * gamma) / f) - 0.38 * (1 - Math.exp(-2 * ground)));
  const zeta = (Math.atan2(heightKm, ground * reduction) * 180) / Math.PI;
  const inRain = zeta > elevation ? (ground * reduction) / cosine : heightKm / sine;
  const chi = Math.max(0, 36 - Math.abs(latitude));
  const adjustment =
    1 /
    (1 +
      Math.sqrt(sine) *
        (31 * (1 - Math.exp(elevation / -(1 + chi))) * (Math.sqrt(inRain * gamma) / f ** 2) - 0.45));
  const worst = gamma * inRain * adjustment;
  const tropical = exceeded >= 1 || chi === 0 ? 0 : 0.005 * chi + (elevation >= 25 ? 0 : 1.8 - 4.25 * sine);
  const exponent =
    0.655 + 0.033 * Math.log(exceeded) - 0.045 * Math.log(worst) - tropical * (1 - exceeded) * sine;
  return worst * (exceeded / 0.01) ** -exponent;
};
