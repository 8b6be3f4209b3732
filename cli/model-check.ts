import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { Command } from "commander";
import { openDataset } from "../datasets/dataset.ts";
import { inspectModel } from "../models/inspection.ts";
import { openModel } from "../models/model.ts";
import { messageOf, SwathError } from "../pipeline/errors.ts";
import { sizeEdgesPx } from "../pipeline/meter/quality.ts";
import { addCatalogueOptions, catalogueOptions, list, type CatalogueFlags } from "./catalogue-options.ts";
import { labelledScenes, parseLabelMap } from "./label-classes.ts";
import { checkPage } from "./model-check-page.ts";
import { resultOf } from "./model-check-result.ts";
import { runCheck } from "./model-check-run.ts";
import { checkText } from "./model-check-text.ts";
import { parseNumber, parseWhole } from "./quantity.ts";

interface Flags extends CatalogueFlags {
  readonly scenes?: string;
  readonly map?: string;
  readonly ignore?: string;
  readonly threshold?: string;
  readonly floor: string;
  readonly tileSize?: string;
  readonly overlap?: string;
  readonly sizes?: string;
  readonly threads?: string;
  readonly html?: string;
  readonly json?: boolean;
}

const check = async (reference: string, datasetReference: string, flags: Flags): Promise<void> => {
  const renamed = flags.map === undefined ? new Map<string, string>() : parseLabelMap(flags.map);
  const ignored = new Set(flags.ignore === undefined ? [] : list(flags.ignore));
  const edgesPx =
    flags.sizes === undefined
      ? sizeEdgesPx
      : list(flags.sizes).map((text) => parseNumber("--sizes", text, 1, 1e5));
  const threads =
    flags.threads === undefined ? availableParallelism() : parseWhole("--threads", flags.threads, 1, 256);
  const asked = flags.threshold === undefined ? null : parseNumber("--threshold", flags.threshold, 0, 1);
  const floor = parseNumber("--floor", flags.floor, 0, 1);
  const own = (await inspectModel(reference)).card?.thresholds.score ?? floor;
  const threshold = asked ?? own;
  const dataset = await openDataset(datasetReference, catalogueOptions(flags));
  const labelled = await labelledScenes(dataset, flags.scenes === undefined ? null : list(flags.scenes));
  await using model = await openModel(reference, {
    threads,
    threshold: Math.min(floor, threshold),
    ...(flags.tileSize === undefined
      ? {}
      : { tileSizePx: parseWhole("--tile-size", flags.tileSize, 1, 16_384) }),
    ...(flags.overlap === undefined ? {} : { overlapPx: parseWhole("--overlap", flags.overlap, 0, 16_383) }),
  });
  const tick = (done: number): void => {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${done} of ${labelled.length} scenes`);
  };
  const run = await runCheck(dataset, model, labelled, { renamed, ignored, threads, tick });
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[2K");
  const result = resultOf(run, model.info, { dataset: dataset.name, threshold, edgesPx, threads });
  process.stdout.write(flags.json ? `${JSON.stringify(result, null, 2)}\n` : checkText(result));
  if (flags.html === undefined) return;
  const page = await checkPage(result, run, (scene) => dataset.open(scene));
  await writeFile(flags.html, page).catch((cause: unknown) => {
    throw new SwathError("storage", { what: `cannot write ${flags.html}`, got: messageOf(cause), cause });
  });
  if (!flags.json) process.stdout.write(`page      ${flags.html}\n`);
};

/** `swath model check`. */
export const modelCheckCommand = (): Command =>
  addCatalogueOptions(
    new Command("check")
      .description(
        "Measure a model on labelled scenes, tile by tile as it flies: AP50, curve, sizes, speed, energy",
      )
      .argument("<model>", "file.onnx, a folder with model.json, or the name of a shipped model")
      .argument("<dataset>", "labelled scenes: folder, STAC collection or builtin:harbour")
      .option("--scenes <ids>", "only these scenes, comma-separated"),
  )
    .option("--map <pairs>", "label class to model class, e.g. Airplane=airplane")
    .option("--ignore <classes>", "label classes that are neither hit nor missed")
    .option("--threshold <score>", "score from which detections count (default: the card's)")
    .option("--floor <score>", "lowest score asked of the model: where the curve ends", "0.05")
    .option("--tile-size <pixels>", "instead of the card's")
    .option("--overlap <pixels>", "instead of the card's")
    .option("--sizes <pixels>", "long sides that split the sizes (default: 10,20)")
    .option("--threads <n>", "inference threads (default: every core)")
    .option("--html <file>", "write a page with the worst misses and false alarms")
    .option("--json", "print JSON instead of text")
    .addHelpText(
      "after",
      `
Examples:
  $ swath model check ships-s2 builtin:harbour
  $ swath model check yolov8n.onnx aircraft/ --map Airplane=airplane --sizes 60,120 --html check.html`,
    )
    .action(check);
