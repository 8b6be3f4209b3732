import { openRaster } from "../../datasets/image/open-raster.ts";
import { isSwathError } from "../../pipeline/errors.ts";
import { crc32 } from "../datasets/geotiff-crc32.ts";

/** What became of one mutant: its pixels' checksum, or how it was refused. */
export type Verdict =
  | { readonly kind: "read"; readonly crc: number }
  | { readonly kind: "broken"; readonly reason: string }
  | { readonly kind: "large" };

/** As in reference.py. */
const mostSamples = 4_000_000;

/** Reads all of the file at `path`. Throws whatever is no `SwathError("raster")` of one line: those are faults of ours. */
export const judge = async (path: string): Promise<Verdict> => {
  try {
    await using file = await openRaster(path);
    const { width, height, bands } = file;
    if (width * height * bands.length > mostSamples) return { kind: "large" };
    const { planes } = await file.readWindow({ x: 0, y: 0, width, height }, [...bands.keys()]);
    return { kind: "read", crc: crc32(Buffer.concat(planes.map(bytesOf))) };
  } catch (error) {
    if (!isSwathError(error, "raster") || error.message.includes("\n")) throw error;
    return { kind: "broken", reason: error.message };
  }
};

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
