import { z } from "zod";
import { tipRoutes } from "../../pipeline/mission/cue-planner.ts";

const count = (what: string) => z.int().nonnegative().describe(what);
const octets = (what: string) => z.int().nonnegative().describe(`${what}; bytes`);
const energy = (what: string) => z.number().nonnegative().describe(`${what}; joules`);
const moment = (what: string) => z.iso.datetime().nullable().describe(`${what}; UTC`);
const median = (what: string) =>
  z
    .number()
    .nonnegative()
    .nullable()
    .describe(`${what}: half of them within; seconds; null where there is none`);

/** What became of a tip, in one word. */
export const cueFates = [
  "confirmed",
  "not-confirmed",
  "not-landed",
  "not-taken",
  "busy",
  "late",
  "nobody",
] as const;

const cueRow = z.strictObject({
  id: z.string().describe("Of the tip: the cue, the acquisition and a number"),
  cue: z.string().describe("The order that asks for it"),
  className: z.string().describe("What was seen"),
  score: z.number().describe("Of the best detection in the area"),
  longitude: z.number().describe("Of the middle of the area; degrees"),
  latitude: z.number().describe("Of the middle of the area; degrees"),
  satellite: z.string().describe("Who saw it"),
  fate: z
    .enum(cueFates)
    .describe(
      "`not-confirmed`: its image shows no such thing there; `not-landed`: what its image shows had not come down; `not-taken`: an image was planned and never taken; `busy`: the cameras were taken; `late`: whoever flies over hears of it too late; `nobody`: nobody flies over in time",
    ),
  route: z
    .enum(tipRoutes)
    .nullable()
    .describe("`own`: the same satellite came by again; null: nobody was told"),
  follower: z.string().nullable().describe("Who was told to look"),
  sameScene: z
    .boolean()
    .describe(
      "The dataset has no other image of the place: the follower's has the pixels in which it was seen",
    ),
  takenAt: moment("The image in which it was seen"),
  readyAt: moment("The detection stood on board"),
  tipAtCentre: moment("The mission centre had it"),
  toldAt: moment("The follower knew of it"),
  imageAt: moment("The follower's image"),
  confirmedAt: moment("The mission centre had what it shows, where that confirms the tip"),
});

const routeFigures = z.strictObject({
  route: z.enum(tipRoutes).describe("How the followers were told"),
  followed: count("Tips that were followed by an image"),
  confirmed: count("Of them confirmed"),
  secondsToTold: median("From the image with the tip until the follower knew of it"),
  secondsToImage: median("From the image with the tip to that of the follower"),
  secondsToConfirmation: median("From the image with the tip until the centre had its confirmation"),
});

/** Zod schema of cues, in a policy's part of `summary.json`. A part whose fates do not add up does not parse. */
export const cuesSchema = z
  .strictObject({
    tips: count("Areas with something that a cue asks for"),
    followed: count("Of them with an image of a follower"),
    confirmed: count("Of them where the model finds it again, and the centre has that"),
    sameScene: count("Of the images, those with the pixels in which the tip was seen"),
    fates: z.record(z.enum(cueFates), z.int().nonnegative()).describe("Tips by what became of them"),
    secondsToCentre: median("From the image with the tip until the mission centre had it"),
    routes: z.array(routeFigures).describe("By how the follower was told, those that were followed"),
    cost: z
      .strictObject({
        uplinkBytes: octets("Orders for looks at tips, and the cues themselves, each once, coding included"),
        crosslinkBytes: octets("Tips from satellite to satellite, each hop"),
        downlinkBytes: octets("Products of the images that followed"),
        energyJoules: energy("Camera, computer, slews and transmitter of the images that followed"),
      })
      .describe("What following took"),
    everything: z
      .strictObject({
        images: count("Acquisitions of the schedule that were taken"),
        downlinkBytes: octets("Of as many images as those that followed"),
        energyJoules: energy("Of as many images as those that followed"),
      })
      .describe(
        "The same without tips: each acquisition is looked at again, at the mean of the images that followed",
      ),
    cues: z.array(cueRow).describe("One by one, in the order in which they were seen"),
  })
  .superRefine(({ tips, fates, cues }, context) => {
    const sum = Object.values(fates).reduce((all, n) => all + n, 0);
    if (sum !== tips || cues.length !== tips)
      context.addIssue({
        code: "custom",
        path: ["tips"],
        message: `${tips} tips, but their fates sum to ${sum}, and ${cues.length} are listed`,
      });
  })
  .describe("What followed from what satellites saw; absent in a mission without cues");

type Immutable<T> = T extends object ? { readonly [Key in keyof T]: Immutable<T[Key]> } : T;

/** Cues of a policy, as the summary has them. */
export type CuesSummary = Immutable<z.infer<typeof cuesSchema>>;

/** One tip, as the summary has it. */
export type CueRow = CuesSummary["cues"][number];

/** What became of a tip, in words. */
export const cueFateText: Readonly<Record<CueRow["fate"], string>> = {
  confirmed: "confirmed",
  "not-confirmed": "not seen again",
  "not-landed": "image not down",
  "not-taken": "image not taken",
  busy: "cameras taken",
  late: "told too late",
  nobody: "nobody over it in time",
};
