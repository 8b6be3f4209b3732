import { formatBytes, formatDuration, formatNumber, formatPercent } from "../../pipeline/format.ts";
import { sumOf } from "../statistics.ts";
import {
  type Verdict,
  type Verdicts,
  type VerdictSubject,
  verdictSubjects,
} from "../summary/verdict-summary.ts";
import type { SatelliteUse } from "./satellite-use.ts";

/** What decides how long the computer takes. */
export type ComputerBound = "operations" | "memory traffic" | "operations and encoding";

/** What a steady orbit of one satellite came to; `null` parts where power or heat is taken for granted. */
export interface SteadyUse {
  readonly satellite: string;
  readonly power: {
    readonly lowestCharge: number;
    readonly floor: number;
    readonly isAlwaysFull: boolean;
    /** Share of the battery that an orbit takes away for good; 0 in a steady state. */
    readonly lossEachOrbit: number;
    /** `null`: power suffices for any work. */
    readonly margin: number | null;
  } | null;
  readonly heat: {
    readonly highest: number;
    /** Where the computer begins to slow down. */
    readonly limit: number;
    readonly margin: number | null;
  } | null;
}

/** Everything that a judgement rests on. */
export interface Evidence {
  readonly horizonSeconds: number;
  readonly uses: readonly SatelliteUse[];
  /** Of the satellites that were looked at: those with most work in each plane. */
  readonly steady: readonly SteadyUse[];
  readonly storeCapacity: number;
  /** Satellites hand products on to each other, so that the sum of contacts counts. */
  readonly isShared: boolean;
  readonly computerBound: string;
}

/** A margin as a number that can be ordered: none is endless. */
const roomOf = (margin: number | null): number => margin ?? Infinity;

const worst = <T>(items: readonly T[], margin: (item: T) => number | null): T | undefined =>
  items.reduce<T | undefined>(
    (least, one) => (least === undefined || roomOf(margin(one)) < roomOf(margin(least)) ? one : least),
    undefined,
  );

const ratio = (limit: number, value: number): number | null => (value <= 0 ? null : limit / value);

const fitting = (margin: number | null): Verdict["verdict"] =>
  roomOf(margin) >= 1 ? "fits" : "does not fit";

const unknown = (subject: VerdictSubject, unit: Verdict["unit"], reason: string): Verdict => ({
  subject,
  verdict: "unknown",
  value: null,
  limit: null,
  unit,
  margin: null,
  satellite: null,
  all: null,
  limitedBy: "",
  reason,
});

const linkVerdict = ({ uses, isShared }: Evidence): Verdict => {
  const all = {
    value: sumOf(uses, ({ askedBytes }) => askedBytes),
    limit: sumOf(uses, ({ couldCarryBytes }) => couldCarryBytes),
  };
  const one = worst(uses, (use) => ratio(use.couldCarryBytes, use.askedBytes));
  if (one === undefined) return unknown("link", "B", "no satellite was flown");
  const single = { value: one.askedBytes, limit: one.couldCarryBytes };
  const { value, limit } = isShared ? all : single;
  const margin = ratio(limit, value);
  const contact = formatDuration(one.contactSeconds);
  return {
    subject: "link",
    verdict: fitting(margin),
    value,
    limit,
    unit: "B",
    margin,
    satellite: isShared || value === 0 ? null : one.satellite,
    all,
    limitedBy: isShared
      ? "contact time of all satellites together: crosslinks share it"
      : value === 0
        ? "nothing goes down"
        : `contact time: ${contact} of ${one.satellite}`,
    reason: null,
  };
};

const computerVerdict = ({ uses, horizonSeconds, computerBound }: Evidence): Verdict => {
  const one = worst(uses, ({ workSeconds }) => ratio(horizonSeconds, workSeconds));
  if (one === undefined) return unknown("computer", "s", "no satellite was flown");
  const margin = ratio(horizonSeconds, one.workSeconds);
  return {
    subject: "computer",
    verdict: fitting(margin),
    value: one.workSeconds,
    limit: horizonSeconds,
    unit: "s",
    margin,
    satellite: one.workSeconds === 0 ? null : one.satellite,
    all: { value: sumOf(uses, (use) => use.workSeconds), limit: uses.length * horizonSeconds },
    limitedBy:
      one.workSeconds === 0
        ? "nothing to compute"
        : `${computerBound}; busy ${formatPercent(Math.min(1, one.workSeconds / horizonSeconds))} of the time`,
    reason: null,
  };
};

