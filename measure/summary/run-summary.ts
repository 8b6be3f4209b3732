import { z } from "zod";
import { evictionRules } from "../../pipeline/mission/spacecraft.ts";
import { canonicalText } from "../../pipeline/canonical-json.ts";
import { daySummarySchema } from "./day-summary.ts";
import { provenanceSummarySchema } from "./provenance-summary.ts";
import { scheduleSummarySchema } from "./schedule-summary.ts";
import { policySummarySchema } from "./policy-summary.ts";
import { protectionSchema } from "./protection-summary.ts";
import { parseWritten } from "./versioned.ts";

/** Version tag of `summary.json`; a reader that finds another one must not guess. */
export const summarySchemaVersion = "swath-summary/2";

const moment = (what: string) => z.iso.datetime().describe(`${what}; ISO 8601, UTC`);

/** Zod schema of `summary.json`. Field descriptions end up in `docs/summary.md`. */
export const runSummarySchema = z.strictObject({
  schema: z.literal(summarySchemaVersion).describe("Version of this format"),
  runId: z.string().describe("Name of the run; follows from configuration and seed"),
  seed: z.int().describe("Seed of everything random"),
  provenance: provenanceSummarySchema,
  schedule: scheduleSummarySchema,
  dataset: z
    .strictObject({
      name: z.string().describe("As given"),
      scenes: z.int().nonnegative().describe("Scenes in it"),
      megapixels: z.number().nonnegative().describe("All scenes; millions of pixels, bands not counted"),
      labelled: z.boolean().describe("Whether there are labels to measure against"),
    })
    .describe("What was looked at"),
  model: z
    .strictObject({
      name: z.string().describe("Model"),
      version: z.string().describe("Its version"),
      sha256: z.string().describe("SHA-256 of the weights"),
      precision: z.enum(["fp32", "fp16", "int8"]).describe("Arithmetic of the weights"),
      runtime: z
        .string()
        .optional()
        .describe(
          "What ran it, where that is not ONNX Runtime on a CPU: scores may differ in their last digits",
        ),
      classes: z.array(z.string()).describe("What it finds"),
      scoreThreshold: z.number().min(0).max(1).describe("Detections below are not reported"),
    })
    .describe("What looked for objects"),
  screening: z
    .strictObject({
      name: z.string().describe("Model, or `brightness`"),
      sha256: z.string().nullable().describe("SHA-256 of its weights"),
      precision: z.enum(["fp32", "fp16", "int8"]).nullable().describe("Arithmetic of its weights"),
      scenes: z.int().nonnegative().describe("Scenes that it judged; all others by brightness"),
    })
    .nullable()
    .describe("What told cloud from ground for policy `screen`; null when that was not asked for"),
  constellation: z
    .strictObject({
      spec: z.string().describe("As configured, e.g. the TLE file or preset"),
      spacecraft: z.string().describe("What each of its satellites is: a preset, or the name in a file"),
      satellites: z.array(z.string()).describe("Names, in the order of the tables"),
      store: z
        .strictObject({
          eviction: z.enum(evictionRules).describe("What a full store gives up first"),
          order: z.enum(["strict", "value", "weighted"]).describe("What is sent first"),
          weights: z
            .strictObject({
              results: z.number().positive().describe("Of detections"),
              chips: z.number().positive().describe("Of chips"),
              tiles: z.number().positive().describe("Of tiles"),
            })
            .optional()
            .describe("Shares of the link by class, where weighted"),
        })
        .optional()
        .describe("Rules of the onboard store; absent where they are lowest-priority and strict"),
    })
    .describe("What flew"),
  stations: z
    .array(
      z.strictObject({
        id: z.string().describe("As in the contact plan"),
        name: z.string().describe("For people"),
        longitudeDegrees: z.number().describe("East positive"),
        latitudeDegrees: z.number().describe("North positive"),
        antennas: z.int().positive().describe("Satellites it can serve at once"),
      }),
    )
    .describe("What listened"),
  horizon: z
    .strictObject({ from: moment("Start of the run"), to: moment("End of the run") })
    .describe("From when to when"),
  link: z
    .strictObject({
      description: z.string().describe("The rate model in words"),
      downlinkBitsPerSecond: z
        .number()
        .positive()
        .nullable()
        .describe("Where fixed; null when it follows the elevation"),
      bitErrorRate: z.number().min(0).max(1).describe("Channel bits that flip"),
      segmentLossRate: z.number().min(0).max(1).describe("Link segments that never arrive"),
      protection: protectionSchema.optional(),
    })
    .describe("Downlink"),
  contacts: z
    .strictObject({
      planned: z.int().nonnegative().describe("Contacts in the plan"),
      totalSeconds: z.number().nonnegative().describe("Their durations, summed; seconds"),
    })
    .describe("The contact plan, the same for all policies"),
  day: daySummarySchema.nullable(),
  noDay: z.string().nullable().describe("Why there is no full day; null where there is one"),
  policies: z
    .array(policySummarySchema)
    .min(1)
    .describe("One entry a policy, in the order they were asked for"),
});

type Immutable<T> = T extends object ? { readonly [Key in keyof T]: Immutable<T[Key]> } : T;

/**
 * What a run came to: `summary.json`. Numbers are plain because the names carry the units: this is the file format,
 * not an interface between rooms.
 */
export type RunSummary = Immutable<z.infer<typeof runSummarySchema>>;
/** One policy of a run's summary. */
export type PolicySummary = RunSummary["policies"][number];
/** How a policy's detections match the labels. */
export type QualitySummary = NonNullable<PolicySummary["quality"]>;
/** How a policy's detections match those of `raw`. */
export type AgreementSummary = NonNullable<PolicySummary["agreementWithRaw"]>;

/**
 * The summary as a plain value that has passed the schema.
 * Throws `SwathError("storage")` naming the first field that does not fit, sums that do not add up included.
 */
export const parseSummary = (value: unknown, source = "summary"): RunSummary =>
  parseWritten(runSummarySchema, summarySchemaVersion, value, source);

/** The same summary always as the same text: keys sorted, floats settled, two spaces, one newline at the end. */
export const stringifySummary = (summary: RunSummary): string => canonicalText(parseSummary(summary));
