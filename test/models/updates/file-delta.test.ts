import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyDelta, encodeDelta, readDeltaHead } from "../../../models/updates/file-delta.ts";
import { tensorSpans } from "../../../models/updates/onnx-tensors.ts";
import { findTwins } from "../../../models/updates/tensor-twins.ts";
import { SwathError } from "../../../pipeline/errors.ts";
import { packageRoot } from "../../../pipeline/package.ts";
import { retrainedDelta, retrainedFacts, shippedFiles } from "./retrained.ts";

const shipped = (path: string): Uint8Array =>
  new Uint8Array(readFileSync(join(packageRoot, "models/shipped", path)));
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const int8 = shipped("ships-s2/ships-s2-int8.onnx");
const clouds = shipped("clouds/clouds-int8.onnx");

describe("a delta", () => {
  it("makes any bytes of any others", () => {
    const bytes = fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(
        fc.option(bytes),
        bytes,
        fc.array(fc.nat({ max: 299 }), { maxLength: 4 }),
        (old, fresh, cuts) => {
          // Parts of the old bytes, in another order, with new ones between.
          const parts = cuts.map((at) => (old ?? new Uint8Array()).subarray(at, at + 60));
          const next = Buffer.concat([...parts, fresh, ...parts]);
          expect(Buffer.from(applyDelta("x", old, encodeDelta(old, next)))).toEqual(next);
        },
      ),
    );
  });

  it("makes a network of one that differs in weights, scales and graph", () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 31 }), fc.integer({ min: 0, max: 40 }), (seed, spread) => {
        const next = clouds.slice();
        let state = seed + 1;
        for (const { kind, offsetBytes, lengthBytes } of tensorSpans(clouds)) {
          if (kind !== "int8" && kind !== "float32") continue;
          for (let i = 0; i < lengthBytes; i += 37) {
            state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
            next[offsetBytes + i] = (next[offsetBytes + i] as number) + (spread === 0 ? 0 : state % spread);
          }
        }
        next[next.length - 3] = seed & 0xff;
        const made = applyDelta("x", clouds, encodeDelta(clouds, next));
        expect(sha256(made)).toBe(sha256(next));
      }),
      { numRuns: 3 },
    );
  });

  it("of equal files is next to nothing, and its bytes are always the same", () => {
    const delta = encodeDelta(clouds, clouds);
    expect(delta.length).toBeLessThan(500);
    expect(sha256(encodeDelta(clouds, clouds))).toBe(sha256(delta));
  });

  it("of the retrained ships is at most 0.35 of the whole", async () => {
    const { base, sha256: wanted, bytes } = retrainedFacts();
    const delta = retrainedDelta();
    const old = (await shippedFiles()).get("ships-s2-int8.onnx") as Uint8Array;
    expect(sha256(old)).toBe(base);
    const next = applyDelta("retrained", old, delta);
    expect(sha256(next)).toBe(wanted);
    expect(sha256(encodeDelta(old, next))).toBe(sha256(delta));
    expect(delta.length / bytes).toBeLessThan(0.07);
    // Against the whole as it would be sent, compressed, as well.
    expect(delta.length / encodeDelta(null, next).length).toBeLessThan(0.1);
  }, 60_000);

  it("says what it is against, and is refused against another file", () => {
    const next = shipped("clouds/model.json");
    const delta = encodeDelta(clouds, next);
    const base = sha256(clouds);
    expect(readDeltaHead(delta)).toEqual({ base, target: sha256(next), lengthBytes: next.length });
    const refused = (): unknown => applyDelta("update-7", int8, delta);
    expect(refused).toThrow(
      `delta of update-7 is against another file: wanted sha256 ${sha256(int8)}, got sha256 ${base}`,
    );
    try {
      refused();
    } catch (error) {
      expect((error as SwathError).parts.field).toBe("base");
    }
    expect(() => applyDelta("update-7", null, delta)).toThrow("nothing of it is on board");
  });

  it("cut off or altered anywhere is refused, or makes the very file", () => {
    const old = clouds;
    const next = shipped("clouds-swir/clouds-swir-int8.onnx");
    const delta = encodeDelta(old, next);
    fc.assert(
      fc.property(fc.nat({ max: delta.length - 1 }), fc.integer({ min: 0, max: 255 }), (at, value) => {
        const broken = value === delta[at] ? delta.subarray(0, at) : delta.slice();
        if (broken.length === delta.length) broken[at] = value;
        let made: Uint8Array;
        try {
          made = applyDelta("x", old, broken);
        } catch (error) {
          expect(error).toBeInstanceOf(SwathError);
          return;
        }
        expect(sha256(made)).toBe(sha256(next));
      }),
      { numRuns: 25 },
    );
  });
});

describe("twins", () => {
  it("are found in a network that turns with the picture, three of four rows", () => {
    const weights = tensorSpans(int8).filter(({ kind, shape }) => kind === "int8" && shape.length === 4);
    expect(weights.length).toBe(21);
    for (const { shape, offsetBytes, lengthBytes } of weights) {
      const rows = shape[0] as number;
      const twins = findTwins(new Int8Array(int8.buffer, int8.byteOffset + offsetBytes, lengthBytes), rows);
      expect(twins.filter((twin) => twin !== null).length).toBe((3 / 4) * rows);
    }
  });

  it("are not found where there are none", () => {
    let state = 7;
    const noise = Int8Array.from(
      { length: 64 * 90 },
      () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >> 24,
    );
    expect(findTwins(noise, 64).every((twin) => twin === null)).toBe(true);
    expect(findTwins(new Int8Array(12), 3).every((twin) => twin === null)).toBe(true);
  });
});
