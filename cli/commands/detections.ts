import { createWriteStream, renameSync, rmSync, statSync } from "node:fs";
import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Command, Option } from "commander";
import { messageOf, isSwathError, SwathError } from "../../pipeline/errors.ts";
import { detectionFormats, exportDetections } from "../../studies/export-detections.ts";
import { interruptible } from "../interrupt.ts";

interface ExportFlags {
  readonly runs: string;
  readonly to?: string;
  readonly format?: string;
  readonly bbox?: string;
  readonly datetime?: string;
  readonly class?: string;
  readonly minScore?: string;
  readonly run?: string;
  readonly scene?: string;
}

const words = (flags: ExportFlags): Readonly<Record<string, string>> => {
  const { bbox, datetime, minScore, run, scene } = flags;
  const said = { bbox, datetime, class: flags.class, min_score: minScore, run, scene };
  return Object.fromEntries(
    Object.entries(said).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
};

/** A pipe that is closed early, as `head` does, has had enough. */
const standardOutput = (): Writable =>
  new Writable({
    write: (part: Uint8Array, _, done) => {
      if (process.stdout.write(part)) done();
      else process.stdout.once("drain", () => done());
    },
  });

const exportTo = async (flags: ExportFlags, signal: AbortSignal): Promise<void> => {
  const { runs, to } = flags;
  const note = (text: string): void => console.error(`swath: ${text}`);
  const request = { runs, format: flags.format ?? null, file: to ?? null, words: words(flags) };
  const parts = exportDetections(request, { note });
  // What is wrong with the query is said before a file is made.
  const first = await parts.next();
  async function* all(): AsyncGenerator<Uint8Array> {
    if (first.done !== true) yield first.value;
    yield* parts;
  }
  // A file is there whole or not at all; what is no file, a pipe say, is written to as it is.
  const isFile = to !== undefined && (statSync(to, { throwIfNoEntry: false })?.isFile() ?? true);
  const target = isFile ? `${to}.part` : to;
  try {
    await pipeline(
      Readable.from(all()),
      target === undefined ? standardOutput() : createWriteStream(target),
      { signal },
    );
    if (isFile && target !== undefined) renameSync(target, to);
  } catch (cause) {
    if (isFile && target !== undefined) rmSync(target, { force: true });
    if (isSwathError(cause) || signal.aborted) throw cause;
    throw new SwathError("storage", {
      what: `${to ?? "the output"} not written`,
      got: messageOf(cause),
      cause,
    });
  }
};

/** `swath detections`: detections of finished runs as files. */
export const detectionsCommand = (): Command =>
  new Command("detections").description("Detections of finished runs").addCommand(
    new Command("export")
      .description("Write detections of finished runs as one file")
      .option("--to <file>", "where to write (default: standard output)")
      .addOption(
        new Option("--format <format>", "default: by the ending of --to, else geojson").choices([
          ...detectionFormats,
        ]),
      )
      .option("--class <names>", "only these classes, comma-separated")
      .option("--bbox <west,south,east,north>", "only what touches this box, degrees")
      .option("--datetime <interval>", "taken then: 2026-08-13, 2026-08-01/2026-08-13, a time, ../2026-08-13")
      .option("--min-score <score>", "only scores from here on")
      .option("--run <names>", "only these runs, <run> or <run>-<policy>, comma-separated")
      .option("--scene <names>", "only these scenes, comma-separated")
      .option("--runs <folder>", "folder of runs", "runs")
      .addHelpText(
        "after",
        "\nExample:\n  $ swath detections export --class ship --bbox 8,44,10,45 --to ships.fgb",
      )
      .action((flags: ExportFlags) => interruptible((signal) => exportTo(flags, signal))),
  );
