import { createHash } from "node:crypto";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import { SwathError } from "../../pipeline/errors.ts";
import { ByteReader, ByteWriter } from "../../pipeline/product/byte-cursor.ts";
import { readCopied, writeCopied } from "./copied-bytes.ts";
import { tensorSpans, type TensorSpan } from "./onnx-tensors.ts";
import { RangeDecoder, RangeEncoder } from "./range-coder.ts";
import { codeTensor, residualChances } from "./tensor-residual.ts";

/*
 * A file, told by what differs from one that the other side has. Weights that both files hold are told value by value, by an arithmetic
 * coder that knows the old ones; all else (graph, names, a card) as copies and new bytes, and then Brotli. Layout: docs/model-updates.md.
 */

const version = 1;
const digestBytes = 32;
/** Longest file that is told: where protobuf itself ends. */
const mostBytes = 2 ** 31 - 1;
/** What is longer is compressed less well: weights without a base gain nothing by the best effort, and it takes minutes. */
const mostAtBest = 256 * 1024;
const none = new Uint8Array(digestBytes);

/** SHA-256 of bytes. */
export const digestOf = (bytes: Uint8Array): Uint8Array => createHash("sha256").update(bytes).digest();

/** As 64 hexadecimal digits. */
export const digestText = (digest: Uint8Array): string => Buffer.from(digest).toString("hex");

/** Old and new values of a tensor, by their places in the two files. */
interface Pairing {
  readonly old: TensorSpan;
  readonly next: TensorSpan;
}

const shapeKey = ({ kind, shape }: TensorSpan): string => `${kind} ${shape.join(" ")}`;

/** For each tensor of the new file the old one of its name, else the first of its kind and shape that nothing has taken; of others none. */
const pair = (olds: readonly TensorSpan[], nexts: readonly TensorSpan[]): readonly Pairing[] => {
  const named = new Map(olds.map((old) => [`${shapeKey(old)} ${old.name}`, old]));
  const taken = new Set<TensorSpan>();
  const byName = nexts.map((next) => {
    const old = named.get(`${shapeKey(next)} ${next.name}`);
    if (old !== undefined) taken.add(old);
    return old;
  });
  const left = new Map<string, TensorSpan[]>();
  for (const old of olds) {
    if (!taken.has(old)) left.set(shapeKey(old), [...(left.get(shapeKey(old)) ?? []), old]);
  }
  return nexts.flatMap((next, i) => {
    const old = byName[i] ?? left.get(shapeKey(next))?.shift();
    return old === undefined ? [] : [{ old, next }];
  });
};

/** The file without the values of those tensors. */
const withoutSpans = (file: Uint8Array, spans: readonly TensorSpan[]): Uint8Array => {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const { offsetBytes, lengthBytes } of spans) {
    parts.push(file.subarray(at, offsetBytes));
    at = offsetBytes + lengthBytes;
  }
  parts.push(file.subarray(at));
  return Buffer.concat(parts);
};

const valuesOf = (file: Uint8Array, { offsetBytes, lengthBytes }: TensorSpan): Uint8Array =>
  file.subarray(offsetBytes, offsetBytes + lengthBytes);

