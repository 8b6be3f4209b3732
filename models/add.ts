import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { messageOf, SwathError } from "../pipeline/errors.ts";
import type { Band, Raster } from "../pipeline/raster/raster.ts";
import { allocateSamples } from "../pipeline/raster/samples.ts";
import { type ModelCard, parseModelCard, readWeights } from "./card.ts";
import { guessHead, guessInput } from "./head-guess.ts";
import { openModel } from "./model.ts";
import { checkOperators, type OnnxFile, readOnnxFile } from "./onnx-file.ts";
import { estimateOpsPerPixel, isQuantised, parameterCount } from "./onnx-operations.ts";
import { cardFromMetadata } from "./ultralytics.ts";

/** What a user says of a file; what is left out comes from the file, where it says it. */
export interface AddRequest {
  readonly file: string;
  readonly name?: string;
  readonly version?: string;
  readonly licence?: string;
  readonly description?: string;
  readonly classes?: readonly string[];
  readonly bands?: readonly string[];
  readonly units?: string;
  /** The head's kind; its other fields in `headOptions`. */
  readonly head?: string;
  /** As in a card's `head`: `activation`, `background`, `strideCells`, … */
  readonly headOptions: Readonly<Record<string, unknown>>;
  readonly layout?: string;
  readonly pixelOrder?: string;
  /** input = (value · scale − mean) / std; one number, or one a band. */
  readonly scale?: number;
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
  readonly tileSizePx?: number;
  readonly overlapPx?: number;
  readonly multipleOfPx?: number;
  readonly scoreThreshold?: number;
  readonly mergeIou?: number;
}

/**
 * Writes a model folder (card and weights) into `parent` and returns it with its card. Before it is put in place it is
 * opened as any model is and runs one blank tile, so that what is added is known to load and to fit its card.
 * Throws `SwathError("model")` when the file or what was said of it does not fit, `SwathError("config")` when something has
 * to be said, `SwathError("storage")` when the folder cannot be written.
 */
