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

/** A file without a name: however the process ends, nothing stays behind. */
const openUnlinked = async (parent: string): Promise<FileHandle> => {
  const folder = await mkdtemp(join(parent, "swath-spool-"));
  try {
    return await open(join(folder, "payloads"), "w+", 0o600);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/**
 * Opens an empty spool under `parent`, unlinked at once. Throws `SwathError("storage")` when that cannot be written to;
 * so does writing when the disk is full, and reading what is not there. Reads and writes may overlap.
 */
export const openSpool = async (parent: string): Promise<Spool> => {
  let file: FileHandle;
  try {
    file = await openUnlinked(parent);
  } catch (cause) {
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
        throw storageError(parent, cause);
      }
      return slot;
    },
    async read({ offset, size }) {
      const data = new Uint8Array(size);
      for (let done = 0; done < size;) {
        const { bytesRead } = await file.read(data, done, size - done, offset + done);
        if (bytesRead === 0) {
          throw new SwathError("storage", {
            what: `scratch file in ${parent}`,
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
    },
  };
};
