import { isSwathError, SwathError } from "../../pipeline/errors.ts";
import type { FileAccess } from "./file-access.ts";

/** What was said of a copy, said of the file that it was made from. */
export const aboutOriginal = (error: unknown, copy: string, original: string): unknown => {
  if (!isSwathError(error) || copy === original) return error;
  const { parts } = error;
  const got = parts.got?.replaceAll(copy, original);
  return new SwathError(error.tag, {
    ...parts,
    what: parts.what.replaceAll(copy, original),
    ...(got === undefined ? {} : { got }),
    cause: error,
  });
};

/** Work on a path of this machine whose messages name the file that it stands for. */
export type OnCopy = <Result>(work: (path: string) => Promise<Result>) => Promise<Result>;

/** Brings a file here for a reader that opens files itself. A file of this machine is worked on where it is. */
export const onLocalCopy = async (access: FileAccess, location: string): Promise<OnCopy> => {
  const path = await access.localCopy(location);
  return async (work) => {
    try {
      return await work(path);
    } catch (error) {
      throw aboutOriginal(error, path, location);
    }
  };
};
