import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import { instant, watts } from "../../pipeline/units.ts";
import type { Body } from "../platform/body.ts";

/** The turns of the camera to looks that were ordered, each as a load that ends when its look is taken. */
export const drawSlews = (body: Pick<Body, "draw">, acquisitions: readonly Acquisition[]): void => {
  for (const { at, slew } of acquisitions) {
    if (slew === undefined) continue;
    body.draw("slew", instant(at - slew.seconds), at, watts(slew.energy / slew.seconds));
  }
};
