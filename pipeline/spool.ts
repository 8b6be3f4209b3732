import { mkdtemp, open, rm, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, SwathError } from "./errors.ts";

/** Where a stored blob lies in its spool. */
export interface SpoolSlot {
  readonly offset: number;
  readonly size: number;
}

/**
 * A scratch file for payloads that wait: memory stays flat however much the mission store holds.
 * Space is not given back before disposal; the ceiling that matters is the simulated one.
 */
export interface Spool extends AsyncDisposable {
  /** Stores a copy of `data`. */
  write(data: Uint8Array): Promise<SpoolSlot>;
  read(slot: SpoolSlot): Promise<Uint8Array>;
}

const storageError = (folder: string, cause: unknown): SwathError =>
  new SwathError("storage", {
    what: `scratch file in ${folder}`,
    got: messageOf(cause),
    hint: "free some disk space or point TMPDIR at a larger disk",
    cause,
  });

/**
 * Opens an empty spool in a new folder under `parent`. Throws `SwathError("storage")` when that cannot be written to;
 * so does writing when the disk is full, and reading what is not there. Reads and writes may overlap.
 */
export const openSpool = async (parent: string): Promise<Spool> => {
  let folder: string | null = null;
  let file: FileHandle;
  try {
    folder = await mkdtemp(join(parent, "swath-spool-"));
    file = await open(join(folder, "payloads"), "w+");
  } catch (cause) {
    if (folder !== null) await rm(folder, { recursive: true, force: true });
    throw storageError(parent, cause);
  }
  let end = 0;
  return {
    async write(data) {
      const slot = { offset: end, size: data.byteLength };
      end += data.byteLength;
      try {
        for (let done = 0; done < data.byteLength;) {
          const { bytesWritten } = await file.write(data, done, data.byteLength - done, slot.offset + done);
          done += bytesWritten;
        }
      } catch (cause) {
        throw storageError(folder, cause);
      }
      return slot;
    },
    async read({ offset, size }) {
      const data = new Uint8Array(size);
      for (let done = 0; done < size;) {
        const { bytesRead } = await file.read(data, done, size - done, offset + done);
        if (bytesRead === 0) {
          throw new SwathError("storage", {
            what: `scratch file in ${folder}`,
            wanted: `${size} bytes`,
            got: `${done}`,
          });
        }
        done += bytesRead;
      }
      return data;
    },
    async [Symbol.asyncDispose]() {
      await file.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