export const addModel = async (
  request: AddRequest,
  parent: string,
): Promise<{ readonly folder: string; readonly card: ModelCard }> => {
  const where = basename(request.file);
  const weights = await readWeights(request.file);
  const file = readOnnxFile(weights.bytes, where);
  checkOperators(file, where);
  const card = cardOf(request, file, weights.sha256);
  const folder = join(parent, card.name);
  const draft = await draftFolder(parent);
  try {
    await writeFile(join(draft, card.file), weights.bytes);
    await writeFile(join(draft, "model.json"), `${JSON.stringify(card, null, 2)}\n`);
    await runBlankTile(draft);
    await rename(draft, folder).catch((cause: NodeJS.ErrnoException) => {
      const taken = cause.code === "ENOTEMPTY" || cause.code === "EEXIST";
      const got = taken ? "there already" : messageOf(cause);
      throw new SwathError("storage", { what: `cannot write model folder ${folder}`, got, cause });
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return { folder, card };
};

/** Beside the folder to be, so that moving it there is one step. */
const draftFolder = async (parent: string): Promise<string> => {
  try {
    await mkdir(parent, { recursive: true });
    return await mkdtemp(join(parent, ".adding-"));
  } catch (cause) {
    throw new SwathError("storage", { what: `cannot write into ${parent}`, got: messageOf(cause), cause });
  }
};

const cardOf = (request: AddRequest, file: OnnxFile, sha256: string): ModelCard => {
  const where = basename(request.file);
  const own = file.metadata.has("task") ? cardFromMetadata(file, request.file, sha256) : null;
  const need = <T>(value: T | undefined, flag: string, example: string): T => {
    if (value !== undefined) return value;
    const hint = "`swath model inspect` shows what the file says by itself";
    throw new SwathError("config", {
      what: `${where} does not say its ${flag}`,
      wanted: `--${flag} ${example}`,
      hint,
    });
  };
  const input = guessInput(file);
  if (input === null) {
    const got = file.inputs.map(({ name, shape }) => `${name} [${shape.join(", ")}]`).join(", ") || "none";
    throw new SwathError("model", {
      what: `inputs of ${where}`,
      wanted: "one image of four dimensions",
      got,
    });
  }
  const bands = need(request.bands ?? own?.bands, "bands", "red,green,blue");
  const sizePx = input.width && input.height ? Math.min(input.width, input.height) : undefined;
  const tile = need(sizePx ?? request.tileSizePx ?? own?.tile.sizePx, "tile-size", "512");
  const each = (values: readonly number[] | undefined, none: number): readonly number[] =>
    values?.length === 1 ? bands.map(() => values[0] as number) : (values ?? bands.map(() => none));
  const name = request.name ?? where.replace(/\.onnx$/i, "").replaceAll(/[^A-Za-z0-9._-]/g, "-");
  return parseModelCard(
    {
      schema: "swath-model/1",
      name,
      version: request.version ?? "1.0.0",
      file: where,
      sha256,
      licence: request.licence ?? own?.licence ?? "not stated",
      description: request.description ?? own?.description ?? "",
      bands,
      units: need(request.units ?? own?.units, "units", "uint8|reflectance|dn"),
      input: {
        name: file.inputs[0]?.name,
        layout: request.layout ?? input.layout,
        pixelOrder: request.pixelOrder ?? "layout",
        colour: colourOf(bands),
        scale: need(request.scale ?? own?.input.scale, "scale", "1/255"),
        mean: each(request.mean, 0),
        std: each(request.std, 1),
      },
      tile: {
        sizePx: tile,
        overlapPx: request.overlapPx ?? own?.tile.overlapPx ?? Math.floor(tile / 5),
        multipleOfPx: sizePx === undefined ? (request.multipleOfPx ?? own?.tile.multipleOfPx ?? 1) : 1,
      },
      head: headFor(request, file),
      classes: need(request.classes ?? own?.classes, "classes", "ship,aircraft"),
      thresholds: {
        score: request.scoreThreshold ?? own?.thresholds.score ?? 0.5,
        mergeIou: request.mergeIou ?? 0.5,
      },
      parameters: parameterCount(file),
      opsPerPixel: estimateOpsPerPixel(file, bands.length),
      precision: isQuantised(file) ? "int8" : "fp32",
    },
    `for ${where}`,
  );
};

const colourOf = (bands: readonly string[]): "RGB" | "BGR" | "bands" => {
  const order = bands.join();
  return order === "red,green,blue" ? "RGB" : order === "blue,green,red" ? "BGR" : "bands";
};

const headFor = ({ head, headOptions, file: path }: AddRequest, file: OnnxFile): unknown => {
  const kind = head ?? guessHead(file)?.kind;
  if (kind === undefined) {
    const got = file.outputs.map(({ name, shape }) => `${name} [${shape.join(", ")}]`).join(", ");
    const wanted = "outputs of a head that Swath has";
    throw new SwathError("model", { what: `no head fits ${basename(path)}`, wanted, got });
  }
  if (kind !== "centre") return { kind, ...headOptions };
  return { kind, outputs: { heatmap: "heatmap", size: "size", offset: "offset" }, ...headOptions };
};

/** A tile of no light through the network and its head: shapes that do not fit come out here, not in orbit. */
const runBlankTile = async (folder: string): Promise<void> => {
  await using model = await openModel(folder, { threads: 1 });
  const { tile, units, bands: names } = model.card;
  const sampleType = units === "uint8" ? "uint8" : "uint16";
  const unit = units === "reflectance" ? "reflectance" : "dn";
  const bands = names.map((name): Band => ({ name, sampleType, scale: 1e-4, offset: 0, unit, nodata: null }));
  const { sizePx: side } = tile;
  const planes = bands.map(() => allocateSamples(sampleType, side * side));
  const blank: Raster = { width: side, height: side, bands, planes, valid: null };
  await model.detect([blank]);
};
