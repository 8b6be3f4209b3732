import { SwathError } from "../../pipeline/errors.ts";
import type { FileBytes } from "../geotiff/file-bytes.ts";
import type { ByteRange } from "../files/byte-source.ts";

/** Markers of a codestream (ISO/IEC 15444-1, table A.2). */
export const marker = {
  startOfCodestream: 0xff4f,
  size: 0xff51,
  codingDefault: 0xff52,
  codingComponent: 0xff53,
  tilePartLengths: 0xff55,
  packetLengthsMain: 0xff57,
  packedHeadersMain: 0xff60,
  startOfTilePart: 0xff90,
  startOfData: 0xff93,
  endOfCodestream: 0xffd9,
} as const;

/** A marker segment with its marker: what it says begins four bytes in. */
export interface Segment {
  readonly marker: number;
  readonly bytes: Uint8Array;
}

/** How the codestream codes its tiles, of one COD or COC segment. */
export interface Coding {
  /** Wavelet decompositions. */
  readonly levels: number;
  /** Exponents of the code-block's sides. */
  readonly blockExponents: readonly [width: number, height: number];
  /** Exponents of the precincts' sides, from the coarsest resolution to the finest. */
  readonly precincts: readonly (readonly [width: number, height: number])[];
}

/** The types of samples that a codestream of up to 16 bits holds. */
export type CodedType = "uint8" | "int8" | "uint16" | "int16";

/** What the main header says of an image and of how it is cut. Positions are on the reference grid. */
export interface MainHeader {
  readonly segments: readonly Segment[];
  /** Where the first tile-part starts, in bytes of the file. */
  readonly endBytes: number;
  readonly image: { readonly x0: number; readonly y0: number; readonly x1: number; readonly y1: number };
  readonly tile: {
    readonly x0: number;
    readonly y0: number;
    readonly width: number;
    readonly height: number;
  };
  readonly tilesAcross: number;
  readonly tilesDown: number;
  readonly components: number;
  readonly bits: number;
  readonly sampleType: CodedType;
  readonly codings: readonly Coding[];
}

const maxHeaderBytes = 4_000_000;
const maxSegments = 70_000;
/** The standard allows 65,535 tiles. */
const maxTiles = 65_535;
const maxComponents = 1024;
const maxSide = 2 ** 31 - 1;

const corrupt = (path: string, what: string, wanted: string, got: string): SwathError =>
  new SwathError("raster", { what: `${path}: ${what}`, wanted, got });

const readSegments = async (
  bytes: FileBytes,
  codestream: ByteRange,
): Promise<{ readonly segments: readonly Segment[]; readonly endBytes: number }> => {
  const end = Math.min(codestream.offsetBytes + codestream.lengthBytes, bytes.size);
  const segments: Segment[] = [];
  let at = codestream.offsetBytes + 2;
  let total = 0;
  for (;;) {
    if (at + 4 > end) throw corrupt(bytes.path, "main header", "a tile", "the end of the codestream");
    const head = await bytes.read(at, 4);
    const code = (head[0]! << 8) | head[1]!;
    if (code === marker.startOfTilePart) return { segments, endBytes: at };
    const lengthBytes = 2 + ((head[2]! << 8) | head[3]!);
    total += lengthBytes;
    const isSegment = code >= 0xff50 && code <= 0xff8f && lengthBytes >= 4 && at + lengthBytes <= end;
    if (!isSegment || total > maxHeaderBytes || segments.length >= maxSegments) {
      const got = `${code.toString(16)} of ${lengthBytes} bytes at offset ${at}`;
      throw corrupt(bytes.path, "main header is corrupt", "marker segments", got);
    }
    segments.push({ marker: code, bytes: Uint8Array.from(await bytes.read(at, lengthBytes)) });
    at += lengthBytes;
  }
};

const viewOf = ({ bytes }: Segment): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The coding style of a COD or COC segment; `null` when it is too short for what it says. */
const codingOf = (segment: Segment, components: number): Coding | null => {
  const { bytes } = segment;
  const isDefault = segment.marker === marker.codingDefault;
  const at = isDefault ? 9 : 4 + (components < 257 ? 1 : 2) + 1;
  const style = bytes[isDefault ? 4 : at - 1];
  const [levels, width, height] = bytes.subarray(at, at + 3);
  if (style === undefined || levels === undefined || width === undefined || height === undefined) return null;
  if (bytes.length < at + 5 || levels > 32) return null;
  const precincts: [number, number][] = [];
  for (let resolution = 0; resolution <= levels; resolution++) {
    const sides = (style & 1) === 0 ? 0xff : bytes[at + 5 + resolution];
    if (sides === undefined) return null;
    precincts.push([sides & 15, sides >> 4]);
  }
  return { levels, blockExponents: [(width & 15) + 2, (height & 15) + 2], precincts };
};

