import { SwathError } from "../../pipeline/errors.ts";
import type { GroundStation } from "../../pipeline/orbit/contact.ts";
import { readStations } from "./station-file.ts";
import { findStationNetwork, stationNetworks } from "./station-networks.ts";
import { selectStations } from "./station-selection.ts";

/** The text of a file; where a bare word is none, the networks that were perhaps meant are told. */
const textOf = async (
  path: string,
  readText: (path: string) => string | Promise<string>,
): Promise<string> => {
  try {
    return await readText(path);
  } catch (cause) {
    if (!/^[\w-]*$/.test(path)) throw cause;
    throw new SwathError("config", {
      what: `stations "${path}"`,
      wanted: `${stationNetworks.map(({ name }) => name).join(", ")}, or a GeoJSON file`,
      got: "no such network or file",
      cause,
    });
  }
};

/** One source of stations: a file or a network, as the user named it. */
interface Listed {
  readonly source: string;
  readonly stations: readonly GroundStation[];
}

/** What the user put in twice, by accident: the same name in two sources, or one place under one name in a file. */
const twice = (lists: readonly Listed[]): readonly string[] => {
  const seen = new Map<string, string>();
  const found: string[] = [];
  for (const { source, stations } of lists) {
    const inside = new Set<string>();
    for (const { id, name, longitude, latitude } of stations) {
      const place = `${name} ${longitude} ${latitude}`;
      const before = seen.get(id) ?? (inside.has(place) ? source : undefined);
      if (before !== undefined) {
        found.push(before === source ? `${name} (${source})` : `${name} (${before}, ${source})`);
      }
      seen.set(id, source);
      inside.add(place);
    }
  }
  return found;
};

/**
 * The parts of a list. A comma parts names of stations too, `ksat:Svalbard,Troll`: behind a selection by name, a part that is neither
 * a network nor looks like a file goes on with it.
 */
const sourcesOf = (spec: string): readonly string[] => {
  const sources: string[] = [];
  for (const part of spec.split(",").map((one) => one.trim())) {
    const last = sources.at(-1);
    const goesOn =
      last !== undefined &&
      /.:[^/\\]*[^\d/\\][^/\\]*$/.test(last) &&
      !/[./\\:]/.test(part) &&
      findStationNetwork(part) === null;
    if (goesOn) sources[sources.length - 1] = `${last},${part}`;
    else sources.push(part);
  }
  return sources;
};

/** How a list of stations is read. */
export interface StationOptions {
  /** The first feature that is not sound or not certain ends the reading; otherwise it is left out or noted. */
  readonly strict?: boolean;
  /** Gets a line of text for what was left out, and for what is doubtful. */
  readonly onNote?: (text: string) => void;
}

/**
 * The stations that a `--stations` argument means: `builtin` or another network's name (see `stationNetworks`;
 * `./ksat` is a file all the same), a GeoJSON file, some of either (`ksat:5`, `ksat:Svalbard,Troll`, see `selectStations`), or several
 * of these, comma-separated.
 *
 * @param readText how a file is read, so that this stays free of input and output
 * @throws SwathError("config") naming the stations that are in the list twice, and for a selection of none;
 *   SwathError("orbit") for a file without a sound station, and under `strict` for any doubt
 */
export const resolveStations = async (
  spec: string,
  readText: (path: string) => string | Promise<string>,
  { strict = false, onNote = () => {} }: StationOptions = {},
): Promise<readonly GroundStation[]> => {
  const fromFile = async (path: string): Promise<readonly GroundStation[]> => {
    const { stations, doubts, leftOut } = readStations(await textOf(path, readText), path);
    const [first] = leftOut;
    if (strict && first !== undefined) throw first;
    const [doubt] = doubts;
    if (strict && doubt !== undefined) throw new SwathError("orbit", { what: doubt });
    for (const error of leftOut.slice(0, 5)) onNote(`a station is left out: ${error.message}`);
    if (leftOut.length > 5) onNote(`and ${leftOut.length - 5} more stations are left out`);
    for (const text of doubts) onNote(text);
    return stations;
  };
  const lists: Listed[] = [];
  for (const source of sourcesOf(spec)) {
    // A colon as the second character, or before a path separator, belongs to the path (C:\…).
    const [, list = source, selection = null] = /^(.{2,}?):([^/\\]*)$/.exec(source) ?? [];
    const all = findStationNetwork(list)?.stations ?? (await fromFile(list));
    lists.push({ source, stations: selection === null ? all : selectStations(all, selection, list) });
  }
  const repeated = twice(lists);
  if (repeated.length > 0) {
    throw new SwathError("config", {
      what: `stations "${spec}"`,
      wanted: "every station once",
      got: `twice ${repeated.slice(0, 6).join(", ")}${repeated.length > 6 ? ` and ${repeated.length - 6} more` : ""}`,
    });
  }
  const [only] = lists;
  return only !== undefined && lists.length === 1 ? only.stations : lists.flatMap(({ stations }) => stations);
};
