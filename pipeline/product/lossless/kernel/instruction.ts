/**
 * WebAssembly instructions as values: each function gives the bytes of an expression, its operands before its opcode, as the binary
 * format wants them (WebAssembly Core Specification 2.0, chapter 5.4). The type of what an expression leaves on the stack is a type here
 * too, so that a wrong operand is an error of the compiler. Only what the tile kernel needs; no operation whose result may differ
 * between machines (the "relaxed" ones).
 */
export type ValueType = "i32" | "i64" | "f32" | "v128";

/** An expression that leaves one value of type `T`, or (`"none"`) a statement that leaves nothing. */
export interface Code<T extends ValueType | "none"> {
  readonly type: T;
  readonly bytes: readonly number[];
}

type I32 = Code<"i32">;
type I64 = Code<"i64">;
type F32 = Code<"f32">;
type V128 = Code<"v128">;
/** What is done, with no value left behind. */
export type Statement = Code<"none">;

/** LEB128 without a sign. */
export const unsignedLeb = (value: number): readonly number[] =>
  value < 128 ? [value] : [(value & 127) | 128, ...unsignedLeb(Math.floor(value / 128))];

const signedLeb = (value: number): readonly number[] => {
  const low = value & 127;
  const rest = value >> 7;
  const isLast = (rest === 0 && (low & 64) === 0) || (rest === -1 && (low & 64) !== 0);
  return isLast ? [low] : [low | 128, ...signedLeb(rest)];
};

const code = <T extends ValueType | "none">(type: T, ...parts: readonly (readonly number[])[]): Code<T> => ({
  type,
  bytes: parts.flat(),
});

const unary =
  <A extends ValueType, R extends ValueType>(type: R, ...opcode: readonly number[]) =>
  (a: Code<A>): Code<R> =>
    code(type, a.bytes, opcode);

const binary =
  <A extends ValueType, B extends ValueType, R extends ValueType>(type: R, ...opcode: readonly number[]) =>
  (a: Code<A>, b: Code<B>): Code<R> =>
    code(type, a.bytes, b.bytes, opcode);

/** Alignment 2⁰ (any address is allowed, and fast), then the offset. */
const memoryArgument = (offset: number): readonly number[] => [0, ...unsignedLeb(offset)];

const load =
  <R extends ValueType>(type: R, ...opcode: readonly number[]) =>
  (address: I32, offset = 0): Code<R> =>
    code(type, address.bytes, opcode, memoryArgument(offset));

const store =
  <A extends ValueType>(...opcode: readonly number[]) =>
  (address: I32, value: Code<A>, offset = 0): Statement =>
    code("none", address.bytes, value.bytes, opcode, memoryArgument(offset));

const loadLane =
  (...opcode: readonly number[]) =>
  (address: I32, vector: V128, lane: number, offset = 0): V128 =>
    code("v128", address.bytes, vector.bytes, opcode, memoryArgument(offset), [lane]);

const simd = (opcode: number): readonly number[] => [0xfd, ...unsignedLeb(opcode)];

/** 32-bit integers; comparisons give 0 or 1. */
export const i32 = {
  const: (value: number): I32 => code("i32", [0x41], signedLeb(value)),
  add: binary<"i32", "i32", "i32">("i32", 0x6a),
  sub: binary<"i32", "i32", "i32">("i32", 0x6b),
  mul: binary<"i32", "i32", "i32">("i32", 0x6c),
  divUnsigned: binary<"i32", "i32", "i32">("i32", 0x6e),
  and: binary<"i32", "i32", "i32">("i32", 0x71),
  or: binary<"i32", "i32", "i32">("i32", 0x72),
  xor: binary<"i32", "i32", "i32">("i32", 0x73),
  shl: binary<"i32", "i32", "i32">("i32", 0x74),
  shrSigned: binary<"i32", "i32", "i32">("i32", 0x75),
  shrUnsigned: binary<"i32", "i32", "i32">("i32", 0x76),
  clz: unary<"i32", "i32">("i32", 0x67),
  isZero: unary<"i32", "i32">("i32", 0x45),
  lt: binary<"i32", "i32", "i32">("i32", 0x48),
  gt: binary<"i32", "i32", "i32">("i32", 0x4a),
  ltUnsigned: binary<"i32", "i32", "i32">("i32", 0x49),
  gtUnsigned: binary<"i32", "i32", "i32">("i32", 0x4b),
  geUnsigned: binary<"i32", "i32", "i32">("i32", 0x4f),
  load: load("i32", 0x28),
  loadByte: load("i32", 0x2d),
  loadHalf: load("i32", 0x2f),
  store: store<"i32">(0x36),
  storeHalf: store<"i32">(0x3b),
  wrap: unary<"i64", "i32">("i32", 0xa7),
  /** Towards zero; what is too large becomes the largest, no number becomes 0. */
  truncate: unary<"f32", "i32">("i32", 0xfc, 0x00),
} as const;

