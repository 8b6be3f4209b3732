import type { Detection } from "../pipeline/detection/detection.ts";
import type { Detector } from "../pipeline/detection/detector.ts";
import { decodeTile } from "../pipeline/product/lossless-tile.ts";
import { decodeLossyTile } from "../pipeline/product/lossy-tile.ts";
import type { ProductKind } from "../pipeline/product/product.ts";
import { mosaicRaster } from "../pipeline/raster/mosaic.ts";
import { intersectWindows, type Band, type Raster } from "../pipeline/raster/raster.ts";
import type { Tile } from "../pipeline/raster/tile-plan.ts";
import type { Spool, SpoolSlot } from "../pipeline/spool.ts";

/** A tile that has come down: its payload waits in the spool until the tiles around it are there too. */
export interface ArrivedTile {
  readonly kind: ProductKind;
  readonly slot: SpoolSlot;
}

/** What one tile of the plan showed on the ground. */
export interface SeenTile {
  readonly tile: Tile;
  readonly detections: readonly Detection[];
  /** Plan indices of the tiles whose pixels went into it. */
  readonly from: readonly number[];
}

/** Decoded tiles kept at hand: every core is part of up to nine windows. */
const decodedTiles = 24;

/**
 * Runs the model on the imagery of one acquisition as it comes down. What crosses the link are the cores of tiles, each
 * pixel once; the model sees the same overlapping windows as on board, put together from the cores round about.
 */
export class ImageryProcessor {
  readonly #plan: readonly Tile[];
  readonly #bands: readonly Band[];
  readonly #detector: Detector;
  readonly #spool: Spool;
  readonly #arrived = new Map<number, ArrivedTile>();
  readonly #decoded = new Map<number, Promise<Raster>>();
  readonly #started = new Set<number>();
  /** Whose cores a tile's window touches, and whose windows touch a tile's core. */
  readonly #neighbours: readonly (readonly number[])[];
  readonly #dependents: readonly (readonly number[])[];

  constructor(plan: readonly Tile[], bands: readonly Band[], detector: Detector, spool: Spool) {
    this.#plan = plan;
    this.#bands = bands;
    this.#detector = detector;
    this.#spool = spool;
    this.#neighbours = neighboursOf(plan);
    const dependents: number[][] = plan.map(() => []);
    this.#neighbours.forEach((needed, index) => needed.forEach((other) => dependents[other]?.push(index)));
    this.#dependents = dependents;
  }

  get arrivedCount(): number {
    return this.#arrived.size;
  }

  /** Takes a tile in; returns the tiles of the plan that can now be seen whole, each once. */
  arrive(index: number, tile: ArrivedTile): readonly number[] {
    this.#arrived.set(index, tile);
    return (this.#dependents[index] ?? []).filter((candidate) => {
      const complete = (this.#neighbours[candidate] ?? []).every((other) => this.#arrived.has(other));
      if (!complete || this.#started.has(candidate)) return false;
      this.#started.add(candidate);
      return true;
    });
  }

  /** The tiles that arrived but never got all their neighbours: seen at the end with what there is. */
  leftOver(): readonly number[] {
    const left = [...this.#arrived.keys()].filter((index) => !this.#started.has(index)).sort((a, b) => a - b);
    for (const index of left) this.#started.add(index);
    return left;
  }

  /** Runs the model on one tile of the plan. */
  async see(index: number): Promise<SeenTile> {
    const tile = this.#plan[index] as Tile;
    const from = (this.#neighbours[index] ?? []).filter((other) => this.#arrived.has(other));
    const parts = await Promise.all(
      from.map(async (other) => ({
        window: (this.#plan[other] as Tile).core,
        raster: await this.#decode(other),
      })),
    );
    const raster = mosaicRaster(tile.window, this.#bands, parts);
    const empty = raster.valid !== null && !raster.valid.includes(1);
    const [detections = []] = empty ? [] : await this.#detector.detect([raster]);
    return { tile, detections, from };
  }

  #decode(index: number): Promise<Raster> {
    const known = this.#decoded.get(index);
    if (known !== undefined) return known;
    const { kind, slot } = this.#arrived.get(index) as ArrivedTile;
    const decoding = this.#spool
      .read(slot)
      .then((payload) =>
        kind === "tile-lossy" ? decodeLossyTile(payload, this.#bands) : decodeTile(payload, this.#bands),
      );
    this.#decoded.set(index, decoding);
    if (this.#decoded.size > decodedTiles) this.#decoded.delete(this.#decoded.keys().next().value as number);
    return decoding;
  }
}

/** For every tile the plan indices of the cores that its window touches, itself among them. */
const neighboursOf = (plan: readonly Tile[]): readonly (readonly number[])[] => {
  // Plans are grids: rows of equal length. Two tiles apart can only touch when the overlap exceeds half the tile.
  const byRow = new Map<number, Tile[]>();
  for (const tile of plan) byRow.set(tile.core.y, [...(byRow.get(tile.core.y) ?? []), tile]);
  const rows = [...byRow.values()];
  return plan.map(({ window }) =>
    rows
      .filter(
        ([first]) =>
          first && first.core.y < window.y + window.height && first.core.y + first.core.height > window.y,
      )
      .flatMap((row) =>
        row.filter(({ core }) => intersectWindows(core, window) !== null).map(({ index }) => index),
      ),
  );
};
