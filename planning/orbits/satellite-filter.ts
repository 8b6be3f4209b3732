import type { Satellite } from "../../pipeline/orbit/satellite.ts";

/** What of a satellite a filter looks at; of one that could not be read only the name is known. */
export type Filtered = Pick<Satellite, "name"> & Partial<Pick<Satellite, "id" | "catalogNumber">>;

/** Which satellites of a file are meant. */
export interface SatelliteFilter {
  /** Parts of names, identifiers, catalogue numbers of which one must match; none: all satellites are meant. */
  readonly wanted: readonly string[];
  /** The same of satellites that are not meant, whatever else matches. */
  readonly unwanted: readonly string[];
  readonly allows: (satellite: Filtered) => boolean;
}

/** Whether name or identifier contain the text, whatever the case, or it is the catalogue number. */
export const matches = ({ name, id, catalogNumber }: Filtered, text: string): boolean => {
  const upper = text.toUpperCase();
  return (
    name.toUpperCase().includes(upper) ||
    (id?.toUpperCase().includes(upper) ?? false) ||
    `${catalogNumber}` === text
  );
};

/**
 * Reads `FLOCK`, `FLOCK,SKYSAT` (either), `!DEB` (all but these), `COSMOS,!DEB,!R/B` (both rules). An empty text means all.
 * Spaces round the commas do not count.
 */
export const parseSatelliteFilter = (text: string): SatelliteFilter => {
  const parts = text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "" && part !== "!");
  const wanted = parts.filter((part) => !part.startsWith("!"));
  const unwanted = parts.filter((part) => part.startsWith("!")).map((part) => part.slice(1).trim());
  const allows = (satellite: Filtered): boolean =>
    (wanted.length === 0 || wanted.some((part) => matches(satellite, part))) &&
    !unwanted.some((part) => matches(satellite, part));
  return { wanted, unwanted, allows };
};
