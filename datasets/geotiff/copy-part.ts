import type { PixelWindow } from "../../pipeline/raster/raster.ts";
import type { SampleArray } from "../../pipeline/raster/samples.ts";

/** Copies the pixels of `part` from a plane that covers `from` into one that covers `to`; `part` lies in both. */
export const copyPart = (
  source: SampleArray,
  from: PixelWindow,
  target: SampleArray,
  to: PixelWindow,
  part: PixelWindow,
): void => {
  let read = (part.y - from.y) * from.width + (part.x - from.x);
  let write = (part.y - to.y) * to.width + (part.x - to.x);
  if (part.width === from.width && part.width === to.width) {
    target.set(source.subarray(read, read + part.width * part.height), write);
    return;
  }
  for (let row = 0; row < part.height; row++) {
    target.set(source.subarray(read, read + part.width), write);
    read += from.width;
    write += to.width;
  }
};
