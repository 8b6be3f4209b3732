import fc from "fast-check";
import type { Band, Raster } from "../../../pipeline/raster/raster.ts";
import { allocateSamples, type SampleArray, type SampleType } from "../../../pipeline/raster/samples.ts";

export const band = (name: string, sampleType: SampleType, commonName?: string): Band => ({
  name,
  sampleType,
  scale: 1,
  offset: 0,
  unit: "dn",
  nodata: null,
  ...(commonName === undefined ? {} : { commonName }),
});

/** A small linear generator: tests need pixels that are the same every time, not random ones. */
export const sequence = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

/** A slope with waves and noise, and one bright rectangle: some of everything that an image has. */
export const scenery = (width: number, height: number, seed: number): Float64Array => {
  const random = sequence(seed);
  return Float64Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    const ship = x > width / 2 && x < width / 2 + 8 && y > height / 2 && y < height / 2 + 4 ? 3000 : 0;
    return 400 + x * 0.5 + 60 * Math.sin(x / 9 + y / 13) + 40 * random() + ship;
  });
};

const sampleTypes: readonly SampleType[] = [
  "uint8",
  "int8",
  "uint16",
  "int16",
  "uint32",
  "int32",
  "float32",
  "float64",
];

/** Samples of every bit pattern that the type has, NaN payloads and −0 included. */
const anyPlane = (type: SampleType, length: number): fc.Arbitrary<SampleArray> =>
  fc.oneof(
    fc.integer({ min: 0, max: 2 ** 31 }).map((seed) => {
      const random = sequence(seed);
      const plane = allocateSamples(type, length);
      const bytes = new Uint8Array(plane.buffer);
      bytes.forEach((_, i) => (bytes[i] = Math.floor(random() * 256)));
      return plane;
    }),
    fc
      .tuple(fc.integer({ min: -40_000, max: 70_000 }), fc.integer({ min: 0, max: 9 }))
      .map(([level, spread]) => {
        const random = sequence(level + spread);
        const plane = allocateSamples(type, length);
        plane.forEach((_, i) => (plane[i] = level + Math.floor(random() * spread)));
        return plane;
      }),
  );

/** Rasters up to 24 × 24 with one to four bands of any types. */
export const anyRaster: fc.Arbitrary<Raster> = fc
  .record({
    width: fc.integer({ min: 1, max: 24 }),
    height: fc.integer({ min: 1, max: 24 }),
    types: fc.array(fc.constantFrom(...sampleTypes), { minLength: 1, maxLength: 4 }),
    masked: fc.boolean(),
  })
  .chain(({ width, height, types, masked }) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      bands: fc.constant(types.map((type, b) => band(`b${b}`, type))),
      planes: fc.tuple(...types.map((type) => anyPlane(type, width * height))),
      valid: masked
        ? fc
            .array(fc.integer({ min: 0, max: 1 }), { minLength: width * height, maxLength: width * height })
            .map((bits) => Uint8Array.from(bits))
        : fc.constant(null),
    }),
  );

export const bytesOf = (samples: SampleArray): Buffer =>
  Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
