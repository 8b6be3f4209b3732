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
  let isClosed = false;
  /** Reads and writes: a descriptor is closed when nobody uses it, since its number may be another file's from then on. */
  const underWay = new Set<Promise<void>>();
  const whileOpen = (work: () => Promise<void>): Promise<void> => {
    if (isClosed) return Promise.reject(failure(parent, "closed"));
    const done = work().catch((cause: unknown) => {
      throw failure(parent, cause);
    });
    underWay.add(done);
    return done.finally(() => underWay.delete(done));
  };
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
    write: (data, at) =>
      whileOpen(async () => {
        const file = await (opening ??= make());
        for (let done = 0; done < data.length;) {
          done += (await writeFile(file, data, done, data.length - done, at + done)).bytesWritten;
        }
      }),
    read: (buffer, at) =>
      whileOpen(async () => {
        const file = await (opening ??= make());
        for (let done = 0; done < buffer.length;) {
          const { bytesRead } = await readFile(file, buffer, done, buffer.length - done, at + done);
          if (bytesRead === 0) throw new Error(`${done} of ${buffer.length} bytes`);
          done += bytesRead;
        }
      }),
    async [Symbol.asyncDispose]() {
      isClosed = true;
      await Promise.allSettled(underWay);
      const file = await opening?.catch(() => null);
      if (file !== null && file !== undefined) await closeFile(file);
    },
  };
};
