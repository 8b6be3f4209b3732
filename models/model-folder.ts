import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { messageOf, SwathError } from "../pipeline/errors.ts";
import type { Band, Raster } from "../pipeline/raster/raster.ts";
import { allocateSamples } from "../pipeline/raster/samples.ts";
import { type ModelCard, parseModelCard } from "./card/card.ts";
import { cpu } from "../pipeline/detection/device.ts";
import { guessInput } from "./card/input-guess.ts";
import { openPool } from "./inference/network-detector.ts";
import { locateModel } from "./card/location.ts";
import { openModel } from "./model.ts";
import { checkNetwork, type NetworkFile, readNetwork } from "./card/network-file.ts";
import { estimateOpsPerPixel, parameterCount, precisionOf } from "./runtimes/onnx-operations.ts";
import type { NetworkPart } from "./runtimes/tfjs-bundle.ts";
import { cardFromMetadata } from "./card/ultralytics.ts";

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
  readonly outputLayout?: string;
  /** How a quantised network is computed: `integer` or `float`. */
  readonly quantised?: string;
  /** `letterbox` scales tiles of `tileSizePx` to the size that the network fixes. */
  readonly fit?: string;
  readonly anchor?: string;
  readonly marginValue?: number;
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
 * Writes a model folder (card and weights) for an ONNX file or a TensorFlow.js model into `parent` and returns it with its card. Before it is put in place it is
 * opened as any model is and runs one blank tile, so that what is added is known to load and to fit its card.
 * Throws `SwathError("model")` when the file or what was said of it does not fit, `SwathError("config")` when something has
 * to be said, `SwathError("storage")` when the folder cannot be written.
 */
