import { z } from "zod";

/** What may give way, in the order in which tables have it. */
export const verdictSubjects = ["link", "computer", "power", "heat", "store"] as const;

/** What a verdict speaks of: one resource of the spacecraft, or the link. */
export type VerdictSubject = (typeof verdictSubjects)[number];

const finite = (what: string) => z.number().nullable().describe(what);

const pairSchema = z.strictObject({
  value: z.number().describe("What all satellites together ask for; in `unit`"),
  limit: z.number().describe("What all of them together have; in `unit`"),
});

/** Zod schema of one verdict: the deciding figure of the worst satellite, against its limit. */
export const verdictSchema = z.strictObject({
  subject: z.enum(verdictSubjects).describe("What was judged"),
  verdict: z
    .enum(["fits", "does not fit", "unknown"])
    .describe("For the worst satellite, in a steady state; `unknown` where it cannot be given"),
  value: finite(
    "The deciding figure of the worst satellite, in `unit`: bytes asked of its contacts in the horizon, seconds of work in the horizon, lowest charge, highest temperature, fullest store",
  ),
  limit: finite(
    "What it must stay within, in `unit`: bytes that its contacts could carry, seconds of the horizon, the battery's floor, where the computer slows down, the store's capacity",
  ),
  unit: z
    .enum(["B", "s", "charge", "K"])
    .describe("Of `value` and `limit`; `charge` is a share of the battery, 0…1"),
  margin: z
    .number()
    .nonnegative()
    .nullable()
    .describe(
      "The factor by which the work may grow before this limit is reached; below 1 the work has to shrink. Null: no amount of work reaches it, or unknown",
    ),
  satellite: z.string().nullable().describe("The worst one; null where all are alike or none was judged"),
  all: pairSchema.nullable().describe("The sum over all satellites, where a sum means something"),
  limitedBy: z.string().describe("What decides, in words"),
  reason: z.string().nullable().describe("Why there is no verdict; null where there is one"),
});

/** Zod schema of the verdicts on one policy or one flight. */
export const verdictsSchema = z
  .strictObject({
    limits: z
      .array(verdictSchema)
      .length(verdictSubjects.length)
      .describe("Link, computer, power, heat, store, in this order"),
    fits: z
      .boolean()
      .nullable()
      .describe("Whether all five fit; null where one is unknown and no other fails"),
    givesWayFirst: z
      .enum(verdictSubjects)
      .nullable()
      .describe("The limit of least margin; null where nothing gives way"),
    largestDuty: z
      .strictObject({
        work: z
          .number()
          .nonnegative()
          .describe("The work that was flown, times so much, is the most that fits"),
        duty: z
          .number()
          .min(0)
          .nullable()
          .describe("The same as a share of its orbits that the camera images; null where no duty is known"),
        limitedBy: z
          .enum([...verdictSubjects, "light"])
          .describe("What gives way first beyond; `light`: there is no more to be seen"),
        fitsFlown: z.boolean().describe("Flown again at this much work, everything fits"),
        moreFits: z.boolean().describe("Flown again at 1.05 times as much, everything fits"),
      })
      .nullable()
      .describe("The most that fits, found by bisection and flown again; null where it is not known"),
  })
  .describe("Whether it fits, in a steady state; the worst satellite decides");

type Immutable<T> = T extends object ? { readonly [Key in keyof T]: Immutable<T[Key]> } : T;

/** One limit and how far it is. */
export type Verdict = Immutable<z.infer<typeof verdictSchema>>;
/** All five of one policy. */
export type Verdicts = Immutable<z.infer<typeof verdictsSchema>>;

/** Five times unknown, for one reason. */
export const unknownVerdicts = (reason: string): Verdicts => {
  const units = { link: "B", computer: "s", power: "charge", heat: "K", store: "B" } as const;
  return {
    limits: verdictSubjects.map((subject) => ({
      subject,
      verdict: "unknown",
      value: null,
      limit: null,
      unit: units[subject],
      margin: null,
      satellite: null,
      all: null,
      limitedBy: "",
      reason,
    })),
    fits: null,
    givesWayFirst: null,
    largestDuty: null,
  };
};
