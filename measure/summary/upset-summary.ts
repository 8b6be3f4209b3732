import { z } from "zod";
import { protections } from "../../pipeline/mission/upset-plan.ts";

const count = (what: string) => z.int().nonnegative().describe(what);
const duration = (what: string) => z.number().nonnegative().describe(`${what}; seconds`);
const energy = (what: string) => z.number().nonnegative().describe(`${what}; joules`);
const fraction = (what: string) => z.number().min(0).max(1).describe(`${what}; 0…1`);

const withoutSchema = z
  .strictObject({
    identical: z.boolean().describe("The same detections to the last bit of box and score"),
    foundFraction: fraction("Of its detections, found under radiation too: same class, IoU ≥ 0.5"),
    confirmedFraction: fraction("Of the detections under radiation, found without it too"),
    detections: count("Delivered"),
    ap50FromThreshold: fraction("AP50 from the threshold on").nullable(),
    computeSeconds: duration("Onboard computer at work"),
    energyJoules: energy("Camera, computer, radio and terminals between satellites"),
  })
  .describe("The same run without upsets and without protection");

/** Zod schema of what particles did to the memories on board under one policy. */
export const upsetsSchema = z
  .strictObject({
    factor: z.number().positive().describe("Upsets, times the real rate"),
    protection: z.enum(protections).describe("What was done against them"),
    scrubSeconds: duration("Between two looks at all of the memory"),
    weightUpsets: count(
      "Bits turned over in weights that were used afterwards, in all copies and check bits",
    ),
    tileUpsets: count("Bits turned over in captured samples before the computer came to them, likewise"),
    corrected: count("Of both, put right by code, vote or reload"),
    reloads: count("Times that the weights were loaded anew"),
    lostTiles: count("Tiles of which the onboard model put out what are not numbers"),
    computeSeconds: duration("Onboard computer at work, protection included"),
    protectionSeconds: duration("Of that, protection"),
    protectionJoules: energy("The same"),
    memoryFactor: z.number().min(1).describe("Times the memory that weights and tiles take"),
    without: withoutSchema.nullable(),
  })
  .describe("Bits that particles turned over on board; not there where none were asked for");

/** What particles did under one policy, as it stands in `summary.json`. */
export type UpsetSummary = Readonly<z.infer<typeof upsetsSchema>>;
