import { sampleTypeOf, samplesOf, type SampleArray } from "../pipeline/raster/samples.ts";
import type { InputTile } from "./tile-input.ts";

/** Shared memory through which tiles reach one worker. */
export interface TileSlots {
  /** The tile with its samples in shared memory, until `free(job)`. */
  share(job: number, tile: InputTile): InputTile;
  free(job: number): void;
}

/** Alignment that fits every sample type. */
const ALIGN = 8;
const alignedBytes = (bytes: number): number => Math.ceil(bytes / ALIGN) * ALIGN;

/**
 * A tile's pixels belong to the caller, who may want to cut chips from them: they cannot be transferred. One copy into
 * memory that is used again and again costs a fraction of what a clone by `postMessage` costs (and of the inference).
 * Samples that lie in shared memory already are passed as they are.
 */
export const tileSlots = (): TileSlots => {
  const inUse = new Map<number, SharedArrayBuffer>();
  const spare: SharedArrayBuffer[] = [];
  const bufferOf = (bytes: number): SharedArrayBuffer => {
    const last = spare.pop();
    return last && last.byteLength >= bytes ? last : new SharedArrayBuffer(bytes);
  };
  return {
    share(job, tile) {
      const arrays = tile.valid === null ? tile.planes : [...tile.planes, tile.valid];
      const copied = arrays.filter((array) => !isShared(array));
      if (copied.length === 0) return tile;
      const buffer = bufferOf(copied.reduce((sum, array) => sum + alignedBytes(array.byteLength), 0));
      inUse.set(job, buffer);
      let at = 0;
      const share = <T extends SampleArray>(array: T): T => {
        if (isShared(array)) return array;
        const view = samplesOf(sampleTypeOf(array), new Uint8Array(buffer, at, array.byteLength)) as T;
        view.set(array);
        at += alignedBytes(array.byteLength);
        return view;
      };
      const planes = tile.planes.map(share);
      return { ...tile, planes, valid: tile.valid === null ? null : share(tile.valid) };
    },
    free(job) {
      const buffer = inUse.get(job);
      if (buffer !== undefined) spare.push(buffer);
      inUse.delete(job);
    },
  };
};

const isShared = (array: SampleArray): boolean => array.buffer instanceof SharedArrayBuffer;