export const addModel = async (
  request: AddRequest,
  parent: string,
): Promise<{ readonly folder: string; readonly card: ModelCard }> => {
  const where = basename(request.file);
  const { cardPath, weightsPath } = await locateModel(request.file);
  if (weightsPath === null) {
    throw new SwathError("config", {
      what: `nothing to add: ${request.file} is a model already`,
      wanted: "an ONNX file, or the model.json of TensorFlow.js",
      got: `the card ${cardPath}`,
    });
  }
  const path = weightsPath;
  const network = await readNetwork(path, where);
  checkNetwork(network, where);
  const sketch = cardOf({ ...request, file: path }, network);
  const card = await withHead(sketch, request, network, where);
  const folder = join(parent, card.name);
  const draft = await draftFolder(parent);
  try {
    const [first, ...others] = network.parts as readonly [NetworkPart, ...NetworkPart[]];
    for (const { name, bytes } of [{ ...first, name: card.file }, ...others]) {
      await writeFile(join(draft, name), bytes);
    }
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

/** The card with its head: the kind that the user says, else what a trial tile tells. Throws `SwathError("model")`. */
const withHead = async (
  card: ModelCard,
  { head, headOptions }: AddRequest,
  network: NetworkFile,
  where: string,
): Promise<ModelCard> => {
  const headFrom = head === undefined ? "trial" : "request";
  const loaded = { card, headFrom, headOptions, network, where } as const;
  const { pool, card: told } = await openPool(loaded, 1, cpu, "detections");
  await pool[Symbol.asyncDispose]();
  return told;
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

/** What has to be said of a file that does not say it itself, with an example each. */
const examples = {
  bands: "red,green,blue",
  "tile-size": "512",
  units: "uint8|reflectance|dn",
  scale: "1/255",
  classes: "ship,aircraft",
} as const;

/** Throws `SwathError("config")` that names all that is missing at once. */
const requireSaid = (where: string, said: Readonly<Record<keyof typeof examples, unknown>>): void => {
  const missing = (Object.keys(examples) as (keyof typeof examples)[]).filter(
    (key) => said[key] === undefined,
  );
  if (missing.length === 0) return;
  throw new SwathError("config", {
    what: `${where} does not say its ${missing.join(", ")}`,
    wanted: missing.map((key) => `--${key} ${examples[key]}`).join(" "),
    hint: "`swath model inspect` shows what the file says by itself",
  });
};

const cardOf = (request: AddRequest, { description: file, sha256, format }: NetworkFile): ModelCard => {
  const where = basename(request.file);
  const own = file.metadata.has("task") ? cardFromMetadata(file, request.file, sha256) : null;
  const input = guessInput(file);
  if (input === null) {
    const got = file.inputs.map(({ name, shape }) => `${name} [${shape.join(", ")}]`).join(", ") || "none";
    throw new SwathError("model", {
      what: `inputs of ${where}`,
      wanted: "one image of four dimensions",
      got,
    });
  }
  const isFixed = input.width !== null && input.height !== null;
  const isScaled = request.fit === "letterbox" && request.tileSizePx !== undefined;
  const fixed = isScaled ? request.tileSizePx : (input.width ?? undefined);
  const heightPx = isScaled ? undefined : (input.height ?? undefined);
  const said = {
    bands: request.bands ?? own?.bands,
    "tile-size": fixed ?? request.tileSizePx ?? own?.tile.sizePx,
    units: request.units ?? own?.units,
    scale: request.scale ?? own?.input.scale,
    classes: request.classes ?? own?.classes,
  };
  requireSaid(where, said);
  const { bands = [], "tile-size": tile = 0, units, scale, classes } = said;
  const each = (values: readonly number[] | undefined, none: number): readonly number[] =>
    values?.length === 1 ? bands.map(() => values[0] as number) : (values ?? bands.map(() => none));
  const named = format === "tfjs" ? basename(dirname(resolve(request.file))) : where.replace(/\.onnx$/i, "");
  const name = request.name ?? named.replaceAll(/[^A-Za-z0-9._-]/g, "-");
  return parseModelCard(
    {
      schema: "swath-model/1",
      name,
      version: request.version ?? "1.0.0",
      // A card is called model.json, which is what TensorFlow.js calls its networks.
      file: format === "tfjs" ? "network.json" : where,
      sha256,
      format,
      quantised: request.quantised ?? "integer",
      outputLayout: request.outputLayout ?? (format === "tfjs" ? "NHWC" : "NCHW"),
      licence: request.licence ?? own?.licence ?? "not stated",
      description: request.description ?? own?.description ?? "",
      bands,
      units,
      input: {
        name: file.inputs[0]?.name,
        layout: request.layout ?? input.layout,
        pixelOrder: request.pixelOrder ?? "layout",
        colour: colourOf(bands),
        scale,
        mean: each(request.mean, 0),
        std: each(request.std, 1),
        fit: request.fit ?? "pad",
        anchor: request.anchor ?? "centre",
        ...(request.marginValue === undefined ? {} : { marginValue: request.marginValue }),
      },
      tile: {
        sizePx: tile,
        ...(heightPx === undefined || heightPx === tile ? {} : { heightPx }),
        overlapPx:
          request.overlapPx ?? own?.tile.overlapPx ?? Math.floor(Math.min(tile, heightPx ?? tile) / 5),
        multipleOfPx: isFixed ? 1 : (request.multipleOfPx ?? own?.tile.multipleOfPx ?? 1),
      },
      head: sketchOf(request),
      classes,
      thresholds: {
        score: request.scoreThreshold ?? own?.thresholds.score ?? 0.5,
        mergeIou: request.mergeIou ?? 0.5,
      },
      parameters: parameterCount(file),
      opsPerPixel: estimateOpsPerPixel(file, bands.length),
      precision: precisionOf(file),
    },
    `for ${where}`,
  );
};

const colourOf = (bands: readonly string[]): "RGB" | "BGR" | "bands" => {
  const order = bands.join();
  return order === "red,green,blue" ? "RGB" : order === "blue,green,red" ? "BGR" : "bands";
};

/** The head as the user says it; a sketch that the trial replaces where they do not. */
const sketchOf = ({ head, headOptions }: AddRequest): unknown => {
  const kind = head ?? "yolo";
  if (head === undefined || kind !== "centre") return { kind, ...(head === undefined ? {} : headOptions) };
  return { kind, outputs: { heatmap: "heatmap", size: "size", offset: "offset" }, ...headOptions };
};

/** A tile of no light through the network and its head: shapes that do not fit come out here, not in orbit. */
const runBlankTile = async (folder: string): Promise<void> => {
  await using model = await openModel(folder, { threads: 1 });
  const { tile, units, bands: names } = model.card;
  const sampleType = units === "uint8" ? "uint8" : "uint16";
  const unit = units === "reflectance" ? "reflectance" : "dn";
  const bands = names.map((name): Band => ({ name, sampleType, scale: 1e-4, offset: 0, unit, nodata: null }));
  const { sizePx: width, heightPx: height = width } = tile;
  const planes = bands.map(() => allocateSamples(sampleType, width * height));
  const blank: Raster = { width, height, bands, planes, valid: null };
  await model.detect(blank);
};
