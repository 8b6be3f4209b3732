import { availableParallelism } from "node:os";
import { Tinypool } from "tinypool";
import { SwathError } from "../errors.ts";
import { builtWorker } from "../package.ts";
import type { Band, Raster } from "../raster/raster.ts";
import { decodeTile, encodeTile } from "./lossless/lossless-tile.ts";
import type { CodecAnswer } from "./tile-codec-worker.ts";

/** The lossless codec as a service: entropy coding is the heaviest thing on board besides the model. */
export interface TileCodec extends AsyncDisposable {
  /** As `encodeTile`. */
  readonly encode: (raster: Raster) => Promise<Uint8Array>;
  /** As `decodeTile`. */
  readonly decode: (bytes: Uint8Array, bands: readonly Band[]) => Promise<Raster>;
}

/** The codec in the caller's own thread. */
export const inlineTileCodec: TileCodec = {
  encode: async (raster) => encodeTile(raster),
  decode: async (bytes, bands) => decodeTile(bytes, bands),
  [Symbol.asyncDispose]: async () => undefined,
};

const resultOf = <T>(answer: CodecAnswer<T>): T => {
  if ("ok" in answer) return answer.ok;
  throw new SwathError(answer.error.tag, answer.error.parts);
};

/** The codec on `threads` worker threads, which start with the first tile and end with the codec. */
export const openTileCodec = (threads = availableParallelism()): TileCodec => {
  const pool = new Tinypool({
    filename: builtWorker("pipeline/product/tile-codec-worker.js", "codec worker", "config"),
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: 5_000,
  });
  return {
    encode: async (raster) =>
      resultOf((await pool.run(raster, { name: "encode" })) as CodecAnswer<Uint8Array>),
    decode: async (bytes, bands) =>
      resultOf((await pool.run({ bytes, bands }, { name: "decode" })) as CodecAnswer<Raster>),
    [Symbol.asyncDispose]: () => pool.destroy(),
  };
};
