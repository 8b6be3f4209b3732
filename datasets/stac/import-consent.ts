import { createHash } from "node:crypto";
import { existsSync, realpathSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { messageOf } from "../../pipeline/errors.ts";

/** What a user agreed to by importing: that the collection at this place names images in these folders. */
const consent = z.object({
  schema: z.literal("swath-import/1"),
  collection: z.string(),
  folders: z.array(z.string()),
});

const real = (path: string): string => (existsSync(path) ? realpathSync(path) : path);

/** Kept with the user, not in the collection: one from elsewhere could bring a consent along. */
const fileOf = (collection: string, cacheDir: string): string =>
  join(
    cacheDir,
    "imports",
    `${createHash("sha256").update(real(collection)).digest("hex").slice(0, 32)}.json`,
  );

/**
 * Remembers that the collection in folder `collection` may name files in `folders`. Returns why that could not be
 * written, else `null`.
 */
export const writeConsent = async (
  collection: string,
  folders: readonly string[],
  cacheDir: string,
): Promise<string | null> => {
  const path = fileOf(collection, cacheDir);
  const content = { schema: "swath-import/1", collection: real(collection), folders: folders.map(real) };
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
    return null;
  } catch (error) {
    return messageOf(error);
  }
};

/** The folders outside that the collection in folder `collection` may name, since the user imported it from there. */
export const readConsent = async (collection: string, cacheDir: string): Promise<readonly string[]> => {
  const path = fileOf(collection, cacheDir);
  if (!existsSync(path)) return [];
  const text = await readFile(path, "utf8").catch(() => "");
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // Written by nobody but us: one that is damaged is no consent, and `--allow-outside` still is.
    return [];
  }
  const parsed = consent.safeParse(json);
  return parsed.success && parsed.data.collection === real(collection) ? parsed.data.folders : [];
};
