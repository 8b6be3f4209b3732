import { readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import type { RunFile } from "../../pipeline/atomic-folder.ts";

/** File of the names that people give to a run, beside its files: they are part of no result and of no name. */
export const tagsFile = "tags.json";

const tagsSchema = z.array(z.string().min(1).max(64));

/** A tag: one word of at most 64 characters. Throws `SwathError("config")`. */
export const parseTag = (text: string, option: string): string => {
  if (/^[\p{L}\p{N}][\p{L}\p{N}._:/+-]{0,63}$/u.test(text)) return text;
  throw new SwathError("config", {
    what: option,
    wanted: "one word of at most 64 letters, digits and . _ : / + -, a letter or digit first",
    got: `"${text}"`,
  });
};

const inOrder = (tags: Iterable<string>): readonly string[] => [...new Set(tags)].toSorted();

/** The tags of a run's folder, in order; none where it has no such file. Throws `SwathError("storage")` for a file that is none of ours. */
export const readTags = (folder: string): readonly string[] => {
  const file = join(folder, tagsFile);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new SwathError("storage", { what: file, got: messageOf(error), cause: error });
  }
  try {
    return inOrder(tagsSchema.parse(JSON.parse(text)));
  } catch (cause) {
    throw new SwathError("storage", { what: file, wanted: "a list of words as JSON", got: "none", cause });
  }
};

const tagsText = (tags: readonly string[]): string => `${JSON.stringify(tags)}\n`;

/** The file of a run that is about to be written: its new tags and those that an earlier run of that name has; no file without tags. */
export const tagFiles = (folder: string, tags: readonly string[]): readonly RunFile[] => {
  const all = inOrder([...readTags(folder), ...tags]);
  return all.length === 0 ? [] : [{ path: tagsFile, content: tagsText(all), mutable: true }];
};

/** Adds tags to a run that is there, and takes others away; gives what it has then. Throws `SwathError("storage")`. */
export const changeTags = async (
  folder: string,
  added: readonly string[],
  removed: readonly string[],
): Promise<readonly string[]> => {
  const tags = inOrder([...readTags(folder), ...added].filter((tag) => !removed.includes(tag)));
  const file = join(folder, tagsFile);
  const fresh = `${file}.new-${process.pid}`;
  try {
    await writeFile(fresh, tagsText(tags));
    await rename(fresh, file);
  } catch (cause) {
    throw new SwathError("storage", { what: `tags of ${folder}`, got: messageOf(cause), cause });
  }
  return tags;
};
