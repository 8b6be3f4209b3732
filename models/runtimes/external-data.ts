import { readFile, realpath, stat } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { bytesOf, type ProtobufField, fieldsOf, numberOf, ProtobufError, textOf } from "./protobuf.ts";
import type { NetworkPart } from "./tfjs-bundle.ts";

/** An ONNX file with the weights that lay beside it put into it. */
export interface JoinedFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The files that the weights came from, in the order of their names. Empty: the file was whole. */
  readonly parts: readonly NetworkPart[];
}

/** Where a tensor's bytes lie: `external_data` of a `TensorProto`. */
interface Place {
  readonly location: string;
  readonly offset: number;
  /** `null`: to the end of the file. */
  readonly length: number | null;
}

/** Beyond this, protobuf itself ends. */
const mostBytes = 2 ** 31 - 1;

// Field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
const [graphField, initializerField] = [7, 5];
const [rawDataField, externalDataField, dataLocationField] = [9, 13, 14];

/**
 * Reads the weights that an ONNX file keeps in files beside it (exports of more than 2 GB, and many of fewer) and puts them where a
 * file that is whole has them. Only files in the same folder are read. `where` names the model. Throws `SwathError("model")` for a
 * file that is not there, too short, or elsewhere.
 */
export const joinExternalData = async (
  bytes: Uint8Array<ArrayBuffer>,
  path: string,
  where: string,
): Promise<JoinedFile> => {
  try {
    const places = placesOf(bytes);
    if (places.length === 0) return { bytes, parts: [] };
    const files = new Map<string, Uint8Array<ArrayBuffer>>();
    let total = bytes.length;
    for (const location of [...new Set(places.map((place) => place.location))].sort()) {
      const data = await readBeside(path, location, where, mostBytes - total);
      total += data.length;
      files.set(location, data);
    }
    const joined = joinModel(bytes, (place) => partOf(files, place, where));
    return { bytes: joined, parts: [...files].map(([name, data]) => ({ name, bytes: data })) };
  } catch (cause) {
    if (!(cause instanceof ProtobufError)) throw cause;
    throw new SwathError("model", {
      what: `${where} is no ONNX model, or not all of it`,
      got: messageOf(cause),
      hint: "fetch or export the file again",
      cause,
    });
  }
};

const readBeside = async (
  path: string,
  location: string,
  where: string,
  most: number,
): Promise<Uint8Array<ArrayBuffer>> => {
  const refuse = (wanted: string, got: string, cause?: unknown) =>
    new SwathError("model", {
      what: `weights of ${where} beside it`,
      wanted,
      got,
      ...(cause ? { cause } : {}),
    });
  if (!/^[^/\\\0]+$/.test(location) || location === "." || location === "..") {
    throw refuse("a file in the same folder", `"${location.slice(0, 80)}"`);
  }
  try {
    const folder = await realpath(dirname(path));
    const file = await realpath(join(folder, location));
    if (relative(folder, file).split(sep).includes("..")) {
      throw refuse("a file in the same folder", `"${location}", a link to elsewhere`);
    }
    const found = await stat(file);
    if (!found.isFile()) throw refuse("a file", `"${location}"`);
    if (found.size > most)
      throw refuse(`at most ${mostBytes} bytes in all`, `"${location}" of ${found.size}`);
    return new Uint8Array(await readFile(file));
  } catch (cause) {
    if (cause instanceof SwathError) throw cause;
    const isAbsent = (cause as NodeJS.ErrnoException).code === "ENOENT";
    throw refuse(
      `"${location}", which came with the file`,
      isAbsent ? "no such file" : messageOf(cause),
      cause,
    );
  }
};

const partOf = (
  files: ReadonlyMap<string, Uint8Array>,
  { location, offset, length }: Place,
  where: string,
): Uint8Array => {
  const data = files.get(location) as Uint8Array;
  const end = length === null ? data.length : offset + length;
  if (offset >= 0 && end >= offset && end <= data.length) return data.subarray(offset, end);
  throw new SwathError("model", {
    what: `weights of ${where} beside it`,
    wanted: `bytes ${offset} to ${end} of "${location}"`,
    got: `${data.length} bytes`,
    hint: "fetch the file again",
  });
};

/** `null` for a tensor whose bytes are in the file itself. */
const placeOf = (tensor: Uint8Array): Place | null => {
  let isOutside = false;
  const entries = new Map<string, string>();
  for (const field of fieldsOf(tensor)) {
    if (field.number === dataLocationField) isOutside = numberOf(field) === 1;
    else if (field.number === externalDataField) {
      const [key, value] = [...fieldsOf(bytesOf(field))].map(textOf);
      entries.set(key ?? "", value ?? "");
    }
  }
  if (!isOutside) return null;
  const number = (key: string): number | null => {
    const text = entries.get(key);
    if (text === undefined) return null;
    if (/^\d{1,15}$/.test(text)) return Number(text);
    throw new ProtobufError(`${key} "${text.slice(0, 20)}" of a tensor outside the file`);
  };
  return { location: entries.get("location") ?? "", offset: number("offset") ?? 0, length: number("length") };
};

const placesOf = (bytes: Uint8Array): readonly Place[] => {
  const places: Place[] = [];
  for (const graph of fieldsOf(bytes)) {
    if (graph.number !== graphField) continue;
    for (const field of fieldsOf(bytesOf(graph))) {
      const place = field.number === initializerField ? placeOf(bytesOf(field)) : null;
      if (place !== null) places.push(place);
    }
  }
  return places;
};

const joinModel = (bytes: Uint8Array, read: (place: Place) => Uint8Array): Uint8Array<ArrayBuffer> => {
  const tensor = (field: ProtobufField): ProtobufField => {
    const place = field.number === initializerField ? placeOf(bytesOf(field)) : null;
    if (place === null) return field;
    const dropped = [rawDataField, externalDataField, dataLocationField];
    const kept = [...fieldsOf(bytesOf(field))].filter(({ number }) => !dropped.includes(number));
    return { ...field, value: concatenated([...kept.flatMap(encode), ...encode(rawOf(read(place)))]) };
  };
  const graph = (field: ProtobufField): ProtobufField =>
    field.number === graphField
      ? { ...field, value: concatenated([...fieldsOf(bytesOf(field))].map(tensor).flatMap(encode)) }
      : field;
  return concatenated([...fieldsOf(bytes)].map(graph).flatMap(encode));
};

const rawOf = (value: Uint8Array): ProtobufField => ({ number: rawDataField, wire: 2, value });

const varint = (value: number): Uint8Array => {
  const out: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    out.push((rest % 128) | (rest >= 128 ? 0x80 : 0));
    if (rest < 128) return Uint8Array.from(out);
  }
};

/** Key, length where there is one, and value. */
const encode = ({ number, wire, value }: ProtobufField): readonly Uint8Array[] => {
  const key = varint(8 * number + wire);
  if (typeof value === "number") return [key, varint(value)];
  return wire === 2 ? [key, varint(value.length), value] : [key, value];
};

const concatenated = (parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
};
