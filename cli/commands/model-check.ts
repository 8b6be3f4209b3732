import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { Command } from "commander";
import { openDataset } from "../../datasets/dataset.ts";
import { inspectModel } from "../../models/inspection.ts";
import { cpu, deviceHelp, parseDevice } from "../../pipeline/detection/device.ts";
import { openModel } from "../../models/model.ts";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { sizeEdgesPx } from "../../measure/quality/average-precision.ts";
import {
  addCatalogueOptions,
  catalogueOptions,
  list,
  type CatalogueFlags,
} from "../options/dataset-options.ts";
import type { Excuses } from "../../measure/check/excuse.ts";
import { checkPage } from "../../measure/report/check-report.ts";
import { resultOf } from "../../measure/check/check-result.ts";
import { runCheck } from "../../studies/check.ts";
import { checkText } from "../text/check-text.ts";
import { runTiling, tilingReference } from "../../studies/check-tiling.ts";
import { parseNumber, parseWhole } from "../../pipeline/quantity.ts";
import { readSpacecraft } from "../../studies/inputs/spacecraft-file.ts";
import { tilingNote } from "../../models/card/tiling-note.ts";
import { labelledScenes } from "../../studies/inputs/labelled-scenes.ts";
import type { TilingTable } from "../../measure/check/tiling-table.ts";
import { readAreas } from "../../studies/inputs/areas.ts";
import { parseLabelMap, parseMargin } from "../options/label-options.ts";

interface Flags extends CatalogueFlags {
  readonly scenes?: string;
  readonly map?: string;
  readonly ignore?: string;
  readonly ignoreMargin?: string;
  readonly ignoreAreas?: string;
  readonly tiling?: boolean;
  readonly spacecraft: string;
  readonly threshold?: string;
  readonly floor: string;
  readonly tileSize?: string;
  readonly overlap?: string;
  readonly sizes?: string;
  readonly threads?: string;
  readonly device?: string;
  readonly html?: string;
  readonly json?: boolean;
}

/** A line that overwrites itself, where somebody watches. */
const showProgress = (text: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${text}`);
};

const parseExcuses = async ({ ignoreMargin, ignoreAreas }: Flags): Promise<Excuses | null> => {
  if (ignoreMargin === undefined && ignoreAreas === undefined) return null;
  return {
    margin: ignoreMargin === undefined ? null : parseMargin(ignoreMargin),
    areas: ignoreAreas === undefined ? [] : await readAreas(ignoreAreas),
  };
};

const check = async (reference: string, datasetReference: string, flags: Flags): Promise<void> => {
  const renamed = flags.map === undefined ? new Map<string, string>() : parseLabelMap(flags.map);
  const ignored = new Set(flags.ignore === undefined ? [] : list(flags.ignore));
  const excuses = await parseExcuses(flags);
  const spacecraft = readSpacecraft(flags.spacecraft);
  const edgesPx =
    flags.sizes === undefined
      ? sizeEdgesPx
      : list(flags.sizes).map((text) => parseNumber("--sizes", text, 1, 1e5));
  const threads =
    flags.threads === undefined ? availableParallelism() : parseWhole("--threads", flags.threads, 1, 256);
  const asked = flags.threshold === undefined ? null : parseNumber("--threshold", flags.threshold, 0, 1);
  const floor = parseNumber("--floor", flags.floor, 0, 1);
  const { card, tile } = await inspectModel(reference);
  const threshold = asked ?? card?.thresholds.score ?? floor;
  const device = flags.device === undefined ? cpu : parseDevice(flags.device);
  const settings = { threads, device, threshold: Math.min(floor, threshold) };
  const dataset = await openDataset(datasetReference, catalogueOptions(flags));
  const labelled = await labelledScenes(dataset, flags.scenes === undefined ? null : list(flags.scenes));
  const tick = (done: number): void => showProgress(`${done} of ${labelled.length} scenes`);

  await using model = await openModel(reference, {
    ...settings,
    ...(flags.tileSize === undefined
      ? {}
      : { tileSizePx: parseWhole("--tile-size", flags.tileSize, 1, 16_384) }),
    ...(flags.overlap === undefined ? {} : { overlapPx: parseWhole("--overlap", flags.overlap, 0, 16_383) }),
  });
  const { info } = model;
  const { computer } = spacecraft;
  const run = await runCheck(dataset, model, labelled, { renamed, ignored, threads, computer, tick });
  let tiling: TilingTable | null = null;
  if (flags.tiling === true) {
    const isFixed = tile.source === "network";
    const against = tilingReference(info.tile, isFixed);
    await using large = await openModel(reference, {
      ...settings,
      ...(isFixed ? {} : { tileSizePx: against.sizePx }),
    });
    const { judged } = run;
    tiling = await runTiling(dataset, large, run.scenes, {
      reference: against,
      chosen: info.tile,
      threshold,
      judged,
      threads,
      tick: (done) => showProgress(`tiles: ${done} of ${run.scenes.length} scenes`),
    });
  }
  showProgress("");
  const narrow = tilingNote(card, info.tile);
  const noted = narrow === null ? run : { ...run, notes: [...run.notes, narrow] };
  const result = resultOf(noted, info, {
    dataset: dataset.name,
    threshold,
    edgesPx,
    threads,
    spacecraft,
    excuses,
    tiling,
  });
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
    .option("--ignore-margin <distance>", "count no false alarm so near to a label, off it: 20px or 200m")
    .option("--ignore-areas <geojson>", "count no false alarm in these polygons, off every label")
    .option("--threshold <score>", "score from which detections count (default: the card's)")
    .option("--floor <score>", "lowest score asked of the model: where the curve ends", "0.05")
    .option("--tile-size <pixels>", "instead of the card's")
    .option("--overlap <pixels>", "instead of the card's")
    .option("--tiling", "also compare tile sizes and overlaps with the whole scene: lost, added, moved, AP50")
    .option("--sizes <pixels>", "long sides that split the sizes (default: 10,20)")
    .option("--threads <n>", "inference threads (default: every core)")
    .option("--device <names>", deviceHelp)
    .option(
      "--hardware, --spacecraft <spec>",
      "whose computer it runs on: a preset or a YAML file",
      "cubesat-6u",
    )
    .option("--html <file>", "write a page with the worst misses and false alarms")
    .option("--json", "print JSON instead of text")
    .addHelpText(
      "after",
      `
Examples:
  $ swath model check ships-s2 builtin:harbour
  $ swath model check ships-s2 ships/ --tiling --ignore-margin 200m --html check.html
  $ swath model check yolov8n.onnx aircraft/ --map Airplane=airplane --sizes 60,120 --html check.html`,
    )
    .action(check);
