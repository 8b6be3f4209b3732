import type { MapPicture } from "./picture.ts";
import { pointOf, type LonLat, type View } from "./view.ts";

/** A thing on the map. */
export interface Picked {
  readonly kind: "satellite" | "station" | "scene" | "order";
  readonly id: string;
}

const reachPx = 12;

/** The thing nearest to a point of the canvas, within 12 px; scenes before orders, satellites and stations where they are as near. */
export const pickAt = (view: View, picture: MapPicture, x: number, y: number): Picked | null => {
  let best: { readonly picked: Picked; readonly distance: number } | null = null;
  const offer = (kind: Picked["kind"], id: string, lonLat: LonLat): void => {
    const point = pointOf(view, lonLat);
    if (point === null) return;
    const distance = Math.hypot(point[0] - x, point[1] - y);
    if (distance <= reachPx && (best === null || distance < best.distance - 0.5))
      best = { picked: { kind, id }, distance };
  };
  for (const { id, lonLat } of picture.scenes) offer("scene", id, lonLat);
  for (const { id, lonLat } of picture.orders) offer("order", id, lonLat);
  for (const { id, place } of picture.satellites) offer("satellite", id, place.lonLat);
  for (const { id, lonLat } of picture.stations) offer("station", id, lonLat);
  return (best as { readonly picked: Picked } | null)?.picked ?? null;
};

/** The satellite of a large constellation nearest to a point, by its row; −1 where none is within 12 px. */
export const pickInFleet = (view: View, { fleet }: MapPicture, x: number, y: number): number => {
  if (fleet === null) return -1;
  let [found, nearest] = [-1, reachPx];
  for (let i = 0; i < fleet.places.count; i++) {
    const lon = fleet.places.lon[i] as number;
    if (Number.isNaN(lon)) continue;
    const point = pointOf(view, [lon, fleet.places.lat[i] as number]);
    if (point === null) continue;
    const distance = Math.hypot(point[0] - x, point[1] - y);
    if (distance < nearest) [found, nearest] = [i, distance];
  }
  return found;
};
