import { type Instant, parseInstant } from "../pipeline/units.ts";

const patterns = [
  // 2023-06-25T23:46:21Z, 20230625T234621, 20181130_022503
  /(?<!\d)(20\d\d|19\d\d)-?(\d\d)-?(\d\d)[T_ ](\d\d):?(\d\d):?(\d\d)(?!\d)/,
  /(?<!\d)(20\d\d|19\d\d)-(\d\d)-(\d\d)(?!\d)/,
  /(?<!\d)(20\d\d|19\d\d)(\d\d)(\d\d)(?!\d)/,
];

/**
 * The time that a file name tells, as Sentinel-2, Planet and Copernicus Browser names do; UTC, at midnight when only the
 * day is told. `null` when there is none or it is no calendar date.
 */
export const timeInName = (name: string): Instant | null => {
  for (const pattern of patterns) {
    const match = pattern.exec(name);
    if (!match) continue;
    const [, year, month, day, hour = "00", minute = "00", second = "00"] = match;
    const time = parseInstant(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
    if (time !== null) return time;
  }
  return null;
};
