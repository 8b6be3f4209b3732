import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inspectModel } from "../../models/inspection.ts";
import { addModel, type AddRequest } from "../../models/model-folder.ts";
import { openModel } from "../../models/model.ts";
import { seeded } from "../../pipeline/seeded.ts";
import { modelError, rasterOf, toyCard } from "./toys.ts";

/** A network of `test/golden/models/answers.py`, which sees the same objects whatever it is shown. */
interface Answer {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly head: string | null;
  /** What is said of a file that does not say it itself; none: it is opened as it is. */
  readonly request?: Omit<AddRequest, "file" | "headOptions"> & Pick<Partial<AddRequest>, "headOptions">;
  /** Class, score and box of each object. */
  readonly expected?: readonly (readonly [number, number, number, number, number, number])[];
  readonly refused?: string;
}

const golden = (path: string): string => fileURLToPath(new URL(`../golden/models/${path}`, import.meta.url));
const answers = JSON.parse(readFileSync(golden("answers.json"), "utf8")) as readonly Answer[];

let parent = "";
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), "swath-answers-"));
});
afterAll(() => rm(parent, { recursive: true }));

const noise = (width: number, height: number) => {
  const random = seeded("answers", 1);
  const plane = () => Uint8Array.from({ length: width * height }, () => 255 * random.uniform());
  return rasterOf(width, height, [plane(), plane(), plane()]);
};

/** A reference that opens: the file itself, or the folder that it was added to. */
const referenceOf = async ({ name, request }: Answer): Promise<string> => {
  const file = golden(`answers/${name}.onnx`);
  if (request === undefined) return file;
  return (await addModel({ headOptions: {}, tileSizePx: 128, ...request, file }, parent)).folder;
};

const findIn = async (reference: string, { width, height }: Answer) => {
  await using model = await openModel(reference, { threads: 1 });
  expect(model.info.tile).toMatchObject({ sizePx: width, ...(width === height ? {} : { heightPx: height }) });
  const found = await model.detect(noise(width, height));
  return { found: found ?? [], card: model.card };
};

describe("networks whose answers are known", () => {
  test.each(answers.filter(({ expected }) => expected))("$name: the same boxes", async (answer) => {
    const reference = await referenceOf(answer);
    const { found, card } = await findIn(reference, answer);
    expect(card.head.kind).toBe(answer.head);
    expect(found).toHaveLength(answer.expected?.length ?? 0);
    for (const [classId, score, ...box] of answer.expected ?? []) {
      const one = found.find((detection) => Math.abs(detection.score - score) < 2e-3);
      expect(one?.classId).toBe(classId);
      const { x0, y0, x1, y1 } = one?.boxPx ?? { x0: NaN, y0: NaN, x1: NaN, y1: NaN };
      [x0, y0, x1, y1].forEach((side, i) => expect(Math.abs(side - (box[i] as number))).toBeLessThan(0.5));
    }
  });

  test.each(answers.filter(({ refused }) => refused))("$name: refused before a run", async (answer) => {
    await expect(referenceOf(answer)).rejects.toThrow(modelError(new RegExp(answer.refused ?? "")));
  });

  test.each(answers.filter(({ expected, request }) => expected && !request))(
    "$name: inspection says that it runs as it is",
    async ({ name, head }) => {
      const inspection = await inspectModel(golden(`answers/${name}.onnx`));
      expect(inspection.missing).toEqual([]);
      expect(inspection.head?.kind).toBe(head);
    },
  );

  test("a card that says yolo of rows after suppression is refused: it would find nothing", async () => {
    const stated = async (head: unknown): Promise<void> => {
      const folder = await mkdtemp(join(parent, "stated-"));
      const bytes = await readFile(golden("answers/nms-silent.onnx"));
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      const card = {
        ...toyCard({ file: "net.onnx", sha256, head, classes: ["ship"] }),
        bands: ["red", "green", "blue"],
        units: "uint8",
        input: { name: "images", scale: 1 / 255, mean: [0, 0, 0], std: [1, 1, 1], dtype: "float32" },
        tile: { sizePx: 128, overlapPx: 16 },
        classes: ["ship", "car"],
      };
      await writeFile(join(folder, "net.onnx"), bytes);
      await writeFile(join(folder, "model.json"), JSON.stringify(card));
      await using model = await openModel(folder, { threads: 1 });
      expect(await model.detect(noise(128, 128))).toHaveLength(2);
    };
    await expect(stated({ kind: "yolo" })).rejects.toThrow(
      modelError(
        /head of model "toy-centre": wanted suppressed, got yolo, but output "output0" \[1, 300, 6\]/,
      ),
    );
    await expect(stated({ kind: "detr" })).rejects.toThrow(modelError(/wanted suppressed, got detr/));
    await expect(stated({ kind: "suppressed", firstClass: 1 })).rejects.toThrow(
      modelError(/head\.firstClass .*wanted 0, got 1/),
    );
    await stated({ kind: "suppressed" });
  });

  test("a network for four images at once is charged for four", async () => {
    const opsOf = async (name: string): Promise<number> => {
      await using model = await openModel(golden(`answers/${name}.onnx`), { threads: 1 });
      return model.info.opsPerPixel;
    };
    expect(await opsOf("batch-of-four")).toBe(4 * (await opsOf("batch-named")));
  });
});
