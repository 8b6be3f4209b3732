import { constants, type Stats } from "node:fs";
import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import type { ByteSource } from "./byte-source.ts";

/** Enough for the directories of most cloud-optimised files: opening one then costs a single read. */
const headLength = 32_768;

/** Opens a file of this machine. Throws `SwathError("raster")` when `path` is not a readable regular file. */
export const openLocalFile = async (path: string): Promise<ByteSource> => {
  let handle: FileHandle | undefined;
  try {
    // A named pipe would be waited for until somebody writes to it.
    handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stat = await handle.stat();
    if (!stat.isFile()) throw new Error(`no regular file but ${kindOf(stat)}`);
    const head = new Uint8Array(Math.min(headLength, stat.size));
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    return localFile(path, stat.size, handle, head.subarray(0, bytesRead));
  } catch (cause) {
    await handle?.close();
    throw new SwathError("raster", { what: `${path} cannot be opened`, got: messageOf(cause), cause });
  }
};

/** What lies at a path that is no regular file, as people name it. */
export const kindOf = (stat: Stats): string => {
  if (stat.isDirectory()) return "a folder";
  if (stat.isFIFO()) return "a named pipe";
  if (stat.isSocket()) return "a socket";
  return stat.isCharacterDevice() || stat.isBlockDevice() ? "a device" : "something else";
};

const localFile = (name: string, size: number, handle: FileHandle, head: Uint8Array): ByteSource => {
  const readSome = async (buffer: Uint8Array, at: number, offset: number): Promise<number> => {
    try {
      return (await handle.read(buffer, at, buffer.length - at, offset)).bytesRead;
    } catch (cause) {
      throw new SwathError("raster", { what: `${name} cannot be read`, got: messageOf(cause), cause });
    }
  };
  return {
    name,
    size,
    head,
    async fill(buffer, offsetBytes) {
      for (let done = 0; done < buffer.length;) {
        const bytesRead = await readSome(buffer, done, offsetBytes + done);
        if (bytesRead === 0) {
          const got = `${done} of ${buffer.length} bytes at offset ${offsetBytes}`;
          throw new SwathError("raster", { what: `${name} shrank while it was read`, got });
        }
        done += bytesRead;
      }
    },
    [Symbol.asyncDispose]: () => handle.close(),
  };
};
