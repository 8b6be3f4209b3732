import { geoPath, type GeoPermissibleObjects } from "d3-geo";
import { colourOfKind, type Palette } from "../look/palette.ts";
import type { LinkMark, TrackMark } from "./picture.ts";
import type { Place } from "./orbit-places.ts";
import type { LonLat, View } from "./view.ts";

type Context = CanvasRenderingContext2D;

const lineOf = (places: readonly LonLat[]) =>
  ({ type: "LineString", coordinates: places.map(([lon, lat]) => [lon, lat]) }) as const;

interface Stroke {
  readonly colour: string;
  readonly width: number;
  readonly dash?: readonly number[];
}

/** Strokes the outline of a shape on the sphere as the view shows it. */
export const strokeShape = (
  ctx: Context,
  view: View,
  shape: GeoPermissibleObjects,
  { colour, width, dash = [] }: Stroke,
): void => {
  ctx.beginPath();
  geoPath(view.projection, ctx)(shape);
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.setLineDash([...dash]);
  ctx.stroke();
  ctx.setLineDash([]);
};

/** Strokes a line on the sphere as the view shows it. */
export const strokeLine = (ctx: Context, view: View, places: readonly LonLat[], stroke: Stroke): void => {
  if (places.length >= 2) strokeShape(ctx, view, lineOf(places), stroke);
};

const lonLats = (track: readonly Place[]): readonly LonLat[] => track.map(({ lonLat }) => lonLat);

/** Full where it has been, dashed where it will go; thin for all but the selected one. */
export const drawTrack = (ctx: Context, palette: Palette, view: View, track: TrackMark): void => {
  const { selected } = track;
  const colour = selected ? palette.ink : palette.plan;
  if (selected) {
    strokeLine(ctx, view, lonLats(track.behind), { colour: palette.panel, width: 3 });
  }
  strokeLine(ctx, view, lonLats(track.behind), { colour, width: selected ? 1.5 : 0.8 });
  strokeLine(ctx, view, lonLats(track.ahead), {
    colour,
    width: selected ? 1.5 : 0.8,
    dash: selected ? [4, 4] : [2, 3],
  });
};

/** 1.5 px, and 1 px more for each tenfold of 1 Mbit/s; never wider than 6. */
export const linkWidth = (bitsPerSecond: number): number =>
  Math.min(6, 1.5 + Math.max(0, Math.log10(Math.max(1, bitsPerSecond) / 1e6)));

/** A contact or crosslink: ink while nothing was sent, the colour of its products with a halo once it has carried data. */
export const drawLink = (ctx: Context, palette: Palette, view: View, link: LinkMark): void => {
  const line = [link.from, link.to];
  if (link.kind === null) {
    strokeLine(
      ctx,
      view,
      line,
      link.crosslink
        ? { colour: palette.ink3, width: 1, dash: [1, 3] }
        : { colour: palette.ink2, width: 1.2 },
    );
    return;
  }
  const width = linkWidth(link.rate);
  strokeLine(ctx, view, line, { colour: palette.panel, width: width + 3 });
  strokeLine(ctx, view, line, { colour: colourOfKind(palette, link.kind), width });
};
