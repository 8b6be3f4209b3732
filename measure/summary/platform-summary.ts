import { z } from "zod";
import { offloadSchema } from "./offload-summary.ts";

const energy = (what: string) => z.number().nonnegative().describe(`${what}; joules`);
const duration = (what: string) => z.number().nonnegative().describe(`${what}; seconds`);

const powerSchema = z
  .strictObject({
    generated: energy("By the solar arrays, whether or not anything could use it"),
    demanded: energy("Asked for by all loads"),
    unmet: energy("Asked for when a battery was empty: a real satellite would have shut down"),
    lost: energy("In charging and discharging"),
    shed: energy("Generated with the battery full and no load to take it"),
    storedChange: z.number().describe("In the batteries at the end less at the start; joules"),
    lowestCharge: z.number().min(0).max(1).describe("The lowest state of charge of any satellite; 0…1"),
  })
  .describe("Arrays and batteries; `generated + unmet = demanded + lost + shed + storedChange`");

/** Zod schema of what power and heat did to the satellites under one policy. */
export const platformSchema = z
  .strictObject({
    power: powerSchema.nullable().describe("Null where power is taken for granted"),
    highestTemperatureKelvin: z
      .number()
      .positive()
      .nullable()
      .describe("Of any computer; null where temperature is taken for granted"),
    eclipseFraction: z.number().min(0).max(1).describe("Of the horizon without sunlight, mean; 0…1"),
    loads: z
      .strictObject({
        base: energy("Bus, receiver, idle computer"),
        contact: energy("Pointing at stations, besides"),
        camera: energy("Camera and mass memory"),
        compute: energy("Computer at work, besides what it draws idle"),
        transmit: energy("Transmitter on"),
        crosslink: energy("Terminals between satellites"),
        slew: energy("Turns of cameras to looks that were ordered; absent where there were none").optional(),
      })
      .describe("Demanded, by what drew it"),
    waits: z
      .strictObject({
        battery: duration("The computer stood still for lack of charge"),
        heat: duration("The computer stood still because it was too hot"),
        throttled: duration("The computer worked slower because it was hot"),
        count: z.int().nonnegative().describe("Stretches in which the computer stood still"),
      })
      .describe("Summed over satellites"),
  })
  .describe("What power and heat did on board; null where the spacecraft takes both for granted");

const delaySchema = z
  .strictObject({
    products: z.int().nonnegative().describe("Products that came down"),
    median: duration("From capture to the ground, half of them (nearest rank)").nullable(),
    p90: duration("From capture to the ground, nine tenths of them (nearest rank)").nullable(),
  })
  .describe("Products on the ground");

/** Zod schema of what went between satellites under one policy. */
export const crosslinksSchema = z
  .strictObject({
    handedOver: z.int().nonnegative().describe("Products times crosslinks that they took"),
    bytes: z.int().nonnegative().describe("Envelopes that crossed; bytes"),
    transmitSeconds: duration("Terminals sending"),
    terminalSeconds: duration(
      "Terminals turning to another satellite or linked to it, summed over terminals",
    ),
    energyJoules: energy(
      "Spent by terminals from the moment they turn to another satellite until they let go of it",
    ),
    toGround: z
      .strictObject({ together: delaySchema, alone: delaySchema })
      .nullable()
      .describe("What the crosslinks bought: the same products flown with them and without"),
    carried: z.int().nonnegative().describe("Delivered products that another satellite brought down"),
    offload: offloadSchema
      .describe("Tiles computed by another satellite; absent where each computes its own")
      .optional(),
  })
  .describe("Links between satellites; null where there are none");
