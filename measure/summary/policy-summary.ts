import { z } from "zod";
import { frameBytes } from "../../pipeline/link/frames/frame.ts";
import { crosslinksSchema, platformSchema } from "./platform-summary.ts";
import { intervalSchema, qualitySchema } from "./quality-schema.ts";
import { cuesSchema } from "./cue-summary.ts";
import { ordersSchema } from "./order-summary.ts";
import { modelsSchema } from "./model-summary.ts";
import { requestsSchema } from "./request-summary.ts";
import { tenancySchema } from "./tenancy-summary.ts";
import { upsetsSchema } from "./upset-summary.ts";
import { verdictsSchema } from "./verdict-summary.ts";
import { products } from "../../pipeline/product/registry.ts";

const count = (what: string) => z.int().nonnegative().describe(what);
const octets = (what: string) => z.int().nonnegative().describe(`${what}; bytes`);
const duration = (what: string) => z.number().nonnegative().describe(`${what}; seconds`);
const energy = (what: string) => z.number().nonnegative().describe(`${what}; joules`);
const fraction = (what: string) => z.number().min(0).max(1).describe(`${what}; 0…1`);

const acquisitionsSchema = z
  .strictObject({
    planned: count("Acquisitions in the schedule"),
    captured: count("Taken and stored on board"),
    processedOnBoard: count("Gone through the onboard computer before the horizon ended"),
    delivered: count("Every product of them that the policy meant to send arrived whole"),
  })
  .describe("How many acquisitions got how far");

type ProductKey = (typeof products)[number]["key"];

/** A count for each kind of product there is. */
const byProductSchema = z.strictObject(
  Object.fromEntries(
    products.map(({ key, name }) => [key, octets(`${name.charAt(0).toUpperCase()}${name.slice(1)}`)]),
  ) as Readonly<Record<ProductKey, ReturnType<typeof octets>>>,
);

const bytesSchema = z
  .strictObject({
    sensorUncompressed: octets("What the sensor hands over: samples only, no compression"),
    rawLossless: octets("The same pixels as lossless tiles, without framing"),
    rawLosslessFramed: octets(
      "`rawLossless` in coded frames on a channel without errors: the baseline of every saving",
    ),
    onLink: z
      .strictObject({
        total: octets("Everything the satellites sent: the sum of the parts below"),
        byProduct: byProductSchema.describe("Product payloads, each counted the first time it is sent"),
        framing: octets(
          "Headers, sync markers, security, checksums and Reed–Solomon parity of frames sent for the first time",
        ),
        retransmission: octets("Whole frames that were sent again"),
        idle: octets("Fill in frames that products did not fill up"),
      })
      .describe("Downlink"),
    uplink: octets("What the stations sent up: turn reports and acknowledgements"),
  })
  .describe("Volumes. A saving is stated against `rawLosslessFramed`");

const framesSchema = z
  .strictObject({
    sent: count("By all satellites"),
    accepted: count("By stations, those put right among them"),
    corrupt: count("Heard and not to be put right"),
    notHeard: count("Of segments of which nothing was heard"),
  })
  .describe("The law: sent = accepted + corrupt + not heard, as the books of both ends have it");

const conservationSchema = z
  .strictObject({
    producedBytes: octets("Payload of every product made on board"),
    deliveredBytes: octets("Payload that a station accepted whole"),
    onBoardBytes: octets("Payload still on board when the horizon ended"),
    droppedBytes: z
      .record(z.string(), octets("Payload given up for this reason"))
      .describe("Payload given up, by reason"),
  })
  .describe("The law: produced = delivered + on board + dropped");

const latencySchema = z
  .strictObject({
    median: duration("Half of the delivered detections were published within (interpolated)"),
    p90: duration("Nine tenths of the delivered detections were published within (interpolated)"),
    mean: z
      .strictObject({
        queue: duration("Waiting for the onboard computer"),
        compute: duration("On the onboard computer"),
        waitForContact: duration(
          "Ready on board until its first frame leaves: waiting for a station, for the lock, for what goes first",
        ),
        transmit: duration("On the link, light time and retransmissions included"),
        ground: duration(
          "From station to mission centre, queue and work of the ground's processors where the ground detects",
        ),
        total: duration("Capture to publication"),
      })
      .describe("Means of the stages"),
  })
  .describe("Capture to subscriber, over the detections that were delivered; null when there were none");

const pictureDelaysSchema = z
  .strictObject({
    made: count("Pictures of which anything was to come down"),
    delivered: count("Of these, all of it was with subscribers before the horizon ended"),
    medianSeconds: duration(
      "Half of all these pictures were there within; null: later than the horizon",
    ).nullable(),
    p90Seconds: duration("Nine tenths of all were there within; null: later than the horizon").nullable(),
    slowestSeconds: duration("The slowest that came; null when none did").nullable(),
  })
  .describe(
    "From capture until all that the policy makes of a picture is with subscribers, over all pictures: what never came counts",
  );

const energySchema = z
  .strictObject({
    camera: energy("Camera and mass memory"),
    compute: energy("Onboard computer at work, besides what it draws when it waits"),
    radio: energy("Transmitter on"),
    crosslink: energy("Terminals between satellites; 0 where there are none"),
    total: energy(
      "The sum of the above; what the platform uses anyway, the waiting computer included, is not in it",
    ),
    perMegapixel: energy("`total` for a megapixel captured").nullable(),
  })
  .describe("Spent on board");

