import { formatCountOf } from "../../pipeline/format.ts";
import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { Command } from "commander";
import { cpu, deviceHelp, parseDevice } from "../../pipeline/detection/device.ts";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import {
  addCatalogueOptions,
  addReachOptions,
  type ReachFlags,
  reachOf,
  catalogueOptions,
  list,
  type CatalogueFlags,
} from "../options/dataset-options.ts";
import { type Excuses, sizeEdgesPx } from "../../studies/answer.ts";
import { checkModel, type CheckRequest } from "../../studies/check.ts";
import { interruptible } from "../interrupt.ts";
import { checkText } from "../text/check-text.ts";
import { parseNumber, parseWhole } from "../../pipeline/quantity.ts";
import { readSpacecraft } from "../../studies/inputs/spacecraft-file.ts";
import { readAreas } from "../../studies/inputs/areas.ts";
import { parseLabelMap } from "../../studies/options/label-map.ts";
import { parseMargin } from "../options/margin.ts";

interface Flags extends CatalogueFlags, ReachFlags {
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

const parseCheck = async (model: string, dataset: string, flags: Flags): Promise<CheckRequest> => {
  const optional = <T>(text: string | undefined, parse: (text: string) => T): T | null =>
    text === undefined ? null : parse(text);
  return {
    model,
    dataset,
    renamed: flags.map === undefined ? new Map<string, string>() : parseLabelMap(flags.map),
    ignored: new Set(flags.ignore === undefined ? [] : list(flags.ignore)),
    excuses: await parseExcuses(flags),
    spacecraft: readSpacecraft(flags.spacecraft),
    sizesPx:
      optional(flags.sizes, (text) => list(text).map((one) => parseNumber("--sizes", one, 1, 1e5))) ??
      sizeEdgesPx,
    threads:
      optional(flags.threads, (text) => parseWhole("--threads", text, 1, 256)) ?? availableParallelism(),
    threshold: optional(flags.threshold, (text) => parseNumber("--threshold", text, 0, 1)),
    floor: parseNumber("--floor", flags.floor, 0, 1),
    device: flags.device === undefined ? cpu : parseDevice(flags.device),
    datasetOptions: { ...catalogueOptions(flags), reach: reachOf(flags) },
    scenes: optional(flags.scenes, list),
    tileSizePx: optional(flags.tileSize, (text) => parseWhole("--tile-size", text, 1, 16_384)),
    overlapPx: optional(flags.overlap, (text) => parseWhole("--overlap", text, 0, 16_383)),
    tiling: flags.tiling === true,
  };
};

const check = async (model: string, dataset: string, flags: Flags, signal: AbortSignal): Promise<void> => {
  const progress = {
    scene: (done: number, of: number) => showProgress(`${done} of ${formatCountOf(of, "scene")}`),
    tiling: (done: number, of: number) => showProgress(`tiles: ${done} of ${formatCountOf(of, "scene")}`),
  };
  const { result, page } = await checkModel(await parseCheck(model, dataset, flags), { progress, signal });
  showProgress("");
  process.stdout.write(flags.json ? `${JSON.stringify(result, null, 2)}\n` : checkText(result));
  if (flags.html === undefined) return;
  await writeFile(flags.html, await page()).catch((cause: unknown) => {
    throw new SwathError("storage", { what: `cannot write ${flags.html}`, got: messageOf(cause), cause });
  });
  if (!flags.json) process.stdout.write(`page      ${flags.html}\n`);
};

/** `swath model check`. */
export const modelCheckCommand = (): Command =>
  addReachOptions(
    addCatalogueOptions(
      new Command("check")
        .description(
          "Measure a model on labelled scenes, tile by tile as it flies: AP50, curve, sizes, speed, energy",
        )
        .argument("<model>", "file.onnx, a folder with model.json, or the name of a shipped model")
        .argument("<dataset>", "labelled scenes: folder, STAC collection or builtin:harbour")
        .option("--scenes <ids>", "only these scenes, comma-separated"),
    ),
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
    .action((model: string, dataset: string, flags: Flags) =>
      interruptible((signal) => check(model, dataset, flags, signal)),
    );
