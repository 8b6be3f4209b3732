import type { Palette } from "../look/palette.ts";
import { strokeLine } from "./draw-links.ts";
import { inReach, type LonLat, type View } from "./view.ts";

/** Every so manieth point of an outline is looked at to tell whether any of it can be seen: some degrees on the ground. */
const stride = 6;

/** The outline of where somebody can hear. */
export const drawHearing = (
  ctx: CanvasRenderingContext2D,
  palette: Palette,
  view: View,
  outlines: readonly (readonly LonLat[])[],
): void => {
  for (const outline of outlines) {
    const seen = outline.some((place, i) => i % stride === 0 && inReach(view, place));
    if (seen || outline.length < stride) strokeLine(ctx, view, outline, { colour: palette.plan, width: 0.8 });
  }
};
