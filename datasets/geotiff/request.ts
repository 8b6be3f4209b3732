import { SwathError } from "../../pipeline/errors.ts";
import type { PixelWindow } from "../../pipeline/raster/raster.ts";

/** Throws `SwathError("raster")` unless `window` is made of whole pixels inside `width × height`. */
export const requireWindow = (path: string, window: PixelWindow, width: number, height: number): void => {
  const { x, y } = window;
  const whole = [x, y, window.width, window.height].every(Number.isInteger);
  if (whole && x >= 0 && y >= 0 && window.width > 0 && window.height > 0) {
    if (x + window.width <= width && y + window.height <= height) return;
  }
  const got = `${window.width} × ${window.height} at ${x}, ${y}`;
  throw new SwathError("raster", { what: `${path}: window`, wanted: `inside ${width} × ${height}`, got });
};

/** Throws `SwathError("raster")` when a band index is not in the file. */
export const requireBands = (path: string, bandIndexes: readonly number[], count: number): void => {
  const missing = bandIndexes.find((band) => !Number.isInteger(band) || band < 0 || band >= count);
  if (missing === undefined) return;
  throw new SwathError("raster", {
    what: `${path}: band index`,
    wanted: `0 to ${count - 1}`,
    got: `${missing}`,
  });
};

/**
 * What `work` comes to, or the signal's reason as soon as it aborts: nobody waits for a slow block whose result is not wanted
 * any more. The work itself goes on, for other readers of the same block.
 */
export const unlessAborted = async <Result>(
  work: Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> => {
  if (signal === undefined) return work;
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
};
