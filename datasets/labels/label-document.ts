import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { extname } from "node:path";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { printable } from "./drawn-label.ts";

/** A label file, read and decoded. */
export interface LabelDocument {
  readonly path: string;
  readonly text: string;
  /** What its JSON holds; `undefined` where the file is of another kind. */
  readonly json: unknown;
  /** How its bytes were read where that was not plain UTF-8. */
  readonly encoding: string | null;
  /** The bytes of a text that says nothing of its encoding and is not UTF-8: they may be read otherwise. */
  readonly bytes?: Uint8Array;
}

/** xView, the largest of the public label files, has 0.35 GB. */
export const mostLabelBytes = 450_000_000;

const startsWith = (bytes: Uint8Array, ...start: readonly number[]): boolean =>
  start.every((byte, i) => bytes[i] === byte);

/** Sixteen-bit text without a mark: every other byte of plain Latin text is zero. */
const zeroSide = (bytes: Uint8Array): "utf-16le" | "utf-16be" | null => {
  const head = bytes.subarray(0, 512);
  if (head.length < 4) return null;
  const zeros = [0, 0];
  head.forEach((byte, i) => void (byte === 0 && zeros[i % 2]!++));
  const [even = 0, odd = 0] = zeros;
  if (odd > head.length / 4 && even === 0) return "utf-16le";
  return even > head.length / 4 && odd === 0 ? "utf-16be" : null;
};

/** What an XML text says of its own encoding; `null` when it says nothing that is known. */
const declaredEncoding = (bytes: Uint8Array): InstanceType<typeof TextDecoder> | null => {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 200));
  const name = /^<\?xml[^>]*encoding\s*=\s*["']([\w.:-]{2,30})["']/.exec(head)?.[1];
  try {
    return name === undefined ? null : new TextDecoder(name);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return null;
  }
};

/** Encodings that are tried where names of images do not come out as Windows-1252. */
const otherEncodings = ["gb18030", "shift_jis", "euc-kr", "big5", "windows-1251"];

/** A document read in every other way that its bytes allow, lazily. */
export function* otherReadings(document: LabelDocument): Generator<LabelDocument> {
  for (const encoding of document.bytes ? otherEncodings : []) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(document.bytes);
      yield { path: document.path, json: document.json, text, encoding };
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }
}

/**
 * Bytes as text: by their mark, as UTF-16 where every other byte is zero, as UTF-8, as their XML declaration says, and, where nothing
 * says it, as Windows-1252 (which holds Latin-1). `encoding` is `null` for UTF-8.
 */
export const decodeText = (bytes: Uint8Array): Omit<LabelDocument, "path" | "json"> => {
  const marked = startsWith(bytes, 0xff, 0xfe)
    ? "utf-16le"
    : startsWith(bytes, 0xfe, 0xff)
      ? "utf-16be"
      : zeroSide(bytes);
  if (marked !== null) return { text: new TextDecoder(marked).decode(bytes), encoding: marked.toUpperCase() };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), encoding: null };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const declared = declaredEncoding(bytes);
    if (declared !== null) return { text: declared.decode(bytes), encoding: declared.encoding };
    return { text: new TextDecoder("windows-1252").decode(bytes), encoding: "Windows-1252 (Latin-1)", bytes };
  }
};

/** The file's bytes. A pipe or a device is refused before anything is read from it, which might never end. */
const readBytes = async (path: string, tag: "label" | "dataset", most: number): Promise<Uint8Array> => {
  const refuse = (wanted: string, got: string, cause?: unknown): SwathError =>
    new SwathError(tag, { what: `${path} cannot be read`, wanted, got, ...(cause ? { cause } : {}) });
  try {
    // So that opening a pipe does not wait for a writer. Windows has no such flag.
    await using file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const info = await file.stat();
    if (!info.isFile()) throw refuse("a file", info.isDirectory() ? "a folder" : "a pipe or a device");
    if (info.size > most) throw refuse(`at most ${most / 1e6} MB`, `${Math.ceil(info.size / 1e6)} MB`);
    return await file.readFile();
  } catch (cause) {
    if (cause instanceof SwathError) throw cause;
    throw refuse("a file", messageOf(cause), cause);
  }
};

const parseJson = (text: string, path: string, tag: "label" | "dataset"): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const got = printable(messageOf(cause));
    throw new SwathError(tag, { what: `${path} cannot be read`, wanted: "JSON", got, cause });
  }
};

/** Reads and parses a JSON file. Throws `SwathError` with `tag` when it is not there, no file, too large or no JSON. */
export const readJson = async (path: string, tag: "label" | "dataset"): Promise<unknown> =>
  parseJson(decodeText(await readBytes(path, tag, mostLabelBytes)).text, path, tag);

/** Reads a label file. Throws `SwathError("label")` when it is not there, no file, too large, or JSON by name and none inside. */
export const readDocument = async (path: string): Promise<LabelDocument> => {
  const decoded = decodeText(await readBytes(path, "label", mostLabelBytes));
  const isJson = [".json", ".geojson"].includes(extname(path).toLowerCase());
  return { path, ...decoded, json: isJson ? parseJson(decoded.text, path, "label") : undefined };
};
