import { constants, deflateSync, inflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { installedInflates } from "../../../datasets/decoding/native-inflate.ts";

const installed = installedInflates();
const why = installed.length > 0 ? "" : " (skipped: neither libisal2 nor libdeflate0 is here, or no koffi)";

/** Bytes as rasters have them: slopes, repeats, noise. */
const content = fc.oneof(
  fc.uint8Array({ maxLength: 3000 }),
  fc
    .tuple(
      fc.integer({ min: 1, max: 40_000 }),
      fc.integer({ min: 1, max: 255 }),
      fc.integer({ min: 1, max: 90 }),
    )
    .map(([length, step, period]) => Uint8Array.from({ length }, (_, i) => ((i % period) * step) & 0xff)),
);
const settings = fc.record({
  level: fc.integer({ min: 0, max: 9 }),
  strategy: fc.constantFrom(
    constants.Z_DEFAULT_STRATEGY,
    constants.Z_FIXED,
    constants.Z_HUFFMAN_ONLY,
    constants.Z_RLE,
  ),
});

/** What zlib makes of a stream; `null`: an error. */
const byZlib = (stream: Uint8Array, most: number): Uint8Array | null => {
  try {
    return inflateSync(stream, { maxOutputLength: Math.max(64, most) });
  } catch {
    return null;
  }
};

describe.each(installed)("$library", ({ inflate }) => {
  it("inflates what zlib deflated", async () => {
    await fc.assert(
      fc.asyncProperty(content, settings, async (data, options) => {
        const target = Buffer.alloc(data.length + 3);
        expect(await inflate(deflateSync(data, options), target)).toBe(data.length);
        expect(target.subarray(0, data.length).equals(data)).toBe(true);
      }),
    );
  });

  it("says nothing of a damaged stream that zlib would not say", async () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(content, settings, damage, fc.nat(), async (data, options, bits, cut) => {
        const whole = Uint8Array.from(deflateSync(data, options));
        for (const [at, bit] of bits) whole[at % whole.length]! ^= bit;
        const stream = whole.slice(0, cut % 3 === 0 ? cut % whole.length : whole.length);
        const target = Buffer.alloc(data.length + 64);
        const made = await inflate(stream, target);
        if (made === null) return;
        const expected = byZlib(stream, target.length);
        expect(expected === null ? null : Buffer.compare(target.subarray(0, made), expected)).toBe(0);
      }),
      { numRuns: 400 },
    );
  });

  it("writes nothing behind its target, and wants no dictionary", async () => {
    const data = Buffer.from("a satellite over a harbour, ".repeat(200));
    const memory = Buffer.alloc(data.length + 64, 7);
    expect(await inflate(deflateSync(data), memory.subarray(0, data.length - 1))).toBeNull();
    expect(memory.subarray(data.length - 1).every((byte) => byte === 7)).toBe(true);
    const target = Buffer.alloc(data.length);
    expect(await inflate(deflateSync(data, { dictionary: Buffer.from("harbour") }), target)).toBeNull();
    expect(await inflate(new Uint8Array(), target)).toBeNull();
  });

  it("takes many streams at once", async () => {
    const streams = Array.from({ length: 2000 }, (_, i) => Buffer.alloc(20_000 + i, i));
    const results = await Promise.all(
      streams.map(async (data) => {
        const target = Buffer.alloc(data.length);
        return (await inflate(deflateSync(data), target)) === data.length && target.equals(data);
      }),
    );
    expect(results.every(Boolean)).toBe(true);
  });
});

test.skipIf(installed.length > 0)(`no native inflate is held against zlib${why}`, () => undefined);
