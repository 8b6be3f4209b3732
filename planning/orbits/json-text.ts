import { messageOf, SwathError } from "../../pipeline/errors.ts";

/** Parses JSON that a user gave. Throws `SwathError("orbit")`: `source` is no JSON, wanted `wanted`. */
export const parseJsonText = (text: string, source: string, wanted: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SwathError("orbit", { what: `${source} is no JSON`, wanted, got: messageOf(cause), cause });
  }
};
