import type { Detection } from "../detection/detection.ts";
import type { Acquisition } from "../orbit/acquisition.ts";
import type { ProductKind } from "../product/product.ts";
import type { Scene } from "../raster/scene.ts";
import type { Instant } from "../units.ts";

/** When a product was ready on board, when it went down, where, and when the mission centre had all of it. */
export interface ProductArrival {
  readonly kind: ProductKind;
  readonly number: number;
  readonly station: string;
  readonly readyAt: Instant;
  /** The first frame that holds a piece of it begins to leave the satellite. */
  readonly firstSentAt: Instant;
  /** The last bit of it is at the station. */
  readonly completedAt: Instant;
  /** All of it is at the mission centre: backhaul included. */
  readonly atCentre: Instant;
}

/** A detection on the ground, with the product that brought it and when subscribers could have it. */
export interface LandedDetection {
  readonly detection: Detection;
  readonly arrival: ProductArrival;
  readonly publishedAt: Instant;
}

/** A tile that the model saw on the ground: its index, and the tiles whose cores its window was put together from. */
export interface TileSeen {
  readonly tile: number;
  readonly from: readonly number[];
}

/** One acquisition as the ground has it: what the mission centre hands to the referee. */
export interface LandedAcquisition {
  readonly acquisition: Acquisition;
  readonly scene: Scene;
  readonly detections: readonly LandedDetection[];
  /** Tiles that came down, by their index. */
  readonly tileArrivals: ReadonlyMap<number, ProductArrival>;
  /** Tiles that the ground requested, and when: for policies that detect on board. */
  readonly requestedAt: ReadonlyMap<number, Instant>;
  /** The batch of detections, of policies that detect on board; `null`: it is not down. */
  readonly batchArrival: ProductArrival | null;
  /** Beginning of the digest of the model that found the detections, where satellites may have several. */
  readonly model?: string;
  readonly chipsArrival: ProductArrival | null;
  /** Tiles that went through the model on the ground, in the order of their indices. */
  readonly tilesSeen: readonly TileSeen[];
}

/** Products of an acquisition on the ground. */
export const productsOf = ({ tileArrivals, batchArrival, chipsArrival }: LandedAcquisition): number =>
  tileArrivals.size + (batchArrival === null ? 0 : 1) + (chipsArrival === null ? 0 : 1);
