import { describe, expect, it } from "vitest";
import { isSwathError } from "../../pipeline/errors.ts";
import { decoderCases, mutantFor } from "./decoders.ts";

/** `npm run bench:decoders` tries 100,000. */
const mutants = process.env["SWATH_LONG"] === "1" ? 3000 : 120;

describe("decoders of what others wrote", async () => {
  it.each(await decoderCases())("$name: mutants are read or refused, and nothing else", async (decoder) => {
    for (const sample of decoder.samples) expect(sample.length).toBeGreaterThan(0);
    let refused = 0;
    for (let n = 0; n < Math.ceil(mutants * decoder.share); n++) {
      try {
        await decoder.read(mutantFor(decoder, n));
      } catch (error) {
        if (!isSwathError(error)) throw error;
        refused++;
      }
    }
    // Frames, envelopes and seals say in words what they refuse.
    const isSaid = /frame|envelope|value|protected/.test(decoder.name);
    expect(refused > 0 || isSaid).toBe(true);
  });
});
