import { geoGraticule10, geoPath } from "d3-geo";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import type { FeatureCollection, MultiLineString } from "geojson";
import type { Palette } from "../look/palette.ts";
import type { View } from "./view.ts";

/** Land as polygons. */
export type Land = FeatureCollection;

/** Land of a world-atlas file (Natural Earth). */
export const landOf = (topology: Topology): Land => {
  const land = topology.objects["land"] as GeometryCollection;
  return feature(topology, land);
};

const sphere = { type: "Sphere" } as const;
const graticule = geoGraticule10();
/** Lines every 5° within reach of a place: a lens shows a hundredth of the world, and is drawn anew for every picture. */
const gridAround = (view: View): MultiLineString => {
  const [lon0, lat0] = view.centre;
  const [south, north] = [Math.max(-85, lat0 - view.reach), Math.min(85, lat0 + view.reach)];
  const steepest = Math.max(Math.abs(south), Math.abs(north));
  const aside = Math.min(180, view.reach / Math.max(0.05, Math.cos((steepest * Math.PI) / 180)));
  const steps = (from: number, to: number, step: number): readonly number[] =>
    Array.from({ length: Math.max(0, Math.floor((to - from) / step) + 1) }, (_, i) => from + i * step);
  const meridians = steps(Math.ceil((lon0 - aside) / 5) * 5, lon0 + aside, 5);
  const parallels = steps(Math.ceil(south / 5) * 5, north, 5);
  return {
    type: "MultiLineString",
    coordinates: [
      ...meridians.map((lon) => steps(south, north, 2.5).map((lat) => [lon, lat])),
      ...parallels.map((lat) => steps(lon0 - aside, lon0 + aside, 2.5).map((lon) => [lon, lat])),
    ],
  };
};

/** Sea, grid, land and coast: what does not change with time. */
export const drawBase = (
  ctx: CanvasRenderingContext2D,
  palette: Palette,
  view: View,
  land: Land | null,
): void => {
  const path = geoPath(view.projection, ctx);
  const outline = (): void => {
    ctx.beginPath();
    if (view.kind === "lens") ctx.rect(view.box.x, view.box.y, view.box.width, view.box.height);
    else path(sphere);
  };
  outline();
  ctx.fillStyle = palette.sea;
  ctx.fill();
  ctx.save();
  ctx.clip();
  ctx.beginPath();
  path(view.kind === "lens" ? gridAround(view) : graticule);
  ctx.strokeStyle = palette.rule;
  ctx.lineWidth = 0.6;
  ctx.stroke();
  if (land !== null) {
    ctx.beginPath();
    path(land);
    ctx.fillStyle = palette.land;
    ctx.fill();
    ctx.strokeStyle = palette.coast;
    ctx.lineWidth = 0.6;
    ctx.stroke();
  }
  ctx.restore();
  if (view.kind === "lens") return;
  outline();
  ctx.strokeStyle = palette.coast;
  ctx.lineWidth = 1;
  ctx.stroke();
};
