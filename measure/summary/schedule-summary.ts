import { z } from "zod";

/** Zod schema of `schedule`: who saw what, and whether anybody was there. */
export const scheduleSummarySchema = z
  .strictObject({
    rule: z
      .enum(["overflight", "recorded", "cadence"])
      .describe("How it was decided which satellite photographs which scene when"),
    flownOver: z
      .boolean()
      .describe("Whether satellites were over what they photographed; if not, the run is a load test"),
    camera: z
      .strictObject({
        swathMetres: z.number().positive().describe("What it covers across the track, looking straight down"),
        offNadirDegrees: z.number().min(0).max(90).describe("How far it can be turned off the vertical"),
        sunAboveDegrees: z
          .number()
          .nullable()
          .describe("The Sun stood this high over the scene or higher; null: the camera sees by night"),
        assumed: z.array(z.string()).describe("What the spacecraft does not state and was taken"),
      })
      .nullable()
      .describe("The reach of the camera, where satellites flew over the scenes"),
    unseen: z
      .array(
        z.strictObject({
          scene: z.string().describe("A scene that the run leaves out"),
          reason: z.string().describe("Why nobody saw it"),
        }),
      )
      .describe("Scenes that no satellite saw"),
  })
  .describe("Who saw what, and whether anybody was there");

/** What `scheduleSummarySchema` accepts. */
export type ScheduleSummary = z.infer<typeof scheduleSummarySchema>;

/** The schedule in words, for tables and reports. */
export const scheduleText = ({
  rule,
  camera,
}: {
  readonly rule: ScheduleSummary["rule"];
  readonly camera: Readonly<Omit<NonNullable<ScheduleSummary["camera"]>, "assumed">> | null;
}): string => {
  if (rule === "cadence") return "load test: scene after scene at a cadence; no satellite was over them";
  if (rule === "recorded") return "as recorded: scenes at their own times; no satellite was over them";
  if (camera === null) return "overflight";
  const { swathMetres, offNadirDegrees, sunAboveDegrees } = camera;
  const side = offNadirDegrees === 0 ? "" : ` turned up to ${offNadirDegrees}° off the vertical`;
  const light =
    sunAboveDegrees === null ? "by day and night" : `with the Sun ${sunAboveDegrees}° high or more`;
  return `overflight: the first time that a swath of ${swathMetres / 1000} km${side} covers the scene ${light}`;
};
