import { formatInstant, instant } from "../pipeline/units.ts";
import type { Contact, ContactPlan, GroundStation } from "../pipeline/orbit/contact.ts";
import { subPoint } from "../pipeline/orbit/propagator.ts";
import type { Satellite } from "../pipeline/orbit/satellite.ts";

/** A contact without its samples, flat, units in the names: a row of a table, of CSV, or the properties of a feature. */
export interface ContactRecord {
  readonly contact: string;
  readonly satellite: string;
  readonly station: string;
  readonly antenna: number;
  readonly aos_utc: string;
  readonly los_utc: string;
  readonly duration_s: number;
  readonly max_elevation_deg: number;
  readonly min_range_km: number;
}

const toThousandths = (value: number): number => Math.round(value * 1000) / 1000;

/** The row of a contact: times in UTC, duration in seconds, angle in degrees, range in kilometres. */
export const contactRecord = ({
  id,
  satellite,
  station,
  antenna,
  aos,
  los,
  maxElevation,
  samples,
}: Contact): ContactRecord => ({
  contact: id,
  satellite,
  station,
  antenna,
  aos_utc: formatInstant(aos),
  los_utc: formatInstant(los),
  duration_s: toThousandths(los - aos),
  max_elevation_deg: toThousandths(maxElevation),
  min_range_km: toThousandths(
    samples.reduce((least, { range }) => Math.min(least, range), Number.POSITIVE_INFINITY) / 1000,
  ),
});

const columns = [
  "contact",
  "satellite",
  "station",
  "antenna",
  "aos_utc",
  "los_utc",
  "duration_s",
  "max_elevation_deg",
  "min_range_km",
] as const satisfies readonly (keyof ContactRecord)[];

/** Fields of a contact besides its record, the same for every contact; text without commas, quotes and line breaks. */
export type MoreFields = (contact: Contact) => Readonly<Record<string, string | number>>;

const nothingMore: MoreFields = () => ({});

/** One line a contact under a header line, CRLF as RFC 4180 has it. Identifiers hold nothing that needs quoting. */
export const contactsToCsv = ({ contacts }: ContactPlan, more: MoreFields = nothingMore): string => {
  const [first] = contacts;
  const header = [...columns, ...(first === undefined ? [] : Object.keys(more(first)))];
  const rows = contacts.map((contact) => {
    const record = contactRecord(contact);
    return [...columns.map((column) => record[column]), ...Object.values(more(contact))];
  });
  return [header, ...rows].map((row) => `${row.join(",")}\r\n`).join("");
};

type Position = [longitude: number, latitude: number];

const rounded = (value: number): number => Math.round(value * 1e5) / 1e5;

/** Cuts a track where it crosses the antimeridian, as RFC 7946 §3.1.9 asks. */
const cutAtAntimeridian = (track: readonly Position[]): readonly Position[][] => {
  const parts: Position[][] = [];
  let before: Position | undefined;
  for (const point of track) {
    if (before === undefined) parts.push([]);
    else if (Math.abs(point[0] - before[0]) > 180) {
      const edge = point[0] < 0 ? 180 : -180;
      const unwrapped = point[0] + 2 * edge;
      const share = unwrapped === before[0] ? 0 : (edge - before[0]) / (unwrapped - before[0]);
      const latitude = rounded(before[1] + share * (point[1] - before[1]));
      parts.at(-1)?.push([edge, latitude]);
      parts.push([[-edge, latitude]]);
    }
    parts.at(-1)?.push(point);
    before = point;
  }
  return parts;
};

const trackOf = (satellite: Satellite, { samples }: Contact): readonly Position[][] =>
  cutAtAntimeridian(
    samples.map(({ at }): Position => {
      const { longitude, latitude } = subPoint(satellite, instant(at));
      return [rounded(longitude), rounded(latitude)];
    }),
  );

/**
 * A GeoJSON FeatureCollection (RFC 7946): each station a Point, each contact the satellite's ground track during it, a
 * LineString, or a MultiLineString where it crosses the antimeridian. Units stand in the names of the properties.
 */
export const contactsToGeoJson = (
  plan: ContactPlan,
  satellites: readonly Satellite[],
  stations: readonly GroundStation[],
  more: MoreFields = nothingMore,
): string => {
  const byId = new Map(satellites.map((satellite) => [satellite.id, satellite]));
  const points = stations.map((station) => ({
    type: "Feature",
    geometry: { type: "Point", coordinates: [station.longitude, station.latitude, station.altitude] },
    properties: {
      station: station.id,
      name: station.name,
      min_elevation_deg: station.minElevation,
      antennas: station.antennas,
      ...(station.horizon === undefined
        ? {}
        : { horizon: station.horizon.map(({ azimuth, elevation }) => [azimuth, elevation]) }),
      ...(station.gOverT === undefined ? {} : { g_over_t_db_per_k: station.gOverT }),
    },
  }));
  const tracks = plan.contacts.flatMap((contact) => {
    const satellite = byId.get(contact.satellite);
    if (satellite === undefined) return [];
    const parts = trackOf(satellite, contact);
    return [
      {
        type: "Feature",
        geometry:
          parts.length === 1
            ? { type: "LineString", coordinates: parts[0] }
            : { type: "MultiLineString", coordinates: parts },
        properties: { ...contactRecord(contact), ...more(contact) },
      },
    ];
  });
  return `${JSON.stringify({ type: "FeatureCollection", features: [...points, ...tracks] })}\n`;
};
