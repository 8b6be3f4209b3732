import proj4, { type Converter } from "proj4";
import { isSwathError, SwathError } from "../errors.ts";
import { colombiaUrban } from "./colombia-urban.ts";
import { type Degrees, degrees } from "../units.ts";

/** WGS 84, longitude first, −180…180 and −90…90. */
export type LonLat = readonly [longitude: Degrees, latitude: Degrees];

/** Between one coordinate reference system and WGS 84 longitude and latitude. */
export interface Projection {
  toLonLat(x: number, y: number): LonLat;
  fromLonLat(position: LonLat): readonly [x: number, y: number];
}

const wgs84 = "+proj=longlat +datum=WGS84 +no_defs";
const webMercator =
  "+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +no_defs";

/**
 * The proj4 definition of an `EPSG:…` code that needs no table: geographic WGS 84, Web Mercator, UTM on WGS 84
 * (326xx, 327xx) and on ETRS89 (258xx). `null` for any other; a file's own keys then have to say.
 */
export const proj4Definition = (crs: string): string | null => {
  const code = Number(/^EPSG:(\d+)$/i.exec(crs)?.[1]);
  if (code === 4326) return wgs84;
  if (code === 3857) return webMercator;
  const zone = code % 100;
  if (zone < 1 || zone > 60) return null;
  if (Math.floor(code / 100) === 326) return `+proj=utm +zone=${zone} +datum=WGS84 +units=m +no_defs`;
  if (Math.floor(code / 100) === 327) return `+proj=utm +zone=${zone} +south +datum=WGS84 +units=m +no_defs`;
  if (Math.floor(code / 100) === 258) return `+proj=utm +zone=${zone} +ellps=GRS80 +units=m +no_defs`;
  return null;
};

const wrapLongitude = (longitude: number): number =>
  longitude >= -180 && longitude <= 180 ? longitude : ((((longitude + 180) % 360) + 360) % 360) - 180;

// proj4's types ask for what it sets itself.
proj4.Proj.projections.add(colombiaUrban as unknown as Parameters<typeof proj4.Proj.projections.add>[0], 0);

// Parsing a definition costs far more than using it, and a label file asks for the same one at every vertex.
const parsed = new Map<string, Projection>();

/** The projection that `definition` (proj4 text) describes. Throws `SwathError("raster")` when proj4 cannot read it. */
export const projectionOf = (definition: string): Projection => {
  const known = parsed.get(definition);
  if (known) return known;
  let converter: Converter;
  try {
    converter = proj4(definition, wgs84);
  } catch (cause) {
    const what = "coordinate reference system not understood";
    throw new SwathError("raster", { what, wanted: "a proj4 definition", got: definition, cause });
  }
  const projection: Projection = {
    // `true`: axes as `+axis` has them, which South African and Czech systems need.
    toLonLat: (x, y) => {
      const [longitude = NaN, latitude = NaN] = converter.forward([x, y], true);
      return [degrees(wrapLongitude(longitude)), degrees(latitude)];
    },
    fromLonLat: ([longitude, latitude]) => {
      const [x = NaN, y = NaN] = converter.inverse([longitude, latitude], true);
      return [x, y];
    },
  };
  parsed.set(definition, projection);
  return projection;
};

/** Whether a definition (proj4 text) is in a projection that can be computed. */
export const isProjectionKnown = (definition: string): boolean => {
  try {
    projectionOf(definition);
    return true;
  } catch (error) {
    if (isSwathError(error)) return false;
    throw error;
  }
};
