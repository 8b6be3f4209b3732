import { createRequire } from "node:module";
import { deflateSync } from "node:zlib";

/**
 * Inflates faster than Node's zlib, with what is installed on this machine. It only ever says what it is sure of: a whole zlib stream whose checksum
 * holds. About everything else Node's zlib has the word, so that errors and oddities are the same wherever Swath runs.
 */
export interface NativeInflate {
  readonly library: string;
  /**
   * Inflates a zlib stream (RFC 1950) into `target`, on libuv's thread pool. Its number of bytes, or `null` where the stream is damaged, does not fit,
   * or wants a dictionary.
   */
  readonly inflate: (source: Uint8Array, target: Uint8Array) => Promise<number | null>;
}

/** A C function as koffi calls it; `async` runs it on libuv's thread pool. */
interface NativeFunction {
  (...args: readonly unknown[]): unknown;
  readonly async: (...args: readonly unknown[]) => void;
}

interface NativeLibrary {
  readonly func: (declaration: string) => NativeFunction;
}

/** What is used of `koffi`. */
interface Koffi {
  readonly load: (path: string) => NativeLibrary;
  readonly address: (memory: Uint8Array) => bigint;
}

/** Of each library the names that its ABI has on Linux and on macOS. Found as the system's loader finds them. */
const isaLNames = ["libisal.so.2", "libisal.2.dylib", "/opt/homebrew/lib/libisal.2.dylib"];
const libdeflateNames = [
  "libdeflate.so.0",
  "libdeflate.0.dylib",
  "/opt/homebrew/lib/libdeflate.0.dylib",
  "/usr/local/lib/libdeflate.0.dylib",
];

const loadFirst = (koffi: Koffi, names: readonly string[]): NativeLibrary | null => {
  for (const name of names) {
    try {
      return koffi.load(name);
    } catch {
      // Not installed under this name.
    }
  }
  return null;
};

/** Calls on the thread pool. */
const called = (call: NativeFunction, ...args: readonly unknown[]): Promise<number> =>
  new Promise((resolve, reject) => {
    call.async(...args, (error: Error | null, result: number) => {
      if (error === null) resolve(result);
      else reject(error);
    });
  });

/** libuv has four threads unless it is told otherwise; koffi refuses when some hundred calls wait for them. */
const mostCalls = 8;

/** Things that one call uses at a time, `mostCalls` of them; further calls wait in order. */
const lentOut = <T>(make: () => T) => {
  const idle: T[] = [];
  const waiting: ((one: T) => void)[] = [];
  let made = 0;
  const borrow = (): Promise<T> => {
    const one = idle.pop();
    if (one !== undefined) return Promise.resolve(one);
    if (made === mostCalls) return new Promise((resolve) => void waiting.push(resolve));
    made++;
    return Promise.resolve(make());
  };
  return async <R>(use: (one: T) => Promise<R>): Promise<R> => {
    const one = await borrow();
    try {
      return await use(one);
    } finally {
      const next = waiting.shift();
      if (next === undefined) idle.push(one);
      else next(one);
    }
  };
};

const headerBytes = 2;
const trailerBytes = 4;

/** CMF and FLG of RFC 1950, section 2.2: deflate, a check that divides by 31, no dictionary. */
const isPlainZlib = (source: Uint8Array): boolean => {
  const [cmf = 0, flags = 0] = source;
  return (
    source.length > headerBytes + trailerBytes &&
    (cmf & 0x0f) === 8 &&
    cmf >> 4 <= 7 &&
    ((cmf << 8) | flags) % 31 === 0 &&
    (flags & 0x20) === 0
  );
};

/**
 * The head of `struct inflate_state` (igzip_lib.h, the same since version 2.0), 64-bit: where output and input go on, and what is left of them.
 * Tables follow, 70 kB in 2.30; the library knows their size, we leave twice the room.
 */
const isaLState = { nextOut: 0, availableOut: 8, totalOut: 12, nextIn: 16, availableIn: 32, bytes: 262_144 };
const endOfStream = 0;

