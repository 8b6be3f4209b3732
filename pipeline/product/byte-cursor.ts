import { SwathError } from "../errors.ts";

/**
 * The start of every payload is a version byte. Formats change; a station that meets a newer one says so instead of
 * reading noise.
 */
export const assertVersion = (payload: string, wanted: number, got: number): void => {
  if (got === wanted) return;
  throw new SwathError("link", {
    what: `${payload} payload has an unknown format version`,
    wanted: `${wanted}`,
    got: `${got}`,
    hint: "satellite and station must run the same release of Swath",
  });
};

/** What every decoder throws when the bytes cannot be what the encoder made. */
export const corruptPayload = (payload: string, wanted: string, got: string, cause?: unknown): SwathError =>
  new SwathError("link", {
    what: `corrupt ${payload} payload`,
    wanted,
    got,
    ...(cause === undefined ? {} : { cause }),
  });

/** Bytes in the making. Integers are LEB128 varints, floats little-endian. */
export class ByteWriter {
  #bytes = new Uint8Array(256);
  #length = 0;

  #room(count: number): number {
    const at = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#length, this.#bytes.length * 2));
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    return at;
  }

  u8(value: number): void {
    const at = this.#room(1);
    this.#bytes[at] = value;
  }

  /** `value`: a whole number from 0 to 2⁵³ − 1. */
  varint(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.u8((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    this.u8(rest);
  }

  f32(value: number): void {
    const at = this.#room(4);
    new DataView(this.#bytes.buffer).setFloat32(at, value, true);
  }

  raw(data: Uint8Array): void {
    const at = this.#room(data.length);
    this.#bytes.set(data, at);
  }

  /** `data` behind its length. */
  block(data: Uint8Array): void {
    this.varint(data.length);
    this.raw(data);
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }
}

/** Reads what `ByteWriter` wrote; every step past the end is a `SwathError("link")` that names the payload. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #payload: string;
  #at = 0;

  constructor(payload: string, bytes: Uint8Array) {
    this.#payload = payload;
    this.#bytes = bytes;
  }

  #take(count: number): number {
    const at = this.#at;
    if (count > this.#bytes.length - at) {
      throw this.corrupt(`${count} more bytes at offset ${at}`, `${this.#bytes.length - at}`);
    }
    this.#at += count;
    return at;
  }

  corrupt(wanted: string, got: string, cause?: unknown): SwathError {
    return corruptPayload(this.#payload, wanted, got, cause);
  }

  /** Reads the version byte and refuses any but `wanted`. */
  version(wanted: number): void {
    assertVersion(this.#payload, wanted, this.u8());
  }

  u8(): number {
    return this.#bytes[this.#take(1)] ?? 0;
  }

  /** A varint of at most `max`; `name` is what the error calls it. */
  varint(name: string, max: number): number {
    let value = 0;
    let weight = 1;
    for (let i = 0; i < 8; i++) {
      const byte = this.u8();
      value += (byte & 127) * weight;
      if (byte < 128) {
        if (value > max) throw this.corrupt(`${name} ≤ ${max}`, `${value}`);
        return value;
      }
      weight *= 128;
    }
    throw this.corrupt(`${name} ≤ ${max}`, "a number without end");
  }

  /** A finite float. */
  f32(name: string): number {
    const at = this.#take(4);
    const value = new DataView(this.#bytes.buffer, this.#bytes.byteOffset).getFloat32(at, true);
    if (!Number.isFinite(value)) throw this.corrupt(`a finite ${name}`, `${value}`);
    return value;
  }

  /** The next `length` bytes, not copied. */
  raw(length: number): Uint8Array {
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** What `ByteWriter.block` wrote. */
  block(name: string): Uint8Array {
    return this.raw(this.varint(`length of ${name}`, this.#bytes.length));
  }

  /** A block of UTF-8, read strictly. */
  text(name: string): string {
    const block = this.block(name);
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(block);
    } catch (cause) {
      throw this.corrupt(`${name} in UTF-8`, `${block.length} other bytes`, cause);
    }
  }

  /** Bytes not read yet. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /** All that is left, not copied. */
  rest(): Uint8Array {
    return this.raw(this.#bytes.length - this.#at);
  }

  /** Refuses bytes that nobody asked for. */
  end(): void {
    const left = this.#bytes.length - this.#at;
    if (left > 0) throw this.corrupt("the payload to end", `${left} more bytes`);
  }
}
