/** A part of a scene, in its pixels: left, upper, right, lower edge. */
export type SceneWindow = readonly [x0: number, y0: number, x1: number, y1: number];

/** The longest side that the server draws; pixels. */
const mostSide = 1024;

/** What is shown at least of a scene's height, and how much more than the box; pixels and boxes. */
const [leastHigh, boxesHigh] = [160, 4] as const;

/** Width over height of what is shown. */
export const windowAspect = 1.6;

/** An edge such that `length` pixels round `middle` lie inside `whole`. */
const startOf = (middle: number, length: number, whole: number): number =>
  Math.max(0, Math.min(whole - length, Math.round(middle - length / 2)));

/** The part of a scene round a box: some boxes high, within the scene, never more than the server draws. */
export const windowRound = (
  [x0, y0, x1, y1]: SceneWindow,
  { widthPx, heightPx }: { readonly widthPx: number; readonly heightPx: number },
): SceneWindow => {
  const wanted = Math.max(leastHigh, boxesHigh * Math.max(y1 - y0, (x1 - x0) / windowAspect));
  const high = Math.min(Math.round(wanted), Math.floor(mostSide / windowAspect), heightPx);
  const wide = Math.min(Math.round(high * windowAspect), mostSide, widthPx);
  const x = startOf((x0 + x1) / 2, wide, widthPx);
  const y = startOf((y0 + y1) / 2, high, heightPx);
  return [x, y, x + wide, y + high];
};
