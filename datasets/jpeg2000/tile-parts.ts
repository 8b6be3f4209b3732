import type { FileBytes } from "../geotiff/file-bytes.ts";
import type { ByteRange } from "../files/byte-source.ts";
import { type MainHeader, marker } from "./codestream.ts";

/** Where the parts of each tile lie, by tile, in the order of the codestream. */
export type TileParts = readonly (readonly ByteRange[])[];

/** The standard allows 255 parts a tile; a file that cuts its tiles finer than this is damaged. */
const maxParts = 1_000_000;

/**
 * Walks the codestream from tile-part to tile-part (ISO/IEC 15444-1, A.4.2): a few bytes of each are read. What lies behind a
 * break (a part longer than the file, no start where one should be, a tile that the
 * image does not have) is not known: those tiles have fewer parts, or none.
 */
export const readTileParts = async (
  bytes: FileBytes,
  codestream: ByteRange,
  { endBytes, tilesAcross, tilesDown }: MainHeader,
): Promise<TileParts> => {
  const count = tilesAcross * tilesDown;
  const parts: ByteRange[][] = Array.from({ length: count }, () => []);
  const end = Math.min(codestream.offsetBytes + codestream.lengthBytes, bytes.size);
  let at = endBytes;
  for (let part = 0; part < maxParts && at + 12 <= end; part++) {
    const head = await bytes.read(at, 12);
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    if (view.getUint16(0) !== marker.startOfTilePart) break;
    const tile = view.getUint16(4);
    if (view.getUint16(2) !== 10 || tile >= count) break;
    // A length of 0 stands for all that is left, but for the marker at the end.
    const stated = view.getUint32(6);
    const lengthBytes = Math.min(stated === 0 ? end - at : stated, end - at);
    if (stated !== 0 && stated < 14) break;
    parts[tile]!.push({ offsetBytes: at, lengthBytes });
    at += lengthBytes;
  }
  return parts;
};
