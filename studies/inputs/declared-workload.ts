import { z } from "zod";
import { generationRate } from "../../operators/platform/generation.ts";
import { effectiveOps } from "../../operators/platform/computer.ts";
import type { Spacecraft } from "../../pipeline/mission/spacecraft.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { workloadSchemaVersion, type Workload, type WorkloadEntry } from "../../pipeline/mission/workload.ts";
import { bytes, seconds } from "../../pipeline/units.ts";

const whole = (most: number) => z.int().min(1).max(most);
const amount = (most: number) => z.number().positive().max(most);

/** What somebody writes down of a model that cannot be run here. */
const declarationSchema = z.strictObject({
  name: z.string().min(1),
  /** Where the figures are from, for the report. */
  source: z.string().min(1),
  precision: z.enum(["fp32", "fp16", "int8"]),
  image: z.strictObject({
    width: whole(1e6),
    height: whole(1e6),
    bands: whole(1000),
    bytesPerSample: z.union([z.literal(1), z.literal(2), z.literal(4)]),
    /** Of a pixel on the ground: what a camera's duty is reckoned from. */
    metresPerPixel: amount(1e5).optional(),
  }),
  /** Side of the square tiles that the model sees, pixels. */
  tile: whole(65_536),
  /** Multiply and add counted as two; of one pixel (all bands), or of a whole image. */
  operations: z.union([
    z.strictObject({ perPixel: amount(1e15) }),
    z.strictObject({ perImage: amount(1e24) }),
  ]),
  /** Bytes of the weights in that precision: they must fit in memory. */
  weights: amount(1e15).optional(),
  /** What a model writes token after token, besides `operations`: each token reads all weights. */
  tokens: z.strictObject({ perImage: amount(1e9), operationsEach: amount(1e18) }).optional(),
  results: z.strictObject({
    /** How many an image gives: each acquisition draws one of these. */
    perImage: z.array(z.int().min(0).max(1e7)).min(1).max(100_000),
    bytesEach: z.number().min(0).max(1e9),
    /** Of an image's product besides, also where nothing is found. */
    bytesPerImage: z.number().min(0).max(1e9),
  }),
  /** How much smaller the imagery gets without loss: adds policy `raw` to compare with. */
  losslessRatio: z.number().min(1).max(1000).optional(),
});

/** What writing an image's tokens takes, and how fast it goes; `null` of a model that writes none. Refuses weights without room. */
const writingOf = (declared: Declaration, computer: Spacecraft["computer"], file: string) => {
  const { weights, tokens, precision } = declared;
  if (tokens !== undefined && weights === undefined) {
    throw new SwathError("config", {
      what: `declared workload ${file}: tokens`,
      wanted: "`weights` beside it, in bytes: every token reads them",
      got: "none",
    });
  }
  if (weights === undefined) return null;
  const rate = generationRate(computer, {
    weights: bytes(weights),
    operationsEach: tokens?.operationsEach ?? 1,
    precision,
  });
  if (tokens === undefined) return null;
  return {
    ...rate,
    weights: bytes(weights),
    perImage: tokens.perImage,
    operations: tokens.perImage * tokens.operationsEach,
    seconds: tokens.perImage / rate.tokensPerSecond,
  };
};

type Declaration = z.infer<typeof declarationSchema>;

const parseDeclaration = (value: unknown, file: string): Declaration => {
  const parsed = declarationSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path.join(".") ?? "";
  throw new SwathError("config", {
    what: `declared workload ${file}${path === "" ? "" : `: ${path}`}`,
    ...(issue ? { got: issue.message } : {}),
    hint: "examples/declared-8b.yaml is one that works",
    cause: parsed.error,
  });
};

const entryOf = (
  declared: Declaration,
  found: number,
  work: Pick<
    WorkloadEntry,
    "tiles" | "modelTiles" | "operations" | "encodedSamples" | "computeSeconds" | "products"
  >,
): WorkloadEntry => {
  const { image, losslessRatio } = declared;
  const samples = image.width * image.height * image.bands;
  const sensorBytes = samples * image.bytesPerSample;
  return {
    scene: "declared",
    failure: null,
    samples,
    sensorBytes: bytes(sensorBytes),
    losslessBytes: losslessRatio === undefined ? null : bytes(Math.round(sensorBytes / losslessRatio)),
    emptyTiles: 0,
    cloudyTiles: 0,
    emptyBytes: bytes(0),
    cloudyBytes: bytes(0),
    detections: found,
    taken: null,
    ...work,
  };
};

/**
 * A workload from figures that nobody measured, sized for a computer: what it takes is operations at the computer's effective
 * rate and an overhead a tile, as for models that run, and for each token that it writes one pass over its weights. Everything that comes of it is marked as declared.
 *
 * @throws SwathError("config") naming the field that does not fit, or where the weights do not fit in memory
 */
export const declaredWorkload = (
  value: unknown,
  file: string,
  computer: Spacecraft["computer"],
): Workload => {
  const declared = parseDeclaration(value, file);
  const { image, tile, operations, results, precision, losslessRatio } = declared;
  const tiles = Math.ceil(image.width / tile) * Math.ceil(image.height / tile);
  const samples = image.width * image.height * image.bands;
  const writing = writingOf(declared, computer, file);
  const reading =
    "perImage" in operations ? operations.perImage : operations.perPixel * image.width * image.height;
  const needed = reading + (writing?.operations ?? 0);
  const inferring =
    tiles * computer.tileOverhead + reading / effectiveOps(computer, precision) + (writing?.seconds ?? 0);
  const detect = results.perImage.map((found): WorkloadEntry => {
    const size = Math.max(1, Math.round(results.bytesPerImage + found * results.bytesEach));
    return entryOf(declared, found, {
      tiles,
      modelTiles: tiles,
      operations: needed,
      encodedSamples: 0,
      computeSeconds: seconds(inferring),
      products: [{ kind: "detections", tile: null, size, workAt: seconds(inferring) }],
    });
  });
  const encoding = tiles * computer.tileOverhead + samples / computer.samplesPerSecond;
  const tileBytes = (samples * image.bytesPerSample) / (losslessRatio ?? 1) / tiles;
  const raw = entryOf(declared, 0, {
    tiles,
    modelTiles: 0,
    operations: 0,
    encodedSamples: samples,
    computeSeconds: seconds(encoding),
    products: Array.from({ length: tiles }, (_, n) => ({
      kind: "tile-lossless" as const,
      tile: n,
      size: Math.round((n + 1) * tileBytes) - Math.round(n * tileBytes),
      workAt: seconds((encoding * (n + 1)) / tiles),
    })),
  });
  return {
    schema: workloadSchemaVersion,
    name: declared.name,
    declared: true,
    source: declared.source,
    horizon: null,
    model: declared.name,
    ...(writing === null
      ? {}
      : {
          tokens: {
            weights: writing.weights,
            perImage: writing.perImage,
            perSecond: writing.tokensPerSecond,
            boundBy: writing.boundBy,
            share: writing.seconds / inferring,
          },
        }),
    ...(image.metresPerPixel === undefined ? {} : { imageLength: image.height * image.metresPerPixel }),
    precision,
    computer: { ...computer },
    policies: [
      { policy: "detect", acquisitions: detect },
      ...(losslessRatio === undefined ? [] : [{ policy: "raw" as const, acquisitions: [raw] }]),
    ],
  };
};
