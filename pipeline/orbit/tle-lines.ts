import type { ElementSet } from "./satellite.ts";

/** `±.dddddE±d` in the eight columns of a number with an assumed decimal point. */
const withAssumedDecimal = (value: number): string => {
  const [mantissa = "0", exponent = "0"] = Math.abs(value).toExponential(4).split("e");
  const power = value === 0 ? 0 : Number(exponent) + 1;
  return `${value < 0 ? "-" : " "}${mantissa.replace(".", "")}${power < 0 ? "-" : "+"}${Math.abs(power)}`;
};

/** Instants of our time hold a quarter of a microsecond; epochs of messages are written in whole ones. */
const epochGrain = 1e-6;

/**
 * The element set as two lines, or `null` where columns are too narrow for its digits or its epoch (steps of 0.864 ms):
 * nothing is rounded. Catalogue number and checksum are zeros that no reader of ours would take.
 */
export const tleLines = ({ epoch: at, elements }: ElementSet): readonly [string, string] | null => {
  const year = new Date(at * 1000).getUTCFullYear();
  const day = ((at - Date.UTC(year, 0, 1) / 1000) / 86_400 + 1).toFixed(8).padStart(12, "0");
  const fixed = (value: number, width: number, decimals: number): string =>
    value.toFixed(decimals).padStart(width);
  const { meanMotion, eccentricity, inclination, rightAscension, argumentOfPerigee, meanAnomaly, drag } =
    elements;
  const texts = [
    fixed(inclination, 8, 4),
    fixed(rightAscension, 8, 4),
    eccentricity.toFixed(7).slice(2),
    fixed(argumentOfPerigee, 8, 4),
    fixed(meanAnomaly, 8, 4),
    fixed(meanMotion, 11, 8),
  ] as const;
  const dragText = withAssumedDecimal(drag);
  const first = `1 00000U          ${`${year % 100}`.padStart(2, "0")}${day}  .00000000  00000-0 ${dragText} 0    00`;
  const second = `2 00000 ${texts.join(" ")}    00`;
  const epochRead = Date.UTC(year, 0, 1) / 1000 + (Number(day) - 1) * 86_400;
  const isExact =
    first.length === 69 &&
    second.length === 69 &&
    year >= 1957 &&
    year < 2057 &&
    Math.abs(epochRead - at) <= epochGrain &&
    Number(texts[0]) === inclination &&
    Number(texts[1]) === rightAscension &&
    Number(`0.${texts[2]}`) === eccentricity &&
    Number(texts[3]) === argumentOfPerigee &&
    Number(texts[4]) === meanAnomaly &&
    Number(texts[5]) === meanMotion &&
    Number(`${dragText.slice(0, 1).trim()}.${dragText.slice(1, 6)}e${dragText.slice(6)}`) === drag;
  return isExact ? [first, second] : null;
};
