import type { DrawnPoint } from "../drawn-label.ts";

/**
 * What a row of YOLO text is. The first number is the class; the others are fractions of the image's sides.
 * One count of numbers may stand for several kinds, so a row alone does not always tell: see `rowKinds`.
 */
export type RowKind = "box" | "polygon" | "pose";

/** The numbers after the class. */
export type RowValues = readonly number[];

const pairsOf = (values: RowValues): readonly DrawnPoint[] =>
  Array.from({ length: values.length >> 1 }, (_, i) => [values[2 * i] ?? 0, values[2 * i + 1] ?? 0]);

const isFraction = (value: number): boolean => value >= 0 && value <= 1;

/** A little beyond the edge: labels drawn by hand, and rounding, go there. */
const isNearImage = (value: number): boolean => value > -0.5 && value < 1.5;

/** A track number as `track` writes it: whole, from 0 on. */
const isTrack = (value: number): boolean => Number.isInteger(value) && value >= 0;

const isBox = ([cx = NaN, cy = NaN, width = NaN, height = NaN]: RowValues): boolean =>
  isNearImage(cx) && isNearImage(cy) && width >= 0 && height >= 0 && width <= 1.01 && height <= 1.01;

/** A box that also lies in the image, but for rounding: what a tracker or a detector writes, which clips its boxes. */
const isClippedBox = (values: RowValues): boolean => {
  const [cx = NaN, cy = NaN, width = NaN, height = NaN] = values;
  const edges = [cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2];
  return isBox(values) && edges.every((edge) => edge > -0.01 && edge < 1.01);
};

/** A polygon, then perhaps its confidence and its track number, as `save_conf` and `track` add them. */
export const polygonPoints = (values: RowValues): readonly DrawnPoint[] | null => {
  const last = values.at(-1) ?? NaN;
  const isOdd = values.length % 2 === 1;
  // An even count ends in a confidence and a track number only where the last cannot be a coordinate.
  const hasTrack = !isOdd && values.length >= 8 && isTrack(last) && last > 1;
  if (isOdd && !(isFraction(last) || isTrack(last))) return null;
  const coordinates = isOdd ? values.slice(0, -1) : hasTrack ? values.slice(0, -2) : values;
  if (coordinates.length < 6 || !coordinates.every(isNearImage)) return null;
  return pairsOf(coordinates);
};

/** What the six numbers of a row of seven can be: `cx cy w h conf id`, or the three corners of a triangle. */
const sixNumbers = (values: RowValues): ReadonlySet<RowKind> => {
  const [confidence = NaN, track = NaN] = values.slice(4);
  const kinds = new Set<RowKind>();
  if (isClippedBox(values) && isFraction(confidence) && isTrack(track)) kinds.add("box");
  if (values.every(isNearImage)) kinds.add("polygon");
  return kinds;
};

/** Corners of a turned box: what the first and the third share, the second and the fourth share too. */
const isParallelogram = (points: readonly DrawnPoint[]): boolean => {
  const [a, b, c, d] = points;
  if (points.length !== 4 || !a || !b || !c || !d) return false;
  return Math.hypot(a[0] + c[0] - b[0] - d[0], a[1] + c[1] - b[1] - d[1]) < 2e-3;
};

interface Extent {
  readonly min: DrawnPoint;
  readonly max: DrawnPoint;
}

const extentOf = (points: readonly DrawnPoint[]): Extent => ({
  min: [Math.min(...points.map(([x]) => x)), Math.min(...points.map(([, y]) => y))],
  max: [Math.max(...points.map(([x]) => x)), Math.max(...points.map(([, y]) => y))],
});

/**
 * A box and key points of two numbers look like a polygon. A pose has its points within its box and fills a good part of it, and
 * its second pair, width and height, is no place among the points. Where both fit, the row does not tell.
 */
const pairsKinds = (values: RowValues): ReadonlySet<RowKind> => {
  const points = pairsOf(values);
  if (!points.every(([x, y]) => isNearImage(x) && isNearImage(y))) return new Set();
  const [centre, size, ...rest] = points;
  const last = points.at(-1);
  const seen = rest.filter(([x, y]) => x !== 0 || y !== 0);
  if (!centre || !size || !last || seen.length === 0) return new Set(["polygon"]);
  const isClosed = centre[0] === last[0] && centre[1] === last[1];
  if (isClosed || isParallelogram(points) || !isClippedBox(values)) return new Set(["polygon"]);
  const around = extentOf(seen);
  const isWithin = ([0, 1] as const).every(
    (axis) =>
      around.min[axis] >= centre[axis] - size[axis] * 0.51 &&
      around.max[axis] <= centre[axis] + size[axis] * 0.51,
  );
  const fills = ([0, 1] as const).some((axis) => around.max[axis] - around.min[axis] >= 0.3 * size[axis]);
  if (!isWithin || !fills) return new Set(["polygon"]);
  const isAmong = ([0, 1] as const).every((axis) => {
    const margin = Math.max(0.05, 0.5 * (around.max[axis] - around.min[axis]));
    return size[axis] >= around.min[axis] - margin && size[axis] <= around.max[axis] + margin;
  });
  return new Set(isAmong ? ["polygon", "pose"] : ["pose"]);
};

/** Key points of three numbers, `x y visibility`: the visibility is 0, 1 or 2, which a coordinate is by chance alone. */
const isTripleRow = (values: RowValues): boolean => {
  if (values.length < 7 || (values.length - 4) % 3 !== 0 || !isBox(values)) return false;
  return values.every((value, i) => i < 4 || (i - 4) % 3 !== 2 || value === 0 || value === 1 || value === 2);
};

/**
 * Every kind that a row can be by itself; empty where it is none. `keyPoints` is `kpt_shape` of the set's data.yaml: where it says how
 * long a pose is, rows of that length are poses.
 */
export const rowKinds = (
  values: RowValues,
  keyPoints: readonly [count: number, size: number] | null,
): ReadonlySet<RowKind> => {
  if (keyPoints !== null && values.length === 4 + keyPoints[0] * keyPoints[1])
    return new Set(isBox(values) ? ["pose"] : []);
  if (values.length === 4) return new Set(isBox(values) ? ["box"] : []);
  const extra = values[4] ?? NaN;
  // A fifth number may be a confidence or a track number. An angle is neither; a box without its turn would be wrong.
  if (values.length === 5)
    return new Set(isBox(values) && (isFraction(extra) || isTrack(extra)) ? ["box"] : []);
  if (values.length === 6) return sixNumbers(values);
  if (keyPoints === null && isTripleRow(values)) {
    const isSure = values.some((value, i) => i >= 4 && (i - 4) % 3 === 2 && value === 2);
    return new Set(isSure || polygonPoints(values) === null ? ["pose"] : ["polygon", "pose"]);
  }
  if (polygonPoints(values) === null) return new Set();
  const hasExtras = values.length % 2 === 1 || (values.at(-1) ?? 0) > 1;
  return hasExtras || keyPoints !== null ? new Set(["polygon"]) : pairsKinds(values);
};
