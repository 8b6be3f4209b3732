import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Jpeg2000Job } from "./decode-job.ts";

/** The part of `@cornerstonejs/codec-openjpeg` that is used; the package has no types of its own. */
interface OpenJpeg {
  readonly J2KDecoder: new () => J2kDecoder;
}

interface J2kDecoder {
  /** A view into the decoder's memory for that many bytes of codestream. */
  getEncodedBuffer(lengthBytes: number): Uint8Array;
  /** Throws nothing: where it fails, it leaves the decoded buffer empty and prints why. */
  decode(): void;
  getFrameInfo(): { readonly width: number; readonly height: number; readonly componentCount: number };
  /** A copy of the decoded samples. */
  getDecodedBuffer(): Uint8ClampedArray;
  delete(): void;
}

type OpenJpegFactory = (options: {
  readonly wasmBinary: Uint8Array;
  readonly print: (line: string) => void;
  readonly printErr: (line: string) => void;
}) => Promise<OpenJpeg>;

/** What the decoder has printed since it was last asked. Errors come before the warnings that led to them are of use. */
let printed: string[] = [];
let loaded: Promise<OpenJpeg> | null = null;

const print = (line: string): void => {
  if (printed.length < 64) printed.push(line);
};

const load = async (): Promise<OpenJpeg> => {
  const require = createRequire(import.meta.url);
  const factory = require("@cornerstonejs/codec-openjpeg/decodewasmjs") as OpenJpegFactory;
  const wasmBinary = await readFile(require.resolve("@cornerstonejs/codec-openjpeg/decodewasm"));
  return factory({ wasmBinary, print, printErr: print });
};

const reasonPrinted = (): string => {
  const errors = printed.filter((line) => line.startsWith("[ERROR]"));
  const text = (errors[0] ?? "[ERROR] no pixels came out").replace("[ERROR] ", "").trim();
  return text.slice(0, 160);
};

/** The errors after which OpenJPEG goes on with what it has; GDAL and `opj_decompress` go on as well. */
const decodeWith = (openjpeg: OpenJpeg, job: Jpeg2000Job): Uint8Array => {
  const decoder = new openjpeg.J2KDecoder();
  try {
    decoder.getEncodedBuffer(job.source.length).set(job.source);
    printed = [];
    decoder.decode();
    const decoded = decoder.getDecodedBuffer();
    if (decoded.length === 0) throw new RangeError(reasonPrinted());
    const { width, height, componentCount } = decoder.getFrameInfo();
    const isWanted = width === job.width && height === job.height && componentCount === job.components;
    if (!isWanted || decoded.length !== job.decodedBytes) {
      const got = `${width} × ${height} × ${componentCount}`;
      throw new RangeError(
        `a codestream of ${got} where ${job.width} × ${job.height} × ${job.components} were announced`,
      );
    }
    return new Uint8Array(decoded.buffer, decoded.byteOffset, decoded.length);
  } finally {
    decoder.delete();
  }
};

/**
 * The samples of a codestream, interleaved, 8 or 16 bits as its precision asks, clamped to it.
 * Throws `RangeError` where OpenJPEG finds it broken.
 */
export const decodeJpeg2000 = async (job: Jpeg2000Job): Promise<Uint8Array> => {
  loaded ??= load();
  const openjpeg = await loaded;
  try {
    return decodeWith(openjpeg, job);
  } catch (error) {
    // After a trap (no memory, a jump out of it) the module's state is unknown.
    if (!(error instanceof RangeError)) loaded = null;
    throw error;
  }
};
