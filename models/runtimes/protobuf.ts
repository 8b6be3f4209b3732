/**
 * The few parts of the protobuf wire format that reading an ONNX header takes. Everything is a view into the input and
 * each byte is visited once a nesting level, so hostile bytes cost no more memory or time than their length.
 * Source: https://protobuf.dev/programming-guides/encoding
 */
export interface ProtobufField {
  readonly number: number;
  /** 0: varint, 1: eight bytes, 2: length-delimited, 5: four bytes. */
  readonly wire: number;
  /** A varint (as a number: exact to 2⁵³), or the bytes of a length-delimited field; fixed-width fields as bytes too. */
  readonly value: number | Uint8Array;
}

/** Thrown when bytes are no protobuf message. */
export class ProtobufError extends Error {}

/** The fields of one message, in file order. Throws `ProtobufError` on anything malformed or cut off. */
export function* fieldsOf(bytes: Uint8Array): Generator<ProtobufField> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = bytes[at];
      if (byte === undefined) throw new ProtobufError("the file ends inside a number");
      at += 1;
      // Shifting would wrap at 32 bits.
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new ProtobufError("a number longer than ten bytes");
  };
  const take = (length: number): Uint8Array => {
    const end = at + length;
    if (end > bytes.length) {
      throw new ProtobufError(`a field of ${length} bytes where ${bytes.length - at} are left`);
    }
    const part = bytes.subarray(at, end);
    at = end;
    return part;
  };
  while (at < bytes.length) {
    const key = varint();
    const number = Math.floor(key / 8);
    const wire = key % 8;
    if (number === 0) throw new ProtobufError("field number 0");
    if (wire === 0) yield { number, wire, value: varint() };
    else if (wire === 1) yield { number, wire, value: take(8) };
    else if (wire === 2) yield { number, wire, value: take(varint()) };
    else if (wire === 5) yield { number, wire, value: take(4) };
    else throw new ProtobufError(`wire type ${wire}`);
  }
}

/** Length-delimited value of a field. Throws `ProtobufError` when it is a number. */
export const bytesOf = ({ number, value }: ProtobufField): Uint8Array => {
  if (typeof value === "number") throw new ProtobufError(`field ${number} is a number`);
  return value;
};

const decoder = new TextDecoder();

/** A field as UTF-8 text. Throws `ProtobufError` for a field that is not bytes. */
export const textOf = (field: ProtobufField): string => decoder.decode(bytesOf(field));

/** A field as a number. Throws `ProtobufError` for a field that is not one. */
export const numberOf = ({ number, value }: ProtobufField): number => {
  if (typeof value !== "number") throw new ProtobufError(`field ${number} is not a number`);
  return value;
};

/** A repeated integer field, packed or not; the first `most` of it. */
export const numbersOf = ({ value }: ProtobufField, most = Infinity): number[] => {
  if (typeof value === "number") return [value];
  const numbers: number[] = [];
  let partial = 0;
  let shift = 0;
  for (const byte of value) {
    partial += (byte & 0x7f) * 2 ** shift;
    shift += 7;
    if (byte < 0x80) {
      numbers.push(partial);
      if (numbers.length >= most) return numbers;
      partial = 0;
      shift = 0;
    } else if (shift >= 70) throw new ProtobufError("a number longer than ten bytes");
  }
  if (shift > 0) throw new ProtobufError("the field ends inside a number");
  return numbers;
};
