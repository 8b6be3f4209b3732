import { z } from "zod";
import { productKinds } from "../../pipeline/product/product.ts";
import { canonicalText } from "../../pipeline/canonical-json.ts";
import { tenancySchema } from "./tenancy-summary.ts";
import { verdictsSchema } from "./verdict-summary.ts";
import { ordersSchema } from "./order-summary.ts";
import { sharedWorkSchema } from "./offload-summary.ts";
import { protectionSchema } from "./protection-summary.ts";
import { parseWritten } from "./versioned.ts";

/** Version tag of the `summary.json` of a simulation. */
export const fleetSummaryVersion = "swath-fleet/2";

const count = (what: string) => z.int().nonnegative().describe(what);
const octets = (what: string) => z.int().nonnegative().describe(`${what}; bytes`);
const duration = (what: string) => z.number().nonnegative().describe(`${what}; seconds`);
const energy = (what: string) => z.number().nonnegative().describe(`${what}; joules`);
const moment = (what: string) => z.iso.datetime().describe(`${what}; ISO 8601, UTC`);

const conservationSchema = z
  .strictObject({
    producedBytes: octets("Envelopes made"),
    deliveredBytes: octets("Of these, on the ground"),
    onBoardBytes: octets("Still on board at the end"),
    droppedBytes: octets("Given up because the store was full"),
  })
  .superRefine(({ producedBytes, deliveredBytes, onBoardBytes, droppedBytes }, context) => {
    const ended = deliveredBytes + onBoardBytes + droppedBytes;
    if (ended === producedBytes) return;
    context.addIssue({
      code: "custom",
      message: `produced ${producedBytes} bytes, but ${ended} are accounted for`,
    });
  })
  .describe("Where every byte went");

const delaySchema = z.strictObject({
  kind: z.enum(productKinds).describe("Kind of product"),
  made: count("Made on board"),
  delivered: count("Whole on the ground"),
  medianSeconds: duration(
    "From picture to mission centre: half of all that were made (nearest rank); null: later than the horizon",
  ).nullable(),
  p90Seconds: duration("Nine tenths of all that were made; null: later than the horizon").nullable(),
  slowestSeconds: duration("The slowest that came; null when none did").nullable(),
});

const flightSchema = z.strictObject({
  crosslinks: z.boolean().describe("Whether satellites handed products on to each other"),
  acquisitions: z
    .strictObject({
      planned: count("Planned by the schedule"),
      failed: count("That could not be read, as some in the workload"),
      processedOnBoard: count("Through the computer by the end of the horizon"),
    })
    .describe("Acquisitions"),
  tiles: z
    .strictObject({ captured: count("In all acquisitions"), screened: count("Empty or cloudy: left out") })
    .describe("Tiles"),
  detections: count("Found on board"),
  bytes: z
    .strictObject({
      sensor: octets("Uncompressed, as the sensors hand them over"),
      rawLosslessFramed: octets(
        "The same imagery as lossless tiles in coded frames: the baseline",
      ).nullable(),
      onLink: octets("Everything sent down, framing and retransmissions included"),
      resent: octets("Of these, sent again"),
      crosslinks: octets("Envelopes passed from satellite to satellite, once for each crosslink"),
    })
    .describe("Volumes"),
  conservation: conservationSchema,
  delays: z.array(delaySchema).describe("From picture to mission centre, by kind of product"),
  energyJoules: z
    .strictObject({
      camera: energy("Cameras and mass memories"),
      compute: energy("Computers at work"),
      radio: energy("Transmitters"),
      crosslink: energy("Terminals between satellites"),
      total: energy("All of these"),
    })
    .describe("Spent on the job; what the platforms use anyway is not in it"),
  power: z
    .strictObject({
      generated: energy("By the arrays, used or not"),
      demanded: energy("Asked for by all loads, platform included"),
      unmet: energy("Asked for when a battery was empty"),
      lowestCharge: z.number().min(0).max(1).describe("Of any battery; 0…1"),
    })
    .nullable()
    .describe("Arrays and batteries; null where power is taken for granted"),
  highestTemperatureKelvin: z
    .number()
    .positive()
    .nullable()
    .describe("Of any computer; null where temperature is taken for granted"),
  waitSeconds: z
    .strictObject({
      battery: duration("Computers stood still for lack of charge"),
      heat: duration("Computers stood still because they were too hot"),
      throttled: duration("Computers worked slower because they were hot"),
      satellites: count("Satellites that ever stood still"),
    })
    .describe("Summed over satellites"),
  transmitSeconds: duration("Transmitters on, summed over satellites"),
  handedOver: count("Products times crosslinks that they took"),
  offload: sharedWorkSchema.optional(),
  stations: z
    .array(
      z.strictObject({
        id: z.string().describe("As in the contact plan"),
        contacts: count("In which anything was sent"),
        bytes: octets("Heard"),
        seconds: duration("Of being sent to"),
      }),
    )
    .describe("What each station heard"),
  verdicts: verdictsSchema,
  orders: ordersSchema.optional(),
  tenancy: tenancySchema.optional(),
});

