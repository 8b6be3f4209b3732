import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ModelFiles } from "../../../models/updates/model-files.ts";
import { openFiles } from "../../../models/updates/model-tools.ts";
import { firstTrust } from "../../../models/updates/trust.ts";
import { packUpdate, unpackUpdate, type UpdatePlace } from "../../../models/updates/update-package.ts";
import { readExam, writeExam } from "../../../models/updates/exam-wire.ts";
import { signReleases } from "../../../models/updates/signed-metadata.ts";
import { isSwathError } from "../../../pipeline/errors.ts";
import { retrainedFiles, shippedFiles } from "./retrained.ts";
import { now, orderOf, releaseOf, signed, signers, versions } from "./signing.ts";

const isLong = process.env["SWATH_LONG"] !== undefined;
const base = await shippedFiles();
const next = await retrainedFiles();
const metadata = signed(next);
const exam = new Map([
  ["genoa", [{ classId: 0, ignore: false, boxPx: { x0: 1.25, y0: 2, x1: 10, y1: 20.5 } }]],
]);
const up = packUpdate(metadata, next, base, exam);
const order = orderOf(next, metadata);

const place = (more: Partial<UpdatePlace> = {}): UpdatePlace => ({
  trust: firstTrust(signers.root.publicKey, { "ships-s2:int8": 1 }),
  base: [base],
  mission: { bands: ["B02", "B03", "B04", "B08"], units: "reflectance", classes: ["ship"] },
  roomBytes: 1e6,
  now,
  ...more,
});

const refusal = (unpack: () => unknown) => {
  try {
    unpack();
  } catch (error) {
    if (isSwathError(error)) return error.parts;
    throw error;
  }
  throw new Error("it was taken");
};

describe("a model that goes up", () => {
  it("comes out bit for bit, with its exam, and loads", async () => {
    const { files, exam: heard, card } = unpackUpdate(order, up.bytes, place());
    expect([...files].map(([name, bytes]) => [name, Buffer.from(bytes).toString("hex")])).toEqual(
      [...next].map(([name, bytes]) => [name, Buffer.from(bytes).toString("hex")]),
    );
    expect(heard).toEqual(exam);
    expect(card.version).toBe("4.0.0");
    const whole = [...next.values()].reduce((sum, { length }) => sum + length, 0);
    expect(up.bytes.length / whole).toBeLessThan(0.35);
    await using detector = await openFiles(files, { threads: 1 });
    expect(detector.info).toMatchObject({ version: "4.0.0", classes: ["ship"], scoreThreshold: 0.62 });
  });

  it("is refused where the mission cannot use it, or has no room", () => {
    const bands = ["B04", "B03", "B02"];
    const foreign = place({ mission: { ...place().mission, bands } });
    expect(refusal(() => unpackUpdate(order, up.bytes, foreign))).toMatchObject({
      what: "model update update-1: bands",
      field: "bands",
      wanted: "B04 B03 B02",
      got: "B02 B03 B04 B08",
    });
    const classes = place({ mission: { ...place().mission, classes: ["cloud"] } });
    expect(refusal(() => unpackUpdate(order, up.bytes, classes)).field).toBe("classes");
    const units = place({ mission: { ...place().mission, units: "dn" } });
    expect(refusal(() => unpackUpdate(order, up.bytes, units)).field).toBe("units");
    expect(refusal(() => unpackUpdate(order, up.bytes, place({ roomBytes: 1000 }))).field).toBe("upload");
  });

  it("is refused where the delta is against something that is not on board", () => {
    for (const other of [
      new Map(),
      next as ModelFiles,
      new Map([["ships-s2-int8.onnx", new Uint8Array(5)]]),
    ]) {
      const { field, wanted, got } = refusal(() => unpackUpdate(order, up.bytes, place({ base: [other] })));
      expect(field).toBe("base");
      expect(got).toMatch(/^sha256 [0-9a-f]{64}$/);
      expect(wanted).toBeTruthy();
    }
  });

  it("is refused where the card says other than what is signed, or files are missing or others", () => {
    // Told against itself a model is quickly told.
    const release = releaseOf(next);
    const lying = signReleases(
      [{ ...release, notes: { ...release.notes, bands: ["B08"] } }],
      signers,
      versions(),
    );
    const mission = { ...place().mission, bands: ["B08"] };
    const onto = { base: [next] };
    const bytes = packUpdate(lying, next, next).bytes;
    expect(refusal(() => unpackUpdate(orderOf(next, lying), bytes, place({ mission, ...onto }))).field).toBe(
      "bands",
    );
    const less = packUpdate(metadata, new Map([...next].slice(0, 1)), next).bytes;
    expect(refusal(() => unpackUpdate(order, less, place(onto))).field).toBe("files");
    const other = packUpdate(metadata, base, base).bytes;
    expect(refusal(() => unpackUpdate(order, other, place()))).toBeTruthy();
    const more = packUpdate(metadata, new Map([...next, ["../x", new Uint8Array(3)]]), next).bytes;
    expect(refusal(() => unpackUpdate(order, more, place(onto))).field).toBe("files");
  });

  it("altered or cut off anywhere is refused, or the very model", () => {
    const small = new Map([...next].slice(0, 1));
    const few = signReleases([releaseOf(small)], signers, versions());
    const packed = packUpdate(few, small, base, exam).bytes;
    fc.assert(
      fc.property(
        fc.nat({ max: packed.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        (at, flip, cut) => {
          const broken = cut ? packed.slice(0, at) : packed.slice();
          if (!cut) broken[at] = (broken[at] as number) ^ flip;
          try {
            unpackUpdate(orderOf(small, few), broken, place());
          } catch (error) {
            expect(isSwathError(error)).toBe(true);
          }
        },
      ),
      { numRuns: isLong ? 60 : 10 },
    );
  });

  it("an exam is read back to a quarter of a pixel", () => {
    const edge = fc.integer({ min: 0, max: 4000 }).map((n) => n / 4);
    const object = fc.record({
      classId: fc.nat({ max: 3 }),
      ignore: fc.boolean(),
      x: edge,
      y: edge,
      w: edge,
      h: edge,
    });
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ maxLength: 9 }), fc.array(object, { maxLength: 5 })),
        (scenes) => {
          const known = new Map(
            Object.entries(scenes).map(([scene, objects]) => [
              scene,
              objects.map(({ classId, ignore, x, y, w, h }) => ({
                classId,
                ignore,
                boxPx: { x0: x, y0: y, x1: x + w, y1: y + h },
              })),
            ]),
          );
          expect(readExam(writeExam(known), 4)).toEqual(known);
        },
      ),
      { numRuns: isLong ? 100 : 25 },
    );
  });
});
