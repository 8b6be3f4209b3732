import { readFile } from "node:fs/promises";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import type { FileAccess } from "./file-access.ts";
import { isRemote } from "./location.ts";

/** Far above any real one: an `.aux.xml` may hold histograms. */
const mostBytes = 16e6;

const tooLarge = (location: string, got: number): SwathError =>
  new SwathError("raster", { what: location, wanted: `at most ${mostBytes} bytes`, got: `${got}` });

const readLocal = async (path: string): Promise<string | null> => {
  try {
    const bytes = await readFile(path);
    if (bytes.length > mostBytes) throw tooLarge(path, bytes.length);
    return bytes.toString("utf8");
  } catch (cause) {
    const code = cause instanceof Error ? Reflect.get(cause, "code") : undefined;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR" || code === "ENAMETOOLONG") return null;
    throw cause instanceof SwathError
      ? cause
      : new SwathError("raster", { what: `${path} cannot be read`, got: messageOf(cause), cause });
  }
};

/**
 * The text of a file beside an image; `null` where there is none, or none that anybody has named where it lies elsewhere.
 * Throws `SwathError("raster")` for one that is there and cannot be read.
 */
export const readSidecar = async (access: FileAccess, location: string): Promise<string | null> => {
  if (!isRemote(location)) return readLocal(location);
  if (!access.isKnown(location)) return null;
  await using source = await access.open(location);
  if (source.size > mostBytes) throw tooLarge(location, source.size);
  const bytes = new Uint8Array(source.size);
  await source.fill(bytes, 0);
  return new TextDecoder().decode(bytes);
};
