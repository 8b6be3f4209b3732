import { createHash } from "node:crypto";
import { open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { ownerMark } from "../../pipeline/abandoned.ts";
import { digestOfStart, framedValue, framedValues } from "./value-stream.ts";

const schema = "swath-epoch/1";

/** What a file of an epoch says of itself in its first line. */
const headSchema = z.strictObject({
  schema: z.literal(schema),
  configuration: z.string(),
  start: z.string().nullable(),
  index: z.int().nonnegative(),
  of: z.int().positive(),
  told: z.strictObject({ name: z.string(), length: z.int().nonnegative(), sha256: z.string() }),
});

/** Whose satellites a file has, and how much of what happened to them belongs to it. */
export type EpochHead = Readonly<Omit<z.infer<typeof headSchema>, "schema">>;

/** A file that is as it was written. */
export interface EpochFile extends EpochHead {
  /** All values, from the beginning. */
  readonly values: () => AsyncGenerator<unknown>;
}

/** The digest of all that is before it ends a file. */
const digestBytes = 32;
/** A first line is no longer. */
const longestHead = 4096;

/**
 * Writes the values of an epoch one by one, under its name when it is on the disk and not before. Throws what the system says; nothing is left then.
 */
export const writeEpochFile = async (
  path: string,
  head: EpochHead,
  values: Iterable<object>,
): Promise<void> => {
  const fresh = `${path}${ownerMark}`;
  try {
    {
      await using file = await open(fresh, "w", 0o600);
      const hash = createHash("sha256");
      const add = async (data: Uint8Array): Promise<void> => {
        hash.update(data);
        await file.writeFile(data);
      };
      await add(Buffer.from(`${JSON.stringify({ schema, ...head })}\n`));
      for (const part of inBlocks(values)) await add(part);
      await file.writeFile(hash.digest());
      await file.sync();
    }
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true }).catch(() => undefined);
    throw error;
  }
};

/** Few writes for many small values. */
const blockBytes = 4e6;

function* inBlocks(values: Iterable<object>): Generator<Uint8Array> {
  let parts: Uint8Array[] = [];
  let held = 0;
  for (const value of values) {
    const data = framedValue(value);
    parts.push(data);
    held += data.length;
    if (held < blockBytes) continue;
    yield Buffer.concat(parts);
    [parts, held] = [[], 0];
  }
  yield Buffer.concat(parts);
}

/** The file of an epoch; `null` where it is not as it was written, or was written for something else. Throws what the system says. */
export const readEpochFile = async (path: string, configuration: string): Promise<EpochFile | null> => {
  const { size } = await stat(path);
  const end = size - digestBytes;
  if (end <= 0) return null;
  await using file = await open(path);
  const { buffer } = await file.read(Buffer.alloc(Math.min(longestHead, end)), { position: 0 });
  const line = buffer.indexOf(0x0a);
  const head = readHead(buffer.subarray(0, Math.max(0, line)).toString());
  if (head === null || head.configuration !== configuration) return null;
  const written = Buffer.alloc(digestBytes);
  await file.read(written, { position: end });
  if (!(await digestOfStart(path, end)).digest().equals(written)) return null;
  const { name, length, sha256 } = head.told;
  const told = join(dirname(path), basename(name));
  const has = await stat(told).then(
    (found) => found.size,
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
      return -1;
    },
  );
  if (has < length || (await digestOfStart(told, length)).digest("hex") !== sha256) return null;
  const { schema: _schema, ...rest } = head;
  return { ...rest, values: () => framedValues(path, line + 1, end) };
};

const readHead = (line: string): z.infer<typeof headSchema> | null => {
  try {
    return headSchema.parse(JSON.parse(line));
  } catch {
    return null;
  }
};
