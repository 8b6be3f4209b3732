import { messageOf } from "../../pipeline/errors.ts";

/** The first line of anything thrown: image libraries report every warning on the way on a line of its own. */
export const reasonOf = (error: unknown): string => messageOf(error).trim().split("\n")[0] ?? "";
