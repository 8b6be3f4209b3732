import { z } from "zod";
import { trialFigures, type TrialFigure } from "../../pipeline/orders/promotion-rule.ts";

const moment = (what: string) => z.iso.datetime().nullable().describe(`${what}; UTC`);

const figures = z
  .partialRecord(z.enum(Object.keys(trialFigures) as [TrialFigure, ...TrialFigure[]]), z.number().nullable())
  .describe("Figures of one model over the trial; null where not known");

const change = z.strictObject({
  at: z.iso.datetime().describe("From when on; UTC"),
  model: z.string().describe("Its name and version"),
  sha256: z.string().describe("SHA-256 over the model's files"),
  why: z
    .enum(["launched", "installed", "promoted", "activated", "rolled back"])
    .describe("What brought it to work"),
  order: z.string().nullable().describe("The order that it follows"),
});

const trial = z.strictObject({
  order: z.string().describe("The order that installed it"),
  model: z.string().describe("The new model's name and version"),
  sha256: z.string().describe("SHA-256 over its files"),
  installedAt: z.iso.datetime().describe("All of it on board and proven; UTC"),
  acquisitions: z.int().nonnegative().describe("That both models looked at"),
  computeSeconds: z
    .number()
    .nonnegative()
    .describe("What the new model took of the computer meanwhile; seconds"),
  computeJoules: z.number().nonnegative().describe("The same; joules"),
  outcome: z.enum(["promoted", "rejected", "failed", "under way"]).describe("What came of it"),
  why: z.string().describe("The rule and its figures, or what failed"),
  endedAt: moment("When it was decided"),
  old: figures,
  next: figures,
  watched: z
    .int()
    .nonnegative()
    .optional()
    .describe("Acquisitions at which the model before has looked on since the new one is at work"),
});

/** Zod schema of the models of a policy's satellites, in its part of `summary.json`. */
export const modelsSchema = z
  .array(
    z.strictObject({
      satellite: z.string().describe("Its id"),
      changes: z.array(change).min(1).describe("Which model was at work from when on"),
      trials: z.array(trial).describe("New models beside the one at work"),
      mostBytes: z.int().nonnegative().describe("Most that uploads and models took of the store; bytes"),
    }),
  )
  .describe("Satellites that were sent models; absent where none was");

type Immutable<T> = T extends object ? { readonly [Key in keyof T]: Immutable<T[Key]> } : T;

/** Models of a policy's satellites, as the summary has them. */
export type ModelsSummary = Immutable<z.infer<typeof modelsSchema>>;
