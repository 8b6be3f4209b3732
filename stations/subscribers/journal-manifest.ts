import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { replaceFile } from "./replace-file.ts";

const segmentSchema = z.discriminatedUnion("kind", [
  /** Lines that the journal wrote itself. The last one of these grows, where it is the last of all. */
  z.object({ kind: z.literal("heard"), first: z.int().positive(), file: z.string() }),
  /** Detections of a finished run, which stay where they are. */
  z.object({
    kind: z.literal("finished"),
    first: z.int().positive(),
    count: z.int().positive(),
    run: z.string(),
    classes: z.array(z.string()),
    path: z.string(),
  }),
]);

const sourceSchema = z.object({
  name: z.string(),
  run: z.string(),
  /** When it began, milliseconds since 1970: of two starts of a run the later one counts. */
  startedMs: z.number(),
});

const manifestSchema = z.object({
  schema: z.literal("swath-journal/1"),
  id: z.string(),
  segments: z.array(segmentSchema),
  sources: z.array(sourceSchema),
  /** Last number that was ever given away: it stays given when the segment that held it is removed. */
  head: z.int().nonnegative(),
  /** While a gateway writes: when the machine was started, milliseconds since 1970, about. Absent once it has closed the journal. */
  bootedMs: z.number().optional(),
});

/** A stretch of the journal: numbers from `first` on. */
export type Segment = z.infer<typeof segmentSchema>;

/** One start of a run, or a finished run's folder. */
export type JournalSource = z.infer<typeof sourceSchema>;

/** What lies where in a journal. */
export type JournalManifest = z.infer<typeof manifestSchema>;

const fileOf = (folder: string): string => join(folder, "journal.json");

/** Lower case letters and digits: it stands before every cursor. */
const newId = (): string => `j${randomBytes(4).toString("hex")}`;

/** Reads what lies in a folder; a new journal where there is none. Throws `SwathError("storage")`. */
export const readManifest = (folder: string): JournalManifest => {
  try {
    return manifestSchema.parse(JSON.parse(readFileSync(fileOf(folder), "utf8")));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT")
      return { schema: "swath-journal/1", id: newId(), segments: [], sources: [], head: 0 };
    throw new SwathError("storage", {
      what: `${fileOf(folder)} cannot be read`,
      got: cause instanceof z.ZodError ? "another layout" : messageOf(cause),
      hint: "remove the folder: cursors of its clients are then refused, and they start again",
      cause,
    });
  }
};

/** Puts it in the place of the old one in one step. */
export const writeManifest = (folder: string, manifest: JournalManifest): void =>
  replaceFile(fileOf(folder), JSON.stringify(manifest));
