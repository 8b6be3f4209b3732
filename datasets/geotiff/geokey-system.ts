import { type CoordinateSystem, type NoPlace, shiftOf } from "../crs/coordinate-system.ts";
import {
  conversionOfCode,
  geographicOfCode,
  geographicOfName,
  joinDefinition,
  systemOfCode,
} from "../crs/epsg-table.ts";
import { type Ground, groundOfEllipsoid, ownEllipsoid } from "../crs/ground.ts";
import { type ProjectionParameters, projectionBy } from "../crs/projection-method.ts";
import { systemOfWkt } from "../crs/wkt.ts";

/** GeoTIFF keys by number: shorts, doubles, text. */
export type GeoKeys = ReadonlyMap<number, number | string>;

// OGC 19-008, annex D; the numbers of methods are those of section 7.5.5 and of libgeotiff.
const key = {
  modelType: 1024,
  geographic: 2048,
  geographicText: 2049,
  datum: 2050,
  meridianCode: 2051,
  angularUnit: 2054,
  angularSize: 2055,
  ellipsoid: 2056,
  axis: 2057,
  minorAxis: 2058,
  inverseFlattening: 2059,
  meridian: 2061,
  toWgs84: 2062,
  projected: 3072,
  projectedText: 3073,
  projection: 3074,
  method: 3075,
  linearUnit: 3076,
  linearSize: 3077,
} as const;
const [projectedModel, geographicModel, userDefined] = [1, 2, 32_767];

const methods: Readonly<Record<number, string>> = {
  1: "Transverse Mercator",
  3: "Hotine Oblique Mercator",
  5: "Swiss Oblique Mercator",
  7: "Mercator",
  8: "Lambert Conformal Conic 2SP",
  9: "Lambert Conformal Conic 1SP",
  10: "Lambert Azimuthal Equal Area",
  11: "Albers Equal Area",
  12: "Azimuthal Equidistant",
  13: "Equidistant Conic",
  14: "Stereographic",
  15: "Polar Stereographic",
  16: "Oblique Stereographic",
  17: "Equirectangular",
  18: "Cassini-Soldner",
  19: "Gnomonic",
  20: "Miller Cylindrical",
  21: "Orthographic",
  22: "Polyconic",
  23: "Robinson",
  24: "Sinusoidal",
  25: "VanDerGrinten",
  26: "New Zealand Map Grid",
  27: "Transverse Mercator South Orientated",
  28: "Cylindrical Equal Area",
  9815: "Hotine Oblique Mercator Azimuth Center",
};

/** Metres in the units that files name by code (EPSG unit of measure). */
const linearUnits: Readonly<Record<number, number>> = {
  9001: 1,
  9002: 0.3048,
  9003: 1200 / 3937,
  9005: 0.3047972654,
  9014: 1.8288,
  9030: 1852,
  9036: 1000,
  9037: 0.914398414616029,
  9040: 0.914398530744440774,
  9041: 0.3047994715386762,
  9042: 20.11676512155263,
  9084: 0.91439523,
  9085: 20.1166,
  9093: 1609.344,
  9094: 0.30479971,
  9095: 0.3048007491,
  9096: 0.9144,
  9097: 20.1168,
};

const numberAt = (keys: GeoKeys, at: number): number | null => {
  const value = keys.get(at);
  return typeof value === "number" && Number.isFinite(value) ? value : null;
};
const codeAt = (keys: GeoKeys, at: number): number | null => {
  const code = numberAt(keys, at);
  return code !== null && code > 0 && code !== userDefined ? code : null;
};
const textAt = (keys: GeoKeys, at: number): string => `${keys.get(at) ?? ""}`;

/** Degrees in a unit of the file's angles. */
const angleOf = (keys: GeoKeys): number => {
  const known: Readonly<Record<number, number>> = { 9101: 180 / Math.PI, 9102: 1, 9105: 0.9, 9106: 0.9 };
  const size = numberAt(keys, key.angularSize);
  return known[codeAt(keys, key.angularUnit) ?? 0] ?? (size === null ? 1 : (size * 180) / Math.PI);
};

/** Metres in a unit of the file's lengths; `null` where it names none. */
const lengthOf = (keys: GeoKeys): number | null => {
  const code = numberAt(keys, key.linearUnit);
  if (code === null) return null;
  return code === userDefined ? numberAt(keys, key.linearSize) : (linearUnits[code] ?? null);
};

const groundOfKeys = (keys: GeoKeys): Ground | NoPlace => {
  const own = textAt(keys, key.toWgs84).split(",").filter(Boolean).map(Number);
  const shifts = (own.length === 3 || own.length === 7) && own.every(Number.isFinite) ? [shiftOf(own)] : null;
  const code = codeAt(keys, key.geographic);
  const datum = codeAt(keys, key.datum);
  const citation = textAt(keys, key.geographicText);
  const [, name = citation] = /GCS Name = ([^|]+)/.exec(citation) ?? [];
  const named =
    (code === null ? null : geographicOfCode(`${code}`)) ??
    // Datums of the registers' early years have the number of their geographic system and 2,000.
    (datum === null || datum < 6001 || datum > 6999 ? null : geographicOfCode(`${datum - 2000}`)) ??
    (name === "" ? null : geographicOfName(name));
  if (named !== null) {
    const own = ownEllipsoid(named, numberAt(keys, key.axis), numberAt(keys, key.inverseFlattening));
    return shifts === null ? own : { ...own, shifts };
  }
  const ellipsoids: Readonly<Record<number, readonly [number, number]>> = {
    7030: [6_378_137, 298.257223563],
    7019: [6_378_137, 298.257222101],
    7043: [6_378_135, 298.26],
  };
  const [codedAxis = null, codedFlattening = null] = ellipsoids[codeAt(keys, key.ellipsoid) ?? 0] ?? [];
  const axis = numberAt(keys, key.axis) ?? codedAxis;
  const minor = numberAt(keys, key.minorAxis);
  const inverse = numberAt(keys, key.inverseFlattening) ?? codedFlattening;
  if (axis === null) return { why: "its keys name no datum that is known" };
  const inverseFlattening = inverse ?? (minor === null || minor === axis ? 0 : axis / (axis - minor));
  const meridian = (numberAt(keys, key.meridian) ?? 0) * angleOf(keys);
  return groundOfEllipsoid({ name, axis, inverseFlattening, meridian, shifts });
};

