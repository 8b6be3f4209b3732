import { SwathError } from "../../pipeline/errors.ts";
import { someOf } from "../../pipeline/format.ts";
import type { DetectionHead } from "./detection-head.ts";
import { isInArea, type WatchArea } from "./watch-area.ts";

/** What a subscriber wants to hear of. Plain data: it may be kept as JSON. */
export interface DetectionFilter {
  /** Detections whose centre lies inside; `null`: anywhere, also where no place is known. */
  readonly area: WatchArea | null;
  /** `null`: all. */
  readonly classes: readonly string[] | null;
  /** Scores from here on, 0 … 1. */
  readonly minScore: number;
  /** A run of a command, `compare-3f2a91c0`, or of one policy, `compare-3f2a91c0-detect`; `null`: all. */
  readonly run: string | null;
  /** Names of satellites, `*` for any letters: `walker-1-*` is a plane; `null`: all. */
  readonly satellites: readonly string[] | null;
  /** Received from here on, mission time, milliseconds since 1970; `null`: whenever. */
  readonly sinceMs: number | null;
}

/** A filter that lets everything through. */
export const everything: DetectionFilter = {
  area: null,
  classes: null,
  minScore: 0,
  run: null,
  satellites: null,
  sinceMs: null,
};

/** Whether a filter lets everything through. */
export const isEverything = ({
  area,
  classes,
  minScore,
  run,
  satellites,
  sinceMs,
}: DetectionFilter): boolean =>
  area === null &&
  classes === null &&
  minScore <= 0 &&
  run === null &&
  satellites === null &&
  sinceMs === null;

/** Whether it is the name of a command's run, which has a run of its own for each policy: `compare-3f2a91c0`. */
export const isCommandRun = (run: string): boolean => /^[a-z]+-[0-9a-f]{8}$/.test(run);

/** Whether a run is the one meant: by its whole name, or by that of the command it is a part of. */
export const isOfRun = (run: string, wanted: string): boolean =>
  run === wanted || (isCommandRun(wanted) && run.startsWith(`${wanted}-`));

/** Whether a name fits a pattern in which `*` stands for any letters; never slower than their lengths multiplied. */
const fits = (name: string, pattern: string): boolean => {
  let [at, next, star, mark] = [0, 0, -1, 0];
  while (at < name.length) {
    if (pattern[next] === "*") [star, mark, next] = [next, at, next + 1];
    else if (pattern[next] === name[at]) [at, next] = [at + 1, next + 1];
    else if (star < 0) return false;
    else [mark, at, next] = [mark + 1, mark + 1, star + 1];
  }
  return pattern.slice(next).replaceAll("*", "") === "";
};

/** The filter as a function: what is compiled is compiled once. */
export const matcher = (filter: DetectionFilter): ((result: DetectionHead) => boolean) => {
  const { area, minScore, run, satellites, sinceMs } = filter;
  const classes = filter.classes === null ? null : new Set(filter.classes);
  return (result) => {
    if (result.score < minScore) return false;
    if (classes !== null && !classes.has(result.class)) return false;
    if (run !== null && !isOfRun(result.run, run)) return false;
    if (satellites !== null && !satellites.some((one) => fits(result.satellite, one))) return false;
    if (sinceMs !== null && Date.parse(result.received_at) < sinceMs) return false;
    if (area === null) return true;
    return (
      result.longitude !== null &&
      result.latitude !== null &&
      isInArea(area, result.longitude, result.latitude)
    );
  };
};

/**
 * Refuses classes that nobody reports, with those there are. While no class is known at all, any may come.
 * Throws `SwathError("config")`.
 */
export const requireClasses = (wanted: readonly string[] | null, known: ReadonlySet<string>): void => {
  const unknown = wanted?.find((name) => !known.has(name));
  if (unknown === undefined || known.size === 0) return;
  throw new SwathError("config", {
    what: `unknown class "${unknown}"`,
    wanted: someOf([...known].toSorted()),
    got: `"${unknown}"`,
    field: "class",
  });
};
