import { SwathError } from "../../pipeline/errors.ts";
import type { FileBytes } from "../geotiff/file-bytes.ts";
import type { ByteRange } from "../files/byte-source.ts";
import { type Box, readBoxContent, readBoxes } from "./box.ts";

/** What a JP2 file holds besides its codestream; a bare codestream (`.j2k`) holds nothing else. */
export interface Jp2File {
  readonly codestream: ByteRange;
  /** Index of the component that says how opaque a pixel is; `null` without one. */
  readonly opacity: number | null;
  /** The GeoTIFF of one pixel in which GeoJP2 puts the place; `null` without one. */
  readonly geoTiff: ByteRange | null;
  /** The GML documents of GMLJP2, in file order. */
  readonly gml: readonly string[];
}

/** The length and the type of the signature box; what it holds tells of transfers as text, and says nothing of pixels. */
const signature = "0000000c6a502020";
/** GeoJP2: https://web.archive.org/web/20061202191105/http://www.lizardtech.com/download/geo/geotiff_box.txt */
const geoJp2Uuid = "b14bf8bd083d4b43a5ae8cd7d5a6ce03";
const maxHeaderBytes = 1_000_000;
const maxGmlBytes = 10_000_000;
/** Association boxes in association boxes: GMLJP2 has two levels. */
const maxDepth = 8;

/** Reads the boxes of a JP2 file, or finds that the file is a bare codestream. Throws `SwathError("raster")`. */
export const readJp2File = async (bytes: FileBytes): Promise<Jp2File> => {
  const all: ByteRange = { offsetBytes: 0, lengthBytes: bytes.size };
  const start = Buffer.from(await bytes.read(0, Math.min(12, bytes.size))).toString("hex");
  if (start.startsWith("ff4fff51")) return { codestream: all, opacity: null, geoTiff: null, gml: [] };
  const refuse = (wanted: string, got: string): SwathError =>
    new SwathError("raster", { what: `${bytes.path} is no JPEG 2000 image that can be read`, wanted, got });
  if (!start.startsWith(signature)) throw refuse("the signature of a JP2 file", start);
  const boxes = await readBoxes(bytes, all);
  const codestream = boxes.find(({ type }) => type === "jp2c");
  const header = boxes.find(({ type }) => type === "jp2h");
  if (codestream === undefined) {
    throw refuse("a codestream box", boxes.map(({ type }) => type.trim()).join(", ") || "no boxes");
  }
  return {
    codestream: codestream.content,
    opacity: header === undefined ? null : await readHeader(bytes, header, refuse),
    geoTiff: await findGeoTiff(bytes, boxes),
    gml: await findGml(bytes, boxes, 0),
  };
};

type Refuse = (wanted: string, got: string) => SwathError;

/**
 * Which component is the opacity. What else the header box says stands in the codestream as well, and GDAL too reads it there: a
 * header box that is damaged costs nothing.
 */
const readHeader = async (bytes: FileBytes, header: Box, refuse: Refuse): Promise<number | null> => {
  const boxes = await readBoxes(bytes, header.content);
  if (boxes.some(({ type }) => type === "pclr")) {
    throw refuse("samples that are values", "numbers of colours in a palette");
  }
  const definitions = boxes.find(({ type }) => type === "cdef");
  if (definitions === undefined) return null;
  const content = await readBoxContent(bytes, definitions, maxHeaderBytes);
  const view = new DataView(content.buffer);
  const count = content.length < 2 ? 0 : view.getUint16(0);
  for (let i = 0; i < count && 8 + 6 * i <= content.length; i++) {
    // Type 1: opacity, of the whole image.
    if (view.getUint16(4 + 6 * i) === 1) return view.getUint16(2 + 6 * i);
  }
  return null;
};

const findGeoTiff = async (bytes: FileBytes, boxes: readonly Box[]): Promise<ByteRange | null> => {
  for (const { type, content } of boxes) {
    if (type !== "uuid" || content.lengthBytes < 16 + 8) continue;
    const uuid = Buffer.from(await bytes.read(content.offsetBytes, 16)).toString("hex");
    if (uuid !== geoJp2Uuid) continue;
    return { offsetBytes: content.offsetBytes + 16, lengthBytes: content.lengthBytes - 16 };
  }
  return null;
};

const findGml = async (
  bytes: FileBytes,
  boxes: readonly Box[],
  depth: number,
): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const box of boxes) {
    if (box.type === "asoc" && depth < maxDepth) {
      found.push(...(await findGml(bytes, await readBoxes(bytes, box.content), depth + 1)));
    } else if (box.type === "xml " && depth > 0) {
      found.push(Buffer.from(await readBoxContent(bytes, box, maxGmlBytes)).toString("utf8"));
    }
  }
  return found;
};
