import { ZSTDDecoder } from "zstddec";
import type { ZstdJob } from "./decode-job.ts";

/**
 * Decodes Zstandard frames into `decodedBytes` at most. Throws `RangeError` where libzstd finds them broken or longer.
 *
 * The package hands out nothing where libzstd reports an error. The size must be given: without one it allocates whatever
 * the frame's header claims.
 */
export const decodeZstdFrames = async ({ source, decodedBytes }: ZstdJob): Promise<Uint8Array> => {
  const decoder = new ZSTDDecoder();
  // The module is compiled once for the thread; later calls return at once.
  await decoder.init();
  const data = decoder.decode(source, decodedBytes);
  if (data.length === 0 && decodedBytes > 0) {
    throw new RangeError(`Zstandard frames that are broken, or hold more than ${decodedBytes} bytes`);
  }
  return data;
};
