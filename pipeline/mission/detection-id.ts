import { createHash } from "node:crypto";

/** What a detection is told apart by: all of it follows from dataset, configuration and seed. */
export interface DetectionContent {
  /** `<run>-<policy>`. */
  readonly run: string;
  readonly acquisition: number;
  readonly class: string;
  readonly score: number;
  /** x0, y0, x1, y1 in pixels of the scene. */
  readonly box_px: readonly [number, number, number, number];
}

/**
 * The name of a detection, `<run>.<acquisition>.<16 hex digits>`: the digits are the beginning of the SHA-256 of class, score and box. The
 * same detection has it wherever and whenever it is met, live, sent again, or in an archive; a run that is repeated names its detections alike.
 */
export const detectionId = (content: DetectionContent): string => {
  const { run, acquisition, score, box_px } = content;
  const told = JSON.stringify([content.class, score, ...box_px]);
  const digits = createHash("sha256").update(told).digest("hex").slice(0, 16);
  return `${run}.${acquisition}.${digits}`;
};

/** The run and acquisition that an id names; `null` for what is no id. */
export const placeOfId = (id: string): { readonly run: string; readonly acquisition: number } | null => {
  const match = /^([A-Za-z0-9_-]+)\.(\d{1,10})\.[0-9a-f]{16}$/.exec(id);
  return match === null ? null : { run: match[1] as string, acquisition: Number(match[2]) };
};
