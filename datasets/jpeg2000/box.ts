import { SwathError } from "../../pipeline/errors.ts";
import type { ByteRange } from "../files/byte-source.ts";
import type { FileBytes } from "../geotiff/file-bytes.ts";

/** A box of a JP2 file (ISO/IEC 15444-1, annex I.4): its type and what it holds, without its header. */
export interface Box {
  /** Four characters: `jp2h`, `jp2c`, `uuid`, … */
  readonly type: string;
  readonly content: ByteRange;
}

// Real files have a dozen. Above is damage or an attack.
const maxBoxes = 1024;

/**
 * The boxes that lie one after the other in `range`, in file order, up to one whose length is none or leaves `range`.
 * A length of 0 means "to the end of the file".
 */
export const readBoxes = async (bytes: FileBytes, range: ByteRange): Promise<readonly Box[]> => {
  const boxes: Box[] = [];
  const end = range.offsetBytes + range.lengthBytes;
  let at = range.offsetBytes;
  while (at + 8 <= end && boxes.length < maxBoxes) {
    const head = await bytes.read(at, Math.min(16, end - at));
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    const type = Buffer.from(head.subarray(4, 8)).toString("latin1");
    const short = view.getUint32(0);
    const isLong = short === 1 && head.length === 16;
    const headerBytes = isLong ? 16 : 8;
    const lengthBytes = short === 0 ? end - at : isLong ? Number(view.getBigUint64(8)) : short;
    if (lengthBytes < headerBytes) break;
    if (at + lengthBytes > end) {
      // A codestream that was cut off still starts where it says, and its tiles are checked one by one.
      if (type === "jp2c")
        boxes.push({ type, content: { offsetBytes: at + headerBytes, lengthBytes: end - at - headerBytes } });
      break;
    }
    boxes.push({
      type,
      content: { offsetBytes: at + headerBytes, lengthBytes: lengthBytes - headerBytes },
    });
    at += lengthBytes;
  }
  return boxes;
};

/** The bytes that a box holds. Throws `SwathError("raster")` when they are more than `mostBytes`. */
export const readBoxContent = async (
  bytes: FileBytes,
  { type, content }: Box,
  mostBytes: number,
): Promise<Uint8Array> => {
  if (content.lengthBytes > mostBytes) {
    throw new SwathError("raster", {
      what: `${bytes.path}: box "${type}" is too long`,
      wanted: `at most ${mostBytes} bytes`,
      got: `${content.lengthBytes}`,
    });
  }
  return Uint8Array.from(await bytes.read(content.offsetBytes, content.lengthBytes));
};
