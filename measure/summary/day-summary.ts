import { z } from "zod";

const count = (what: string) => z.int().nonnegative().describe(what);
const octets = (what: string) => z.number().nonnegative().describe(`${what}; bytes`);
const energy = (what: string) => z.number().nonnegative().describe(`${what}; joules`);
const fraction = (what: string) => z.number().min(0).max(1).describe(`${what}; 0…1`);

const dayPolicySchema = z.strictObject({
  policy: z.string().min(1).describe("What went down"),
  products: z
    .strictObject({
      made: count("Made of the acquisitions of the day, one for each kind and acquisition"),
      delivered: count("Of these, whole on the ground by the end of the day"),
    })
    .describe("Products"),
  deliveredFraction: fraction("Of the products made, on the ground by the end of the day").nullable(),
  medianSeconds: z
    .number()
    .nonnegative()
    .nullable()
    .describe(
      "Time from acquisition to ground within which half of all products arrived; seconds; null: longer than the day",
    ),
  p90Seconds: z
    .number()
    .nonnegative()
    .nullable()
    .describe("Nine tenths of all that was made; seconds; null: later than the day"),
  bytes: z
    .strictObject({
      produced: octets("Made on board"),
      delivered: octets("Of these, on the ground"),
      backlog: octets("Of these, still on board at the end of the day"),
      dropped: octets("Of these, given up because a store was full"),
      onLink: octets("Everything sent down, framing and retransmissions included"),
    })
    .describe("Volumes; `produced = delivered + backlog + dropped`"),
  energyJoules: z
    .strictObject({
      camera: energy("Cameras and mass memories"),
      compute: energy("Computers at work"),
      radio: energy("Transmitters"),
      crosslink: energy("Terminals between satellites"),
      total: energy("All of these"),
    })
    .describe("Spent on the job; what the platforms use anyway is not in it"),
  curve: z
    .array(
      z.strictObject({
        seconds: z.number().nonnegative().describe("After the acquisition"),
        fraction: fraction("Of all that was made, on the ground by then"),
      }),
    )
    .describe("Share landed against delay: about forty points, evenly over the share"),
  contacts: z
    .array(
      z.strictObject({
        satellite: z.string().describe("In the order of the constellation"),
        seconds: z.number().nonnegative().describe("Of contact, by plan"),
        couldCarryBytes: octets("What its contacts could have carried, framing included"),
        askedBytes: octets("What it made, framing and retransmissions included"),
        carriedBytes: octets("What it sent, framing and retransmissions included"),
      }),
    )
    .describe("What each satellite's contacts could carry, were asked for, and carried"),
});

/** Zod schema of the full day: what `compare` flies after its scenes. */
export const daySummarySchema = z
  .strictObject({
    from: z.iso.datetime().describe("Start of the day; ISO 8601, UTC"),
    hours: z.number().positive().describe("Its length"),
    duty: fraction("Share of its orbits, day and night, that the camera was to image"),
    imagedFraction: fraction(
      "Share of the day that the cameras did image, mean: less where there was no light",
    ),
    camera: z
      .strictObject({
        swathMetres: z.number().positive().describe("Across the track"),
        groundSpeedMetresPerSecond: z.number().positive().describe("Of the point below the satellite, mean"),
        metresPerPixel: z.number().positive().describe("Of the scenes, on the ground"),
      })
      .describe("The camera that takes the acquisitions of the day"),
    pictures: z
      .strictObject({
        count: count("By all satellites"),
        seconds: z.number().positive().describe("Of flight that one acquisition covers"),
        megapixels: z.number().positive().describe("Of one acquisition; bands not counted"),
        everySeconds: z
          .number()
          .positive()
          .nullable()
          .describe("Between two acquisitions of a satellite while it images, mean; null for less than two"),
      })
      .describe("Acquisitions of the day"),
    built: z.array(z.string()).describe("How an acquisition of the day is built, in sentences"),
    assumed: z.array(z.string()).describe("What nobody states and was taken"),
    policies: z.array(dayPolicySchema).describe("One entry a policy, in the order of `policies`"),
  })
  .describe("A full day at the camera's duty with the work just measured; null where it was left out");

type Immutable<T> = T extends object ? { readonly [Key in keyof T]: Immutable<T[Key]> } : T;

/** A full day under every policy. */
export type DaySummary = Immutable<z.infer<typeof daySummarySchema>>;
/** The day under one policy. */
export type DayPolicy = DaySummary["policies"][number];
