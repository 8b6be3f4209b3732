import { SwathError } from "../../pipeline/errors.ts";
import type { RunPlan } from "../../pipeline/mission/run-plan.ts";
import type { Detection } from "../../pipeline/detection/detection.ts";
import type { Detector } from "../../pipeline/detection/detector.ts";
import { codecOf, type ProductKind } from "../../pipeline/product/product.ts";
import type { TileCodec } from "../../pipeline/product/tile-codec.ts";
import { mosaicRaster } from "../../pipeline/raster/mosaic.ts";
import { placedIn } from "../../pipeline/raster/placed.ts";
import { intersectWindows, windowArea, type Band, type Raster } from "../../pipeline/raster/raster.ts";
import { bytesPerSample } from "../../pipeline/raster/samples.ts";
import type { Scene } from "../../pipeline/raster/scene.ts";
import type { Tile } from "../../pipeline/raster/tile-plan.ts";
import type { Spool, SpoolSlot } from "../../pipeline/spool.ts";
import { bytes, type Bytes } from "../../pipeline/units.ts";
import type { ByteCache } from "../../pipeline/byte-cache.ts";

/** A tile that has come down: its payload waits in the spool until the tiles around it are there too. */
export interface ArrivedTile {
  readonly kind: ProductKind;
  readonly slot: SpoolSlot;
}

/** What one tile of the plan showed on the ground. */
export interface SeenTile {
  readonly tile: Tile;
  /** In pixels of the tile. */
  readonly detections: readonly Detection[];
  /** Plan indices of the tiles whose pixels went into it. */
  readonly from: readonly number[];
}

/** A tile plan with who needs whom. The same for all scenes of one size. */
export interface TileNeighbours {
  readonly plan: readonly Tile[];
  /** For every tile the plan indices of the cores that its window touches, itself among them. */
  readonly needs: readonly (readonly number[])[];
  /** For every tile those whose windows touch its core, itself among them. */
  readonly neededBy: readonly (readonly number[])[];
}

/** Works out who needs whom in a plan as `planTiles` makes it: a grid, row by row. */
export const neighboursOf = (plan: readonly Tile[]): TileNeighbours => {
  const nextRow = plan.findIndex(({ core }) => core.y > (plan[0]?.core.y ?? 0));
  const columns = nextRow < 0 ? plan.length : nextRow;
  const rows = plan.filter((_, index) => index % columns === 0);
  const needs = plan.map(({ window }) =>
    rows
      .filter(({ core }) => core.y < window.y + window.height && core.y + core.height > window.y)
      .flatMap(({ index }) => plan.slice(index, index + columns))
      .filter(({ core }) => intersectWindows(core, window) !== null)
      .map(({ index }) => index),
  );
  const neededBy: number[][] = plan.map(() => []);
  needs.forEach((needed, index) => needed.forEach((other) => neededBy[other]?.push(index)));
  return { plan, needs, neededBy };
};

/** The bands that were sent of a scene, as on board: those that the plan names, in its order, or all of them. */
export const bandsOf = ({ bands }: Pick<RunPlan, "bands">, scene: Scene): readonly Band[] => {
  const names = bands[scene.id] ?? scene.bands.map(({ name }) => name);
  return names.flatMap((name) => scene.bands.find((band) => band.name === name) ?? []);
};

/** What the processors of all acquisitions share. */
export interface ProcessorPorts {
  readonly detector: Detector;
  readonly codec: TileCodec;
  readonly spool: Spool;
  /** Of all acquisitions together: every core is part of up to nine windows, and to decode it nine times would be most of the work. */
  readonly decoded: ByteCache<Raster>;
}

/** The scene that a plan covers: its last core ends where the scene does. */
const coveredBy = (plan: readonly Tile[]) => {
  const { x, y, width, height } = (plan.at(-1) as Tile).core;
  return { width: x + width, height: y + height };
};

/**
 * Runs the model on the imagery of one acquisition as it comes down. What crosses the link are the cores of tiles, each
 * pixel once; the model sees the same overlapping windows as on board, put together from the cores round about.
 */
export class ImageryProcessor {
  readonly #name: string;
  readonly #neighbours: TileNeighbours;
  readonly #bands: readonly Band[];
  readonly #ports: ProcessorPorts;
  readonly #arrived = new Map<number, ArrivedTile>();
  readonly #started = new Set<number>();

  /** `name` tells the acquisition from others; `bands` are those that were sent, in their order. */
  constructor(name: string, neighbours: TileNeighbours, bands: readonly Band[], ports: ProcessorPorts) {
    this.#name = name;
    this.#neighbours = neighbours;
    this.#bands = bands;
    this.#ports = ports;
  }

  /** Takes a tile in; returns the tiles of the plan that can now be seen whole, each once. */
  arrive(index: number, tile: ArrivedTile): readonly number[] {
    this.#arrived.set(index, tile);
    const { needs, neededBy } = this.#neighbours;
    const ready = (neededBy[index] ?? []).filter(
      (candidate) =>
        !this.#started.has(candidate) && (needs[candidate] ?? []).every((other) => this.#arrived.has(other)),
    );
    for (const candidate of ready) this.#started.add(candidate);
    return ready;
  }

  /** The tiles that arrived but never got all their neighbours: seen at the end with what there is. */
  leftOver(): readonly number[] {
    const left = [...this.#arrived.keys()].filter((index) => !this.#started.has(index)).sort((a, b) => a - b);
    for (const index of left) this.#started.add(index);
    return left;
  }

  /** Runs the model on one tile of the plan, with those of its neighbours that have arrived at the time of the call. */
  async see(index: number): Promise<SeenTile> {
    const { plan, needs } = this.#neighbours;
    const tile = plan[index] as Tile;
    const from = (needs[index] ?? []).filter((other) => this.#arrived.has(other));
    const parts = await Promise.all(
      from.map(async (other) => ({
        window: (plan[other] as Tile).core,
        raster: await this.#decoded(other),
      })),
    );
    const detections = await this.#ports.detector.detect(
      placedIn(coveredBy(plan), tile.window, mosaicRaster(tile.window, this.#bands, parts)),
    );
    return { tile, detections, from };
  }

  #decoded(index: number): Promise<Raster> {
    const { decoded, spool, codec } = this.#ports;
    const { kind, slot } = this.#arrived.get(index) as ArrivedTile;
    return decoded.get(`${this.#name}/${index}`, this.#sizeOf(index), async () => {
      const payload = await spool.read(slot);
      const { decodeTile } = codecOf(kind);
      if (decodeTile === undefined)
        throw new SwathError("link", { what: `${kind} of a tile`, wanted: "pixels" });
      return await decodeTile(payload, this.#bands, codec);
    });
  }

  /** Samples and mask of a core. */
  #sizeOf(index: number): Bytes {
    const perPixel = this.#bands.reduce((sum, { sampleType }) => sum + bytesPerSample(sampleType), 1);
    return bytes(windowArea((this.#neighbours.plan[index] as Tile).core) * perPixel);
  }
}