/** Zod schema of a simulation's `summary.json`. Field descriptions end up in `docs/fleet.md`. */
export const fleetSummarySchema = z.strictObject({
  schema: z.literal(fleetSummaryVersion).describe("Version of this format"),
  runId: z.string().describe("Name of the run; follows from configuration, workload and seed"),
  seed: z.int().describe("Seed of everything random"),
  options: z.record(z.string(), z.unknown()).describe("The options, as they were given"),
  workload: z
    .strictObject({
      name: z.string().describe("The run that measured it, or how it was declared"),
      declared: z.boolean().describe("True for figures that somebody wrote down and nobody measured"),
      source: z.string().nullable().describe("Where declared figures are from"),
      policy: z.string().min(1).describe("What goes down"),
      model: z.string().describe("What looked for objects"),
      precision: z.enum(["fp32", "fp16", "int8"]).describe("Its arithmetic"),
      entries: count("Measured acquisitions that the flown ones are drawn from"),
      tokens: z
        .strictObject({
          weightsBytes: octets("Weights, all read for every token"),
          perImage: z.number().positive().describe("Written for one picture, one at a time"),
          perSecond: z.number().positive().describe("Written by one satellite: tokens a second"),
          boundBy: z.enum(["memory traffic", "operations"]).describe("What holds that back"),
        })
        .nullable()
        .describe("What a model writes token after token; null for models that do not"),
    })
    .describe("The work and the products of one acquisition"),
  constellation: z
    .strictObject({
      spec: z.string().describe("As configured"),
      spacecraft: z.string().describe("What each of its satellites is"),
      satellites: count("Satellites"),
    })
    .describe("What flew"),
  stations: z.array(z.string()).describe("What listened"),
  assumptions: z
    .array(z.string())
    .describe(
      "What is taken for granted of links and ground: figures that are assumed, and what counts as zero",
    ),
  horizon: z.strictObject({ from: moment("Start"), to: moment("End") }).describe("From when to when"),
  link: z
    .strictObject({
      description: z.string().describe("The rate model in words"),
      bitErrorRate: z.number().min(0).max(1).describe("Channel bits that flip"),
      segmentLossRate: z.number().min(0).max(1).describe("Link segments that never arrive"),
      protection: protectionSchema.optional(),
    })
    .describe("Downlink"),
  storeBytes: octets("Ceiling of each satellite's store"),
  contacts: z
    .strictObject({
      planned: count("Contacts in the plan"),
      totalSeconds: duration("Their durations, summed"),
    })
    .describe("The contact plan"),
  crosslinks: z
    .strictObject({
      topology: z.enum(["all", "grid"]).describe("Which satellites may talk to each other"),
      planned: count("Crosslink windows in the plan"),
      epochSeconds: duration("Satellites exchange products at the end of each"),
    })
    .nullable()
    .describe("Links between satellites; null where there are none"),
  flights: z
    .array(flightSchema)
    .min(1)
    .max(2)
    .describe("Straight down only; and, where there are crosslinks, the same acquisitions again with them"),
});

type Immutable<T> = T extends object ? { readonly [Key in keyof T]: Immutable<T[Key]> } : T;

/** What a simulation came to: its `summary.json`. Numbers are plain because the names carry the units. */
export type FleetSummary = Immutable<z.infer<typeof fleetSummarySchema>>;
/** One flight of the fleet over the horizon. */
export type FlightSummary = FleetSummary["flights"][number];

/** Throws `SwathError("storage")` naming the first field that does not fit. */
export const parseFleetSummary = (value: unknown, source = "summary"): FleetSummary =>
  parseWritten(fleetSummarySchema, fleetSummaryVersion, value, source);

/** The same summary always as the same text. */
export const stringifyFleetSummary = (summary: FleetSummary): string =>
  canonicalText(parseFleetSummary(summary));
