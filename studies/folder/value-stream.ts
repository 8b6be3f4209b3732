import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { deserialize, serialize } from "node:v8";

/*
 * Values one behind the other in a file, each as V8 writes it and behind its length, a u32 in little endian: a constellation is written and read satellite by
 * satellite, and is never held twice.
 */

/** Bytes before each value. */
const lengthBytes = 4;

/** A value as it stands in a stream. */
export const framedValue = (value: object): Uint8Array => {
  const body = serialize(value);
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32LE(body.length);
  return Buffer.concat([length, body]);
};

/** The values in bytes [from, to) of a file, whose digest has been checked. Throws `RangeError` where a value is cut off. */
export async function* framedValues(path: string, from: number, to: number): AsyncGenerator<unknown> {
  if (to <= from) return;
  let chunks: Buffer[] = [];
  let held = 0;
  /** Of the value that is being read; `null`: its length is. */
  let wanted: number | null = null;
  for await (const chunk of createReadStream(path, { start: from, end: to - 1 })) {
    chunks.push(chunk as Buffer);
    held += (chunk as Buffer).length;
    while (held >= (wanted ?? lengthBytes)) {
      const data: Buffer = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
      const length = wanted ?? lengthBytes;
      if (wanted === null) wanted = data.readUInt32LE();
      else {
        // Numbers in a value must begin at a multiple of their size.
        yield deserialize(Buffer.from(data.subarray(0, length)));
        wanted = null;
      }
      chunks = [data.subarray(length)];
      held -= length;
    }
  }
  if (held > 0 || wanted !== null) throw new RangeError(`${path} ends within a value`);
}

/** The running digest of the first `length` bytes of a file, to which more may be added. Throws what the system says. */
export const digestOfStart = async (path: string, length: number): Promise<Hash> => {
  const hash = createHash("sha256");
  if (length > 0)
    for await (const chunk of createReadStream(path, { end: length - 1 })) hash.update(chunk as Buffer);
  return hash;
};
