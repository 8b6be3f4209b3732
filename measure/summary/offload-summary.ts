import { z } from "zod";
import { offloadRules } from "../../pipeline/mission/offload.ts";

const count = (what: string) => z.int().nonnegative().describe(what);
const octets = (what: string) => z.int().nonnegative().describe(`${what}; bytes`);
const duration = (what: string) => z.number().nonnegative().describe(`${what}; seconds`);
const energy = (what: string) => z.number().nonnegative().describe(`${what}; joules`);

/** Tiles that were computed by another satellite than the one whose camera took them: one half of `offloadSchema`. */
export const sharedWorkSchema = z
  .strictObject({
    acquisitions: count("Acquisitions whose tiles went to another satellite"),
    tiles: count("Of these, the tiles"),
    pixelBytes: octets("Of these, the pixels as sensors hand them over, once each"),
    crossedBytes: octets("The same, once for each crosslink that they took"),
    transmitSeconds: duration("Terminals sending them"),
    computeSeconds: duration("Computers at work on tiles of other satellites, at full speed"),
    computeJoules: energy("Spent on that by those who computed, besides what a waiting computer draws"),
  })
  .describe("Tiles computed by another satellite; absent where each computes its own");

const flownSchema = z
  .strictObject({
    processed: count("Acquisitions through a computer by the end of the horizon"),
    products: count("Products on the ground"),
    median: duration("From capture to the ground, half of them (nearest rank)").nullable(),
    p90: duration("From capture to the ground, nine tenths of them (nearest rank)").nullable(),
    waitSeconds: duration("Computers that stood still for lack of charge or for heat, summed"),
    lowestCharge: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .describe("Of any battery, 0…1; null where power is taken for granted"),
    energyJoules: energy("Cameras, computers, transmitters and terminals"),
  })
  .describe("What the flight came to");

/** Zod schema of shared work under one policy, and what that bought. */
export const offloadSchema = sharedWorkSchema.extend({
  rule: z.enum(offloadRules as readonly ["energy", "latency"]).describe("Who computes tiles that wait"),
  flown: z
    .strictObject({ shared: flownSchema, apart: flownSchema })
    .nullable()
    .describe("The same work flown with tiles shared out, and with each satellite computing its own"),
});

/** Shared work in numbers. */
export type SharedWork = Readonly<z.infer<typeof sharedWorkSchema>>;

/** Shared work under one policy, and what that bought. */
export type OffloadSummary = Readonly<z.infer<typeof offloadSchema>>;
