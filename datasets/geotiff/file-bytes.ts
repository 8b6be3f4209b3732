import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { messageOf, SwathError } from "../../pipeline/errors.ts";

/** Enough for the directories of most cloud-optimised files: opening one then costs a single read. */
const headLength = 32_768;

/** Lent buffers that are kept for the next reader, and the largest that is. */
const spareBuffers = 8;
const spareBytes = 4_194_304;

/** Random access to the bytes of one file. Every read is whole or an error: short reads mean a truncated file. */
export class FileBytes implements AsyncDisposable {
  readonly path: string;
  readonly size: number;
  readonly #handle: FileHandle;
  readonly #head: Uint8Array;
  readonly #spare: Uint8Array[] = [];

  constructor(path: string, size: number, handle: FileHandle, head: Uint8Array) {
    this.path = path;
    this.size = size;
    this.#handle = handle;
    this.#head = head;
  }

  /** Throws `SwathError("raster")` when `path` is not a readable file. */
  static async open(path: string): Promise<FileBytes> {
    let handle: FileHandle | undefined;
    try {
      handle = await open(path, "r");
      const stat = await handle.stat();
      if (!stat.isFile()) throw new Error("not a regular file");
      const head = new Uint8Array(Math.min(headLength, stat.size));
      const { bytesRead } = await handle.read(head, 0, head.length, 0);
      return new FileBytes(path, stat.size, handle, head.subarray(0, bytesRead));
    } catch (cause) {
      await handle?.close();
      throw new SwathError("raster", { what: `${path} cannot be opened`, got: messageOf(cause), cause });
    }
  }

  /** `length` bytes from `offset`. Throws `SwathError("raster")` where the file does not reach that far. */
  async read(offset: number, length: number): Promise<Uint8Array> {
    this.#requireInside(offset, length);
    if (offset + length <= this.#head.length) return this.#head.subarray(offset, offset + length);
    const buffer = new Uint8Array(length);
    await this.#fill(buffer, offset);
    return buffer;
  }

  /**
   * Reads as `read` does and hands the bytes to `use`, on loan until what it returns has settled. The buffer is then
   * used again: megabytes allocated for every block keep the garbage collector busier than the decoder.
   */
  async lend<Result>(
    offset: number,
    length: number,
    use: (data: Uint8Array) => Promise<Result>,
  ): Promise<Result> {
    this.#requireInside(offset, length);
    const at = this.#spare.findIndex((spare) => spare.length >= length);
    const [spare] = at < 0 ? [] : this.#spare.splice(at, 1);
    const buffer = spare ?? new Uint8Array(2 ** Math.ceil(Math.log2(Math.max(length, 65_536))));
    try {
      const data = buffer.subarray(0, length);
      await this.#fill(data, offset);
      return await use(data);
    } finally {
      if (buffer.length <= spareBytes && this.#spare.length < spareBuffers) this.#spare.push(buffer);
    }
  }

  #requireInside(offset: number, length: number): void {
    if (offset >= 0 && length >= 0 && offset + length <= this.size) return;
    throw new SwathError("raster", {
      what: `${this.path} is truncated or corrupt`,
      wanted: `${length} bytes at offset ${offset}`,
      got: `a file of ${this.size} bytes`,
    });
  }

  async #fill(buffer: Uint8Array, offset: number): Promise<void> {
    let done = 0;
    while (done < buffer.length) {
      const bytesRead = await this.#readSome(buffer, done, offset + done);
      if (bytesRead === 0) {
        const got = `${done} of ${buffer.length} bytes at offset ${offset}`;
        throw new SwathError("raster", { what: `${this.path} shrank while it was read`, got });
      }
      done += bytesRead;
    }
  }

  async #readSome(buffer: Uint8Array, at: number, offset: number): Promise<number> {
    try {
      return (await this.#handle.read(buffer, at, buffer.length - at, offset)).bytesRead;
    } catch (cause) {
      throw new SwathError("raster", { what: `${this.path} cannot be read`, got: messageOf(cause), cause });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
  }
}
