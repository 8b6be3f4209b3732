/** The parameters of a projection, whatever the file calls them: degrees and metres. */
export type ProjectionParameters = Readonly<Partial<Record<ParameterName, number>>>;

/** The parameters of all projection methods. Each method uses some of them. */
export type ParameterName =
  | "latitude"
  | "longitude"
  | "parallel1"
  | "parallel2"
  | "scale"
  | "easting"
  | "northing"
  | "azimuth"
  | "skew"
  | "height";

type Method = (p: ProjectionParameters) => string;

const put = (flag: string, value: number | undefined, otherwise = 0): string =>
  ` +${flag}=${value ?? otherwise}`;
const origin: Method = (p) => put("lat_0", p.latitude) + put("lon_0", p.longitude);
const shifted: Method = (p) => put("x_0", p.easting) + put("y_0", p.northing);
const scaled: Method = (p) => put("k_0", p.scale, 1);
/** Origin, scale, false origin: what most methods want. */
const usual =
  (name: string, more = ""): Method =>
  (p) =>
    `+proj=${name}${more}${origin(p)}${scaled(p)}${shifted(p)}`;
/** The same for methods that have no scale. */
const unscaled =
  (name: string): Method =>
  (p) =>
    `+proj=${name}${origin(p)}${shifted(p)}`;
const meridianOnly =
  (name: string): Method =>
  (p) =>
    `+proj=${name}${put("lon_0", p.longitude)}${shifted(p)}`;
const trueScale =
  (name: string): Method =>
  (p) =>
    `+proj=${name}${put("lat_ts", p.parallel1 ?? p.latitude)}${put("lon_0", p.longitude)}${shifted(p)}`;

const conic1: Method = (p) => `+proj=lcc${put("lat_1", p.latitude)}${origin(p)}${scaled(p)}${shifted(p)}`;
const conic2 =
  (name: string, more = ""): Method =>
  (p) =>
    `+proj=${name}${more}${put("lat_1", p.parallel1)}${put("lat_2", p.parallel2, p.parallel1)}${origin(p)}${
      p.scale === undefined || name !== "lcc" ? "" : scaled(p)
    }${shifted(p)}`;

const mercator: Method = (p) =>
  p.parallel1 === undefined
    ? `+proj=merc${put("lon_0", p.longitude)}${scaled(p)}${shifted(p)}`
    : `+proj=merc${put("lat_ts", p.parallel1)}${put("lon_0", p.longitude)}${shifted(p)}`;

/** From the pole with a scale there, or with true scale at a latitude. */
const polar: Method = (p) => {
  const latitude = p.parallel1 ?? p.latitude ?? 90;
  const pole = latitude < 0 ? -90 : 90;
  const scale = Math.abs(latitude) === 90 ? scaled(p) : put("lat_ts", latitude);
  return `+proj=stere +lat_0=${pole}${scale}${put("lon_0", p.longitude)}${shifted(p)}`;
};

const stereographic: Method = (p) => (Math.abs(p.latitude ?? 0) === 90 ? polar(p) : usual("stere")(p));

/** Oblique Mercator counts from the natural origin (A) or from the centre (B). */
const oblique =
  (more: string): Method =>
  (p) =>
    `+proj=omerc${more}${put("lat_0", p.latitude)}${put("lonc", p.longitude)}${put("alpha", p.azimuth)}${put("gamma", p.skew, p.azimuth)}${scaled(p)}${shifted(p)}`;

const geostationary =
  (sweep: string): Method =>
  (p) =>
    `+proj=geos${put("h", p.height, 35_785_831)}${put("lon_0", p.longitude)} +sweep=${sweep}${shifted(p)}`;

const lambert: Method = (p) =>
  p.parallel2 === undefined && p.parallel1 === undefined
    ? conic1(p)
    : p.parallel2 === undefined
      ? `+proj=lcc${put("lat_1", p.parallel1)}${origin(p)}${scaled(p)}${shifted(p)}`
      : conic2("lcc")(p);

/**
 * Methods by name without spaces and case, as EPSG, OGC WKT 1 and Esri call them. Left out are those that differ between
 * software under one name.
 */
