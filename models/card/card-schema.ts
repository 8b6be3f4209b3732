import { z } from "zod";
import { isFingerprint } from "../../pipeline/raster/fingerprint.ts";
import { bandMathsCard } from "../heads/band-maths.ts";
import { headSchema } from "../heads/card-head.ts";
import { inputTypes, type InputType } from "../runtimes/element-types.ts";

const positive = z.number().positive();
const name = z.string().regex(/^[A-Za-z0-9._-]+$/, "only letters, digits, '.', '_' and '-'");
const plainFile = z.string().regex(/^[^/\\]+$/, "a file beside the card, without a path");
const fraction = z.number().min(0).max(1);

const looks = z.union([z.literal(1), z.literal(4)]);

const precision = z.enum(["fp32", "fp16", "int8"]).default("fp32");
/** Of a weights file, lower-case hexadecimal. */
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "64 lower-case hexadecimal digits");
const speed = z.object({ megapixelsPerSecond: positive, threads: z.int().positive(), machine: z.string() });

const count = z.int().nonnegative();

/** One row of `swath model check --tiling`: of the detections in whole scenes, how many differ in tiles. */
const tileLosses = z.object({
  sizePx: z.int().min(1),
  overlapPx: count,
  detections: count,
  lost: count,
  added: count,
  moved: count,
});

/** A scene that a model was trained on, and what it can be recognised by: `pipeline/raster/fingerprint.ts`, of the card's first band. */
const trainedScene = z.object({
  name: z.string().min(1),
  fingerprint: z.string().refine(isFingerprint, "order1: and 64 lower-case hexadecimal digits"),
});

/** For readers, but for the scenes: by them a run tells which of its own the model has seen. */
const training = z.union([z.looseObject({ scenes: z.array(trainedScene).optional() }), z.string()]);

const common = {
  schema: z.literal("swath-model/1"),
  name,
  version: z.string().min(1),
  licence: z.string().min(1),
  description: z.string().default(""),
  /** In the order of the input's channels: names of the sensor (`B08`) or common names (`red`). */
  bands: z.array(z.string().min(1)).min(1).max(64),
  /** What the input is computed from: `reflectance` (0…1), raw samples (`dn`), or 8-bit samples only (`uint8`). */
  units: z.enum(["reflectance", "dn", "uint8"]),
  gsdMetres: z.object({ min: positive, max: positive }).optional(),
  tile: z.object({
    /** Width, and height where `heightPx` does not say otherwise. */
    sizePx: z.int().min(1).max(16_384),
    heightPx: z.int().min(1).max(16_384).optional(),
    overlapPx: z.int().min(0),
    multipleOfPx: z.int().min(1).max(1024).default(1),
    /** What tiles change against the whole scene, as `swath model check --tiling` counts it. */
    losses: z.array(tileLosses).optional(),
  }),
  classes: z.array(z.string().min(1)).min(1).max(10_000),
  thresholds: z.object({ score: fraction, mergeIou: fraction }),
  /** Most detections reported for one tile, the best first. */
  maxDetections: z.int().min(1).max(100_000).default(1000),
  parameters: z.number().nonnegative().optional(),
  /** Multiply and add counted as two. */
  opsPerPixel: z.number().nonnegative(),
  precision,
  /** Where and how fast it was measured, for readers. */
  speed: speed.optional(),
  training: training.optional(),
  quality: z.unknown().optional(),
};

/** Another file of the same network, chosen as `name:variant`. What it does not say is as the card says. */
const variantSchema = z.object({
  file: plainFile,
  sha256,
  precision,
  thresholds: z.object({ score: fraction }).optional(),
  /** Of a centre head. */
  looks: looks.optional(),
  speed: speed.optional(),
  quality: z.unknown().optional(),
});

/** The card of a network, whose weights lie beside it. */
export const networkCardSchema = z.object({
  ...common,
  file: plainFile,
  sha256,
  /** Other files of the same network, by the name that chooses them: `int8` in `ships-s2:int8`. */
  variants: z.record(name, variantSchema).default({}),
  /** `tfjs`: `file` is the JSON of a TensorFlow.js model, its shards beside it; `sha256` goes over all of them. */
  format: z.enum(["onnx", "tfjs"]).default("onnx"),
  /** How outputs of four dimensions lie: [1, channels, rows, columns] or [1, rows, columns, channels]. */
  outputLayout: z.enum(["NCHW", "NHWC"]).default("NCHW"),
  /** How a QDQ graph is computed: in `integer`s as 8-bit hardware does, or in `float`s, operator by operator as it says. */
  quantised: z.enum(["integer", "float"]).default("integer"),
  input: z.object({
    name: z.string().min(1),
    /** What the network declares: [1, channels, height, width] or [1, height, width, channels]. */
    layout: z.enum(["NCHW", "NHWC"]).default("NCHW"),
    /**
     * In which order the numbers lie in memory, where that is not what `layout` says: `planar` for a network that was
     * trained on planes reshaped to height × width × channels instead of transposed.
     */
    pixelOrder: z.enum(["layout", "planar"]).default("layout"),
    /** For readers; `bands` states the order that counts. */
    colour: z.enum(["bands", "RGB", "BGR"]).default("bands"),
    /** input = (value · scale − mean) / std, `mean` and `std` one a channel. */
    scale: z.number().default(1),
    mean: z.array(z.number()),
    std: z.array(positive),
    /** How a tile of another size than a network of fixed sides gets into it: as it is, or scaled with margins. */
    fit: z.enum(["pad", "letterbox"]).default("pad"),
    /** Where a letterbox has its margins: all round, or right and below. */
    anchor: z.enum(["centre", "corner"]).default("centre"),
    /** What the margins show, in units of the bands; 114 for 8-bit pictures, else 0, when not given. */
    marginValue: z.number().optional(),
    /** What the network takes; its own word when not given. */
    dtype: z.enum(inputTypes as [InputType, ...InputType[]]).optional(),
  }),
  head: headSchema,
});

/** The card of a formula: nothing lies beside it. */
export const formulaCardSchema = z.object({ ...common, head: bandMathsCard });
