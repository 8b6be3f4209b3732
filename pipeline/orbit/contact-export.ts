import { formatInstant, instant } from "../units.ts";
import type { Contact, ContactPlan, GroundStation } from "./contact.ts";
import { subPoint } from "./propagator.ts";
import type { Satellite } from "./satellite.ts";

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
] as const;

const rowOf = ({ id, satellite, station, antenna, aos, los, maxElevation, samples }: Contact) =>
  [
    id,
    satellite,
    station,
    antenna,
    formatInstant(aos),
    formatInstant(los),
    (los - aos).toFixed(3),
    maxElevation.toFixed(3),
    (samples.reduce((least, { range }) => Math.min(least, range), Number.POSITIVE_INFINITY) / 1000).toFixed(
      3,
    ),
  ] as const;

/** One line a contact under a header line, CRLF as RFC 4180 has it. Identifiers hold nothing that needs quoting. */
export const contactsToCsv = ({ contacts }: ContactPlan): string =>
  [columns, ...contacts.map(rowOf)].map((row) => `${row.join(",")}\r\n`).join("");

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
        properties: Object.fromEntries(rowOf(contact).map((value, i) => [columns[i], numeric(i, value)])),
      },
    ];
  });
  return `${JSON.stringify({ type: "FeatureCollection", features: [...points, ...tracks] })}\n`;
};

/** The last three columns are numbers with their decimals already cut. */
const numeric = (columnIndex: number, value: string | number): string | number =>
  columnIndex >= 6 ? Number(value) : value;