const overIsaL = (koffi: Koffi): NativeInflate | null => {
  const library = loadFirst(koffi, isaLNames);
  if (library === null) return null;
  const reset = library.func("void isal_inflate_init(void *state)");
  const inflateRaw = library.func("int isal_inflate_stateless(void *state)");
  const adler32 = library.func("uint32_t isal_adler32(uint32_t start, const uint8_t *data, uint64_t length)");
  const withState = lentOut(() => Buffer.alloc(isaLState.bytes));
  return {
    library: "ISA-L",
    inflate: (source, target) =>
      withState(async (state) => {
        if (!isPlainZlib(source)) return null;
        const start = koffi.address(source);
        reset(state);
        state.writeBigUInt64LE(koffi.address(target), isaLState.nextOut);
        state.writeUInt32LE(target.length, isaLState.availableOut);
        state.writeBigUInt64LE(start + BigInt(headerBytes), isaLState.nextIn);
        state.writeUInt32LE(source.length - headerBytes, isaLState.availableIn);
        if ((await called(inflateRaw, state)) !== endOfStream) return null;
        const made = state.readUInt32LE(isaLState.totalOut);
        const at = Number(state.readBigUInt64LE(isaLState.nextIn) - start);
        if (at + trailerBytes > source.length) return null;
        const stored = Buffer.from(source.buffer, source.byteOffset + at, trailerBytes).readUInt32BE();
        return adler32(1, target, made) === stored ? made : null;
      }),
  };
};

const overLibdeflate = (koffi: Koffi): NativeInflate | null => {
  const library = loadFirst(koffi, libdeflateNames);
  if (library === null) return null;
  const make = library.func("void *libdeflate_alloc_decompressor()");
  const inflateZlib = library.func(
    "int libdeflate_zlib_decompress(void *one, const uint8_t *from, size_t fromLength, uint8_t *to, size_t toLength, uint64_t *made)",
  );
  const withDecompressor = lentOut(() => ({ one: make(), made: Buffer.alloc(8) }));
  return {
    library: "libdeflate",
    inflate: (source, target) =>
      withDecompressor(async ({ one, made }) => {
        const code = await called(inflateZlib, one, source, source.length, target, target.length, made);
        return code === 0 ? Number(made.readBigUInt64LE()) : null;
      }),
  };
};

/** Whether a library does what its name says: a stream comes back, a damaged one and one that is too long do not. */
const isSound = async ({ inflate }: NativeInflate): Promise<boolean> => {
  const text = Buffer.from(Array.from({ length: 6000 }, (_, i) => (i * i) % 251));
  const stream = Uint8Array.from(deflateSync(text));
  const target = Buffer.alloc(text.length);
  if ((await inflate(stream, target)) !== text.length || !target.equals(text)) return false;
  const damaged = Uint8Array.from(stream);
  damaged[damaged.length - 1]! ^= 1;
  if ((await inflate(damaged, target)) !== null) return false;
  return (await inflate(stream, target.subarray(0, text.length - 1))) === null;
};

const loadKoffi = (): Koffi | null => {
  try {
    return createRequire(import.meta.url)("koffi") as Koffi;
  } catch {
    // An optional package: not there, or not for this machine.
    return null;
  }
};

const find = async (): Promise<NativeInflate | null> => {
  // Little-endian machines with 64-bit addresses only: the state above is laid out for them.
  if (process.env["SWATH_INFLATE"] === "zlib" || !["x64", "arm64"].includes(process.arch)) return null;
  const koffi = loadKoffi();
  if (koffi === null) return null;
  for (const over of [overIsaL, overLibdeflate]) {
    try {
      const native = over(koffi);
      if (native !== null && (await isSound(native))) return native;
    } catch {
      // It lacks a function that its name promises: the next one, or zlib.
    }
  }
  return null;
};

let found: Promise<NativeInflate | null> | null = null;

/** The fastest inflate of this machine, looked for once; `null` where there is Node's zlib alone. `SWATH_INFLATE=zlib` leaves it at that. */
export const nativeInflate = (): Promise<NativeInflate | null> => (found ??= find());

/** Every native inflate that is installed here, sound or not: for tests that hold each against zlib. */
export const installedInflates = (): readonly NativeInflate[] => {
  const koffi = loadKoffi();
  if (koffi === null) return [];
  return [overIsaL(koffi), overLibdeflate(koffi)].filter((one) => one !== null);
};
