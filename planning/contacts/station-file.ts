import { SwathError } from "../../pipeline/errors.ts";
import { bitsPerSecond, decibelsPerKelvin, degrees, metres, seconds } from "../../pipeline/units.ts";
import { highestGround, lowestGround } from "./contact-request.ts";
import type { GroundStation } from "../../pipeline/orbit/contact.ts";
import type { Horizon } from "../../pipeline/orbit/horizon.ts";
import { identifiers } from "../orbits/identifier.ts";
import { parseJsonText } from "../orbits/json-text.ts";
import { defaultAntennas, defaultBackhaul, defaultMask, defaultTurnaround } from "./station-networks.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Stations of a file, what is doubtful in it, and the features that could not be read. */
export interface StationFile {
  readonly stations: readonly GroundStation[];
  /** Lines of text: altitudes that look like kilometres, properties that are not read. */
  readonly doubts: readonly string[];
  readonly leftOut: readonly SwathError[];
}

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const shown = (value: unknown): string =>
  value === undefined ? "nothing" : (JSON.stringify(value) ?? typeof value).slice(0, 60);

const bounded = (value: unknown, what: string, low: number, high: number): number => {
  if (typeof value === "number" && value >= low && value <= high) return value;
  throw new SwathError("orbit", { what, wanted: `a number in ${low} … ${high}`, got: shown(value) });
};

const antennasOf = (value: unknown, what: string): number => {
  const count = bounded(value, what, 0, 1000);
  if (Number.isInteger(count)) return count;
  throw new SwathError("orbit", { what, wanted: "a whole number", got: `${count}` });
};

/** A pair `[azimuth, elevation]`, or an object of both, in degrees. */
const pointOf = (value: unknown): readonly [azimuth: unknown, elevation: unknown] => {
  if (Array.isArray(value) && value.length === 2) return [value[0], value[1]];
  if (!isFields(value)) return [undefined, undefined];
  return [value["azimuth"] ?? value["azimuth_deg"], value["elevation"] ?? value["elevation_deg"]];
};

/** Points in order of azimuth; a closing point at 360° that repeats the one at 0° is the same point. */
const horizonOf = (value: unknown, what: string): Horizon => {
  if (!Array.isArray(value) || value.length === 0) {
    throw new SwathError("orbit", {
      what,
      wanted: "a list of [azimuth, elevation] in degrees",
      got: shown(value),
    });
  }
  const points = value
    .map((one: unknown, index) => {
      const [azimuth, elevation] = pointOf(one);
      return {
        azimuth: degrees(bounded(azimuth, `${what}[${index}]: azimuth`, 0, 360)),
        elevation: degrees(bounded(elevation, `${what}[${index}]: elevation`, -5, 89)),
      };
    })
    .sort((a, b) => a.azimuth - b.azimuth);
  const [first] = points;
  const last = points.at(-1);
  if (points.length > 1 && first?.azimuth === 0 && last?.azimuth === 360) {
    if (first.elevation !== last.elevation) {
      throw new SwathError("orbit", {
        what: `${what}: elevation at 0° and at 360°, which are one direction`,
        wanted: `${first.elevation}`,
        got: `${last.elevation}`,
      });
    }
    points.pop();
  }
  const twice = points.find(({ azimuth }, index) => points[index + 1]?.azimuth === azimuth);
  if (twice !== undefined) {
    throw new SwathError("orbit", { what, wanted: "every azimuth once", got: `${twice.azimuth}° twice` });
  }
  return points;
};

/** Properties that are read; a feature's others are named, so that `mask: 10` is not lost in silence. */
const known = [
  "name",
  "min_elevation_deg",
  "horizon",
  "antennas",
  "g_over_t_db_per_k",
  "acquisition_s",
  "turnaround_s",
  "backhaul_s",
  "uplink_bit_per_s",
] as const;

/** What `swath plan --out FILE.geojson` writes of a station besides. */
const ours: ReadonlySet<string> = new Set([...known, "station"]);

