import { allocateSamples, bytesPerSample } from "../../pipeline/raster/samples.ts";
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

type Words = Uint8Array | Uint16Array | Uint32Array;

const wordsOf = (data: ArrayBufferView, size: 1 | 2 | 4): Words => {
  const { buffer, byteOffset, byteLength } = data;
  if (size === 1) return new Uint8Array(buffer, byteOffset, byteLength);
  return size === 2
    ? new Uint16Array(buffer, byteOffset, byteLength >> 1)
    : new Uint32Array(buffer, byteOffset, byteLength >> 2);
};

/** Splits four interleaved samples, the shape of most multispectral files; one pass, differences undone on the way. */
const splitFour = (
  words: Words,
  planes: readonly Words[],
  width: number,
  rows: number,
  sums: boolean,
): void => {
  const [p0, p1, p2, p3] = planes as [Words, Words, Words, Words];
  const keep = sums ? -1 : 0;
  let at = 0;
  let out = 0;
  for (let row = 0; row < rows; row++) {
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (const end = out + width; out < end; out++, at += 4) {
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

const split = (words: Words, plane: Words, first: number, coding: BlockCoding): void => {
  const { width, rows, interleaved, predictor } = coding;
  const keep = predictor === 2 ? -1 : 0;
  let at = first;
  let out = 0;
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (const end = out + width; out < end; out++, at += interleaved) {
      sum = ((sum & keep) + words[at]!) | 0;
      plane[out] = sum;
    }
  }
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

const alignedCopy = (data: Uint8Array, size: number): Uint8Array =>
  data.byteOffset % size === 0 ? data : data.slice();

const swapBytes = (data: Uint8Array, size: number): Uint8Array => {
  const copy = Buffer.from(data);
  if (size === 2) return copy.swap16();
  return size === 4 ? copy.swap32() : copy.swap64();
};

/**
 * Turns the decompressed bytes of a block into one plane a band, each `width · rows` samples.
 * `data` holds at least the bytes that the shape asks for and is left as it is. Hosts are taken to be little-endian,
 * as all that Node is built for but one.
 */
export const planesOf = (data: Uint8Array, coding: BlockCoding): readonly SampleArray[] => {
  const { width, rows, interleaved, sampleType, predictor } = coding;
  const size = bytesPerSample(sampleType);
  let bytes = data.subarray(0, width * rows * interleaved * size);
  if (predictor === 3) bytes = undoFloatPredictor(bytes, coding);
  else if (size > 1 && !coding.littleEndian) bytes = swapBytes(bytes, size);
  bytes = alignedCopy(bytes, size);
  const planes = Array.from({ length: interleaved }, () => allocateSamples(sampleType, width * rows));
  if (size === 8) {
    const source = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
    planes.forEach((plane, band) => {
      for (let i = 0, at = band; i < plane.length; i++, at += interleaved) plane[i] = source[at]!;
    });
    return planes;
  }
  const words = wordsOf(bytes, size as 1 | 2 | 4);
  const targets = planes.map((plane) => wordsOf(plane, size as 1 | 2 | 4));
  if (interleaved === 4) splitFour(words, targets, width, rows, predictor === 2);
  else if (interleaved === 1 && predictor !== 2) targets[0]!.set(words);
  else targets.forEach((target, band) => split(words, target, band, coding));
  return planes;
};

/** Spreads bits, most significant first, rows padded to bytes, into one byte a pixel. */
export const unpackBits = (data: Uint8Array, width: number, rows: number): Uint8Array => {
  const stride = Math.ceil(width / 8);
  const pixels = new Uint8Array(width * rows);
  for (let row = 0, out = 0; row < rows; row++) {
    for (let x = 0; x < width; x++) pixels[out++] = (data[row * stride + (x >> 3)]! >> (7 - (x & 7))) & 1;
  }
  return pixels;
};
