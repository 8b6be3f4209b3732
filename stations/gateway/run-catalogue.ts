import { z } from "zod";
import type { PixelWindow } from "../../pipeline/raster/raster.ts";

/** Zod schema of a run, a simulation or a sweep in the list. */
export const runEntrySchema = z.strictObject({
  run: z.string().describe("its name, and its path below /api/runs"),
  kind: z.enum(["run", "simulation", "sweep"]).nullable().describe("null where nothing says what it is"),
  state: z
    .enum(["finished", "at work", "interrupted", "failed", "incomplete"])
    .describe("interrupted: it was at work and is not any more; incomplete: files are missing"),
  of: z.string().nullable().describe("the dataset, the constellation, or what a sweep varies"),
  model: z.string().nullable(),
  policies: z.array(z.string()).describe("labels, in the order in which they are flown"),
  from: z.string().nullable().describe("start of the horizon, ISO 8601, UTC"),
  written: z.string().describe("when its folder was last written, ISO 8601, UTC"),
  tags: z.array(z.string()),
  mission: z.boolean().describe("there is a mission record to be shown"),
  report: z.boolean().describe("there is a report to be read"),
  missing: z
    .array(z.string())
    .describe("files that belong to it and are not there, or why they cannot be read"),
});

/** One line of the catalogue. */
export type RunEntry = z.infer<typeof runEntrySchema>;

/** Runs, finished and at work, for those who look at them. All by name; `null` where there is no such run or file. */
export interface RunCatalogue {
  /** The newest first. */
  readonly list: () => Promise<readonly RunEntry[]>;
  readonly find: (run: string) => Promise<RunEntry | null>;
  /** `summary.json`, as it is; null while it is at work. */
  readonly summary: (run: string) => Promise<unknown>;
  readonly report: (run: string) => Promise<Uint8Array<ArrayBuffer> | null>;
  /** `mission/head.json`. */
  readonly head: (run: string) => Promise<Uint8Array<ArrayBuffer> | null>;
  /** A file of the record that its head names. */
  readonly part: (run: string, file: string) => Promise<Uint8Array<ArrayBuffer> | null>;
  /** The image of a detection, where it was sent down. */
  readonly chip: (run: string, picture: PictureName) => Promise<Uint8Array<ArrayBuffer> | null>;
  /** A tile that the ground requested and got, as GeoTIFF. */
  readonly tile: (run: string, picture: PictureName) => Promise<Uint8Array<ArrayBuffer> | null>;
  /**
   * A part of a scene as the dataset of the run has it, in natural colours: WebP without loss. Nothing of it has crossed a link. Throws
   * `HttpProblem` where the run or the scene has no such pixels, or the dataset has moved or changed since.
   */
  readonly scenePicture: (run: string, part: ScenePart) => Promise<Uint8Array<ArrayBuffer>>;
  /** The revision of a record's head, now and whenever it grows; ends when the run does, or `signal` aborts. */
  readonly follow: (run: string, signal: AbortSignal) => AsyncIterable<RunGrowth>;
}

/** A chip by acquisition and detection, a tile by acquisition and tile. */
export interface PictureName {
  readonly policy: string;
  readonly acquisition: number;
  readonly place: number;
}

/** A window of a scene, in its pixels. */
export interface ScenePart {
  readonly scene: string;
  readonly window: PixelWindow;
}

/** How far a record has come. */
export interface RunGrowth {
  readonly revision: number;
  readonly state: RunEntry["state"];
}
