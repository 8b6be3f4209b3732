import { readFile } from "node:fs/promises";
import { z } from "zod";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { parseInstant } from "../../pipeline/units.ts";
import type { SeenThing } from "./cue-study.ts";

const feature = z.object({
  id: z.string(),
  properties: z.object({
    satellite: z.string(),
    class: z.string(),
    score: z.number(),
    captured_at: z.string(),
    longitude: z.number().nullable(),
    latitude: z.number().nullable(),
  }),
});
const collection = z.object({ type: z.literal("FeatureCollection"), features: z.array(z.unknown()) });

/** Which detections are followed. */
export interface CueRule {
  readonly on: string;
  readonly minScore: number;
}

/**
 * The detections of a class from a run's `detections.geojson` that are sure enough to be followed; what has no place is left out.
 * Throws `SwathError("config")` for a file that cannot be read, and where nothing is to be followed, with the classes that there are.
 */
export const readSeenThings = async (
  path: string,
  { on, minScore }: CueRule,
): Promise<readonly SeenThing[]> => {
  const fail = (wanted: string, got: string, cause?: unknown): never => {
    throw new SwathError("config", {
      what: `tips ${path}`,
      wanted,
      got,
      ...(cause === undefined ? {} : { cause }),
    });
  };
  let features: readonly unknown[];
  try {
    features = collection.parse(JSON.parse(await readFile(path, "utf8"))).features;
  } catch (cause) {
    const got = cause instanceof z.ZodError ? "another file" : messageOf(cause);
    return fail("the detections.geojson of a run", got, cause);
  }
  const classes = new Set<string>();
  const seen = features.flatMap((value, n): readonly SeenThing[] => {
    const read = feature.safeParse(value);
    if (!read.success)
      return fail(
        "detections as a run writes them",
        `feature ${n}: ${read.error.issues[0]?.path.join(".") ?? "another"}`,
      );
    const { id } = read.data;
    const {
      satellite,
      class: name,
      score,
      captured_at: captured,
      longitude,
      latitude,
    } = read.data.properties;
    classes.add(name);
    const takenAt = parseInstant(captured);
    if (takenAt === null) return fail("captured_at: a time in UTC", captured);
    if (name !== on || score < minScore || longitude === null || latitude === null) return [];
    return [{ id, satellite, takenAt, longitude, latitude }];
  });
  if (seen.length > 0) return seen;
  const has =
    classes.size === 0
      ? "no detections"
      : `${[...classes].join(", ")}, none with a place and a score that high`;
  return fail(`a detection of class ${on} with a score of ${minScore} or more`, has);
};
