import { join } from "node:path";
import { inspectModel } from "../../models/inspection.ts";
import { addModel } from "../../models/model-folder.ts";
import { type Model, openModel } from "../../models/model.ts";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { allocateSamples } from "../../pipeline/raster/samples.ts";
import { planTiles } from "../../pipeline/raster/tile-plan.ts";
import type { Answer, CaseCheck } from "./case.ts";

type Box = readonly [x0: number, y0: number, x1: number, y1: number, score: number];

/** The two ships that the networks of these cases see in whatever they are shown. */
const ships: readonly Box[] = [
  [100, 200, 180, 260, 0.9],
  [400, 300, 440, 330, 0.8],
];

const boxText = (boxes: readonly Box[]): string =>
  boxes.map((box) => `[${box.map((n) => Number(n.toFixed(2))).join(", ")}]`).join(" ") || "no boxes";

/** Boxes in a grey tile as large as the model's, as the model's own answer and without a satellite. */
const lookAt = async (model: Model): Promise<readonly Box[]> => {
  const { sizePx: width, heightPx: height = width } = model.info.tile;
  const planes = model.info.bands.map(() => allocateSamples("uint8", width * height).fill(90));
  const bands = model.info.bands.map(
    (name) => ({ name, sampleType: "uint8", scale: 1, offset: 0, unit: "dn", nodata: null }) as const,
  );
  const found = await model.detect({ width, height, bands, planes, valid: null });
  return found.map(({ boxPx: { x0, y0, x1, y1 }, score }): Box => [x0, y0, x1, y1, score]);
};

/** The file runs as it is, `inspect` says so, and it sees `wanted` within half a pixel. */
const sees = async (path: string, wanted: readonly Box[]): Promise<Answer> => {
  const { missing } = await inspectModel(path);
  await using model = await openModel(path, { threads: 1 });
  const found = await lookAt(model);
  const isSame =
    found.length === wanted.length &&
    found.every((box, i) =>
      box.every((n, k) => Math.abs(n - (wanted[i]?.[k] ?? Number.NaN)) < (k === 4 ? 0.01 : 0.5)),
    );
  const ours = `${boxText(found)}${missing.length > 0 ? `; missing: ${missing.join("; ")}` : ""}`;
  return { ours, isRight: isSame && missing.length === 0 };
};

const shipsIn = (of: string, file: string): CaseCheck => ({
  of,
  right: `${boxText(ships)}, or refused`,
  mayRefuse: true,
  ask: (path) => sees(join(path, file), ships),
});

/** The same with the wording of a segmentation network, which has to be said how it is used. */
const brightTiles = async (path: string): Promise<Answer> => {
  const parent = await mkdtemp(join(tmpdir(), "swath-case-"));
  try {
    const { folder } = await addModel(
      {
        file: join(path, "bright384.onnx"),
        classes: ["bright"],
        bands: ["red", "green", "blue"],
        units: "uint8",
        scale: 1 / 255,
        overlapPx: 0,
        headOptions: {},
      },
      parent,
    );
    await using model = await openModel(folder, { threads: 1 });
    const { sizePx, heightPx = sizePx } = model.info.tile;
    const tiles = planTiles({ x: 0, y: 0, width: 640, height: 640 }, model.info.tile).length;
    const ours = `tiles of ${sizePx} × ${heightPx}, ${tiles} of a scene of 640 × 640`;
    return { ours, isRight: sizePx === 640 && heightPx === 384 && tiles === 2 };
  } finally {
    await rm(parent, { recursive: true });
  }
};

const m06 = "field/m06-inspect-says-it-runs";
const m08 = "field/m08-non-square-network";

export const models: readonly CaseCheck[] = [
  shipsIn("field/m01-ultralytics-nms-one-class", "best_nms1.onnx"),
  shipsIn("field/m03-yolov10-export-before-end2end-key", "yolov10.onnx"),
  shipsIn(m06, "half.onnx"),
  shipsIn(m06, "yolov8n_ext.onnx"),
  {
    of: m06,
    right: "[100, 200, 180, 260, 0.9] [400, 300, 440, 330, 0.8] as turned boxes, or refused",
    mayRefuse: true,
    ask: (path) => sees(join(path, "obb_nms.onnx"), ships),
  },
  {
    of: m08,
    right: "tiles of 640 × 384, 2 of a scene of 640 × 640",
    ask: brightTiles,
  },
  shipsIn(m08, "yolov8n_384x640.onnx"),
];
