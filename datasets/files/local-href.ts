import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { messageOf, SwathError, type ErrorParts } from "../../pipeline/errors.ts";

/** A reference to what its document may not name. */
export class OutsideError extends SwathError {
  constructor(parts: Omit<ErrorParts, "hint">) {
    super("dataset", { ...parts, hint: "--allow-outside reads it all the same" });
  }
}

const refuse = (href: string, got: string, cause?: unknown): SwathError =>
  new SwathError("dataset", {
    what: `href ${href.slice(0, 200)} cannot be followed`,
    wanted: "a file of this machine",
    got,
    ...(cause === undefined ? {} : { cause }),
  });

const decoded = (text: string): readonly string[] => {
  try {
    return [decodeURIComponent(text)];
  } catch {
    // A stray `%`: written as a path, not as a reference.
    return [];
  }
};

/**
 * The paths that `href`, found in a document in `folder`, may mean, the likeliest first. STAC says that it is a URI
 * reference; many writers put a plain path there, some one of Windows, and some file systems another form of accents.
 */
const candidates = (href: string, folder: string): readonly string[] => {
  if (/^file:/i.test(href)) {
    try {
      return [fileURLToPath(href.replace(/^file:\/\/localhost\//i, "file:///"))];
    } catch (cause) {
      throw refuse(href, messageOf(cause), cause);
    }
  }
  if (sep === "/" && (/^[a-z]:[\\/]/i.test(href) || href.startsWith("\\\\"))) {
    throw refuse(href, "a path of Windows");
  }
  const [reference = ""] = /^[^?#]*/.exec(href) ?? [];
  const written = [...decoded(reference), ...decoded(href), href];
  const slashed = [...written, ...written.map((path) => path.replaceAll("\\", "/"))];
  const forms = slashed.flatMap((path) => [path, path.normalize("NFC"), path.normalize("NFD")]);
  return [...new Set(forms)].filter((path) => !path.includes("\0")).map((path) => resolve(folder, path));
};

/**
 * The file of this machine that `href` means, as a path; where none is there, the path where it should be.
 * Throws `SwathError("dataset")` for a host's files and paths of another system.
 */
export const localPath = (href: string, folder: string): string => {
  const paths = candidates(href, folder);
  const found = paths.find(existsSync) ?? paths[0];
  if (found === undefined) throw refuse(href, "a name with a NUL in it");
  return found;
};

const isBelow = (path: string, folder: string): boolean => {
  const way = relative(folder, path);
  return way === "" || (!way.startsWith(`..${sep}`) && way !== ".." && !isAbsolute(way));
};

/** After all its links: those of the folders that are there, where the file itself is not. */
const real = (path: string): string => {
  if (existsSync(path)) return realpathSync(path);
  const above = dirname(path);
  return above === path ? path : join(real(above), basename(path));
};

/** True when `path` lies in one of `folders`, as it is written and after all its links. */
export const isInside = (path: string, folders: readonly string[]): boolean =>
  folders.some((folder) => isBelow(real(resolve(path)), real(resolve(folder))));

/**
 * Holds a local file to the folder of the collection that names it: a collection from elsewhere may not reach for other
 * files of its reader. Throws `OutsideError`.
 */
export const requireInside = (href: string, path: string, folders: readonly string[]): void => {
  if (isInside(path, folders)) return;
  throw new OutsideError({
    what: `href ${href.slice(0, 200)} leaves the folder of its collection`,
    wanted: `a file below ${folders[0] ?? "it"}`,
    got: path,
  });
};
