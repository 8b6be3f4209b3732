import { geoPath } from "d3-geo";
import type { Palette } from "../look/palette.ts";
import { drawCells } from "./draw-cells.ts";
import { drawFleet } from "./draw-fleet.ts";
import { drawHearing } from "./draw-hearing.ts";
import { drawLink, drawTrack, strokeLine, strokeShape } from "./draw-links.ts";
import { drawLabels, labelWidth, placeLabels, type Label, type Spots } from "./labels.ts";
import { drawOrder, orderColour } from "./draw-orders.ts";
import { drawChevron, drawCross, drawScene, drawSquare, drawSun } from "./marks.ts";
import type { MapPicture, SatelliteMark } from "./picture.ts";
import { circlePoints, placeFrom } from "./sphere.ts";
import { lensView, pointOf, type Box, type LonLat, type View } from "./view.ts";

type Context = CanvasRenderingContext2D;

/** Canvas, colours and view: what every drawing function wants. */
export interface Sheet {
  readonly ctx: Context;
  readonly palette: Palette;
  readonly view: View;
}

/** Whatever is drawn stays on the world. */
const clipToWorld = ({ ctx, view }: Sheet): void => {
  ctx.beginPath();
  if (view.kind === "lens") ctx.rect(view.box.x, view.box.y, view.box.width, view.box.height);
  else geoPath(view.projection, ctx)({ type: "Sphere" });
  ctx.clip();
};

const drawGround = ({ ctx, palette, view }: Sheet, picture: MapPicture): void => {
  const path = geoPath(view.projection, ctx);
  for (const [ground, colour] of [
    [picture.night.low, palette.dusk],
    [picture.night.dark, palette.night],
  ] as const) {
    ctx.beginPath();
    path(ground);
    ctx.fillStyle = colour;
    ctx.fill();
  }
  // On map and globe the outline is part of the ground: it does not change with time.
  if (view.kind === "lens") drawHearing(ctx, palette, view, picture.hearing);
  // A cell is as large as a tenth of the lens, which moves with each picture: there it would tell little and cost all.
  if (view.kind !== "lens") drawCells(ctx, palette, view, picture.cells);
  for (const area of picture.areas)
    strokeShape(ctx, view, area, { colour: palette.ink2, width: 1, dash: [5, 3] });
};

const drawSwath = ({ ctx, palette, view }: Sheet, picture: MapPicture): void => {
  if (picture.swath === null || view.kind === "map") return;
  const path = geoPath(view.projection, ctx);
  const { behind, ahead } = picture.swath;
  if (behind !== null) {
    ctx.beginPath();
    path(behind);
    ctx.globalAlpha = 0.1;
    ctx.fillStyle = palette.ink;
    ctx.fill();
    ctx.globalAlpha = 1;
  }
  if (ahead !== null) strokeShape(ctx, view, ahead, { colour: palette.plan, width: 0.8, dash: [2, 2] });
};

/** On the canvas, which way a heading points: measured between the place and one a little further on, as the projection has it. */
const directionOn = (view: View, { place }: Pick<SatelliteMark, "place">): number => {
  const [x0, y0] = view.projection([place.lonLat[0], place.lonLat[1]]) ?? [0, 0];
  const [lon, lat] = placeFrom(place.lonLat, place.heading, 0.05);
  const [x1, y1] = view.projection([lon, lat]) ?? [0, 0];
  return Math.hypot(x1 - x0, y1 - y0) > 20 ? 0 : Math.atan2(y1 - y0, x1 - x0);
};

const around = (x: number, y: number, radius: number): Box => ({
  x: x - radius,
  y: y - radius,
  width: 2 * radius,
  height: 2 * radius,
});

