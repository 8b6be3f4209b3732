import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { messageOf, SwathError } from "../pipeline/errors.ts";

/**
 * Fills a folder all or nothing: `fill` writes into a new one beside it, which then takes its name. A folder already
 * there is replaced only when it holds `mark`, the file by which it is known as ours.
 * Throws `SwathError("storage")` when the place is taken by something else or cannot be written.
 */
export const replaceFolder = async (
  folder: string,
  mark: string,
  fill: (folder: string) => Promise<void>,
): Promise<void> => {
  const present = existsSync(folder) ? await readdir(folder) : [];
  if (present.length > 0 && !present.includes(mark)) {
    const what = `${folder} is not empty and holds no ${mark}`;
    throw new SwathError("storage", { what, got: `${present.length} entries`, hint: "name a new folder" });
  }
  const [fresh, old] = [`${folder}.new-${process.pid}`, `${folder}.old-${process.pid}`];
  try {
    await mkdir(dirname(folder), { recursive: true });
    await mkdir(fresh);
    await fill(fresh);
    if (existsSync(folder)) await rename(folder, old);
    await rename(fresh, folder);
  } catch (cause) {
    await rm(fresh, { recursive: true, force: true });
    // Only what the file system says is a storage failure; anything else has its own name.
    if (!(cause instanceof Error && "errno" in cause)) throw cause;
    throw new SwathError("storage", { what: `${folder} cannot be written`, got: messageOf(cause), cause });
  }
  await rm(old, { recursive: true, force: true });
};
