/** Elements of a tensor as a runtime holds them. Sixteen-bit floats are their bits where the language has no type for them. */
export type Elements =
  | Float32Array<ArrayBufferLike>
  | Float64Array<ArrayBufferLike>
  | Uint8Array<ArrayBufferLike>
  | Int8Array<ArrayBufferLike>
  | Uint16Array<ArrayBufferLike>
  | Int16Array<ArrayBufferLike>
  | Uint32Array<ArrayBufferLike>
  | Int32Array<ArrayBufferLike>
  | BigInt64Array<ArrayBufferLike>
  | BigUint64Array<ArrayBufferLike>;

/** The ranges of the whole types; 64 bits are held to what a float64 counts exactly. */
const wholeRanges = {
  uint8: [0, 255],
  int8: [-128, 127],
  uint16: [0, 65_535],
  int16: [-32_768, 32_767],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
  int64: [-(2 ** 53), 2 ** 53],
} as const;

/** The integer types of tensors. */
export type WholeType = keyof typeof wholeRanges;
/** Types that an image can be fed in. */
export type InputType = "float32" | "float16" | "float64" | WholeType;

/** All types that an image can be given to a network in. */
export const inputTypes: readonly InputType[] = [
  "float32",
  "float16",
  "float64",
  ...(Object.keys(wholeRanges) as WholeType[]),
];

/** https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, `TensorProto.DataType`. */
const onnxTypes = [
  "?",
  "float32",
  "uint8",
  "int8",
  "uint16",
  "int16",
  "int32",
  "int64",
  "string",
  "bool",
  "float16",
  "float64",
  "uint32",
  "uint64",
];

/** What ONNX calls the type of this number. */
export const elementTypeName = (type: number): string => onnxTypes[type] ?? `type ${type}`;

/** Whether an image can be given to a network in this type. */
export const isInputType = (type: string): type is InputType => inputTypes.includes(type as InputType);

/** Whether it is an integer type. */
export const isWholeType = (type: string): type is WholeType => Object.hasOwn(wholeRanges, type);

const words = new Uint32Array(1);
const single = new Float32Array(words.buffer);

/** The bits of the nearest IEEE 754 binary16, ties to even; what is too large becomes infinite. */
export const halfBits = (value: number): number => {
  single[0] = value;
  const bits = words[0] as number;
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - 112;
  const mantissa = bits & 0x7f_ffff;
  if (exponent >= 143) return sign | 0x7c00 | (mantissa === 0 ? 0 : 0x200);
  if (exponent >= 31) return sign | 0x7c00;
  // Below the smallest normal number the leading 1 is written out and moved down.
  if (exponent <= 0) return exponent < -10 ? sign : sign | shiftEven(mantissa | 0x80_0000, 14 - exponent);
  return sign | shiftEven((exponent << 23) | mantissa, 13);
};

const shiftEven = (value: number, by: number): number => {
  const low = value & (2 ** by - 1);
  const half = 2 ** (by - 1);
  const high = value >>> by;
  return high + (low > half || (low === half && (high & 1) === 1) ? 1 : 0);
};

/** The value of an IEEE 754 binary16. */
export const halfValue = (bits: number): number => {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const mantissa = bits & 0x3ff;
  if (exponent === 31) return mantissa === 0 ? sign * Infinity : Number.NaN;
  return exponent === 0 ? sign * mantissa * 2 ** -24 : sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
};

const wholeArrays = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  int32: Int32Array,
  uint32: Uint32Array,
} as const;

/** Numbers as elements of a type: whole ones rounded and held to their range. Float32 is handed on as it is. */
export const elementsOf = (values: Float32Array, type: InputType): Elements => {
  if (type === "float32") return values;
  if (type === "float64") return Float64Array.from(values);
  if (type === "float16") return Uint16Array.from(values, halfBits);
  const [least, most] = wholeRanges[type];
  const whole = (value: number): number => Math.min(most, Math.max(least, Math.round(value)));
  if (type === "int64") return BigInt64Array.from(values, (value) => BigInt(whole(value)));
  const wholes = values.map(whole);
  return new wholeArrays[type](wholes);
};

/** Elements of any type as float32; `null` for a type that holds no numbers. */
export const floatsOf = (data: unknown, type: string): Float32Array | null => {
  if (data instanceof Float32Array) return data;
  if (!ArrayBuffer.isView(data) || data instanceof DataView) return null;
  if (type === "float16") {
    const { buffer, byteOffset, byteLength } = data;
    return Float32Array.from(new Uint16Array(buffer, byteOffset, byteLength / 2), halfValue);
  }
  if (data instanceof BigInt64Array || data instanceof BigUint64Array)
    return Float32Array.from(data as ArrayLike<bigint>, (n: bigint) => Number(n));
  return Float32Array.from(data as Elements as Exclude<Elements, BigInt64Array | BigUint64Array>);
};
