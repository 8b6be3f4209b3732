import { SwathError } from "../../pipeline/errors.ts";
import { openBufferPool } from "../files/buffer-pool.ts";
import type { ByteRange, ByteSource } from "../files/byte-source.ts";

/** Lent buffers that are kept for the next reader. */
const spareBuffers = 8;

/** Directories and their values are short and lie together: they are read by pages of this size. */
const pageBytes = 32_768;
const mostPages = 64;

/** Random access to the bytes of one file. Every read is whole or an error: short reads mean a truncated file. */
export class FileBytes implements AsyncDisposable {
  readonly path: string;
  readonly size: number;
  readonly #source: ByteSource;
  readonly #pool = openBufferPool(spareBuffers);
  #isClosed = false;
  readonly #pages = new Map<number, Promise<Uint8Array>>();

  /** Takes `source` over and closes it. */
  constructor(source: ByteSource) {
    this.path = source.name;
    this.size = source.size;
    this.#source = source;
  }

  /** `length` bytes from `offset`. Throws `SwathError("raster")` where the file does not reach that far. */
  async read(offset: number, length: number): Promise<Uint8Array> {
    this.#requireInside(offset, length);
    const { head } = this.#source;
    if (offset + length <= head.length) return head.subarray(offset, offset + length);
    const index = Math.floor(offset / pageBytes);
    const start = index * pageBytes;
    if (offset + length <= start + pageBytes) {
      return (await this.#page(index)).subarray(offset - start, offset - start + length);
    }
    const buffer = new Uint8Array(length);
    await this.#source.fill(buffer, offset);
    return buffer;
  }

  /**
   * A short stretch of this file as a file of its own, such as a TIFF in a box of another format: all of it is read at once.
   * It needs no closing.
   */
  async part(offset: number, length: number): Promise<FileBytes> {
    const content = Uint8Array.from(await this.read(offset, length));
    return new FileBytes({
      name: this.path,
      size: length,
      head: content,
      fill: async (buffer, from) => buffer.set(content.subarray(from, from + buffer.length)),
      [Symbol.asyncDispose]: async () => {},
    });
  }

  /**
   * Reads as `read` does and hands the bytes to `use`, on loan until what it returns has settled: the buffer is then used again.
   * `use` must not write into it.
   */
  async lend<Result>(
    offset: number,
    length: number,
    use: (data: Uint8Array) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result> {
    this.#requireInside(offset, length);
    const { head } = this.#source;
    if (offset + length <= head.length) return use(head.subarray(offset, offset + length));
    const data = this.#pool.take(length);
    try {
      await this.#source.fill(data, offset, signal);
      return await use(data);
    } finally {
      this.#pool.give(data);
    }
  }

  /** Whether anything is gained by `expect`. */
  get canExpect(): boolean {
    return this.#source.expect !== undefined && !this.#isClosed;
  }

  /** Says what will be read, in this order: see `ByteSource.expect`. What lies outside the file is left out. */
  expect(reads: readonly ByteRange[]): void {
    if (!this.canExpect) return;
    const { size } = this;
    this.#source.expect?.(
      reads.filter(({ offsetBytes, lengthBytes }) => offsetBytes >= 0 && offsetBytes + lengthBytes <= size),
    );
  }

  #page(index: number): Promise<Uint8Array> {
    const held = this.#pages.get(index);
    if (held !== undefined) return held;
    const start = index * pageBytes;
    const buffer = new Uint8Array(Math.min(pageBytes, this.size - start));
    const page = this.#source.fill(buffer, start).then(() => buffer);
    this.#pages.set(index, page);
    // What failed is read again by whoever asks next.
    page.catch(() => this.#pages.delete(index));
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= mostPages) break;
      this.#pages.delete(oldest);
    }
    return page;
  }

  #requireInside(offset: number, length: number): void {
    if (this.#isClosed)
      throw new SwathError("raster", { what: `${this.path} cannot be read`, got: "a closed file" });
    if (offset >= 0 && length >= 0 && offset + length <= this.size) return;
    throw new SwathError("raster", {
      what: `${this.path} is truncated or corrupt`,
      wanted: `${length} bytes at offset ${offset}`,
      got: `a file of ${this.size} bytes`,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#pages.clear();
    await this.#source[Symbol.asyncDispose]();
  }
}
