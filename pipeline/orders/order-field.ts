import { SwathError } from "../errors.ts";
import { parseBytes, parseDuration, parseNumber, parseWhole } from "../quantity.ts";
import type { ByteReader, ByteWriter } from "../product/byte-cursor.ts";
import type { BoundingBox } from "../raster/area-geometry.ts";
import { bytes, degrees, seconds, type Bytes, type Degrees, type Seconds } from "../units.ts";

/** One field of an order's body: how a person writes it, and how it goes up. What is written and read again is the same value. */
export interface OrderField<T> {
  /** From a file or an option. Throws `SwathError("config")` with what was wanted and got; `name` is the field's. */
  read(text: string, name: string): T;
  write(writer: ByteWriter, value: T): void;
  /** Throws `SwathError("link")` for what `write` cannot have made. */
  take(reader: ByteReader, name: string): T;
  /** As `read` takes it. */
  text(value: T): string;
  /** What an absent field means; `undefined`: it must be given. */
  readonly absent?: T;
}

/** The type of a field's value. */
export type ValueOf<Field> = Field extends OrderField<infer T> ? T : never;

const fail = (name: string, wanted: string, got: string): never => {
  throw new SwathError("config", { what: name, wanted, got: `"${got}"` });
};

/** UTF-8 of at most so many characters that `pattern` takes; `wanted` says it in words. */
export const words = (wanted: string, pattern: RegExp): OrderField<string> => ({
  read: (text, name) => (pattern.test(text) ? text : fail(name, wanted, text.slice(0, 80))),
  write: (writer, value) => writer.block(Buffer.from(value)),
  take: (reader, name) => {
    const value = reader.text(name);
    if (!pattern.test(value)) throw reader.corrupt(wanted, JSON.stringify(value.slice(0, 80)));
    return value;
  },
  text: (value) => value,
});

/** A name of letters, digits, `.`, `_`, `:` and `-`, 64 characters at most. */
export const label: OrderField<string> = words(
  "a name of 1 to 64 letters, digits, dots, colons, - and _",
  /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/,
);

/** A SHA-256 in hexadecimal. */
export const digest: OrderField<string> = {
  ...words("a SHA-256: 64 hexadecimal digits", /^[0-9a-f]{64}$/),
  write: (writer, value) => writer.raw(Buffer.from(value, "hex")),
  take: (reader) => Buffer.from(reader.raw(32)).toString("hex"),
};

/** One of several words; new ones go to the end: the place is what goes up. */
export const oneOf = <const Name extends string>(names: readonly Name[]): OrderField<Name> => ({
  read: (text, name) =>
    names.find((one) => one === text) ?? fail(name, `one of ${names.join(", ")}`, text.slice(0, 80)),
  write: (writer, value) => writer.varint(names.indexOf(value)),
  take: (reader, name) => names[reader.varint(name, names.length - 1)] as Name,
  text: (value) => value,
});

/** A whole number in a closed range; what goes up counts from `low`. */
export const whole = (low: number, high: number): OrderField<number> => ({
  read: (text, name) => parseWhole(name, text, low, high),
  write: (writer, value) => writer.varint(value - low),
  take: (reader, name) => low + reader.varint(name, high - low),
  text: (value) => `${value}`,
});

/** A number in a closed range, to the nearest `1 / per`: steps are what goes up. */
export const real = (low: number, high: number, per: number): OrderField<number> => ({
  read: (text, name) => Math.round(parseNumber(name, text, low, high) * per) / per,
  write: (writer, value) => writer.varint(Math.round((value - low) * per)),
  take: (reader, name) => Math.round(low * per + reader.varint(name, Math.round((high - low) * per))) / per,
  text: (value) => `${value}`,
});

/** A share or score from 0 to 1, to a ten-thousandth. */
export const share: OrderField<number> = real(0, 1, 10_000);

/** An angle in a closed range, to a hundredth of a degree. */
export const angle = (low: number, high: number): OrderField<Degrees> => {
  const field = real(low, high, 100);
  return {
    read: (text, name) => degrees(field.read(text, name)),
    write: (writer, value) => field.write(writer, value),
    take: (reader, name) => degrees(field.take(reader, name)),
    text: (value) => field.text(value),
  };
};

/** Longest duration of an order, seconds: a year. */
const longest = 366 * 86_400;

/** A duration above 0, to the second: `90s`, `5min`, `6h`, `2d`. */
export const duration: OrderField<Seconds> = {
  read: (text, name) => {
    const value = Math.round(parseDuration(name, text));
    return value >= 1 && value <= longest ? seconds(value) : fail(name, "from 1s to 366d", text);
  },
  write: (writer, value) => writer.varint(value),
  take: (reader, name) => seconds(reader.varint(name, longest)),
  text: (value) => `${value}s`,
};

/** A size above 0: `64kB`, `9.4MB`. */
export const size: OrderField<Bytes> = {
  read: (text, name) => bytes(Math.round(parseBytes(name, text))),
  write: (writer, value) => writer.varint(value),
  take: (reader, name) => bytes(reader.varint(name, Number.MAX_SAFE_INTEGER)),
  text: (value) => `${value}B`,
};

/** Steps of a degree that go up: about a metre. */
const perDegree = 100_000;
const boxWords = "west,south,east,north in degrees, such as 5.2,43.2,5.4,43.4";
const boxLimits = [180, 90, 180, 90] as const;

const isBox = ([west, south, east, north]: BoundingBox): boolean => south < north && west !== east;

/** A box of the Earth; one whose west lies east of its east crosses the antimeridian. */
export const box: OrderField<BoundingBox> = {
  read: (text, name) => {
    const parts = text.split(",");
    if (parts.length !== 4) return fail(name, boxWords, text.slice(0, 80));
    const edges = parts.map((part, at) => {
      const limit = boxLimits[at] ?? 0;
      return Math.round(parseNumber(name, part.trim(), -limit, limit) * perDegree) / perDegree + 0;
    });
    const read = edges as unknown as BoundingBox;
    return isBox(read) ? read : fail(name, `${boxWords}: south below north, west other than east`, text);
  },
  write: (writer, value) =>
    value.forEach((edge, at) => writer.varint(Math.round((edge + (boxLimits[at] ?? 0)) * perDegree))),
  take: (reader, name) => {
    const edges = boxLimits.map(
      (limit) => (reader.varint(name, 2 * limit * perDegree) - limit * perDegree) / perDegree,
    );
    const taken = edges as unknown as BoundingBox;
    if (!isBox(taken)) throw reader.corrupt("a box", edges.join(","));
    return taken;
  },
  text: (value) => value.join(","),
};

/** A field that may be left out; `null` where it is. One byte more. */
export const optional = <T>(field: OrderField<T>): OrderField<T | null> => ({
  read: (text, name) => field.read(text, name),
  write: (writer, value) => {
    writer.u8(value === null ? 0 : 1);
    if (value !== null) field.write(writer, value);
  },
  take: (reader, name) => {
    const flag = reader.u8();
    if (flag > 1) throw reader.corrupt(`${name}: 0 or 1 before it`, `${flag}`);
    return flag === 0 ? null : field.take(reader, name);
  },
  text: (value) => (value === null ? "" : field.text(value)),
  absent: null,
});

/** A field that means `value` where it is left out. */
export const initially = <T>(field: OrderField<T>, value: NoInfer<T>): OrderField<T> => ({
  ...field,
  absent: value,
});