const storeVerdict = ({ uses, storeCapacity, horizonSeconds }: Evidence): Verdict => {
  const one = worst(uses, ({ storeMargin }) => storeMargin);
  if (one === undefined) return unknown("store", "B", "no satellite was flown");
  const { fullestStore, storeMargin, askedBytes, couldCarryBytes } = one;
  const each = askedBytes - couldCarryBytes;
  const full = each > 0 ? (storeCapacity / each) * horizonSeconds : Infinity;
  return {
    subject: "store",
    verdict: fitting(storeMargin),
    value: fullestStore ?? storeCapacity,
    limit: storeCapacity,
    unit: "B",
    margin: storeMargin,
    satellite: (fullestStore ?? 1) === 0 ? null : one.satellite,
    all: null,
    limitedBy:
      fullestStore !== null
        ? `fullest with ${formatBytes(fullestStore)}, day after day`
        : Number.isFinite(full)
          ? `full in ${formatDuration(full)}: more is made than the contacts carry`
          : "every day leaves more than the one before",
    reason: null,
  };
};

const powerText = (power: NonNullable<SteadyUse["power"]>): string => {
  if (power.isAlwaysFull) return "the battery is always full";
  if (power.lossEachOrbit > 0)
    return `every orbit takes ${formatPercent(power.lossEachOrbit)} of the battery that the array does not bring back`;
  return power.lowestCharge < power.floor ? "the depth of discharge in eclipse" : "the battery in eclipse";
};

const powerVerdict = ({ steady }: Evidence): Verdict => {
  const known = steady.flatMap(({ satellite, power }) => (power === null ? [] : [{ satellite, ...power }]));
  const least = worst(known, ({ margin }) => margin);
  if (least === undefined) return unknown("power", "charge", "the spacecraft takes power for granted");
  const one =
    least.margin === null ? known.reduce((a, b) => (b.lowestCharge < a.lowestCharge ? b : a)) : least;
  return {
    subject: "power",
    verdict: fitting(one.margin),
    value: one.lowestCharge,
    limit: one.floor,
    unit: "charge",
    margin: one.margin,
    satellite: one.satellite,
    all: null,
    limitedBy: powerText(one),
    reason: null,
  };
};

const heatVerdict = ({ steady }: Evidence): Verdict => {
  const known = steady.flatMap(({ satellite, heat }) => (heat === null ? [] : [{ satellite, ...heat }]));
  const least = worst(known, ({ margin }) => margin);
  if (least === undefined) return unknown("heat", "K", "the spacecraft takes temperature for granted");
  const one = least.margin === null ? known.reduce((a, b) => (b.highest > a.highest ? b : a)) : least;
  return {
    subject: "heat",
    verdict: fitting(one.margin),
    value: one.highest,
    limit: one.limit,
    unit: "K",
    margin: one.margin,
    satellite: one.satellite,
    all: null,
    limitedBy:
      one.margin === null
        ? "below the limit even with the computer always at work"
        : `the computer slows down from ${formatNumber(one.limit - 273.15)} °C on`,
    reason: null,
  };
};

/** A store fills because its link does not keep up: of two limits that are as near, the one before is the cause. */
const clearly = 0.99;

/** The verdicts on a flight, all but the largest duty. */
export const judge = (evidence: Evidence): Omit<Verdicts, "largestDuty"> => {
  const limits = [
    linkVerdict(evidence),
    computerVerdict(evidence),
    powerVerdict(evidence),
    heatVerdict(evidence),
    storeVerdict(evidence),
  ];
  const first = limits
    .filter(({ verdict }) => verdict !== "unknown")
    .reduce<Verdict | undefined>(
      (least, one) =>
        least === undefined || roomOf(one.margin) < clearly * roomOf(least.margin) ? one : least,
      undefined,
    );
  const isFailed = limits.some(({ verdict }) => verdict === "does not fit");
  const isOpen = limits.some(({ verdict, reason }) => verdict === "unknown" && !isGranted(reason));
  return {
    limits,
    fits: isFailed ? false : isOpen ? null : true,
    givesWayFirst: first === undefined || first.margin === null ? null : first.subject,
  };
};

/** A limit that the spacecraft does not have is no open question. */
const isGranted = (reason: string | null): boolean => reason?.endsWith("for granted") ?? false;

/** The least margin of all limits; `null`: nothing gives way. */
export const leastMargin = ({ limits }: Pick<Verdicts, "limits">): number | null => {
  const margins = limits.flatMap(({ margin }) => margin ?? []);
  return margins.length === 0 ? null : Math.min(...margins);
};

/** The satellites that decide, each once. */
export const deciding = ({ limits }: Pick<Verdicts, "limits">): ReadonlySet<string> =>
  new Set(verdictSubjects.flatMap((_, n) => limits[n]?.satellite ?? []));
