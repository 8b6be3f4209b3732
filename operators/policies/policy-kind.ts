import type { Detection } from "../../pipeline/detection/detection.ts";
import type { Policy } from "../../pipeline/mission/policy.ts";
import type { ProductKind } from "../../pipeline/product/product.ts";
import type { TileCodec } from "../../pipeline/product/tile-codec.ts";
import type { Raster } from "../../pipeline/raster/raster.ts";
import type { SceneReader } from "../../pipeline/raster/scene.ts";
import type { ParameterTable, SettingsOf } from "./parameter.ts";

/** What a policy makes of an acquisition, before it has a place in the store. */
export interface ProductDraft {
  readonly kind: ProductKind;
  readonly tile: number | null;
  readonly payload: Uint8Array;
  /** What it is worth to the ground: see `product-value.ts`. */
  readonly value: number;
  /** Samples that went through an image encoder for it: what it cost the computer. */
  readonly encodedSamples: number;
}

/** A tile that is neither empty nor screened out, as a policy gets it. */
export interface SeenTile {
  /** What is this tile's alone: cores cover the scene once. */
  readonly core: Raster;
  /** What the model found, in pixels of the tile's window; `null` where it runs on the ground. */
  readonly detections: readonly Detection[] | null;
}

/** An acquisition that the model on board has seen all of. */
export interface SeenAcquisition {
  readonly reader: SceneReader;
  /** What the camera hands over, in the order of the model. */
  readonly bands: readonly string[];
  /** Of the whole scene, in its pixels; quantised, as the ground will have them. */
  readonly detections: readonly Detection[];
  /** Beginning of the digest of the model that found them, where the satellite may have several. */
  readonly model?: string;
}

/**
 * What a satellite sends down of what it sees, and how that is made on board. One file each; `registry.ts` lists them.
 * Everything here is a pure function of what it is given.
 */
export interface PolicyKind<Table extends ParameterTable = ParameterTable> {
  /** Kebab case, as users write it. */
  readonly name: string;
  /** What goes down, a sentence: stands in the help and in the report. */
  readonly sends: string;
  /** Where the model runs: on board, or on the ground on the tiles that come down. */
  readonly where: Policy["where"];
  readonly parameters: Table;
  /** Tiles with a larger share of cloud than this stay on board; where it is not given, cloud is not looked for. */
  maxCloudShare?(settings: SettingsOf<Table>): number;
  /** The tile as it goes down; where it is not given, no tile does. Throws as its codec does. */
  ofTile?(
    tile: SeenTile,
    settings: SettingsOf<Table>,
    codec: TileCodec,
  ): Promise<Pick<ProductDraft, "kind" | "payload"> | null>;
  /**
   * What goes down once all tiles have been seen; called where the model runs on board, and there it must hold the
   * batch of detections, even an empty one: "nothing there" is a result, and the ground must be able to tell it from silence.
   * Throws `SwathError("raster")` when pixels cannot be read.
   */
  ofDetections?(seen: SeenAcquisition, settings: SettingsOf<Table>): Promise<readonly ProductDraft[]>;
}

/** A policy for the registry: checks that its functions fit its parameters. */
export const policyKind = <const Table extends ParameterTable>(kind: PolicyKind<Table>): PolicyKind =>
  kind as unknown as PolicyKind;
