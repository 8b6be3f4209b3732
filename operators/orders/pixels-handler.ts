import type { TileRequest } from "../../pipeline/link/transfer/tile-request.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import type { BoundingBox } from "../../pipeline/raster/area-geometry.ts";
import { pixelToLonLat } from "../../pipeline/raster/georeference.ts";
import type { Scene } from "../../pipeline/raster/scene.ts";
import { planTiles, type Tile, type TileShape } from "../../pipeline/raster/tile-plan.ts";
import type { Instant } from "../../pipeline/units.ts";
import type { OrderHandler } from "./order-handler.ts";

/** What became of the tiles of an order. */
export interface TilesDone {
  readonly at: Instant;
  readonly made: number;
  readonly unreadable: number;
}

/** What a satellite needs to send down tiles that it still has. */
export interface PixelsPorts {
  /** Images that were taken, oldest first. */
  readonly taken: () => readonly Acquisition[];
  readonly sceneOf: (id: string) => Scene | undefined;
  readonly tile: TileShape;
  /** Whether the pixels of an image are in the store. */
  readonly isHeld: (acquisition: number) => boolean;
  /** Puts tiles before the computer; `onDone` is told once they have been through it. */
  readonly request: (tiles: readonly TileRequest[], at: Instant, onDone: (done: TilesDone) => void) => void;
}

/** Degrees of longitude from the middle of a box, the short way round. */
const eastOf = (longitude: number, middle: number): number => ((longitude - middle + 540) % 360) - 180;

const middleOf = ([west, south, east, north]: BoundingBox): readonly [number, number] => [
  west <= east ? (west + east) / 2 : (west + east + 360) / 2,
  (south + north) / 2,
];

/** How far the middle of a tile's core lies from that of a box, degrees; `null`: it does not reach into it. */
const distanceTo = ({ core }: Tile, { georeference }: Scene, bbox: BoundingBox): number | null => {
  if (georeference === null) return null;
  const [longitude, latitude] = middleOf(bbox);
  const { x, y, width, height } = core;
  const corners = [
    [x, y],
    [x + width, y],
    [x, y + height],
    [x + width, y + height],
  ].map(([column = 0, row = 0]) => pixelToLonLat(georeference, column, row));
  const east = corners.map(([one]) => eastOf(one, longitude));
  const north = corners.map(([, one]) => one - latitude);
  const half = [eastOf(bbox[2], longitude), bbox[3] - latitude] as const;
  const reaches = (values: readonly number[], reach: number): boolean =>
    Math.min(...values) < reach && Math.max(...values) > -reach;
  if (!reaches(east, half[0]) || !reaches(north, half[1])) return null;
  const [centreEast, centreNorth] = [east, north].map(
    (values) => values.reduce((sum, one) => sum + one, 0) / values.length,
  ) as [number, number];
  return Math.hypot(centreEast * Math.cos((latitude * Math.PI) / 180), centreNorth);
};

/**
 * The tiles of an area whose pixels are on board, at most so many: those nearest to its middle first, of several images of a place the newest. `null`: no image
 * of it was taken; empty: none of them is held any more.
 */
export const tilesOfArea = (
  bbox: BoundingBox,
  most: number,
  { taken, sceneOf, tile, isHeld }: Omit<PixelsPorts, "request">,
): readonly TileRequest[] | null => {
  let isTaken = false;
  const seen = new Set<string>();
  const found: (TileRequest & { readonly distance: number })[] = [];
  for (const { index, scene: id } of taken().toReversed()) {
    const scene = sceneOf(id);
    if (scene === undefined) continue;
    const near = planTiles({ x: 0, y: 0, width: scene.width, height: scene.height }, tile).flatMap((one) => {
      const distance = distanceTo(one, scene, bbox);
      return distance === null ? [] : [{ acquisition: index, tile: one.index, distance }];
    });
    isTaken ||= near.length > 0;
    if (!isHeld(index) || seen.has(id)) continue;
    seen.add(id);
    found.push(...near);
  }
  if (!isTaken) return null;
  return found
    .toSorted((a, b) => a.distance - b.distance || a.acquisition - b.acquisition || a.tile - b.tile)
    .slice(0, most)
    .map(({ acquisition, tile: place }) => ({ acquisition, tile: place }));
};

/** Obeys orders of the kind `pixels`: reads tiles out of the store, encodes them without loss, and sends them down as what the ground has requested. */
export const pixelsHandler =
  (ports: PixelsPorts): OrderHandler =>
  (order, { at, say }) => {
    const { bbox, tiles: most } = order.body as { readonly bbox: BoundingBox; readonly tiles: number };
    const wanted = "an area of which images are in the store";
    const found = tilesOfArea(bbox, most, ports);
    if (found === null)
      return { answer: "refused", at, field: "bbox", wanted, got: "one that was not taken" };
    if (found.length === 0)
      return { answer: "refused", at, field: "bbox", wanted, got: "images that were given up" };
    const acquisitions = [...new Set(found.map(({ acquisition }) => acquisition))].toSorted((a, b) => a - b);
    ports.request(found, at, ({ at: doneAt, made, unreadable }) => {
      const tiles = made === 1 ? "1 tile" : `${made} tiles`;
      const note = unreadable === 0 ? tiles : `${tiles}, ${unreadable} unreadable`;
      say(
        made === 0
          ? { answer: "refused", at: doneAt, field: "bbox", wanted: "tiles that can be read", got: note }
          : { answer: "done", at: doneAt, acquisitions, note },
      );
    });
    return { answer: "accepted", at };
  };
