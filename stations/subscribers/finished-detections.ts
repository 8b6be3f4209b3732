import { isSwathError, messageOf, SwathError } from "../../pipeline/errors.ts";
import { type ResultMessage, resultSchema, resultVersion } from "../../pipeline/mission/result-message.ts";
import type { DetectionFeature } from "../archive/detection-geojson.ts";
import { indexLines, type LineIndex, readLines } from "./line-file.ts";

/** The detections of a finished run, as its `detections.geojson` has them, one a line. */
export interface FinishedDetections {
  readonly path: string;
  /** `<run>-<policy>`; `null` for a run that found nothing. */
  readonly run: string | null;
  readonly count: number;
  readonly classes: readonly string[];
  readonly index: LineIndex;
  /** Lines before the first feature. */
  readonly head: number;
}

type Corner = readonly [number, number];

/** The halves of a ring that was cut at the antimeridian, put together again; `null` where it was cut more than twice. */
const join = (west: readonly Corner[], east: readonly Corner[]): readonly Corner[] | null => {
  /** The corners from one end of the cut round to the other. */
  const opened = (ring: readonly Corner[], at: number): readonly Corner[] | null => {
    const corners = ring.slice(0, -1);
    if (corners.filter(([x]) => x === at).length !== 2) return null;
    const end = corners.findIndex(([x], i) => x === at && corners[(i + 1) % corners.length]?.[0] === at);
    return end < 0 ? null : [...corners.slice(end + 1), ...corners.slice(0, end + 1)];
  };
  const [one, other] = [opened(west, 180), opened(east, -180)];
  // The ends are corners of the cut, not of the ring.
  return one === null || other === null ? null : [...one.slice(1, -1), ...other.slice(1, -1)];
};

const polygonOf = (geometry: DetectionFeature["geometry"]): ResultMessage["polygon"] => {
  if (geometry === null) return null;
  const ring = (part: number): readonly Corner[] =>
    ((geometry.type === "Polygon" ? geometry.coordinates : geometry.coordinates[part])?.[0] ??
      []) as readonly Corner[];
  return geometry.type === "Polygon" ? ring(0).slice(0, -1) : join(ring(0), ring(1));
};

const resultOf = (line: Buffer): ResultMessage => {
  const text = line.toString();
  const { id, geometry, properties } = JSON.parse(
    text.endsWith(",") ? text.slice(0, -1) : text,
  ) as DetectionFeature;
  const { outline_px: outline = null, ...rest } = properties;
  return {
    schema: resultVersion,
    id,
    run: rest.run,
    policy: rest.policy,
    scene: rest.scene,
    acquisition: rest.acquisition,
    satellite: rest.satellite,
    station: rest.station,
    class: rest.class,
    score: rest.score,
    place: rest.place,
    box_px: rest.box_px,
    outline_px: outline,
    longitude: rest.longitude,
    latitude: rest.latitude,
    polygon: polygonOf(geometry),
    captured_at: rest.captured_at,
    received_at: rest.received_at,
    latency_s: rest.latency_s,
    ...(rest.model === undefined ? {} : { model: rest.model }),
  };
};

const isFeature = (line: Buffer): boolean =>
  line[0] === 0x7b && line.subarray(0, 17).toString() === '{"type":"Feature"';

/** The class of a feature, without reading the rest. */
const classOf = (line: Buffer): string => {
  const key = '"class":';
  const start = line.indexOf(key) + key.length;
  let end = start + 1;
  while (end < line.length && line[end] !== 0x22) end += line[end] === 0x5c ? 2 : 1;
  return String(JSON.parse(line.toString("utf8", start, end + 1)));
};

const unreadable = (path: string, got: string, cause?: unknown): SwathError =>
  new SwathError("storage", {
    what: `no detections in ${path}`,
    wanted: `features of ${resultVersion}, one a line`,
    got,
    hint: "fly the run again with this release",
    cause,
  });

/**
 * Opens the file of a finished run and counts its detections. Throws `SwathError("storage")` for a file of an earlier release, or one
 * that is not whole.
 */
export const openFinished = async (path: string): Promise<FinishedDetections> => {
  let [head, count, rest] = [0, 0, 0];
  let first = null as Buffer | null;
  const classes = new Set<string>();
  try {
    const index = await indexLines(path, (line) => {
      if (isFeature(line)) {
        first ??= Buffer.from(line);
        classes.add(classOf(line));
        count += 1;
      } else if (first === null) head += 1;
      else rest += 1;
    });
    const whole = first === null ? head === 3 : head === 1 && rest === 1;
    if (!whole) throw unreadable(path, "a file that is not whole");
    const run = first === null ? null : resultSchema.parse(resultOf(first)).run;
    return { path, run, count, classes: [...classes], index, head };
  } catch (cause) {
    if (isSwathError(cause)) throw cause;
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    throw unreadable(
      path,
      missing ? "none" : cause instanceof Error && cause.name === "ZodError" ? "others" : messageOf(cause),
      cause,
    );
  }
};

/** Detections from number `from` on, some of them. Throws `SwathError("storage")` where the file has gone or changed. */
export const readFinished = async (
  { path, index, head, count }: FinishedDetections,
  from: number,
): Promise<readonly ResultMessage[]> => {
  if (from >= count) return [];
  try {
    const lines = await readLines(path, index, head + from);
    return lines.slice(0, count - from).map(resultOf);
  } catch (cause) {
    throw unreadable(path, messageOf(cause), cause);
  }
};
