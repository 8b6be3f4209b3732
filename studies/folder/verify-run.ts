import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { manifestFile, parseManifest, type RunManifest } from "../../pipeline/run-manifest.ts";
import { readRunFolder } from "./read-run.ts";
import { tagsFile } from "./run-tags.ts";

/** What is wrong with one file of a run. */
export interface Finding {
  /** Relative to the run's folder. */
  readonly path: string;
  readonly what: string;
}

/** What a look at a run's folder came to. */
export interface Verification {
  readonly folder: string;
  readonly run: string;
  readonly kind: ReturnType<typeof readRunFolder>["kind"];
  /** Release that wrote it, and its commit where it came from a clone. */
  readonly swath: string;
  readonly commit: string | null;
  /** Files of the manifest that are as they were written. */
  readonly sound: number;
  readonly findings: readonly Finding[];
}

const digestOf = async (path: string): Promise<string> => {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
};

const compareFile = async (
  folder: string,
  { path, bytes, sha256 }: RunManifest["files"][number],
): Promise<string | null> => {
  const file = join(folder, path);
  try {
    const found = await stat(file);
    if (!found.isFile()) return "is no file any more";
    if (found.size !== bytes) return `wanted ${bytes} bytes, got ${found.size}`;
    return (await digestOf(file)) === sha256 ? null : "other bytes than were written";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? "missing" : messageOf(error);
  }
};

const filesIn = async (folder: string): Promise<readonly string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .toSorted();
};

/** What the manifest of a run says that its folder holds. Throws `SwathError("storage")` where it has none. */
export const readManifest = async (folder: string): Promise<RunManifest> => {
  const file = join(folder, manifestFile);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    throw new SwathError("storage", {
      what: `${folder} cannot be verified`,
      wanted: `a ${manifestFile}`,
      got: missing ? "none" : messageOf(cause),
      hint: "releases before 0.2 wrote none; fly the run again",
      cause,
    });
  }
  return parseManifest(text, file);
};

const nameOf = (written: ReturnType<typeof readRunFolder>): string =>
  written.kind === "sweep" ? written.summary.name : written.summary.runId;

/**
 * Compares a run's folder, file by file, with the manifest that was written with it, and reads its summary, whose laws must hold.
 * Throws `SwathError` where there is no run, no manifest, or a summary that contradicts itself.
 */
export const verifyRun = async (run: string, out: string): Promise<Verification> => {
  const written = readRunFolder(run, out);
  const { folder, kind } = written;
  const manifest = await readManifest(folder);
  const findings: Finding[] = [];
  for (const entry of manifest.files) {
    const what = await compareFile(folder, entry);
    if (what !== null) findings.push({ path: entry.path, what });
  }
  const sound = manifest.files.length - findings.length;
  const known = new Set([manifestFile, tagsFile, ...manifest.files.map(({ path }) => path)]);
  for (const path of await filesIn(folder)) {
    if (!known.has(path)) findings.push({ path, what: "was not written with this run" });
  }
  const { swath, commit } = manifest;
  return { folder, run: nameOf(written), kind, swath, commit, sound, findings };
};

/**
 * How a run that was flown again differs from the one that is there, file by file, by the digests of both manifests. Throws `SwathError("storage")`
 * where one has none.
 */
export const compareRuns = async (before: string, again: string): Promise<readonly Finding[]> => {
  const [a, b] = [await readManifest(before), await readManifest(again)];
  const digests = new Map(b.files.map(({ path, sha256 }) => [path, sha256]));
  const findings: Finding[] = [];
  for (const { path, sha256 } of a.files) {
    const other = digests.get(path);
    if (other === undefined) findings.push({ path, what: "was not made again" });
    else if (other !== sha256) findings.push({ path, what: "came out otherwise" });
    digests.delete(path);
  }
  for (const path of digests.keys()) findings.push({ path, what: "is new" });
  return findings;
};
