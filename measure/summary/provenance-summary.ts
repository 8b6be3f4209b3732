import { z } from "zod";
import { someOf } from "../../pipeline/format.ts";

/** Zod schema of `provenance`: what an answer rests on. */
export const provenanceSummarySchema = z
  .strictObject({
    swath: z
      .strictObject({
        version: z.string().describe("As in package.json"),
        commit: z.string().nullable().describe("Of the clone that ran it; null for an installed package"),
      })
      .describe("The software"),
    spacecraft: z
      .strictObject({
        name: z.string().describe("A preset, or the name in a file"),
        published: z
          .int()
          .nonnegative()
          .nullable()
          .describe("Figures that somebody published; null for a file"),
        figures: z.int().nonnegative().nullable().describe("All figures of the preset; null for a file"),
      })
      .describe("What flew, and how far its figures are known"),
    training: z
      .strictObject({
        listed: z.boolean().describe("Whether the model's card lists the scenes that it was trained on"),
        trainedOn: z
          .array(
            z.strictObject({
              scene: z.string().describe("A scene of the run"),
              name: z.string().describe("What the card calls it"),
            }),
          )
          .describe("Scenes of the run that the model was trained on, known by their pixels"),
        apart: z.int().nonnegative().describe("Scenes of the run that the card does not list"),
        unknown: z
          .array(
            z.strictObject({
              scene: z.string().describe("A scene of which it cannot be told"),
              reason: z.string().describe("Why not"),
            }),
          )
          .describe("The others, where the card lists its scenes"),
      })
      .describe("Which scenes of the run the model was trained on"),
    assumptions: z
      .array(z.string())
      .describe(
        "What is taken for granted of links and ground: figures that are assumed, and what counts as zero",
      ),
  })
  .describe("What the answer rests on");

/** What `provenanceSummarySchema` accepts. */
export type ProvenanceSummary = z.infer<typeof provenanceSummarySchema>;

/** The spacecraft and how far it is known, for tables and reports. */
export const spacecraftText = ({
  name,
  published,
  figures,
}: Readonly<ProvenanceSummary["spacecraft"]>): string =>
  published === null || figures === null
    ? `${name}, as its file has it`
    : `${name}: ${published} of ${figures} figures published, the others assumed`;

/** `0.1.0 (17268bb)`. */
export const softwareText = ({ version, commit }: Readonly<ProvenanceSummary["swath"]>): string =>
  commit === null ? version : `${version} (${commit.slice(0, 7)})`;

/** Which scenes the model was trained on, for tables and reports. */
export const trainingText = ({
  listed,
  trainedOn,
  apart,
  unknown,
}: {
  readonly listed: boolean;
  readonly trainedOn: readonly { readonly scene: string }[];
  readonly apart: number;
  readonly unknown: readonly unknown[];
}): string => {
  if (!listed) return "not known: the model's card does not list the scenes that it was trained on";
  const scenes = (count: number): string => `${count} scene${count === 1 ? "" : "s"}`;
  return [
    trainedOn.length === 0
      ? `on none of these scenes (${scenes(apart)} kept apart)`
      : `on ${scenes(trainedOn.length)} of these: ${someOf(trainedOn.map(({ scene }) => scene))}; ${scenes(apart)} kept apart`,
    ...(unknown.length === 0 ? [] : [`${scenes(unknown.length)} cannot be told`]),
  ].join("; ");
};

/** Each of the scenes, as `training` has it; what cannot be told is left out. */
export const trainingOfScenes = (
  scenes: readonly string[],
  { listed, trainedOn, unknown }: Readonly<ProvenanceSummary["training"]>,
): ReadonlyMap<string, "apart" | "trainedOn"> => {
  if (!listed) return new Map();
  const seen = new Set(trainedOn.map(({ scene }) => scene));
  const untold = new Set(unknown.map(({ scene }) => scene));
  return new Map(
    scenes.flatMap((scene) =>
      untold.has(scene) ? [] : [[scene, seen.has(scene) ? "trainedOn" : "apart"] as const],
    ),
  );
};
