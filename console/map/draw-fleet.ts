import type { Palette } from "../look/palette.ts";
import type { Places } from "./orbit-places.ts";
import type { View } from "./view.ts";

const rad = Math.PI / 180;
const length = 4;

/**
 * A constellation of thousands: a dash of 4 px along the track each, and a dot for those in contact. One path for all dashes: a
 * stroke a satellite would cost ten times as much.
 */
export const drawFleet = (
  ctx: CanvasRenderingContext2D,
  palette: Palette,
  view: View,
  { places, inContact }: { readonly places: Places; readonly inContact: Uint8Array },
): void => {
  const { box, projection, centre, reach } = view;
  const [lon0, lat0] = centre;
  const [sin0, cos0, cosReach] = [Math.sin(lat0 * rad), Math.cos(lat0 * rad), Math.cos(reach * rad)];
  const spot: [number, number] = [0, 0];
  const dots: number[] = [];
  ctx.beginPath();
  for (let i = 0; i < places.count; i++) {
    const lon = places.lon[i] as number;
    if (Number.isNaN(lon)) continue;
    const lat = places.lat[i] as number;
    const [sinLat, cosLat] = [Math.sin(lat * rad), Math.cos(lat * rad)];
    if (reach < 180 && sin0 * sinLat + cos0 * cosLat * Math.cos((lon - lon0) * rad) <= cosReach) continue;
    spot[0] = lon;
    spot[1] = lat;
    const point = projection(spot);
    if (point === null) continue;
    const [x, y] = point;
    if (x < box.x || x > box.x + box.width || y < box.y || y > box.y + box.height) continue;
    if (inContact[i] === 1) {
      dots.push(x, y);
      continue;
    }
    // The direction on the canvas: a hundredth of a degree further on.
    const heading = (places.heading[i] as number) * rad;
    spot[0] = lon + (0.02 * Math.sin(heading)) / Math.max(0.02, cosLat);
    spot[1] = Math.max(-89.99, Math.min(89.99, lat + 0.02 * Math.cos(heading)));
    const next = projection(spot);
    if (next === null) continue;
    const [dx, dy] = [next[0] - x, next[1] - y];
    const scale = length / 2 / Math.max(1e-6, Math.sqrt(dx * dx + dy * dy));
    if (Math.abs(dx) > 5 || Math.abs(dy) > 5) continue;
    ctx.moveTo(x - dx * scale, y - dy * scale);
    ctx.lineTo(x + dx * scale, y + dy * scale);
  }
  ctx.strokeStyle = palette.ink2;
  ctx.lineWidth = 1.3;
  ctx.lineCap = "butt";
  ctx.stroke();
  ctx.fillStyle = palette.ink;
  ctx.strokeStyle = palette.panel;
  ctx.lineWidth = 2;
  for (let i = 0; i < dots.length; i += 2) {
    ctx.beginPath();
    ctx.arc(dots[i] as number, dots[i + 1] as number, 3.2, 0, 2 * Math.PI);
    ctx.stroke();
    ctx.fill();
  }
};
