import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { canonicalText } from "../../pipeline/canonical-json.ts";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { version } from "../../pipeline/package.ts";
import { identityFrom } from "../engine/run-name.ts";
import { sweepHalfWritten, writeWhole } from "../folder/value-file.ts";
import type { ShardOf } from "../options/shard.ts";

/** The file that a part holds once it is whole, and by which one is known. */
export const partMark = "part.json";

const schema = "swath-part/1";

/** Beside the mark. */
const path = z.string().regex(/^[\w-][\w.-]*$/);

const options = z.record(z.string(), z.union([z.string(), z.literal(true), z.array(z.string())]));

const headSchema = z.strictObject({
  schema: z.literal(schema),
  /** Release that wrote it. */
  swath: z.string(),
  command: z.enum(["replay", "compare", "simulate"]),
  /** `null`: a simulation, or an address that is signed and not kept. */
  dataset: z.string().nullable(),
  /** All that shapes results, by long names, as `--config` takes it. */
  options,
  /** `policy` or `policies`, as the command line has it. */
  chosen: z.record(z.string(), z.string()),
  strict: z.boolean(),
  shard: z.strictObject({ index: z.int().nonnegative(), of: z.int().positive() }),
  /** Digests of what every part reads, and of the files of the scenes that this one read. */
  reads: z.record(z.string(), z.string()),
  files: z.record(z.string(), z.array(z.strictObject({ file: z.string(), sha256: z.string() }))),
  /** What it worked out, of runs with pixels: each file says of itself whether it is whole. */
  works: z.array(z.strictObject({ policy: z.string(), scene: z.string(), path })),
  /** What it flew, of simulations. */
  records: z.array(z.strictObject({ path, sha256: z.string(), satellites: z.int().nonnegative() })),
});

/** What a part of a job says of itself. */
export type PartHead = z.infer<typeof headSchema>;

/** A part of a job on the disk. */
export interface Part {
  readonly folder: string;
  readonly head: PartHead;
}

/** Digest of what all parts of a job have in common. */
export const jobOf = ({ command, reads }: Pick<PartHead, "command" | "reads">): string => {
  // In a file they stand in another order than where they are made.
  const inOrder = Object.entries(reads).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return identityFrom(command, Object.fromEntries(inOrder), {}).run;
};

/** Where a part lies: beside its siblings, under the name of their job. */
export const partFolder = (
  out: string,
  part: Pick<PartHead, "command" | "reads">,
  { index, of }: ShardOf,
): string => join(out, `${jobOf(part)}.parts`, `${index}of${of}`);

/** Makes a part's folder where it is missing; what a killed start left half-written there goes, and its mark until the part is whole again. */
export const openPart = async (folder: string): Promise<void> => {
  try {
    await mkdir(folder, { recursive: true });
    await sweepHalfWritten(folder);
    await rm(join(folder, partMark), { force: true });
  } catch (cause) {
    throw new SwathError("storage", {
      what: `part folder ${folder}`,
      wanted: "one that can be written",
      got: messageOf(cause),
      hint: "free some space or give another --out",
      cause,
    });
  }
};

/** Says that a part is whole. Throws `SwathError("storage")`. */
export const closePart = (folder: string, head: Omit<PartHead, "schema" | "swath">): Promise<void> =>
  writeWhole(join(folder, partMark), [Buffer.from(canonicalText({ schema, swath: version, ...head }))]);

/** Reads what a part says of itself. Throws `SwathError("storage")`. */
export const readPart = async (folder: string): Promise<Part> => {
  const mark = join(folder, partMark);
  const refused = (got: string, cause: unknown): SwathError =>
    new SwathError("storage", {
      what: mark,
      wanted: `a ${schema} of swath ${version}`,
      got,
      hint: "run that part again",
      cause,
    });
  let value: unknown;
  try {
    value = JSON.parse(await readFile(mark, "utf8"));
  } catch (cause) {
    throw refused(messageOf(cause), cause);
  }
  const { success, data, error } = headSchema.safeParse(value);
  if (!success) throw refused(error.issues[0]?.path.join(".") ?? "another layout", error);
  if (data.swath !== version) throw refused(`one of swath ${data.swath}`, null);
  return { folder, head: data };
};

/** SHA-256 of a file, hexadecimal. */
export const fileDigest = async (path: string): Promise<string> => {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
};
