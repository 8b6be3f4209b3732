import { parseJsonText } from "../orbits/json-text.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { decibelsPerKelvin, degrees, metres } from "../../pipeline/units.ts";
import type { GroundStation } from "../../pipeline/orbit/contact.ts";
import { identifiers } from "../orbits/identifier.ts";
import { findStationNetwork, stationNetworks, defaultAntennas, defaultMask } from "./station-networks.ts";

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const bounded = (value: unknown, what: string, low: number, high: number): number => {
  if (typeof value === "number" && value >= low && value <= high) return value;
  throw new SwathError("orbit", {
    what,
    wanted: `a number in ${low} … ${high}`,
    got: value === undefined ? "nothing" : JSON.stringify(value),
  });
};

const antennasOf = (value: unknown, what: string): number => {
  const count = bounded(value, what, 0, 1000);
  if (Number.isInteger(count)) return count;
  throw new SwathError("orbit", { what, wanted: "a whole number", got: `${count}` });
};

const stationOf = (feature: unknown, where: string): Omit<GroundStation, "id"> => {
  const geometry = isFields(feature) ? feature["geometry"] : undefined;
  if (!isFields(feature) || !isFields(geometry) || geometry["type"] !== "Point") {
    throw new SwathError("orbit", { what: where, wanted: "a GeoJSON feature with a Point" });
  }
  const coordinates: readonly unknown[] = Array.isArray(geometry["coordinates"])
    ? geometry["coordinates"]
    : [];
  const properties: Fields = isFields(feature["properties"]) ? feature["properties"] : {};
  const gOverT = properties["g_over_t_db_per_k"];
  const name = properties["name"] ?? feature["id"];
  return {
    name: typeof name === "string" && name.trim() !== "" ? name.trim() : where,
    longitude: degrees(bounded(coordinates[0], `${where}: longitude`, -180, 180)),
    latitude: degrees(bounded(coordinates[1], `${where}: latitude`, -90, 90)),
    altitude: metres(bounded(coordinates[2] ?? 0, `${where}: altitude in metres`, -500, 9000)),
    minElevation: degrees(
      bounded(properties["min_elevation_deg"] ?? defaultMask, `${where}: min_elevation_deg`, 0, 89),
    ),
    antennas: antennasOf(properties["antennas"] ?? defaultAntennas, `${where}: antennas`),
    ...(gOverT === undefined
      ? {}
      : { gOverT: decibelsPerKelvin(bounded(gOverT, `${where}: g_over_t_db_per_k`, -40, 70)) }),
  };
};

/**
 * Reads ground stations from GeoJSON: a FeatureCollection of Points [longitude, latitude, metres above the ellipsoid].
 * Properties read: `name`, `min_elevation_deg` (5 where absent), `antennas` (1 where absent), `g_over_t_db_per_k` (the link budget's
 * where absent).
 *
 * @param source what messages call the text: its file name
 * @throws SwathError("orbit") naming the feature and field
 */
export const readStations = (text: string, source: string): readonly GroundStation[] => {
  const parsed = parseJsonText(text, source, "GeoJSON");
  const features = isFields(parsed) ? parsed["features"] : undefined;
  if (!Array.isArray(features) || features.length === 0) {
    throw new SwathError("orbit", {
      what: `${source} lists no ground stations`,
      wanted: "a GeoJSON FeatureCollection of Points",
    });
  }
  const stations = features.map((feature: unknown, index) =>
    stationOf(feature, `${source} feature ${index + 1}`),
  );
  const ids = identifiers(stations.map(({ name }, index) => ({ name, distinction: `${index + 1}` })));
  return stations.map((station, index) => ({ id: ids[index] as string, ...station }));
};

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
 * The stations that a `--stations` argument means: `builtin` or another network's name (see `stationNetworks`;
 * `./ksat` is a file all the same), a GeoJSON file, or several of these, comma-separated.
 *
 * @param readText how a file is read, so that this stays free of input and output
 * @throws SwathError("config") naming the stations that are in the list twice, SwathError("orbit") for a bad file
 */
export const resolveStations = async (
  spec: string,
  readText: (path: string) => string | Promise<string>,
): Promise<readonly GroundStation[]> => {
  const lists: Listed[] = [];
  for (const source of spec.split(",").map((part) => part.trim())) {
    const stations =
      findStationNetwork(source)?.stations ?? readStations(await textOf(source, readText), source);
    lists.push({ source, stations });
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
