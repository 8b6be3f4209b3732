import type { PixelWindow } from "../../pipeline/raster/raster.ts";
import { type Coding, type MainHeader, marker, type Segment } from "./codestream.ts";

/** What one tile covers, on the reference grid. */
export const tileArea = ({ image, tile }: MainHeader, column: number, row: number): PixelWindow => {
  const x = Math.max(tile.x0 + column * tile.width, image.x0);
  const y = Math.max(tile.y0 + row * tile.height, image.y0);
  return {
    x,
    y,
    width: Math.min(tile.x0 + (column + 1) * tile.width, image.x1) - x,
    height: Math.min(tile.y0 + (row + 1) * tile.height, image.y1) - y,
  };
};

/**
 * Whether cells of `2 ** exponent`, which are anchored at the origin, cut `from` to `to` at the same places when the stretch is
 * moved to start at 0.
 */
const cutsAlike = (from: number, to: number, exponent: number): boolean => {
  const side = 2 ** exponent;
  return from % side === 0 || Math.floor(from / side) === Math.floor((to - 1) / side);
};

const movesAlong = (coding: Coding, axis: 0 | 1, from: number, to: number): boolean => {
  const { levels, precincts, blockExponents } = coding;
  if (from % 2 ** levels !== 0) return false;
  return precincts.every((sides, resolution) => {
    const scale = 2 ** (levels - resolution);
    const precinct = sides[axis];
    // Subbands of all but the coarsest resolution lie one decomposition deeper.
    const depth = resolution === 0 ? levels : levels - resolution + 1;
    const block = Math.min(blockExponents[axis], resolution === 0 ? precinct : precinct - 1);
    return (
      cutsAlike(from / scale, Math.ceil(to / scale), precinct) &&
      cutsAlike(from / 2 ** depth, Math.ceil(to / 2 ** depth), block)
    );
  });
};

/**
 * True where every tile can be moved to the origin without changing what its bits mean: wavelets, precincts and code-blocks are
 * anchored at the origin of the reference grid (ISO/IEC 15444-1, B.6 to B.9), so the move must keep the parity of every
 * decomposition and all borders inside the tile.
 */
export const canMoveTiles = (header: MainHeader): boolean => {
  const { codings, tilesAcross, tilesDown } = header;
  const columns = Array.from({ length: tilesAcross }, (_, column) => tileArea(header, column, 0));
  const rows = Array.from({ length: tilesDown }, (_, row) => tileArea(header, 0, row));
  return codings.every(
    (coding) =>
      columns.every(({ x, width }) => movesAlong(coding, 0, x, x + width)) &&
      rows.every(({ y, height }) => movesAlong(coding, 1, y, y + height)),
  );
};

/** Segments that speak of the whole codestream: they are wrong for a part of it, and no decoder needs them. */
const ofWhole: readonly number[] = [marker.tilePartLengths, marker.packetLengthsMain];

const sizedFor = ({ bytes }: Segment, { width, height }: PixelWindow): Uint8Array => {
  const patched = Uint8Array.from(bytes);
  const view = new DataView(patched.buffer);
  const values = [width, height, 0, 0, width, height, 0, 0];
  values.forEach((value, i) => view.setUint32(6 + 4 * i, value));
  return patched;
};

const startMarker = Uint8Array.of(0xff, 0x4f);
const endMarker = Uint8Array.of(0xff, 0xd9);

/**
 * A codestream of one tile alone, moved to the origin: the main header for its size, and its parts, which hold the packets as
 * they were. Only where `canMoveTiles`.
 */
export const tileCodestream = (
  header: MainHeader,
  area: PixelWindow,
  parts: readonly Uint8Array[],
): Uint8Array => {
  const segments = header.segments
    .filter((segment) => !ofWhole.includes(segment.marker))
    .map((segment) => (segment.marker === marker.size ? sizedFor(segment, area) : segment.bytes));
  const numbered = parts.map((part) => {
    const own = Uint8Array.from(part);
    // The only tile is tile 0.
    own.fill(0, 4, 6);
    return own;
  });
  return Buffer.concat([startMarker, ...segments, ...numbered, endMarker]);
};

/** A box of a JP2 file. */
const box = (type: string, ...content: readonly Uint8Array[]): Uint8Array => {
  const length = content.reduce((sum, { length: bytes }) => sum + bytes, 8);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(length, 0);
  head.write(type, 4, "latin1");
  return Buffer.concat([head, ...content]);
};

/**
 * The codestream as a JP2 file whose only channel is component `component`: a palette box with a direct mapping
 * (ISO/IEC 15444-1, I.5.3.4 and I.5.3.5). The decoder hands out one component, or three of 8 bits; this is how to get
 * at the others, after the transform that they share has been undone.
 */
export const asComponent = (
  codestream: Uint8Array,
  { components, sampleType }: MainHeader,
  { width, height }: PixelWindow,
  component: number,
): Uint8Array => {
  // The decoder clamps 8 bits as if they had no sign.
  const depth = { uint8: 7, int8: 0x80 | 15, uint16: 15, int16: 0x80 | 15 }[sampleType];
  const size = Buffer.alloc(14);
  size.writeUInt32BE(height, 0);
  size.writeUInt32BE(width, 4);
  size.writeUInt16BE(components, 8);
  size.set([depth, 7, 1, 0], 10);
  const palette = Uint8Array.of(0, 1, 1, depth, 0, 0);
  const mapping = Uint8Array.of(component >> 8, component & 255, 0, 0);
  const grey = Uint8Array.of(1, 0, 0, 0, 0, 0, 17);
  return Buffer.concat([
    box("jP  ", Uint8Array.of(0x0d, 0x0a, 0x87, 0x0a)),
    box("ftyp", Buffer.from("jp2 \0\0\0\0jp2 ", "latin1")),
    box("jp2h", box("ihdr", size), box("colr", grey), box("pclr", palette), box("cmap", mapping)),
    box("jp2c", codestream),
  ]);
};
