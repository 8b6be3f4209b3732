import { close, open, read, write } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import type { Bytes } from "../../pipeline/units.ts";

// A plain descriptor, since a scratch may be forgotten open: a file handle would be closed, with a warning, by the collector.
const [openFile, closeFile, readFile, writeFile] = [
  promisify(open),
  promisify(close),
  promisify(read),
  promisify(write),
];

/** One scratch file that only grows, for what was fetched and may be wanted again. */
export interface Scratch extends AsyncDisposable {
  /** Where the next `length` bytes go; `null` when the bound is reached. Overflow policy: what came first stays. */
  reserve(length: number): number | null;
  /** Throws `SwathError("storage")` when the disk is full. */
  write(data: Uint8Array, at: number): Promise<void>;
  read(buffer: Uint8Array, at: number): Promise<void>;
}

const failure = (parent: string, cause: unknown): SwathError =>
  new SwathError("storage", {
    what: `scratch file in ${parent}`,
    got: messageOf(cause),
    hint: "free some disk space or point TMPDIR at a larger disk",
    cause,
  });

/**
 * A scratch file below `parent`, made when it is first written to and unlinked at once: however the process ends,
 * nothing stays behind.
 */
export const openScratch = (parent: string, mostBytes: Bytes): Scratch => {
  let opening: Promise<number> | null = null;
  let end = 0;
  const make = async (): Promise<number> => {
    const folder = await mkdtemp(join(parent, "swath-fetched-"));
    try {
      return await openFile(join(folder, "bytes"), "w+", 0o600);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
  return {
    reserve(length) {
      if (end + length > mostBytes) return null;
      const at = end;
      end += length;
      return at;
    },
    async write(data, at) {
      try {
        const file = await (opening ??= make());
        for (let done = 0; done < data.length;) {
          done += (await writeFile(file, data, done, data.length - done, at + done)).bytesWritten;
        }
      } catch (cause) {
        throw failure(parent, cause);
      }
    },
    async read(buffer, at) {
      try {
        const file = await (opening ??= make());
        for (let done = 0; done < buffer.length;) {
          const { bytesRead } = await readFile(file, buffer, done, buffer.length - done, at + done);
          if (bytesRead === 0) throw new Error(`${done} of ${buffer.length} bytes`);
          done += bytesRead;
        }
      } catch (cause) {
        throw failure(parent, cause);
      }
    },
    async [Symbol.asyncDispose]() {
      if (opening !== null) await closeFile(await opening);
    },
  };
};