/** The parameters of a projection by the keys that a writer may have chosen for them. */
const parametersOf = (keys: GeoKeys, length: number): ProjectionParameters => {
  const angle = angleOf(keys);
  const firstOf = (factor: number, ...at: readonly number[]): number | undefined => {
    const found = at.map((one) => numberAt(keys, one)).find((value) => value !== null);
    return found === undefined || found === null ? undefined : found * factor;
  };
  const told = {
    parallel1: firstOf(angle, 3078),
    parallel2: firstOf(angle, 3079),
    longitude: firstOf(angle, 3080, 3084, 3088, 3095),
    latitude: firstOf(angle, 3081, 3085, 3089),
    easting: firstOf(length, 3082, 3086, 3090),
    northing: firstOf(length, 3083, 3087, 3091),
    scale: firstOf(1, 3092, 3093),
    azimuth: firstOf(angle, 3094),
    skew: firstOf(angle, 3096),
  };
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
};

/** A known system in other units than its own, where the file insists. */
const inUnitsOf = (system: CoordinateSystem, keys: GeoKeys): CoordinateSystem => {
  const length = lengthOf(keys);
  const [, units, size] = /\+(?:units=(\S+)|to_meter=(\S+))/.exec(system.definition) ?? [];
  const usual: Readonly<Record<string, number>> = {
    "us-ft": 1200 / 3937,
    ft: 0.3048,
    link: 0.201168,
    km: 1000,
  };
  const own = size === undefined ? (units === undefined ? 1 : usual[units]) : Number(size);
  if (length === null || own === undefined || Math.abs(length / own - 1) < 1e-9) return system;
  const bare = system.definition.replace(/ \+(?:units|to_meter)=\S+/, "");
  return { ...system, crs: null, definition: bare.replace(" +no_defs", ` +to_meter=${length} +no_defs`) };
};

/** Esri's own text, which some writers put where the keys do not suffice. */
const systemInText = (keys: GeoKeys): CoordinateSystem | NoPlace | null => {
  const [, wkt] =
    /ESRI PE String = (.+)/s.exec(`${textAt(keys, key.projectedText)}|${textAt(keys, 1026)}`) ?? [];
  return wkt === undefined ? null : systemOfWkt(wkt.replace(/\|[^\]]*$/s, ""));
};

const webMercator = (keys: GeoKeys): CoordinateSystem | NoPlace => {
  const known = systemOfCode("EPSG:3857");
  return known === null ? { why: "web Mercator is not known" } : inUnitsOf(known, keys);
};

const projectedOfKeys = (keys: GeoKeys): CoordinateSystem | NoPlace => {
  const code = codeAt(keys, key.projected);
  const known = code === null ? null : systemOfCode(`EPSG:${code}`);
  if (known !== null) return inUnitsOf(known, keys);
  const inText = systemInText(keys);
  if (inText !== null && !("why" in inText)) return inText;
  // Old writers describe web Mercator as one on an ellipsoid, and say in words what they mean.
  const words = `${textAt(keys, 1026)} ${textAt(keys, key.projectedText)}`;
  if (/google maps global mercator|web[ _]mercator|pseudo[- _]mercator/i.test(words))
    return webMercator(keys);
  const conversion = codeAt(keys, key.projection);
  const method = codeAt(keys, key.method);
  const length = lengthOf(keys) ?? 1;
  const projection =
    (conversion === null ? null : conversionOfCode(conversion)) ??
    (method === null ? null : projectionBy(methods[method] ?? "", parametersOf(keys, length)));
  if (projection === null) {
    if (inText !== null) return inText;
    const what = code === null ? `a projection by method ${method ?? "unknown"}` : `EPSG:${code}`;
    return { why: `${what} is not known` };
  }
  const ground = groundOfKeys(keys);
  if ("why" in ground) return ground;
  const extra = length === 1 ? "" : `+to_meter=${length}`;
  return { crs: null, definition: joinDefinition(projection, ground, extra), shifts: ground.shifts };
};

/** The system that GeoTIFF keys mean: by code, by Esri's text, or by their parameters. */
export const systemOfKeys = (keys: GeoKeys): CoordinateSystem | NoPlace | null => {
  const model = numberAt(keys, key.modelType);
  if (codeAt(keys, key.projected) !== null || model === projectedModel) return projectedOfKeys(keys);
  const inText = model === geographicModel ? null : systemInText(keys);
  if (inText !== null) return inText;
  if (model !== geographicModel && codeAt(keys, key.geographic) === null) {
    return model === null || model === 0
      ? null
      : {
          why:
            model === userDefined
              ? "its coordinate reference system is user-defined"
              : "its coordinates are geocentric",
        };
  }
  if (angleOf(keys) !== 1) return { why: "its longitudes and latitudes are not in degrees" };
  if (codeAt(keys, key.geographic) === 4326) return systemOfCode("EPSG:4326");
  const ground = groundOfKeys(keys);
  if ("why" in ground) return ground;
  return { crs: ground.crs, definition: joinDefinition("+proj=longlat", ground), shifts: ground.shifts };
};
