import { SwathError } from "../../pipeline/errors.ts";
import type { GroundStation } from "../../pipeline/orbit/contact.ts";

/** Names are compared without case, accents and what stands between words. */
const plain = (name: string): string =>
  name
    .normalize("NFKD")
    .replaceAll(/\p{M}+/gu, "")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "");

/** The stations that a word means: the one of that name or identifier, else those whose names begin with it. */
const named = (stations: readonly GroundStation[], word: string): readonly GroundStation[] => {
  const wanted = plain(word);
  const same = stations.filter(({ id, name }) => plain(id) === wanted || plain(name) === wanted);
  return same.length > 0
    ? same
    : stations.filter(({ name }) => wanted !== "" && plain(name).startsWith(wanted));
};

/**
 * Some of the stations of a network or file: `5`, its first five in the order of its list; `Svalbard,Troll`, those named, in the
 * order of its list; `!Troll`, all but that one.
 *
 * @param source what messages call the list
 * @throws SwathError("config") for more stations than there are, a name that none has, a name that several have
 */
export const selectStations = (
  stations: readonly GroundStation[],
  selection: string,
  source: string,
): readonly GroundStation[] => {
  const refuse = (wanted: string, got: string): SwathError =>
    new SwathError("config", { what: `stations "${source}:${selection}"`, wanted, got });
  if (/^\d+$/.test(selection.trim())) {
    const count = Number(selection);
    if (count >= 1 && count <= stations.length) return stations.slice(0, count);
    throw refuse(`1 … ${stations.length} of its ${stations.length} stations`, `${count}`);
  }
  const words = selection
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
  const chosen = new Set<GroundStation>();
  const barred = new Set<GroundStation>();
  for (const word of words) {
    const isBarred = word.startsWith("!");
    const name = isBarred ? word.slice(1) : word;
    const [one, ...others] = named(stations, name);
    if (one === undefined) {
      const list = stations
        .slice(0, 12)
        .map(({ id }) => id)
        .join(", ");
      throw refuse(`a name of ${list}${stations.length > 12 ? ", …" : ""}`, `"${name}"`);
    }
    if (others.length > 0) {
      const list = [one, ...others].map(({ id }) => id).join(", ");
      throw refuse(`one station for each name`, `"${name}", which may be ${list}`);
    }
    (isBarred ? barred : chosen).add(one);
  }
  const isAll = words.every((word) => word.startsWith("!"));
  const left = stations.filter((one) => (isAll || chosen.has(one)) && !barred.has(one));
  if (words.length > 0 && left.length > 0) return left;
  throw refuse("a number, or names with commas between them", selection === "" ? "nothing" : "no station");
};
