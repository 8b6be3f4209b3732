import { brotliCompressSync, brotliDecompressSync } from "node:zlib";
import type { KnownObject, ModelExam } from "../../pipeline/mission/model-exam.ts";
import { ByteReader, ByteWriter, corruptPayload } from "../../pipeline/product/byte-cursor.ts";

/*
 * What the ground knows of scenes, as it goes up, in Brotli; integers are varints, names stand behind their lengths:
 *
 *     scenes; for each: name, objects; for each: 2 × class + 1 where it is to be ignored, then x, y, width, height in quarters of a pixel
 */

const steps = 4;
/** Longest side of a scene, pixels. */
const longestSide = 2 ** 24;
const mostUnpacked = 16 * 1024 * 1024;

/** An exam as it goes up: 5 to 8 bytes an object. */
export const writeExam = (exam: ModelExam): Uint8Array => {
  const writer = new ByteWriter();
  writer.varint(exam.size);
  for (const [scene, objects] of exam) {
    writer.block(Buffer.from(scene));
    writer.varint(objects.length);
    for (const { classId, ignore, boxPx } of objects) {
      const [x0, y0, x1, y1] = [boxPx.x0, boxPx.y0, boxPx.x1, boxPx.y1].map((edge) =>
        Math.max(0, Math.round(edge * steps)),
      ) as [number, number, number, number];
      writer.varint(2 * classId + (ignore ? 1 : 0));
      for (const value of [x0, y0, Math.max(0, x1 - x0), Math.max(0, y1 - y0)]) writer.varint(value);
    }
  }
  return brotliCompressSync(writer.finish());
};

/** Reads an exam for a model of so many classes. Throws `SwathError("link")` for what `writeExam` cannot have written. */
export const readExam = (packed: Uint8Array, classes: number): ModelExam => {
  let plain: Uint8Array;
  try {
    plain = brotliDecompressSync(packed, { maxOutputLength: mostUnpacked });
  } catch (cause) {
    throw corruptPayload("model exam", "Brotli", `${packed.length} other bytes`, cause);
  }
  const reader = new ByteReader("model exam", plain);
  const exam = new Map<string, readonly KnownObject[]>();
  for (let left = reader.varint("scenes", reader.left); left > 0; left--) {
    const scene = reader.text("scene");
    const count = reader.varint("objects", reader.left);
    const objects = Array.from({ length: count }, (): KnownObject => {
      const head = reader.varint("class", 2 * classes - 1);
      const [x, y, width, height] = ["x", "y", "width", "height"].map((name) =>
        reader.varint(name, longestSide * steps),
      ) as [number, number, number, number];
      const [x0, y0] = [x / steps, y / steps];
      const boxPx = { x0, y0, x1: x0 + width / steps, y1: y0 + height / steps };
      return { classId: Math.floor(head / 2), ignore: head % 2 === 1, boxPx };
    });
    exam.set(scene, objects);
  }
  reader.end();
  return exam;
};
