import { geoPath } from "d3-geo";
import type { Polygon } from "geojson";
import type { Palette } from "../look/palette.ts";
import type { CellMark } from "./picture.ts";
import { inReach, type View } from "./view.ts";

/** Outlines of cells as a view shows them: thousands of polygons are projected once for a view, not once a picture. */
const projected = new WeakMap<View, Map<Polygon, Path2D>>();

const pathOf = (view: View, outline: Polygon): Path2D => {
  const known = projected.get(view) ?? new Map<Polygon, Path2D>();
  projected.set(view, known);
  const before = known.get(outline);
  if (before !== undefined) return before;
  const path = new Path2D();
  // A path has all that d3-geo draws with, but is no canvas by its type.
  geoPath(view.projection, path as unknown as CanvasRenderingContext2D)(outline);
  known.set(outline, path);
  return path;
};

/** What was drawn last of a view: thousands of cells change a few times a second, the picture above them every frame. */
const layers = new WeakMap<
  View,
  { readonly cells: readonly CellMark[]; readonly palette: Palette; readonly layer: ImageBitmap }
>();

/** Cells of landed detections in five steps of their hue, from a layer that is kept as long as they stay the same. */
export const drawCells = (
  ctx: CanvasRenderingContext2D,
  palette: Palette,
  view: View,
  cells: readonly CellMark[],
): void => {
  if (cells.length === 0) return;
  const known = layers.get(view);
  const isSame = known !== undefined && known.cells === cells && known.palette === palette;
  const layer = isSame ? known.layer : paintLayer(ctx.canvas, palette, view, cells);
  if (!isSame) {
    known?.layer.close();
    layers.set(view, { cells, palette, layer });
  }
  ctx.save();
  ctx.resetTransform();
  ctx.drawImage(layer, 0, 0);
  ctx.restore();
};

const paintLayer = (
  { width, height }: HTMLCanvasElement,
  palette: Palette,
  view: View,
  cells: readonly CellMark[],
): ImageBitmap => {
  const layer = new OffscreenCanvas(width, height);
  const ctx = layer.getContext("2d");
  if (ctx === null) return layer.transferToImageBitmap();
  const ratio = width / view.box.width;
  ctx.scale(ratio, ratio);
  const steps = [1, 2, 3, 4, 5].map(() => new Path2D());
  for (const { outline, step } of cells) {
    const [lon = 0, lat = 0] = outline.coordinates[0]?.[0] ?? [];
    // A globe and a lens show a part of the world only; the rest need not be projected.
    if (inReach(view, [lon, lat])) steps[step - 1]?.addPath(pathOf(view, outline));
  }
  ctx.fillStyle = palette.detections;
  for (const [i, path] of steps.entries()) {
    ctx.globalAlpha = 0.1 + 0.13 * i;
    ctx.fill(path);
  }
  // As it is: a canvas would be copied for each picture that it is drawn into.
  return layer.transferToImageBitmap();
};
