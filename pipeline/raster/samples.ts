/** The sample types that a raster may hold, named as in STAC's `raster:bands[].data_type`. */
export type SampleType = "uint8" | "int8" | "uint16" | "int16" | "uint32" | "int32" | "float32" | "float64";

/** The typed arrays that hold samples. */
export type SampleArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

const constructors = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

/** Bytes that one sample of this type takes. */
export const bytesPerSample = (type: SampleType): number => constructors[type].BYTES_PER_ELEMENT;

/** A zeroed array of `length` samples. */
export const allocateSamples = (type: SampleType, length: number): SampleArray =>
  new constructors[type](length);

/** The bytes of `buffer` seen as samples, without a copy where alignment allows. */
export const samplesOf = (type: SampleType, data: Uint8Array): SampleArray => {
  const size = bytesPerSample(type);
  const aligned = data.byteOffset % size === 0 ? data : data.slice();
  return new constructors[type](
    aligned.buffer as ArrayBuffer,
    aligned.byteOffset,
    Math.floor(aligned.byteLength / size),
  );
};

/** The sample type of a typed array. Throws `TypeError` for an array that holds no samples. */
export const sampleTypeOf = (samples: SampleArray): SampleType => {
  for (const [name, constructor] of Object.entries(constructors)) {
    if (samples instanceof constructor) return name as SampleType;
  }
  throw new TypeError("not a sample array");
};
