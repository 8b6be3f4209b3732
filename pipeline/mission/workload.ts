import { z } from "zod";
import { SwathError } from "../errors.ts";
import { productKinds } from "../product/product.ts";
import { bytes, instant, seconds } from "../units.ts";

/** Version tag of `workload.json`. */
export const workloadSchemaVersion = "swath-workload/1";

const count = z.int().nonnegative();
const octets = count.transform(bytes);
const duration = z.number().nonnegative().transform(seconds);

const productSchema = z.strictObject({
  kind: z.enum(productKinds),
  tile: count.nullable(),
  /** Bytes of the envelope. */
  size: z.int().positive(),
  /** Seconds of work at full speed into the acquisition after which it is ready. */
  workAt: duration,
  /** What it was held to be worth on board; workloads of before do not say. */
  value: z.number().nonnegative().optional(),
});

const entrySchema = z.strictObject({
  scene: z.string(),
  failure: z.string().nullable(),
  samples: count,
  sensorBytes: octets,
  losslessBytes: octets.nullable(),
  tiles: count,
  emptyTiles: count,
  cloudyTiles: count,
  emptyBytes: octets,
  cloudyBytes: octets,
  modelTiles: count,
  detections: count,
  operations: z.number().nonnegative(),
  encodedSamples: z.number().nonnegative(),
  computeSeconds: duration,
  products: z.array(productSchema),
  /** What each of several workloads took of it; absent where one model was measured. */
  workloads: z
    .array(
      z.strictObject({
        workload: z.string(),
        tenant: z.string(),
        operations: z.number().nonnegative(),
        computeSeconds: duration,
        loadSeconds: duration,
        detections: count,
      }),
    )
    .exactOptional(),
  /** Which satellite took it when, in the run that measured it; `null` where nobody did. */
  taken: z.strictObject({ satellite: z.string(), at: z.number().transform(instant) }).nullable(),
  /** It was taken for an order, or to follow a tip: no picture of the schedule. Absent: it was one. */
  ordered: z.literal(true).exactOptional(),
});

const workloadSchema = z.strictObject({
  schema: z.literal(workloadSchemaVersion),
  /** The run that measured it, or how it was declared. */
  name: z.string(),
  /** True for figures that somebody wrote down instead of measuring them. */
  declared: z.boolean(),
  /** Where declared figures are from. */
  source: z.string().optional(),
  /** From when to when the run that measured it went; `null` where there was none. */
  horizon: z
    .strictObject({ from: z.number().transform(instant), to: z.number().transform(instant) })
    .nullable()
    .default(null),
  model: z.string(),
  /** Of a model that writes token after token: bytes of its weights, tokens a picture, and how fast that computer writes them. */
  tokens: z
    .strictObject({
      weights: octets,
      perImage: z.number().positive(),
      perSecond: z.number().positive(),
      boundBy: z.enum(["memory traffic", "operations"]),
      /** Of the computer's time, what goes into writing them. */
      share: z.number().min(0).max(1),
    })
    .optional(),
  /** Ground along the track that one picture covers, m, where it is known: tells a camera's duty. */
  imageLength: z.number().positive().optional(),
  precision: z.enum(["fp32", "fp16", "int8"]),
  /** The computer that `computeSeconds` and `workAt` hold for. */
  computer: z.looseObject({ name: z.string() }),
  policies: z.array(z.strictObject({ policy: z.string().min(1), acquisitions: z.array(entrySchema).min(1) })),
});

/** What one acquisition came to under one policy: its work and its products, without its pixels. */
export type WorkloadEntry = Readonly<z.infer<typeof entrySchema>>;

/** What a run measured, so that it can be scaled up: `workload.json`. */
export type Workload = Readonly<z.infer<typeof workloadSchema>>;

/** Throws `SwathError("config")` naming the first field that does not fit. */
export const parseWorkload = (value: unknown, source: string): Workload => {
  const result = workloadSchema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new SwathError("config", {
    what: `${source} is no ${workloadSchemaVersion}${issue === undefined ? "" : ` at ${issue.path.join(".")}`}`,
    ...(issue ? { got: issue.message } : {}),
    hint: "give the folder of a run of this version of Swath",
    cause: result.error,
  });
};
