import { signal, type Signal } from "@preact/signals";
import type { MultiPolygon, Polygon } from "geojson";
import type { LonLat } from "../map/view.ts";
import { askJson, putJson, sendJson } from "./ask.ts";

/** What is asked for. Without a webhook a cursor is made, which the server keeps and clients follow by name. */
export interface Wish {
  readonly name: string;
  readonly area: readonly LonLat[];
  /** `null`: all. */
  readonly className: string | null;
  readonly webhook: string | null;
}

/** Names of cursors and subscriptions. */
export const goodName = /^[A-Za-z0-9_-]{1,64}$/;

/** A closed ring, as GeoJSON has it: counter-clockwise. */
export const areaPolygon = (area: readonly LonLat[]): Polygon => {
  const doubled = area.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = area[(i + 1) % area.length] ?? [x, y];
    return sum + x * nextY - nextX * y;
  }, 0);
  const ring = (doubled < 0 ? area.toReversed() : area).map(([lon, lat]) => [wrapped(lon), lat]);
  const [first] = ring;
  return { type: "Polygon", coordinates: [first === undefined ? [] : [...ring, first]] };
};

/** Longitude between -180 and 180, for whoever takes the box. */
const wrapped = (longitude: number): number => (longitude > 180 ? longitude - 360 : longitude);

const rounded = (value: number): string => String(Math.round(value * 1e4) / 1e4);

/** West, south, east, north of an area; across the antimeridian west is east of east. */
export const boxOf = (area: readonly LonLat[]): string => {
  const [lons, lats] = [area.map(([lon]) => lon), area.map(([, lat]) => lat)];
  return [wrapped(Math.min(...lons)), Math.min(...lats), wrapped(Math.max(...lons)), Math.max(...lats)]
    .map(rounded)
    .join(",");
};

/** Makes the subscription. Gives the line that says how to follow it. Throws `Refusal`. */
export const subscribe = async ({ name, area, className, webhook }: Wish): Promise<string> => {
  const kind = className === null ? {} : { class: className };
  if (webhook !== null) {
    await sendJson("/api/subscriptions", { name, webhook, area: areaPolygon(area), ...kind });
    return `What lands there is sent to ${webhook}.`;
  }
  await putJson(`/api/cursors/${encodeURIComponent(name)}`, { from: "now" });
  const only = className === null ? "" : ` --class ${className}`;
  return `swath subscribe --bbox=${boxOf(area)}${only} --cursor ${name}`;
};

/** Areas of the subscriptions that the server keeps, to be drawn. */
export interface KeptAreas {
  readonly areas: Signal<readonly (Polygon | MultiPolygon)[]>;
  readonly refresh: () => Promise<void>;
}

/** Asks for the subscriptions. A server without any, or one that wants a login, has none to draw. */
export const newKeptAreas = (): KeptAreas => {
  const areas = signal<readonly (Polygon | MultiPolygon)[]>([]);
  return {
    areas,
    async refresh() {
      try {
        const answer = (await askJson("/api/subscriptions")) as {
          readonly subscriptions?: readonly { readonly filter?: { readonly area?: MultiPolygon | null } }[];
        };
        areas.value = (answer.subscriptions ?? []).flatMap(
          ({ filter }) => forDrawing(filter?.area ?? null) ?? [],
        );
      } catch {
        // The page shows runs; that subscriptions cannot be had is said where one is made.
        areas.value = [];
      }
    },
  };
};

/** d3-geo takes what lies to the right of a ring for its inside, GeoJSON what lies to the left. */
const forDrawing = (area: MultiPolygon | null): MultiPolygon | null =>
  area && { ...area, coordinates: area.coordinates.map((rings) => rings.map((ring) => ring.toReversed())) };