/** Tells `next` by what differs from `old`; `old` is `null` where the other side has none. Deterministic. */
export const encodeDelta = (old: Uint8Array | null, next: Uint8Array): Uint8Array => {
  const base = old ?? new Uint8Array();
  const olds = tensorSpans(base);
  const pairs = pair(olds, tensorSpans(next));
  const indexOf = new Map(olds.map((span, i) => [span, i]));
  const rest = new ByteWriter();
  rest.varint(pairs.length);
  let [at, expected] = [0, 0];
  for (const { old: from, next: to } of pairs) {
    rest.varint(to.offsetBytes - at);
    const leap = (indexOf.get(from) as number) - expected;
    rest.varint(leap < 0 ? -2 * leap - 1 : 2 * leap);
    at = to.offsetBytes + to.lengthBytes;
    expected += leap + 1;
  }
  const skeleton = withoutSpans(
    next,
    pairs.map((one) => one.next),
  );
  rest.varint(skeleton.length);
  writeCopied(rest, withoutSpans(base, olds), skeleton);
  const coder = new RangeEncoder();
  const chances = residualChances();
  for (const { old: from, next: to } of pairs) {
    const { kind, shape } = to;
    codeTensor(coder, chances, { kind, shape, old: valuesOf(base, from), next: valuesOf(next, to).slice() });
  }
  const plain = rest.finish();
  const delta = new ByteWriter();
  delta.u8(version);
  delta.raw(old === null ? none : digestOf(old));
  delta.raw(digestOf(next));
  delta.varint(next.length);
  delta.varint(plain.length);
  delta.block(
    brotliCompressSync(plain, {
      params: {
        [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
        [constants.BROTLI_PARAM_LGWIN]: 24,
        [constants.BROTLI_PARAM_QUALITY]: plain.length < mostAtBest ? 11 : 9,
      },
    }),
  );
  delta.raw(coder.finish());
  return delta.finish();
};

/** What a delta says of itself. */
export interface DeltaHead {
  /** SHA-256 of the file that it is against; `null`: it needs none. */
  readonly base: string | null;
  /** SHA-256 and length of the file that it makes. */
  readonly target: string;
  readonly lengthBytes: number;
}

const readHead = (reader: ByteReader): DeltaHead => {
  reader.version(version);
  const base = digestText(reader.raw(digestBytes));
  const target = digestText(reader.raw(digestBytes));
  const lengthBytes = reader.varint("length of the file", mostBytes);
  return { base: base === digestText(none) ? null : base, target, lengthBytes };
};

/** Reads the head of a delta. Throws `SwathError("link")` for bytes that are none. */
export const readDeltaHead = (delta: Uint8Array): DeltaHead => readHead(new ByteReader("model delta", delta));

const unpacked = (reader: ByteReader, packed: Uint8Array, length: number): Uint8Array => {
  try {
    return brotliDecompressSync(packed, { maxOutputLength: Math.max(1, length) });
  } catch (cause) {
    throw reader.corrupt(`${length} bytes in Brotli`, `${packed.length} others`, cause);
  }
};

/**
 * The file that a delta makes of `old`, bit for bit; `id` names it in messages. Takes memory for both files and the delta. Throws
 * `SwathError("model")` with the field `base` for a delta against another file, with `sha256` where something else came out, and
 * `SwathError("link")` for bytes that are no delta.
 */
export const applyDelta = (id: string, old: Uint8Array | null, delta: Uint8Array): Uint8Array => {
  const reader = new ByteReader("model delta", delta);
  const head = readHead(reader);
  const have = old === null ? null : digestText(digestOf(old));
  if (head.base !== null && head.base !== have) {
    throw new SwathError("model", {
      what: `delta of ${id} is against another file`,
      field: "base",
      wanted: have === null ? "none: nothing of it is on board" : `sha256 ${have}`,
      got: `sha256 ${head.base}`,
    });
  }
  const base = head.base === null ? new Uint8Array() : (old as Uint8Array);
  const plainLength = reader.varint("length of the rest", 2 * (head.lengthBytes + base.length) + 1024);
  const rest = new ByteReader("model delta", unpacked(reader, reader.block("the rest"), plainLength));
  const made = restore(rest, reader.rest(), base, head.lengthBytes);
  const found = digestText(digestOf(made));
  if (found === head.target) return made;
  throw new SwathError("model", {
    what: `delta of ${id} made another file than it says`,
    field: "sha256",
    wanted: head.target,
    got: found,
  });
};

const restore = (rest: ByteReader, values: Uint8Array, base: Uint8Array, length: number): Uint8Array => {
  const olds = tensorSpans(base);
  const places: { readonly gap: number; readonly old: TensorSpan }[] = [];
  let expected = 0;
  for (let left = rest.varint("tensors", olds.length); left > 0; left--) {
    const gap = rest.varint("bytes before a tensor", length);
    const zigzag = rest.varint("tensor", 2 * olds.length);
    expected += zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
    const old = olds[expected];
    if (old === undefined) throw rest.corrupt(`one of ${olds.length} tensors`, `${expected}`);
    places.push({ gap, old });
    expected += 1;
  }
  const skeletonLength = rest.varint("bytes besides tensors", length);
  const inTensors = places.reduce((sum, { old }) => sum + old.lengthBytes, 0);
  if (skeletonLength + inTensors !== length)
    throw rest.corrupt(`${length} bytes`, `${skeletonLength + inTensors}`);
  const skeleton = readCopied(rest, withoutSpans(base, olds), skeletonLength);
  rest.end();
  const coder = new RangeDecoder(values);
  const chances = residualChances();
  const made = new Uint8Array(length);
  let [at, used] = [0, 0];
  for (const { gap, old } of places) {
    if (gap > skeletonLength - used) throw rest.corrupt(`at most ${skeletonLength - used} bytes`, `${gap}`);
    made.set(skeleton.subarray(used, used + gap), at);
    [at, used] = [at + gap, used + gap];
    const next = new Uint8Array(old.lengthBytes);
    codeTensor(coder, chances, { kind: old.kind, shape: old.shape, old: valuesOf(base, old), next });
    made.set(next, at);
    at += next.length;
  }
  made.set(skeleton.subarray(used), at);
  return made;
};
