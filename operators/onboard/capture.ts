import { type PlacedRaster, placedIn } from "../../pipeline/raster/placed.ts";
import type { SceneReader } from "../../pipeline/raster/scene.ts";
import type { Tile } from "../../pipeline/raster/tile-plan.ts";
import { mapOrdered } from "../../pipeline/streams.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";

/** One tile of an acquisition, as the camera hands it to the computer. */
export interface CapturedTile {
  readonly acquisition: Acquisition;
  readonly tile: Tile;
  /** The pixels of `tile.window`. */
  readonly raster: PlacedRaster;
}

/**
 * Reads the tiles of `plan` in its order, `inFlight` ahead of whoever consumes them.
 * Fails with `SwathError("raster")` when the scene cannot be read; what was captured before stays valid.
 */
export const capture = (
  acquisition: Acquisition,
  reader: SceneReader,
  plan: readonly Tile[],
  bands: readonly string[],
  inFlight: number,
): AsyncIterable<CapturedTile> => {
  reader.expect?.(
    plan.map(({ window }) => window),
    bands,
  );
  return mapOrdered(plan, inFlight, async (tile) => ({
    acquisition,
    tile,
    raster: placedIn(reader.scene, tile.window, await reader.readWindow(tile.window, bands)),
  }));
};
