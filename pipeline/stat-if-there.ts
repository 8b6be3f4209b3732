import type { Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { messageOf, SwathError, type ErrorTag } from "./errors.ts";

/** What the system says of a path under which there is nothing, and of one that no file can have. */
const absences: ReadonlySet<unknown> = new Set([
  "ENOENT",
  "ENOTDIR",
  "ELOOP",
  "ENAMETOOLONG",
  "ERR_INVALID_ARG_VALUE",
]);

/** Whether an error says that there is nothing under a path. A refused permission or a failing disk says no such thing. */
export const isAbsence = (error: unknown): boolean =>
  error instanceof Error && absences.has(Reflect.get(error, "code"));

/**
 * What is under a path; `null` where nothing is. Throws `SwathError` of that tag where the system does not let us know: what may be there is not
 * passed over in silence.
 */
export const statIfThere = async (path: string, tag: ErrorTag): Promise<Stats | null> => {
  try {
    return await stat(path);
  } catch (cause) {
    if (isAbsence(cause)) return null;
    throw new SwathError(tag, {
      what: `${path} cannot be looked at`,
      got: messageOf(cause),
      hint: "see who may read it and the folders above it",
      cause,
    });
  }
};
