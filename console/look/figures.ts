import { formatBytes, formatDuration, formatNumber, formatSi } from "../../pipeline/format.ts";

/** A narrow space that does not break, between a number and its unit. */
const thin = " ";

const narrow = (text: string): string => text.replaceAll(" ", thin);

/** `12.3 kB` with a narrow space: three significant digits, SI. */
export const bytesText = (octets: number): string => narrow(formatBytes(octets));

/** `3.2 s`, `4 min 05 s`, `2 h 14 min`: two units at most; under a tenth of a millisecond it says so. */
export const durationText = (seconds: number): string =>
  seconds > 0 && seconds < 1e-3 ? `<${thin}1${thin}ms` : narrow(formatDuration(seconds));

/** `1.50 MP`-like figures with an SI prefix. */
export const siText = (value: number, unit: string): string => narrow(formatSi(value, unit));

/** A share as per cent, three significant digits; the ends are never rounded to: `< 0.001 %`, `> 99.99 %`. */
export const percentText = (share: number): string => {
  const percent = share * 100;
  if (percent === 0 || percent === 100) return `${percent}${thin}%`;
  if (percent > 0 && percent < 0.001) return `<${thin}0.001${thin}%`;
  if (percent > 99.99 && percent < 100) return `>${thin}99.99${thin}%`;
  // 99.97 keeps its digits: what counts there is the distance to 100.
  const digits = percent > 99 && percent < 100 ? 4 : 3;
  return `${formatNumber(Number(percent.toPrecision(digits)), digits)}${thin}%`;
};

/** The state of a battery: whole per cent. */
export const chargeText = (share: number): string => `${Math.round(share * 100)}`;

/** Kelvin as `14.0`, in degrees Celsius. */
export const celsiusText = (kelvin: number): string => (kelvin - 273.15).toFixed(1).replace("-", "−");

/** `20.3262° S 118.5681° E`: four decimals, 11 m, since a pixel is 10 m. */
export const placeText = (longitude: number, latitude: number, decimals = 4): string => {
  const lat = `${Math.abs(latitude).toFixed(decimals)}°${thin}${latitude < 0 ? "S" : "N"}`;
  return `${lat} ${Math.abs(longitude).toFixed(decimals)}°${thin}${longitude < 0 ? "W" : "E"}`;
};

/** `1 ship`, `22 ships`; `no ships`. */
export const countText = (count: number, one: string, many = `${one}s`): string =>
  count === 0 ? `no ${many}` : `${count.toLocaleString("en-GB")} ${count === 1 ? one : many}`;

/** What names share at their beginning is left out: `SCS-01-A`, `SCS-01-B` are `A`, `B`. Cut at a joint of the name only. */
export const shortNames = (names: readonly string[]): readonly string[] => {
  const [first = ""] = names;
  if (names.length < 2) return names;
  let shared = 0;
  while (shared < first.length && names.every((name) => name[shared] === first[shared])) shared++;
  const joint = Math.max(
    ...["-", "_", " ", "/", "."].map((mark) => first.lastIndexOf(mark, Math.max(0, shared - 1)) + 1),
  );
  // Figures after a name (`STARLINK1`, `STARLINK2`) are a joint, too.
  const cut = joint > 0 ? joint : /\d/.test(first[shared] ?? "") ? shared : 0;
  return names.some((name) => name.length <= cut) ? names : names.map((name) => name.slice(cut));
};

/** An amount of a currency: two places, three digits where it is small. */
export const moneyText = (amount: number): string =>
  amount === 0 || Math.abs(amount) >= 1 ? amount.toFixed(2) : amount.toPrecision(3);
