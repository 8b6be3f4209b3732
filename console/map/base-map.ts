import { geoGraticule10, geoPath } from "d3-geo";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import type { FeatureCollection } from "geojson";
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
const fineGraticule = {
  type: "MultiLineString",
  coordinates: [
    ...Array.from({ length: 72 }, (_, i) =>
      Array.from({ length: 69 }, (__, j) => [-180 + 5 * i, -85 + 2.5 * j]),
    ),
    ...Array.from({ length: 35 }, (_, i) =>
      Array.from({ length: 145 }, (__, j) => [-180 + 2.5 * j, -85 + 5 * i]),
    ),
  ],
} as const;

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
  path(view.kind === "lens" ? (fineGraticule as unknown as typeof graticule) : graticule);
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
