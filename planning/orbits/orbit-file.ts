import { SwathError } from "../../pipeline/errors.ts";
import type { LeftOut } from "./element-reading.ts";
import { identifiers } from "./identifier.ts";
import { ommFormOf, parseOmm } from "./omm-text.ts";
import type { ElementSet, Satellite } from "../../pipeline/orbit/satellite.ts";
import { parseTle } from "./tle.ts";

/** Satellites of a file, and the objects in it that could not be read. */
export interface OrbitFile {
  readonly satellites: readonly Satellite[];
  readonly leftOut: readonly LeftOut[];
}

/** Of several element sets of one object (a history) the youngest counts; the order of first appearance stays. */
const youngest = (sets: readonly ElementSet[]): readonly ElementSet[] => {
  const byObject = new Map<string, ElementSet>();
  for (const set of sets) {
    const key = `${set.catalogNumber} ${set.name}`;
    const known = byObject.get(key);
    if (known === undefined || set.epoch > known.epoch) byObject.set(key, set);
  }
  return [...byObject.values()];
};

/**
 * Reads satellites from TLE text (two or three lines each) or OMM messages (JSON, CSV, KVN, XML); which of them, the text itself
 * tells, not its name. Identifiers come from the names; where a name is shared, the catalogue number is appended.
 *
 * An object that is not sound costs itself: it is left out, with line or place and reason.
 *
 * @param source what messages call the text: its file name
 * @throws SwathError("orbit") for a text that holds no orbits, where none is sound with the first reason, and for one that is
 *   broken as a whole
 */
export const readOrbits = (text: string, source: string): OrbitFile => {
  const body = text.replace(/^\uFEFF/, "");
  const form = ommFormOf(body);
  const { sets: all, leftOut } = form === null ? parseTle(body, source) : parseOmm(body, source, form);
  const [first] = leftOut;
  if (all.length === 0) {
    throw (
      first?.error ??
      new SwathError("orbit", {
        what: `${source} holds no orbits`,
        wanted: "TLE lines, or OMM as JSON, CSV, KVN or XML",
      })
    );
  }
  const sets = youngest(all);
  const ids = identifiers(sets.map(({ name, catalogNumber }) => ({ name, distinction: `${catalogNumber}` })));
  return { satellites: sets.map((set, index) => ({ id: ids[index] as string, ...set })), leftOut };
};
