import { z } from "zod";
import { orderKindNames, type OrderKindName } from "../../pipeline/orders/order.ts";

const count = (what: string) => z.int().nonnegative().describe(what);
const octets = (what: string) => z.int().nonnegative().describe(`${what}; bytes`);
const duration = (what: string) => z.number().nonnegative().describe(`${what}; seconds`);
const moment = (what: string) => z.iso.datetime().nullable().describe(`${what}; UTC`);

const spread = (what: string) =>
  z
    .strictObject({
      median: duration("Half of them within (interpolated)"),
      p90: duration("Nine tenths of them within (interpolated)"),
    })
    .nullable()
    .describe(`${what}; null where there is none`);

/** What became of an order, in one word. */
export const orderFates = ["done", "accepted", "expired", "refused", "not-heard"] as const;

const refusal = z.strictObject({
  by: z
    .enum(["ground", "satellite"])
    .describe("Who refused it: mission control or centre before it went up, or the satellite"),
  field: z.string().describe("Which field"),
  wanted: z.string().describe("What was wanted of it"),
  got: z.string().describe("What it says"),
});

const orderRow = z.strictObject({
  id: z.string().nullable().describe("As given; null where not even that could be read"),
  kind: z
    .enum(orderKindNames as readonly [OrderKindName, ...OrderKindName[]])
    .nullable()
    .describe("What was ordered; null for one that could not be read"),
  tenant: z.string().nullable().describe("Who ordered it"),
  priority: z.int().min(1).max(9).nullable().describe("1 goes first"),
  satellite: z.string().nullable().describe("Whom it was given to; null: nobody, or all (`satellites`)"),
  bbox: z
    .array(z.number())
    .length(4)
    .optional()
    .describe("The area: west, south, east, north in degrees; absent where it has none"),
  satellites: z
    .strictObject({
      given: z.int().positive().describe("How many it was given to"),
      heard: z.int().nonnegative().describe("How many of them had it on board"),
    })
    .optional()
    .describe("Of an order for all satellites; its times are those of the first that had it"),
  fate: z
    .enum(orderFates)
    .describe(
      "`accepted`: on board, its deadline beyond the horizon; `not-heard`: sent or not, it never was on board",
    ),
  refusal: refusal.optional().describe("Why, of those refused"),
  issuedAt: moment("When it was given"),
  deadline: moment("By when it was to be done"),
  contact: z.string().nullable().describe("Which contact brought it up"),
  heardAt: moment("All of it on board"),
  takenAt: moment("Its image was taken"),
  doneAt: moment("Done on board"),
  toldAt: moment("The ground heard the last that was said of it"),
  landedAt: moment("The first product of its image was at the mission centre"),
});

/** Zod schema of orders, in a policy's part of `summary.json`. A part whose sums do not add up does not parse. */
export const ordersSchema = z
  .strictObject({
    given: count("Orders in the file, those that could not be read among them"),
    refusedOnGround: count("Refused before anything went up"),
    refusedOnBoard: count("Refused by the satellite"),
    notHeard: count("Never on board"),
    accepted: count("On board and not yet due at the end of the horizon"),
    done: count("Done"),
    inTime: count(
      "Of them those whose products were at the mission centre by the deadline; others by what the satellite said",
    ),
    expired: count("On board, and not done by the deadline"),
    uplink: z
      .strictObject({
        bytes: octets("Telecommands, coding included; part of `bytes.uplink`"),
        frames: count("Telecommand frames sent, first or again"),
        lostFrames: count("Of them lost on the way"),
        receiveSeconds: duration("In which orders came in"),
        receiveJoules: z
          .number()
          .nonnegative()
          .describe("Of the receivers in that time; joules, part of the load `contact`"),
      })
      .describe("What orders took of the uplink"),
    answers: z
      .strictObject({
        bytes: octets("Frames down with acknowledgements and answers; not part of `bytes.onLink`"),
        frames: count("How many"),
        lostFrames: count("Of them lost on the way"),
      })
      .describe("What answers took of the downlink"),
    secondsToBoard: spread("From the order to the satellite"),
    secondsToImage: spread("From the order to its image"),
    secondsToGround: spread("From the order to the first product of its image at the mission centre"),
    orders: z.array(orderRow).describe("One by one: as planned, then those refused on the ground"),
  })
  .superRefine((orders, context) => {
    const { given, refusedOnGround, refusedOnBoard, notHeard, accepted, done, expired } = orders;
    const sum = refusedOnGround + refusedOnBoard + notHeard + accepted + done + expired;
    if (sum !== given || orders.orders.length !== given)
      context.addIssue({
        code: "custom",
        path: ["given"],
        message: `${given} orders, but their fates sum to ${sum}, and ${orders.orders.length} are listed`,
      });
  })
  .describe("What satellites were ordered to do; absent in a mission without orders");

type Immutable<T> = T extends object ? { readonly [Key in keyof T]: Immutable<T[Key]> } : T;

/** Orders of a policy, as the summary has them. */
export type OrdersSummary = Immutable<z.infer<typeof ordersSchema>>;

/** One order, as the summary has it. */
export type OrderRow = OrdersSummary["orders"][number];
