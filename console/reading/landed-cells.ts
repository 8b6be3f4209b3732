import { cellToBoundary, latLngToCell } from "h3-js";
import type { Polygon } from "geojson";
import type { CellMark } from "../map/picture.ts";
import type { LonLat } from "../map/view.ts";
import { countUpTo } from "../state/sorted.ts";
import type { PolicyView } from "./policy-view.ts";
import type { Prepared } from "./prepared.ts";

/** Single discs up to this number of acquisitions; cells above. */
export const mostDiscs = 2000;

/** H3 of 158 km to a side: some pixels on a world map. */
const resolution = 2;
/** Sums are kept at this number of moments, so that a picture adds up what came since the last of them only. */
const moments = 64;

/** The cell that a place lies in. */
export const cellAt = ([longitude, latitude]: LonLat): string =>
  latLngToCell(latitude, longitude, resolution);

/** Landed detections by cell, ready to be asked for any moment. */
export interface LandedCells {
  readonly outlines: readonly Polygon[];
  readonly at: (t: number) => readonly CellMark[];
}

const outlineOf = (cell: string): Polygon => ({
  type: "Polygon",
  // H3 goes counter-clockwise, as GeoJSON has it; d3-geo takes what lies to the right for the inside.
  coordinates: [cellToBoundary(cell, true).toReversed()],
});

/** Steps of a tenth of the fullest cell and its like: 1 … 5 by the logarithm, since harbours hold a thousand times the open sea. */
const stepOf = (count: number, most: number): number =>
  Math.max(1, Math.min(5, Math.ceil((5 * Math.log1p(count)) / Math.log1p(most))));

/** Sorts what was published into cells. Takes some tenths of a second for a quarter of a million acquisitions. */
export const landedCells = ({ plan }: Prepared, { record }: PolicyView): LandedCells => {
  const { at_s, acquisition, detections } = record.tables.publications.columns;
  const { longitude_deg, latitude_deg } = plan.acquisitions.columns;
  const places = new Map<string, number>();
  const rows = at_s.length;
  const cellOf = new Int32Array(rows).fill(-1);
  for (let row = 0; row < rows; row++) {
    const which = acquisition[row] as number;
    const [lon, lat] = [longitude_deg[which] as number, latitude_deg[which] as number];
    if (Number.isNaN(lon) || Number.isNaN(lat)) continue;
    const cell = latLngToCell(lat, lon, resolution);
    const place = places.get(cell) ?? places.size;
    if (place === places.size) places.set(cell, place);
    cellOf[row] = place;
  }
  const count = places.size;
  const stride = Math.max(1, Math.ceil(rows / moments));
  const kept: Float32Array[] = [];
  const running = new Float32Array(count);
  for (let row = 0; row < rows; row++) {
    if (row % stride === 0) kept.push(running.slice());
    const cell = cellOf[row] as number;
    if (cell >= 0) running[cell] = (running[cell] as number) + (detections[row] as number);
  }
  // Shades are reckoned against the fullest cell at the end, so that a cell never pales.
  const most = running.reduce((high, value) => Math.max(high, value), 1);
  const ids = [...places.keys()];
  const outlines = ids.map(outlineOf);
  return {
    outlines,
    at(t) {
      const known = countUpTo(at_s, t);
      const moment = Math.min(kept.length - 1, Math.floor(known / stride));
      const sums = (kept[moment] ?? running).slice();
      for (let row = moment * stride; row < known; row++) {
        const cell = cellOf[row] as number;
        if (cell >= 0) sums[cell] = (sums[cell] as number) + (detections[row] as number);
      }
      const marks: CellMark[] = [];
      for (const [cell, outline] of outlines.entries()) {
        const sum = sums[cell] as number;
        if (sum > 0) marks.push({ id: ids[cell] ?? "", outline, step: stepOf(sum, most), count: sum });
      }
      return marks;
    },
  };
};
