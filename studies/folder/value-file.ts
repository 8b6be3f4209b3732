import { createHash } from "node:crypto";
import { open, readFile, rename, rm } from "node:fs/promises";
import { deserialize, serialize } from "node:v8";
import { z } from "zod";
import { ownerMark, sweepAbandoned } from "../../pipeline/abandoned.ts";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { commit, version } from "../../pipeline/package.ts";

/** What a value in a file is, and what it rests on: it is taken only where both are the same. */
export interface ValueName {
  readonly name: string;
  /** Digest of everything that it follows from. */
  readonly configuration: string;
}

const schema = "swath-value/1";

/** The first line of the file; behind it the value, as V8 writes values: numbers to the last bit, maps, bytes. */
const headSchema = z.strictObject({
  schema: z.literal(schema),
  name: z.string(),
  configuration: z.string(),
  bytes: z.int().nonnegative(),
  sha256: z.string(),
});

const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");

/** Digest of what a value follows from, and of the engine and the release that work it out: another one may come to other bytes. */
export const configurationOf = (what: unknown): string => {
  const { versions, platform, arch } = process;
  return sha256(JSON.stringify([what, version, commit, versions.v8, platform, arch]));
};

/** Why a file does not hold the value that is wanted. */
export interface Doubt {
  readonly doubt: string;
}

/** Whether a value was not taken. */
export const isDoubt = (found: object): found is Doubt => "doubt" in found;

/** The value of a file, why it is not taken, or `null` where there is no file. */
export const readValueFile = async <Value extends object>(
  path: string,
  { name, configuration }: ValueName,
): Promise<Value | Doubt | null> => {
  let data: Uint8Array;
  try {
    data = await readFile(path);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? null : { doubt: messageOf(error) };
  }
  const end = data.indexOf(0x0a);
  let head: z.infer<typeof headSchema>;
  try {
    head = headSchema.parse(JSON.parse(Buffer.from(data.subarray(0, Math.max(0, end))).toString()));
  } catch {
    return { doubt: "it is none of this release's" };
  }
  const body = data.subarray(end + 1);
  if (head.configuration !== configuration || head.name !== name)
    return { doubt: "another release or machine made it, or with other options" };
  if (body.length !== head.bytes || sha256(body) !== head.sha256)
    return { doubt: "it is not as it was written" };
  return deserialize(body) as Value;
};

/** Writes a file whole under its name or not at all, and returns when it is on the disk. Throws `SwathError("storage")`. */
export const writeWhole = async (path: string, parts: readonly Uint8Array[]): Promise<void> => {
  const fresh = `${path}${ownerMark}`;
  try {
    {
      await using file = await open(fresh, "w", 0o600);
      for (const part of parts) await file.writeFile(part);
      await file.sync();
    }
    await rename(fresh, path);
  } catch (cause) {
    await rm(fresh, { force: true }).catch(() => undefined);
    const hint = "free some space; what is there is gone on with";
    throw new SwathError("storage", { what: `${path} is not written`, got: messageOf(cause), hint, cause });
  }
};

/** Writes a value; returns the digest of its bytes. Throws `SwathError("storage")`. */
export const writeValueFile = async (path: string, value: object, name: ValueName): Promise<string> => {
  const body = serialize(value);
  const head = { schema, ...name, bytes: body.length, sha256: sha256(body) } satisfies z.infer<
    typeof headSchema
  >;
  await writeWhole(path, [Buffer.from(`${JSON.stringify(head)}\n`), body]);
  return head.sha256;
};

/** Removes what writers that were killed left half-written in a folder. */
export const sweepHalfWritten = (folder: string): Promise<void> =>
  sweepAbandoned(folder, (path) => rm(path, { force: true }));