const agreementSchema = z
  .strictObject({
    matched: count("Pairs of the same class at IoU ≥ 0.5"),
    ofRaw: count("Detections of `raw`"),
    ofPolicy: count("Detections of this policy"),
    rawFoundFraction: fraction("Of the detections of `raw`, found by this policy too"),
    rawFoundInterval: intervalSchema.nullable(),
    policyConfirmedFraction: fraction("Of the detections of this policy, found by `raw` too"),
    policyConfirmedInterval: intervalSchema.nullable(),
    identical: z.boolean().describe("The same detections to the last bit of box and score"),
  })
  .describe("With the detections of policy `raw`; null when `raw` did not run");

const sum = (record: Readonly<Record<string, number>>): number =>
  Object.values(record).reduce((total, value) => total + value, 0);

/** Zod schema of one policy's part of `summary.json`. A part whose sums do not add up does not parse. */
export const policySummarySchema = z
  .strictObject({
    policy: z.string().min(1).describe("What the satellites selected for the link"),
    settings: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
      .describe("Parameters of the policy, e.g. quality of the lossy tiles"),
    verdicts: verdictsSchema,
    acquisitions: acquisitionsSchema,
    tiles: z
      .strictObject({
        captured: count("Tiles of all captured acquisitions"),
        screenedEmpty: count("Left out: no measurement, or nothing to look at"),
        screenedCloudy: count("Left out: cloud"),
        processedOnBoard: count("Seen by the model on board"),
        processedOnGround: count("Seen by the model at a station"),
      })
      .describe("How many tiles got how far"),
    detections: z
      .strictObject({
        onBoard: count("Found on board, tile duplicates merged"),
        delivered: count("Published to subscribers, wherever they were found"),
      })
      .describe("How many detections"),
    bytes: bytesSchema,
    frames: framesSchema.optional(),
    savingFraction: z
      .number()
      .max(1)
      .nullable()
      .describe("1 − onLink.total / rawLosslessFramed; below 0 when the policy sends more than the baseline"),
    products: z
      .strictObject({
        made: count("Made on board: batches of detections, chips, tiles"),
        delivered: count("Of these, whole on the ground"),
      })
      .describe("How many products"),
    conservation: conservationSchema,
    deliveredShare: z
      .strictObject({
        acquisitionsFraction: fraction("Of the captured acquisitions, delivered").nullable(),
        bytesFraction: fraction("Of the payload produced, delivered").nullable(),
      })
      .describe("The delivered share of what the policy sends"),
    contacts: z
      .strictObject({
        used: count("Contacts in which this policy sent anything"),
        transmitSeconds: duration("Transmitter on"),
      })
      .describe("Use of the contact plan"),
    latencySeconds: latencySchema.nullable(),
    pictureDelays: pictureDelaysSchema,
    energyJoules: energySchema.nullable(),
    platform: platformSchema.nullable(),
    crosslinks: crosslinksSchema.nullable(),
    requests: requestsSchema.optional(),
    orders: ordersSchema.optional(),
    cues: cuesSchema.optional(),
    tenancy: tenancySchema.optional(),
    models: modelsSchema.optional(),
    upsets: upsetsSchema.optional(),
    quality: qualitySchema.nullable(),
    agreementWithRaw: agreementSchema.nullable(),
    losses: z
      .array(
        z.strictObject({
          what: z.enum(["acquisition", "tile", "product", "frame"]).describe("What was lost"),
          reason: z.string().describe("Why, e.g. `store-full`, `corrupt`, `cloudy`, `horizon`"),
          count: count("How many"),
          bytes: octets("How much"),
        }),
      )
      .describe("Everything that was taken and did not arrive at first try, counted"),
  })
  .superRefine((policy, context) => {
    const { onLink } = policy.bytes;
    const parts = sum(onLink.byProduct) + onLink.framing + onLink.retransmission + onLink.idle;
    const { producedBytes, deliveredBytes, onBoardBytes, droppedBytes } = policy.conservation;
    const accounted = deliveredBytes + onBoardBytes + sum(droppedBytes);
    const complain = (path: string[], message: string) => context.addIssue({ code: "custom", path, message });
    if (parts !== onLink.total)
      complain(["bytes", "onLink"], `total ${onLink.total}, but the parts sum to ${parts}`);
    const { frames, losses, products: counted } = policy;
    const lost = losses.filter(({ what }) => what === "frame");
    const lostBytes = lost.reduce((total, row) => total + row.bytes, 0);
    if (lostBytes > onLink.total)
      complain(["losses"], `${lostBytes} bytes of frames lost, of ${onLink.total} that were sent`);
    if (frames !== undefined) {
      const told = frames.accepted + frames.corrupt + frames.notHeard;
      const isWhole = told === frames.sent && frames.sent * frameBytes === onLink.total;
      if (!isWhole || (frames.corrupt + frames.notHeard) * frameBytes !== lostBytes)
        complain(["frames"], `${frames.sent} sent, but accepted + corrupt + not heard is ${told}`);
    }
    if (counted.delivered > counted.made)
      complain(["products"], `${counted.delivered} delivered, but ${counted.made} made`);
    if (accounted !== producedBytes) {
      complain(
        ["conservation"],
        `produced ${producedBytes} bytes, but delivered + on board + dropped is ${accounted}`,
      );
    }
  });