const sampleTypeOf = (bits: number, signed: boolean): CodedType | null => {
  if (bits <= 8) return signed ? "int8" : "uint8";
  return bits <= 16 ? (signed ? "int16" : "uint16") : null;
};

/**
 * Reads the main header of the codestream at `range`. Throws `SwathError("raster")` when it is corrupt, or what it describes is
 * not read: components of different depth or size, more than 16 bits.
 */
export const readMainHeader = async (bytes: FileBytes, range: ByteRange): Promise<MainHeader> => {
  const { path } = bytes;
  const refuse = (what: string, wanted: string, got: string): SwathError => corrupt(path, what, wanted, got);
  const start = await bytes.read(range.offsetBytes, Math.min(4, range.lengthBytes));
  if (Buffer.from(start).toString("hex") !== "ff4fff51") {
    throw refuse("JPEG 2000 codestream", "ff4fff51", Buffer.from(start).toString("hex"));
  }
  const { segments, endBytes } = await readSegments(bytes, range);
  const [first] = segments as [Segment];
  const size = viewOf(first);
  const components = size.byteLength >= 40 ? size.getUint16(38) : 0;
  if (components < 1 || components > maxComponents || size.byteLength !== 40 + 3 * components) {
    throw refuse("image size", `1 to ${maxComponents} components`, `${components}`);
  }
  const at = (offset: number): number => size.getUint32(offset);
  const image = { x1: at(6), y1: at(10), x0: at(14), y0: at(18) };
  const tile = { width: at(22), height: at(26), x0: at(30), y0: at(34) };
  const isTiled =
    image.x1 > image.x0 &&
    image.y1 > image.y0 &&
    Math.max(image.x1, image.y1) <= maxSide &&
    tile.width > 0 &&
    tile.height > 0 &&
    tile.x0 <= image.x0 &&
    tile.y0 <= image.y0 &&
    tile.x0 + tile.width > image.x0 &&
    tile.y0 + tile.height > image.y0;
  if (!isTiled) {
    const got = `${image.x1} × ${image.y1} from ${image.x0}, ${image.y0} in tiles of ${tile.width} × ${tile.height}`;
    throw refuse("image size is corrupt", "an image that its tiles cover", got);
  }
  const tilesAcross = Math.ceil((image.x1 - tile.x0) / tile.width);
  const tilesDown = Math.ceil((image.y1 - tile.y0) / tile.height);
  if (tilesAcross * tilesDown > maxTiles) {
    throw refuse("too many tiles", `at most ${maxTiles}`, `${tilesAcross} × ${tilesDown}`);
  }
  const described = Array.from({ length: components }, (_, i) =>
    first.bytes.subarray(40 + 3 * i, 43 + 3 * i),
  );
  const [depth, stepX, stepY] = described[0]!;
  const uneven = described.find(([d, x, y]) => d !== depth || x !== stepX || y !== stepY);
  if (uneven !== undefined || stepX !== 1 || stepY !== 1) {
    const text = (sides: Uint8Array): string =>
      `${(sides[0]! & 127) + 1} bits every ${sides[1]} × ${sides[2]}`;
    const got = [described[0]!, ...(uneven === undefined ? [] : [uneven])].map(text).join(", ");
    throw refuse("unsupported components", "all of one depth, a sample for each pixel", got);
  }
  const bits = (depth! & 127) + 1;
  const signed = depth! > 127;
  const sampleType = sampleTypeOf(bits, signed);
  if (sampleType === null) throw refuse("unsupported sample depth", "1 to 16 bits", `${bits}`);
  const coded = segments.filter(
    (one) => one.marker === marker.codingDefault || one.marker === marker.codingComponent,
  );
  const codings = coded.map((one) => codingOf(one, components));
  const known = codings.filter((coding) => coding !== null);
  if (coded[0]?.marker !== marker.codingDefault || known.length !== codings.length) {
    throw refuse(
      "coding style is corrupt",
      "a default for all components",
      `${known.length} of ${codings.length}`,
    );
  }
  return {
    segments,
    endBytes,
    image,
    tile,
    tilesAcross,
    tilesDown,
    components,
    bits,
    sampleType,
    codings: known,
  };
};
