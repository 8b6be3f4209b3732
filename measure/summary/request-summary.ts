import { z } from "zod";

const count = (what: string) => z.int().nonnegative().describe(what);
const octets = (what: string) => z.int().nonnegative().describe(`${what}; bytes`);
const duration = (what: string) => z.number().nonnegative().describe(`${what}; seconds`);

/** Zod schema of the requests for tiles, in a policy's part of `summary.json`. A part whose sums do not add up does not parse. */
export const requestsSchema = z
  .strictObject({
    tiles: count("Tiles asked for"),
    scenes: count("Acquisitions that they belong to"),
    made: count("Tiles that were still on board, and became products"),
    gone: count("Tiles whose scenes had been given up"),
    unreadable: count("Tiles that could not be read again"),
    delivered: count("Tiles that came down"),
    madeBytes: octets("Envelopes of the products; part of `conservation.producedBytes`"),
    deliveredBytes: octets(
      "Of those delivered; on the link they are in `bytes.onLink.byProduct.tileLossless`",
    ),
    uplinkBytes: octets("Telecommands that asked for them, coding included; part of `bytes.uplink`"),
    latencySeconds: z
      .strictObject({
        median: duration("Half of those delivered were down within (interpolated)"),
        p90: duration("Nine tenths of those delivered were down within (interpolated)"),
      })
      .nullable()
      .describe("From the request to the pixels; null when none came down"),
    computeSeconds: duration("Onboard computer, at full speed; its energy is in `energyJoules.compute`"),
    captures: z
      .strictObject({
        takenBytes: octets("Scenes as the sensor handed them over"),
        keptBytes: octets("Of them on board to the end"),
        givenUpBytes: octets("Of them given up for room"),
      })
      .describe("What was kept for the case that its pixels are asked for"),
  })
  .superRefine(({ tiles, made, gone, unreadable, captures }, context) => {
    const complain = (path: string[], message: string) => context.addIssue({ code: "custom", path, message });
    if (made + gone + unreadable !== tiles)
      complain(["tiles"], `${tiles} tiles, but made + gone + unreadable is ${made + gone + unreadable}`);
    const accounted = captures.keptBytes + captures.givenUpBytes;
    if (accounted !== captures.takenBytes)
      complain(["captures"], `${captures.takenBytes} bytes taken, but kept + given up is ${accounted}`);
  })
  .describe("Tiles that the ground asked for; absent where it asks for nothing");