const methods: Readonly<Record<string, Method>> = {
  transversemercator: usual("tmerc"),
  gausskruger: usual("tmerc"),
  transversemercatorcomplex: usual("tmerc"),
  transversemercatorsouthoriented: usual("tmerc", " +axis=wsu"),
  transversemercatorsouthorientated: usual("tmerc", " +axis=wsu"),
  lambertconformalconic: lambert,
  lambertconformalconic1sp: conic1,
  lambertconicconformal1sp: conic1,
  lambertconformalconic2sp: conic2("lcc"),
  lambertconicconformal2sp: conic2("lcc"),
  albers: conic2("aea"),
  albersequalarea: conic2("aea"),
  albersconicequalarea: conic2("aea"),
  equidistantconic: conic2("eqdc"),
  polarstereographic: polar,
  polarstereographicvarianta: polar,
  polarstereographicvariantb: polar,
  stereographicnorthpole: (p) => polar({ ...p, parallel1: p.parallel1 ?? p.latitude ?? 90 }),
  stereographicsouthpole: (p) => polar({ ...p, parallel1: p.parallel1 ?? p.latitude ?? -90 }),
  stereographic: stereographic,
  obliquestereographic: usual("sterea"),
  doublestereographic: usual("sterea"),
  mercator: mercator,
  mercator1sp: mercator,
  mercator2sp: mercator,
  mercatorvarianta: mercator,
  mercatorvariantb: mercator,
  mercatorauxiliarysphere: meridianOnly("webmerc"),
  popularvisualisationpseudomercator: meridianOnly("webmerc"),
  hotineobliquemercator: oblique(" +no_uoff"),
  hotineobliquemercatorvarianta: oblique(" +no_uoff"),
  hotineobliquemercatorazimuthnaturalorigin: oblique(" +no_uoff"),
  rectifiedskeworthomorphicnaturalorigin: oblique(" +no_uoff"),
  hotineobliquemercatorvariantb: oblique(""),
  hotineobliquemercatorazimuthcenter: oblique(""),
  rectifiedskeworthomorphiccenter: oblique(""),
  lambertazimuthalequalarea: unscaled("laea"),
  azimuthalequidistant: unscaled("aeqd"),
  modifiedazimuthalequidistant: unscaled("aeqd"),
  equirectangular: (p) => trueScale("eqc")({ ...p, parallel1: p.parallel1 ?? 0 }) + put("lat_0", p.latitude),
  equidistantcylindrical: (p) =>
    trueScale("eqc")({ ...p, parallel1: p.parallel1 ?? 0 }) + put("lat_0", p.latitude),
  platecarree: (p) => trueScale("eqc")({ ...p, parallel1: 0 }),
  cassinisoldner: unscaled("cass"),
  cassini: unscaled("cass"),
  gnomonic: unscaled("gnom"),
  millercylindrical: meridianOnly("mill"),
  orthographic: unscaled("ortho"),
  polyconic: unscaled("poly"),
  americanpolyconic: unscaled("poly"),
  robinson: meridianOnly("robin"),
  sinusoidal: meridianOnly("sinu"),
  mollweide: meridianOnly("moll"),
  eckertvi: meridianOnly("eck6"),
  equalearth: meridianOnly("eqearth"),
  vandergrinten: meridianOnly("vandg"),
  vandergrinteni: meridianOnly("vandg"),
  newzealandmapgrid: unscaled("nzmg"),
  behrmann: (p) => trueScale("cea")({ ...p, parallel1: 30 }),
  cylindricalequalarea: (p) => trueScale("cea")({ ...p, parallel1: p.parallel1 ?? 0 }),
  lambertcylindricalequalarea: (p) => trueScale("cea")({ ...p, parallel1: p.parallel1 ?? 0 }),
  swissobliquecylindrical: usual("somerc"),
  swissobliquemercator: usual("somerc"),
  geostationarysatellitesweepx: geostationary("x"),
  geostationarysatellitesweepy: geostationary("y"),
};

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

/** The proj4 text of a method by its name, without ellipsoid and units; `null` for a method that is not known for certain. */
export const projectionBy = (
  name: string,
  parameters: ProjectionParameters,
  sweep: "x" | "y" = "y",
): string | null => {
  const method =
    plain(name) === "geostationarysatellite" ? `geostationarysatellitesweep${sweep}` : plain(name);
  return methods[method]?.(parameters) ?? null;
};
