import type { z } from "zod";
import { SwathError } from "../../pipeline/errors.ts";

/** A value read from a file of format `version`. Throws `SwathError("storage")` naming the first field that does not fit. */
export const parseWritten = <T>(schema: z.ZodType<T>, version: string, value: unknown, source: string): T => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "" : ` at ${issue.path.join(".")}`;
  throw new SwathError("storage", {
    what: `${source} is no ${version}${where}`,
    ...(issue ? { got: issue.message } : {}),
    hint: "was it written by another version of Swath?",
    cause: result.error,
  });
};
