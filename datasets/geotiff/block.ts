import type { PixelWindow } from "../../pipeline/raster/raster.ts";
import { bytesPerSample } from "../../pipeline/raster/samples.ts";
import type { SampleArray, SampleType } from "../../pipeline/raster/samples.ts";

/** How the bytes of one decompressed block become samples. */
export interface BlockCoding {
  readonly width: number;
  readonly rows: number;
  /** Samples of a pixel that lie next to each other. */
  readonly interleaved: number;
  readonly sampleType: SampleType;
  /** 1 none, 2 horizontal differences, 3 floating point differences (TIFF technical note 3). */
  readonly predictor: number;
  readonly littleEndian: boolean;
}

/** Samples by their bits alone: sums of differences wrap as they should, whatever the bits mean. */
export type Words = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/**
 * A decompressed block as it is cached: samples interleaved as in the file, because most windows cover whole blocks
 * and then differences, interleaving and window are dealt with in a single pass.
 */
export interface Block {
  readonly words: Words;
  readonly width: number;
  readonly interleaved: number;
  /** Whether `words` still are horizontal differences. Undone in place when a window starts inside the block. */
  differenced: boolean;
}

const wordsOf = (data: ArrayBufferView, size: number): Words => {
  const { buffer, byteOffset, byteLength } = data;
  if (size === 1) return new Uint8Array(buffer, byteOffset, byteLength);
  if (size === 2) return new Uint16Array(buffer, byteOffset, byteLength >> 1);
  if (size === 4) return new Uint32Array(buffer, byteOffset, byteLength >> 2);
  return new Float64Array(buffer, byteOffset, byteLength >> 3);
};

/** Undoes the floating point predictor: byte differences along the row, then bytes by significance, highest first. */
const undoFloatPredictor = (
  stored: Uint8Array,
  { width, rows, interleaved, sampleType }: BlockCoding,
): Uint8Array => {
  const size = bytesPerSample(sampleType);
  const samples = width * interleaved;
  const data = Uint8Array.from(stored);
  const result = new Uint8Array(data.length);
  for (let row = 0; row < rows; row++) {
    const start = row * samples * size;
    const end = start + samples * size;
    for (let i = start + interleaved; i < end; i++) data[i] = data[i]! + data[i - interleaved]!;
    for (let byte = 0; byte < size; byte++) {
      // Little-endian samples out, whatever the file's order is.
      let from = start + (size - 1 - byte) * samples;
      for (let to = start + byte; to < end; to += size) result[to] = data[from++]!;
    }
  }
  return result;
};

const swapBytes = (data: Uint8Array, size: number): Uint8Array => {
  const copy = Buffer.from(data);
  if (size === 2) return copy.swap16();
  return size === 4 ? copy.swap32() : copy.swap64();
};

/**
 * The samples of a block. `data` holds at least the bytes that the shape asks for and belongs to the block from now on.
 * Hosts are taken to be little-endian, as all that Node is built for but one.
 */
export const blockOf = (data: Uint8Array, coding: BlockCoding): Block => {
  const { width, rows, interleaved, sampleType, predictor } = coding;
  const size = bytesPerSample(sampleType);
  let bytes = data.subarray(0, width * rows * interleaved * size);
  if (predictor === 3) bytes = undoFloatPredictor(bytes, coding);
  else if (size > 1 && !coding.littleEndian) bytes = swapBytes(bytes, size);
  if (bytes.byteOffset % size !== 0) bytes = Uint8Array.from(bytes);
  return { words: wordsOf(bytes, size), width, interleaved, differenced: predictor === 2 };
};

/** A block whose samples have been taken out of their bits already. */
export const plainBlock = (words: Words, width: number, interleaved: number): Block => ({
  words,
  width,
  interleaved,
  differenced: false,
});

const undoDifferences = (block: Block): void => {
  const { words, width, interleaved } = block;
  const rowLength = width * interleaved;
  for (let start = 0; start < words.length; start += rowLength) {
    const end = start + rowLength;
    for (let i = start + interleaved; i < end; i++) words[i] = words[i]! + words[i - interleaved]!;
  }
  block.differenced = false;
};

/** Where a part of a block is read and written: positions and steps in samples of one band. */
interface Route {
  /** First pixel of the part in the block and in the plane, and what lies between the starts of two rows. */
  readonly read: number;
  readonly readStep: number;
  readonly write: number;
  readonly writeStep: number;
  readonly width: number;
  readonly height: number;
}