/** Draws the marks and gives the labels that they want, those of highest rank first, and the room that the marks take. */
const drawMarks = (
  sheet: Sheet,
  picture: MapPicture,
): { readonly labels: readonly Label[]; readonly marks: readonly Box[] } => {
  const { ctx, palette, view } = sheet;
  const ranked: { readonly rank: number; readonly label: Label }[] = [];
  const marks: Box[] = [];
  const want = (
    rank: number,
    key: string,
    text: string,
    [x, y]: readonly [number, number],
    radius: number,
    bold: boolean,
    colour: string,
  ): void => void ranked.push({ rank, label: { key, text, x, y, radius, bold, colour } });

  for (const station of picture.stations) {
    const point = pointOf(view, station.lonLat);
    if (point === null) continue;
    drawSquare(ctx, palette, ...point, station.inContact, station.selected);
    if (station.silent) drawCross(ctx, palette, ...point);
    marks.push(around(...point, 4));
    if (station.inContact || station.selected || station.silent)
      want(
        station.selected ? 0 : 2,
        `s ${station.id}`,
        station.label,
        point,
        5,
        station.selected,
        palette.ink,
      );
  }
  for (const scene of picture.scenes) {
    const point = pointOf(view, scene.lonLat);
    if (point === null) continue;
    drawScene(ctx, palette, ...point, scene.stage, scene.fresh, scene.atNight);
    marks.push(around(...point, 5));
    const colour = scene.stage === "ahead" ? palette.ink2 : palette.detections;
    const rank = scene.selected ? 0 : scene.fresh ? 1 : 4;
    if (scene.label !== "")
      want(rank, `c ${scene.id}`, scene.label, point, scene.fresh ? 11 : 5, rank < 4, colour);
  }
  for (const order of picture.orders) {
    const point = pointOf(view, order.lonLat);
    if (point === null) continue;
    marks.push(around(...point, 7));
    if (order.named)
      want(
        order.selected ? 0 : 2,
        `o ${order.id}`,
        order.label,
        point,
        9,
        order.selected,
        orderColour(palette, order.stage),
      );
  }
  for (const satellite of picture.satellites) {
    const point = pointOf(view, satellite.place.lonLat);
    if (point === null) continue;
    const size = satellite.selected ? 9 : 6.5;
    drawChevron(ctx, palette, ...point, directionOn(view, satellite), size, satellite.place.sunlit);
    if (satellite.silent) drawCross(ctx, palette, ...point);
    marks.push(around(...point, size - 1));
    if (satellite.named || satellite.selected)
      want(satellite.selected ? 0 : 3, `a ${satellite.id}`, satellite.label, point, size, true, palette.ink);
  }
  return { labels: ranked.toSorted((a, b) => a.rank - b.rank).map(({ label }) => label), marks };
};

/** The frame of the lens: a square round its centre, as the lens has it. */
const drawLensFrame = (
  { ctx, palette, view }: Sheet,
  { centre, degrees }: NonNullable<MapPicture["lens"]>,
): void => {
  const lens = lensView({ x: 0, y: 0, width: 100, height: 100 }, centre, degrees);
  const along = Array.from({ length: 11 }, (_, i) => i * 10);
  const edge: readonly (readonly [number, number])[] = [
    ...along.map((x) => [x, 0] as const),
    ...along.map((y) => [100, y] as const),
    ...along.map((x) => [100 - x, 100] as const),
    ...along.map((y) => [0, 100 - y] as const),
  ];
  const places = edge.flatMap(([x, y]): LonLat[] => {
    const place = lens.projection.invert?.([x, y]) ?? null;
    return place === null ? [] : [[place[0], place[1]]];
  });
  strokeLine(ctx, view, places, { colour: palette.ink2, width: 1 });
};

/** A drawn area: its corners, and the line that closes it. */
const drawArea = ({ ctx, palette, view }: Sheet, corners: readonly LonLat[]): void => {
  const closed = corners.length > 2 ? [...corners, corners[0] as LonLat] : corners;
  strokeLine(ctx, view, closed, { colour: palette.panel, width: 4 });
  strokeLine(ctx, view, closed, { colour: palette.ink, width: 1.5, dash: [5, 3] });
  for (const corner of corners) {
    const point = pointOf(view, corner);
    if (point !== null) drawSquare(ctx, palette, ...point, true, false);
  }
};

/** Draws everything that changes with time, over a base map. `spots` keeps labels where they stood. */
export const drawMap = (
  sheet: Sheet,
  picture: MapPicture,
  spots: Spots,
  keepClear: readonly Box[] = [],
): void => {
  const { ctx, palette, view } = sheet;
  ctx.save();
  ctx.save();
  clipToWorld(sheet);
  drawGround(sheet, picture);
  drawSwath(sheet, picture);
  for (const { centre, radius } of picture.horizons) {
    strokeLine(ctx, view, circlePoints(centre, radius, 72), {
      colour: palette.ink3,
      width: 1,
      dash: [1.5, 3],
    });
  }
  const tracks = picture.tracks.toSorted((a, b) => Number(a.selected) - Number(b.selected));
  for (const track of tracks) drawTrack(ctx, palette, view, track);
  for (const link of picture.links.toSorted((a, b) => a.rate - b.rate)) drawLink(ctx, palette, view, link);
  if (picture.lens !== null && view.kind === "map") drawLensFrame(sheet, picture.lens);
  ctx.restore();
  const sun = pointOf(view, picture.night.sun);
  if (sun !== null) drawSun(ctx, palette, ...sun);
  for (const order of picture.orders) drawOrder(ctx, palette, view, order);
  if (picture.fleet !== null) drawFleet(sheet.ctx, palette, view, picture.fleet);
  if (view.kind === "lens") clipToWorld(sheet);
  const { labels, marks } = drawMarks(sheet, picture);
  if (picture.area !== null) drawArea(sheet, picture.area);
  drawLabels(ctx, palette, placeLabels(labels, [...marks, ...keepClear], view.box, labelWidth(ctx), spots));
  ctx.restore();
};
