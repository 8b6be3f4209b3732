import { z } from "zod";
import {
  isOptionalResource,
  resources,
  type OptionalResource,
  type ResourceKey,
} from "../../pipeline/tenancy/resource.ts";

const count = (what: string) => z.int().nonnegative().describe(what);
const money = (what: string) => z.int().nonnegative().describe(`${what}; millionths of the currency`);

type Count = ReturnType<typeof count>;

const workSchema = z
  .strictObject(
    Object.fromEntries(
      resources.map((resource) => {
        const { key, unit, micro } = resource;
        const figure = count(`Millionths of a ${unit}: ${micro}`);
        return [key, isOptionalResource(resource) ? figure.optional() : figure];
      }),
    ) as Record<Exclude<ResourceKey, OptionalResource>, Count> &
      Record<OptionalResource, z.ZodOptional<Count>>,
  )
  .describe("What was used of what is metered");

const tenantSchema = z.strictObject({
  tenant: z.string().describe("As the tenants file has it; `mission` is who flies it"),
  budgetMicro: money("What it may spend").nullable(),
  chargedMicro: money("What it pays"),
  overrunMicro: money("Beyond its budget, borne by the operator"),
  refundedMicro: money("Reserved, and given back"),
  refused: count("Acquisitions that its budget did not hold on board"),
  acquisitions: count("Acquisitions that its work was done on"),
  work: workSchema,
  detections: count("Detections of its classes that came down"),
  usefulDetections: count(
    "Of them, those that match a label; where nobody labelled a scene, all that came down of it",
  ),
  labelledShare: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .describe("Of its detections, the share in scenes that somebody labelled; 0…1, null without detections"),
  firstAtSeconds: z
    .number()
    .nullable()
    .describe("From the start of the horizon to its first detection; seconds"),
  medianDelaySeconds: z
    .number()
    .nonnegative()
    .nullable()
    .describe("From acquisition to publication of its detections, median; seconds"),
  pricePerUsefulMicro: z
    .number()
    .nonnegative()
    .nullable()
    .describe("Charged for each useful detection; millionths of the currency, null where there is none"),
});

const missionSchema = z
  .strictObject({
    stationMicro: money("Antennas, for the length of the contacts in which anything was sent").nullable(),
    energyMicro: money("All that was drawn on board").nullable(),
    bytesMicro: money("All that was sent down").nullable(),
    spacecraftMicro: money("Spacecraft, spread evenly over their life").nullable(),
    totalMicro: money("The sum of those above that have a price"),
    perUsefulMicro: z
      .number()
      .nonnegative()
      .nullable()
      .describe("For each useful detection of all tenants; millionths of the currency"),
  })
  .describe("What the mission as a whole costs, by figures of the price file; null where it has none");

/** Zod schema of what tenants got and paid, in a policy's part of `summary.json`. */
export const tenancySchema = z
  .strictObject({
    currency: z.string().describe("Of the price file"),
    tenants: z.array(tenantSchema).describe("In the order of the tenants file, the operator last"),
    workloads: z
      .array(
        z.strictObject({
          workload: z.string().describe("As the workloads file has it"),
          tenant: z.string().describe("Whose it is"),
          operations: z.number().nonnegative().describe("Of its model"),
          computeSeconds: z.number().nonnegative().describe("Of the computer at full speed; seconds"),
          loadSeconds: z.number().nonnegative().describe("Of these, loading of weights; seconds"),
          detections: count("Found on board"),
        }),
      )
      .optional()
      .describe("Absent in a mission with one model"),
    mission: missionSchema,
  })
  .describe("What tenants got and paid; absent in a mission without tenants");