/** 64-bit integers: the bits in the making. */
export const i64 = {
  const: (value: number): I64 => code("i64", [0x42], signedLeb(value)),
  or: binary<"i64", "i64", "i64">("i64", 0x84),
  shl: binary<"i64", "i64", "i64">("i64", 0x86),
  shrUnsigned: binary<"i64", "i64", "i64">("i64", 0x88),
  extend: unary<"i32", "i64">("i64", 0xad),
  store: store<"i64">(0x37),
} as const;

/** Single-precision floats, rounded to nearest after each operation. */
export const f32 = {
  const: (value: number): F32 => code("f32", [0x43], [...new Uint8Array(Float32Array.of(value).buffer)]),
  add: binary<"f32", "f32", "f32">("f32", 0x92),
  sub: binary<"f32", "f32", "f32">("f32", 0x93),
  mul: binary<"f32", "f32", "f32">("f32", 0x94),
  div: binary<"f32", "f32", "f32">("f32", 0x95),
  min: binary<"f32", "f32", "f32">("f32", 0x96),
  max: binary<"f32", "f32", "f32">("f32", 0x97),
  floor: unary<"f32", "f32">("f32", 0x8e),
  gt: binary<"f32", "f32", "i32">("i32", 0x5e),
  ofInteger: unary<"i32", "f32">("f32", 0xb2),
  load: load("f32", 0x2a),
  store: store<"f32">(0x38),
} as const;

/** Four floats, lane 0 at the lowest address. */
export const f32x4 = {
  zero: code(
    "v128",
    simd(0x0c),
    Array.from({ length: 16 }, () => 0),
  ),
  splat: unary<"f32", "v128">("v128", ...simd(0x13)),
  lane: (vector: V128, lane: number): F32 => code("f32", vector.bytes, simd(0x1f), [lane]),
  add: binary<"v128", "v128", "v128">("v128", ...simd(0xe4)),
  sub: binary<"v128", "v128", "v128">("v128", ...simd(0xe5)),
  mul: binary<"v128", "v128", "v128">("v128", ...simd(0xe6)),
  load: load("v128", ...simd(0x00)),
  /** Another value in one lane. */
  replaceLane: (vector: V128, lane: number, value: F32): V128 =>
    code("v128", vector.bytes, value.bytes, simd(0x20), [lane]),
  /** Replaces one lane by what lies at the address. */
  loadLane: loadLane(...simd(0x56)),
  /** Replaces lanes 0 and 1 (`lane` 0), or 2 and 3 (`lane` 1). */
  loadTwoLanes: loadLane(...simd(0x57)),
  store: store<"v128">(...simd(0x0b)),
} as const;

/** A variable of a routine. */
export interface Local<T extends ValueType> {
  readonly type: T;
  readonly get: Code<T>;
  set(value: Code<T>): Statement;
  /** `local += value`, where there is such an addition. */
  add(value: Code<T>): Statement;
}

const additions = { i32: [0x6a], i64: [0x7c], f32: [0x92], v128: simd(0xe4) } as const;

/** The variable at `index` of a routine; its parameters come first. */
export const localAt = <T extends ValueType>(type: T, index: number): Local<T> => {
  const at = unsignedLeb(index);
  const get = code(type, [0x20], at);
  return {
    type,
    get,
    set: (value) => code("none", value.bytes, [0x21], at),
    add: (value) => code("none", get.bytes, value.bytes, additions[type], [0x21], at),
  };
};

/** One after the other. */
export const sequence = (...statements: readonly Statement[]): Statement =>
  code("none", ...statements.map(({ bytes }) => bytes));

/** `whether ? yes : no`, both worked out. */
export const select = <T extends "i32" | "f32">(yes: Code<T>, no: Code<T>, whether: I32): Code<T> =>
  code(yes.type, yes.bytes, no.bytes, whether.bytes, [0x1b]);

/** `body` where `whether` is not 0. */
export const when = (whether: I32, ...body: readonly Statement[]): Statement =>
  code("none", whether.bytes, [0x04, 0x40], sequence(...body).bytes, [0x0b]);

/** `body` again and again, as long as `again` is not 0 after it. */
export const repeatWhile = (again: I32, ...body: readonly Statement[]): Statement =>
  code("none", [0x03, 0x40], sequence(...body).bytes, again.bytes, [0x0d, 0, 0x0b]);

/** Ends the routine with a value. */
export const answer = (value: I32): Statement => code("none", value.bytes, [0x0f]);
