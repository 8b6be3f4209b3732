import type { ColumnFile } from "../../pipeline/column-file.ts";
import type { MissionPolicy } from "../../pipeline/mission/mission-head.ts";
import type { Plan } from "./plan.ts";
import { tableIn } from "./plan.ts";

/** A sample each minute. */
const every = 60;

/** Charge and temperature of every satellite, minute by minute. */
export interface BodyRecord {
  readonly satellites: number;
  /** Full minutes from the start that are known to the head. */
  readonly minutes: number;
  /** Parts by their first minute; `null` for those that have not come. */
  readonly parts: readonly {
    readonly first: number;
    readonly minutes: number;
    readonly charge: Uint16Array | null;
    readonly temperature: Uint16Array | null;
  }[];
  /** The lowest charge and the highest temperature of any satellite up to each minute, as far as parts have come without a gap. */
  readonly lowest: { readonly value: Uint16Array; readonly satellite: Uint16Array };
  readonly hottest: { readonly value: Uint16Array; readonly satellite: Uint16Array };
}

const extremes = (
  parts: BodyRecord["parts"],
  satellites: number,
  column: "charge" | "temperature",
  isBeyond: (value: number, best: number) => boolean,
  worst: number,
) => {
  const values: number[] = [];
  const who: number[] = [];
  let [best, at] = [worst, 0];
  for (const part of parts) {
    const samples = part[column];
    if (samples === null) break;
    for (let minute = 0; minute < part.minutes; minute++) {
      for (let satellite = 0; satellite < satellites; satellite++) {
        const value = samples[minute * satellites + satellite] as number;
        if (isBeyond(value, best)) [best, at] = [value, satellite];
      }
      values.push(best);
      who.push(at);
    }
  }
  return { value: Uint16Array.from(values), satellite: Uint16Array.from(who) };
};

/** Makes what has come of `body` ready to be asked. */
export const bodyRecord = (
  { head }: Plan,
  { body }: MissionPolicy,
  files: readonly (ColumnFile | null)[],
): BodyRecord => {
  const satellites = head.satellites.length;
  const parts = body.map((part, place) => {
    const file = files[place] ?? null;
    const table = file === null ? null : tableIn(file, "body");
    return {
      first: Math.round(part.from_s / every),
      minutes: (part.rows["body"] ?? 0) / satellites,
      charge: table?.columns.charge ?? null,
      temperature: table?.columns.temperature_ck ?? null,
    };
  });
  return {
    satellites,
    minutes: parts.reduce((most, { first, minutes }) => Math.max(most, first + minutes), 0),
    parts,
    lowest: extremes(parts, satellites, "charge", (value, best) => value < best, 0xffff),
    hottest: extremes(parts, satellites, "temperature", (value, best) => value > best, 0),
  };
};

/** A battery and a computer at one moment, as the last full minute had them; `null` where that is not kept or has not come. */
export interface BodyState {
  /** 0 … 1. */
  readonly charge: number | null;
  readonly kelvin: number | null;
}

const partAt = ({ parts }: BodyRecord, minute: number): BodyRecord["parts"][number] | undefined =>
  parts.find(({ first, minutes }) => minute >= first && minute < first + minutes);

/** Of one satellite at `t`. */
export const bodyAt = ({ head }: Plan, record: BodyRecord, satellite: number, t: number): BodyState => {
  const minute = Math.floor(t / every);
  const part = partAt(record, minute);
  const at = part === undefined ? 0 : (minute - part.first) * record.satellites + satellite;
  const charge = part?.charge?.[at];
  const temperature = part?.temperature?.[at];
  return {
    charge: charge === undefined || head.spacecraft.battery === null ? null : charge / 0xffff,
    kelvin: temperature === undefined || head.spacecraft.heat === null ? null : temperature / 100,
  };
};

/** Minute by minute of one satellite, for a plot that ends at `to`. */
export const bodySeries = (
  plan: Plan,
  record: BodyRecord,
  satellite: number,
  from: number,
  to: number,
): readonly (BodyState & { readonly t: number })[] => {
  const series: (BodyState & { readonly t: number })[] = [];
  for (let minute = Math.max(0, Math.ceil(from / every)); minute * every <= to; minute++)
    series.push({ t: minute * every, ...bodyAt(plan, record, satellite, minute * every) });
  return series;
};

const extremeAt = (
  { value, satellite }: BodyRecord["lowest"],
  t: number,
): { readonly value: number; readonly satellite: number } | null => {
  const minute = Math.floor(t / every);
  const found = value[minute];
  return found === undefined ? null : { value: found, satellite: satellite[minute] as number };
};

/** The lowest charge that any battery had up to `t`, and whose it is. */
export const lowestCharge = ({ head }: Plan, { lowest }: BodyRecord, t: number) => {
  const found = head.spacecraft.battery === null ? null : extremeAt(lowest, t);
  return found && { charge: found.value / 0xffff, satellite: found.satellite };
};

/** The highest temperature that any computer had up to `t`, and whose it is. */
export const highestTemperature = ({ head }: Plan, { hottest }: BodyRecord, t: number) => {
  const found = head.spacecraft.heat === null ? null : extremeAt(hottest, t);
  return found && { kelvin: found.value / 100, satellite: found.satellite };
};
