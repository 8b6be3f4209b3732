import { z } from "zod";

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
  })
  .describe("What the answer rests on");

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