const stationOf = (feature: unknown, where: string): Omit<GroundStation, "id"> => {
  const geometry = isFields(feature) ? feature["geometry"] : undefined;
  if (!isFields(feature) || !isFields(geometry) || geometry["type"] !== "Point") {
    throw new SwathError("orbit", { what: where, wanted: "a GeoJSON feature with a Point" });
  }
  const coordinates: readonly unknown[] = Array.isArray(geometry["coordinates"])
    ? geometry["coordinates"]
    : [];
  const properties: Fields = isFields(feature["properties"]) ? feature["properties"] : {};
  /** A property that may be absent: `null` says so as well. */
  const optional = <Value>(key: (typeof known)[number], read: (value: unknown, what: string) => Value) => {
    const value = properties[key] ?? undefined;
    return value === undefined ? undefined : read(value, `${where}: ${key}`);
  };
  const within =
    (low: number, high: number) =>
    (value: unknown, what: string): number =>
      bounded(value, what, low, high);
  const name = properties["name"] ?? feature["id"];
  const mask = optional("min_elevation_deg", within(0, 89));
  const horizon = optional("horizon", horizonOf);
  const gOverT = optional("g_over_t_db_per_k", within(-40, 70));
  const acquisition = optional("acquisition_s", within(0, 3600));
  const turnaround = optional("turnaround_s", within(0, 3600));
  const backhaul = optional("backhaul_s", within(0, 86_400));
  const uplink = optional("uplink_bit_per_s", within(1, 1e12));
  return {
    name: typeof name === "string" && name.trim() !== "" ? name.trim() : where,
    longitude: degrees(bounded(coordinates[0], `${where}: longitude`, -180, 180)),
    latitude: degrees(bounded(coordinates[1], `${where}: latitude`, -90, 90)),
    altitude: metres(
      bounded(coordinates[2] ?? 0, `${where}: altitude in metres`, lowestGround, highestGround),
    ),
    minElevation: degrees(mask ?? (horizon === undefined ? defaultMask : 0)),
    antennas: antennasOf(properties["antennas"] ?? defaultAntennas, `${where}: antennas`),
    ...(horizon === undefined ? {} : { horizon }),
    ...(gOverT === undefined ? {} : { gOverT: decibelsPerKelvin(gOverT) }),
    ...(acquisition === undefined ? {} : { acquisition: seconds(acquisition) }),
    turnaround: seconds(turnaround ?? defaultTurnaround),
    backhaul: seconds(backhaul ?? defaultBackhaul),
    ...(uplink === undefined ? {} : { uplink: bitsPerSecond(uplink) }),
  };
};

/** Fractions of a few metres are kilometres more often than the survey of a mast at the shore. */
const looksLikeKilometres = (altitude: number): boolean =>
  altitude > 0 && altitude < 9 && !Number.isInteger(altitude);

const doubtsOf = (
  stations: readonly Pick<GroundStation, "name" | "altitude">[],
  features: readonly unknown[],
  source: string,
): readonly string[] => {
  const unread = new Map<string, number>();
  for (const feature of features) {
    const properties = isFields(feature) && isFields(feature["properties"]) ? feature["properties"] : {};
    for (const key of Object.keys(properties))
      if (!ours.has(key)) unread.set(key, (unread.get(key) ?? 0) + 1);
  }
  const names = [...unread.keys()];
  const others = names.slice(0, 8).join(", ") + (names.length > 8 ? ` and ${names.length - 8} more` : "");
  const low = stations.filter(({ altitude }) => looksLikeKilometres(altitude));
  return [
    ...low
      .slice(0, 3)
      .map(
        ({ name, altitude }) => `${source}: altitude of ${name} is read as ${altitude} m; is it kilometres?`,
      ),
    ...(low.length > 3 ? [`${source}: and ${low.length - 3} more altitudes that may be kilometres`] : []),
    ...(names.length === 0
      ? []
      : [`${source}: properties that are not read: ${others}; those read are ${known.join(", ")}`]),
  ];
};

/**
 * Reads ground stations from GeoJSON: a FeatureCollection of Points [longitude, latitude, metres above the ellipsoid].
 * Properties read: `name`; `min_elevation_deg` (5 where neither it nor a horizon is given); `horizon`, a list of [azimuth, elevation] in
 * degrees, straight lines between them; `antennas` (1 where absent); `g_over_t_db_per_k` (the link budget's where absent);
 * `turnaround_s` (60) and `backhaul_s` (1), both assumed where absent; `acquisition_s` and `uplink_bit_per_s` (the spacecraft's).
 *
 * A feature that is not sound is left out, with place and reason.
 *
 * @param source what messages call the text: its file name
 * @throws SwathError("orbit") for a text that is no collection; where no feature is sound, with the first reason
 */
export const readStations = (text: string, source: string): StationFile => {
  const parsed = parseJsonText(text.replace(/^\uFEFF/, ""), source, "GeoJSON");
  const features: unknown = isFields(parsed) ? parsed["features"] : undefined;
  if (!Array.isArray(features) || features.length === 0) {
    throw new SwathError("orbit", {
      what: `${source} lists no ground stations`,
      wanted: "a GeoJSON FeatureCollection of Points",
    });
  }
  const leftOut: SwathError[] = [];
  const read = (features as readonly unknown[]).flatMap((feature, index) => {
    try {
      return [{ place: index + 1, station: stationOf(feature, `${source} feature ${index + 1}`) }];
    } catch (error) {
      if (!(error instanceof SwathError)) throw error;
      leftOut.push(error);
      return [];
    }
  });
  const [first] = leftOut;
  if (read.length === 0 && first !== undefined) throw first;
  const ids = identifiers(
    read.map(({ place, station }) => ({ name: station.name, distinction: `${place}` })),
  );
  const stations = read.map(({ station }, index) => ({ id: ids[index] as string, ...station }));
  return { stations, doubts: doubtsOf(stations, features, source), leftOut };
};
