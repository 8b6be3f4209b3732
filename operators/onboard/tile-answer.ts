import { encodeEnvelope } from "../../pipeline/link/transfer/envelope.ts";
import type { TileRequest } from "../../pipeline/link/transfer/tile-request.ts";
import type { SceneErrors } from "../../pipeline/raster/scene-errors.ts";
import type { SceneSource } from "../../pipeline/raster/scene.ts";
import { planTiles } from "../../pipeline/raster/tile-plan.ts";
import { seconds } from "../../pipeline/units.ts";
import type { AskPorts } from "../flight/asked-tiles.ts";
import type { Envelopes } from "./envelope-spool.ts";
import type { Onboard } from "./acquisition-work.ts";
import { samplesIn, tileSeconds } from "../platform/tile-work.ts";
import { worthOfTile } from "../policies/product-value.ts";
import { priorityOf } from "../../pipeline/product/product.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";

/** What an answer is made from. */
export interface AnswerPorts {
  readonly source: SceneSource;
  /** By index. */
  readonly acquisitions: ReadonlyMap<number, Acquisition>;
  readonly envelopes: Envelopes;
  readonly sceneErrors: SceneErrors;
}

/** Value of being requested, besides the content: as much as an object with a score of 1. */
const worthOfAsking = 1;

/** Answers requests with real pixels: tiles read again, encoded without loss, spooled. */
export const pixelAnswers = (
  onboard: Onboard,
  { source, acquisitions, envelopes, sceneErrors }: AnswerPorts,
): AskPorts["make"] => {
  const read = async ({ acquisition, tile: index }: TileRequest) => {
    await using reader = await source.open((acquisitions.get(acquisition) as Acquisition).scene);
    const { id, width, height, bands } = reader.scene;
    const tile = planTiles({ x: 0, y: 0, width, height }, onboard.tile)[index];
    if (tile === undefined) throw new RangeError(`scene ${id} has no tile ${index}`);
    const names = onboard.bands[id] ?? bands.map(({ name }) => name);
    return await reader.readWindow(tile.core, names, onboard.signal);
  };
  return async (requests, { clock, keep }) => {
    let work = seconds(0);
    let encodedSamples = 0;
    const unreadable: TileRequest[] = [];
    for (const request of requests) {
      onboard.signal.throwIfAborted();
      const { acquisition, tile } = request;
      let core;
      try {
        core = await read(request);
      } catch (error) {
        onboard.signal.throwIfAborted();
        sceneErrors.leaveOut(error);
        unreadable.push(request);
        continue;
      }
      const samples = samplesIn(core);
      const asks = { modelPixels: 0, opsPerPixel: 0, precision: "fp32", encodedSamples: samples } as const;
      work = seconds(work + tileSeconds(onboard.computer, asks));
      encodedSamples += samples;
      const readyAt = await clock.at(work);
      const kind = "tile-lossless";
      const payload = await onboard.codec.encode(core);
      const place = { kind, tile, readyAt, acquisition } as const;
      const envelope = encodeEnvelope({ ...place, number: 0, priority: priorityOf(kind), payload });
      const slot = await envelopes.write(envelope);
      const value = worthOfAsking + worthOfTile(core, 0);
      keep(request, { kind, tile, readyAt, workAt: work, value, size: envelope.byteLength, slot });
    }
    return { computeSeconds: work, encodedSamples, unreadable };
  };
};
