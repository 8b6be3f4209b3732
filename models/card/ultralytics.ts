import { basename } from "node:path";
import { SwathError } from "../../pipeline/errors.ts";
import { type ModelCard, parseModelCard } from "./card.ts";
import { guessInput } from "./input-guess.ts";
import type { OnnxFile } from "../runtimes/onnx-file.ts";
import { estimateOpsPerPixel, parameterCount, precisionOf } from "../runtimes/onnx-operations.ts";

/** What such a network may be for. Masks and keypoints are not read, their boxes are. */
const tasks: readonly string[] = ["detect", "obb", "segment", "pose", "classify"];

/**
 * The card of a bare ONNX file, from the metadata that Ultralytics exports carry (`task`, `names`, `imgsz`, `stride`).
 * Source: https://github.com/ultralytics/ultralytics/blob/main/ultralytics/engine/exporter.py
 * Throws `SwathError("model")` where the metadata does not say enough.
 */
export const cardFromMetadata = (file: OnnxFile, path: string, sha256: string): ModelCard => {
  const where = basename(path);
  const { metadata } = file;
  const missing = ["task", "names", "stride"].filter((key) => !metadata.has(key));
  if (missing.length > 0) {
    throw new SwathError("model", {
      what: `${where} does not say how it is used`,
      wanted: "a model.json beside it, or the metadata of an Ultralytics export",
      got: `no ${missing.join(", no ")}`,
      hint: "write a model.json that states bands, units, classes and head",
    });
  }
  const refuse = (what: string, wanted: string, got: string) =>
    new SwathError("model", { what: `${what} of ${where}`, wanted, got });
  const task = metadata.get("task") ?? "";
  if (!tasks.includes(task)) throw refuse("task", tasks.join(", "), task);
  const [input, ...others] = file.inputs;
  if (input === undefined || others.length > 0) throw refuse("inputs", "one", `${file.inputs.length}`);
  const image = guessInput(file);
  if (image === null || (image.channels !== 3 && image.channels !== null)) {
    throw refuse("input", "[1, 3, height, width]", `[${input.shape.join(", ")}]`);
  }
  const names = parsePythonDict(metadata.get("names") ?? "");
  if (names === null)
    throw refuse("class names", "{0: 'name', …}", (metadata.get("names") ?? "").slice(0, 60));
  const stride = Number(metadata.get("stride"));
  // Height first, one number for both where there is only one.
  const declared = [...(metadata.get("imgsz") ?? "").matchAll(/\d+/g)].map(([digits]) => Number(digits));
  const heightPx = image.height ?? declared[0] ?? 640;
  const sizePx = image.width ?? declared[1] ?? declared[0] ?? 640;
  const isFree = image.width === null || image.height === null;
  return parseModelCard(
    {
      schema: "swath-model/1",
      name: where.replace(/\.onnx$/i, "").replaceAll(/[^A-Za-z0-9._-]/g, "-"),
      version: sha256.slice(0, 12),
      file: where,
      sha256,
      licence: metadata.get("license") ?? "not stated",
      description: metadata.get("description") ?? "",
      bands: ["red", "green", "blue"],
      units: "uint8",
      input: {
        name: input.name,
        layout: image.layout,
        colour: "RGB",
        scale: 1 / 255,
        mean: [0, 0, 0],
        std: [1, 1, 1],
      },
      tile: {
        sizePx,
        ...(heightPx === sizePx ? {} : { heightPx }),
        overlapPx: Math.floor(Math.min(sizePx, heightPx) / 5),
        multipleOfPx: isFree ? stride : 1,
      },
      // Which of the heads of that maker it is, a trial tells.
      head: { kind: "yolo" },
      classes: names,
      // What Ultralytics' own `predict` uses.
      thresholds: { score: 0.25, mergeIou: 0.5 },
      maxDetections: 300,
      opsPerPixel: estimateOpsPerPixel(file),
      parameters: parameterCount(file),
      precision: precisionOf(file),
    },
    `from the metadata of ${where}`,
  );
};

/** The values of `{0: 'person', 1: "driver's cab"}` in the order of their keys 0, 1, …; `null` when it is none such. */
export const parsePythonDict = (text: string): string[] | null => {
  const names: string[] = [];
  const entry = /\s*(\d{1,6})\s*:\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*(,|\}\s*$)/y;
  if (!text.startsWith("{")) return null;
  entry.lastIndex = 1;
  for (let match = entry.exec(text); match !== null; match = entry.exec(text)) {
    if (Number(match[1]) !== names.length) return null;
    names.push((match[2] ?? match[3] ?? "").replaceAll(/\\(.)/g, "$1"));
    if (match[4] !== ",") return names;
  }
  return null;
};
