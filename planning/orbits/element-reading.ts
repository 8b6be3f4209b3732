import { SwathError } from "../../pipeline/errors.ts";
import type { ElementSet } from "../../pipeline/orbit/satellite.ts";

/** An object of a file of elements that could not be read. It costs itself alone. */
export interface LeftOut {
  /** Its name, where the file gives one. */
  readonly name: string | null;
  /** Where it stands and what is wrong with it. */
  readonly error: SwathError;
}

/** What a file of elements held: what was read, and what was not. Each in the order of the file. */
export interface ElementReading {
  readonly sets: readonly ElementSet[];
  readonly leftOut: readonly LeftOut[];
}

/** Ephemeris types whose numbers SGP4 takes: 0 as everybody publishes it, 2 where the theory is named by number. */
const sgp4Types: ReadonlySet<string> = new Set(["0", "2"]);

/** CCSDS 502.0-B-3, table 4-3; what the numbers mean that SGP4 must not take. */
const otherTypes: Readonly<Record<string, string>> = {
  "1": "SGP",
  "3": "SDP4 or PPT3",
  "4": "SGP4-XP",
  "5": "SDP8",
  "6": "special perturbations",
};

/**
 * Elements are fitted to a theory, and another theory makes wrong positions of them that look right: a set for SGP4-XP
 * has other numbers where B* stands.
 *
 * @param text the ephemeris type; empty where a file says nothing
 * @throws SwathError("orbit") for a type that is not SGP4's
 */
export const requireSgp4Type = (text: string, what: string): void => {
  if (text === "" || sgp4Types.has(text)) return;
  const theory = otherTypes[text];
  throw new SwathError("orbit", {
    what,
    wanted: "0, elements for SGP4",
    got: theory === undefined ? `"${text}"` : `${text}, elements for ${theory}`,
    hint: "take the general-perturbations elements of that object",
  });
};