/** All of four bands, the shape of most multispectral files. */
const copyFour = (words: Words, planes: readonly Words[], route: Route, sums: boolean): void => {
  const [p0, p1, p2, p3] = planes as [Words, Words, Words, Words];
  const keep = sums ? -1 : 0;
  for (let row = 0; row < route.height; row++) {
    let at = (route.read + row * route.readStep) * 4;
    let out = route.write + row * route.writeStep;
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (const end = out + route.width; out < end; out++, at += 4) {
      a = ((a & keep) + words[at]!) | 0;
      b = ((b & keep) + words[at + 1]!) | 0;
      c = ((c & keep) + words[at + 2]!) | 0;
      d = ((d & keep) + words[at + 3]!) | 0;
      // Stores wrap to the width of the sample, which is the arithmetic that the predictor asks for.
      p0[out] = a;
      p1[out] = b;
      p2[out] = c;
      p3[out] = d;
    }
  }
};

/**
 * The same for 16 bits and places where two samples share a 32-bit word: half the loads and stores, 1.6 × as fast.
 * Only the lower half of each sum counts; what carries into the upper half is cut off when it is stored.
 */
const copyFourPaired = (words: Words, planes: readonly Words[], route: Route, sums: boolean): void => {
  const pairsOf = ({ buffer, byteOffset, byteLength }: Words): Int32Array =>
    new Int32Array(buffer, byteOffset, byteLength >> 2);
  const [p0, p1, p2, p3] = planes.map(pairsOf) as [Int32Array, Int32Array, Int32Array, Int32Array];
  const pairs = pairsOf(words);
  const keep = sums ? -1 : 0;
  for (let row = 0; row < route.height; row++) {
    let at = (route.read + row * route.readStep) * 2;
    let out = (route.write + row * route.writeStep) >> 1;
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (const end = out + (route.width >> 1); out < end; out++, at += 4) {
      const ab = pairs[at]!;
      const cd = pairs[at + 1]!;
      const abNext = pairs[at + 2]!;
      const cdNext = pairs[at + 3]!;
      const a0 = ((a & keep) + ab) | 0;
      const b0 = ((b & keep) + (ab >>> 16)) | 0;
      const c0 = ((c & keep) + cd) | 0;
      const d0 = ((d & keep) + (cd >>> 16)) | 0;
      a = ((a0 & keep) + abNext) | 0;
      b = ((b0 & keep) + (abNext >>> 16)) | 0;
      c = ((c0 & keep) + cdNext) | 0;
      d = ((d0 & keep) + (cdNext >>> 16)) | 0;
      p0[out] = (a0 & 0xffff) | (a << 16);
      p1[out] = (b0 & 0xffff) | (b << 16);
      p2[out] = (c0 & 0xffff) | (c << 16);
      p3[out] = (d0 & 0xffff) | (d << 16);
    }
  }
};

/** Whether every row starts at an even place of a plane and has an even length, and 32-bit views line up. */
const isPaired = (words: Words, planes: readonly Words[], { write, writeStep, width }: Route): boolean =>
  words.BYTES_PER_ELEMENT === 2 &&
  ((write | writeStep | width) & 1) === 0 &&
  [words, ...planes].every(({ byteOffset }) => byteOffset % 4 === 0);

const copyBand = (block: Block, band: number, plane: Words, route: Route): void => {
  const { words, interleaved, differenced } = block;
  for (let row = 0; row < route.height; row++) {
    let at = (route.read + row * route.readStep) * interleaved + band;
    let out = route.write + row * route.writeStep;
    const end = out + route.width;
    if (differenced) {
      let sum = 0;
      for (; out < end; out++, at += interleaved) {
        sum = (sum + words[at]!) | 0;
        plane[out] = sum;
      }
    } else if (interleaved === 1) plane.set(words.subarray(at, at + route.width), out);
    else for (; out < end; out++, at += interleaved) plane[out] = words[at]!;
  }
};

/**
 * Copies `part` of a block into planes. `from` is what the block covers, `to` what each plane covers; `part` lies in
 * both. `bands` counts within the block; `planes` are in the same order.
 */
export const copyPart = (
  block: Block,
  from: PixelWindow,
  bands: readonly number[],
  planes: readonly SampleArray[],
  to: PixelWindow,
  part: PixelWindow,
): void => {
  // Sums run from the start of the row.
  if (block.differenced && part.x !== from.x) undoDifferences(block);
  const route: Route = {
    read: (part.y - from.y) * block.width + (part.x - from.x),
    readStep: block.width,
    write: (part.y - to.y) * to.width + (part.x - to.x),
    writeStep: to.width,
    width: part.width,
    height: part.height,
  };
  const size = block.words.BYTES_PER_ELEMENT;
  const targets = planes.map((plane) => wordsOf(plane, size));
  const allFour = block.interleaved === 4 && bands.length === 4 && bands.every((band, i) => band === i);
  if (allFour && size < 8) {
    const copy = isPaired(block.words, targets, route) ? copyFourPaired : copyFour;
    copy(block.words, targets, route, block.differenced);
  } else bands.forEach((band, i) => copyBand(block, band, targets[i]!, route));
};
