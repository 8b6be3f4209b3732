import { type CoordinateSystem, type DatumShift, type NoPlace, shiftOf } from "./coordinate-system.ts";
import { geographicOfCode, geographicOfName, joinDefinition, systemOfCode } from "./epsg-table.ts";
import { type Ground, groundOfEllipsoid, ownEllipsoid } from "./ground.ts";
import { type ParameterName, projectionBy, type ProjectionParameters } from "./projection-method.ts";
import { childOf, numberOf, parseWktTree, textOf, type WktNode } from "./wkt-tree.ts";

const parameterNames: Readonly<Record<ParameterName, readonly string[]>> = {
  latitude: [
    "latitudeoforigin",
    "latitudeofnaturalorigin",
    "latitudeofcenter",
    "latitudeofprojectioncentre",
    "latitudeoffalseorigin",
  ],
  longitude: [
    "centralmeridian",
    "longitudeofnaturalorigin",
    "longitudeofcenter",
    "longitudeofprojectioncentre",
    "longitudeoffalseorigin",
    "longitudeoforigin",
    "straightverticallongitudefrompole",
  ],
  parallel1: ["standardparallel1", "latitudeof1ststandardparallel", "latitudeofstandardparallel"],
  parallel2: ["standardparallel2", "latitudeof2ndstandardparallel"],
  scale: [
    "scalefactor",
    "scalefactoratnaturalorigin",
    "scalefactoratprojectioncentre",
    "scalefactoroninitialline",
  ],
  easting: ["falseeasting", "eastingatfalseorigin", "eastingatprojectioncentre"],
  northing: ["falsenorthing", "northingatfalseorigin", "northingatprojectioncentre"],
  azimuth: ["azimuth", "azimuthofinitialline", "azimuthatprojectioncentre"],
  skew: ["rectifiedgridangle", "anglefromrectifiedtoskewgrid"],
  height: ["satelliteheight", "height"],
};
const meaning = new Map(
  Object.entries(parameterNames).flatMap(([name, texts]) =>
    texts.map((text) => [text, name as ParameterName] as const),
  ),
);
const lengths: readonly ParameterName[] = ["easting", "northing", "height"];
const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

/** `AUTHORITY["EPSG","28992"]` of WKT 1, `ID["EPSG",28992]` of WKT 2. */
const codeOf = (node: WktNode | undefined): string | null => {
  const [authority, code] = childOf(node, "AUTHORITY", "ID")?.values ?? [];
  return /^(EPSG|ESRI)$/i.test(`${authority}`) && /^\d+$/.test(`${code}`) ? `${authority}:${code}` : null;
};

const radian = 180 / Math.PI;
const unitOf = (node: WktNode | undefined, ...keywords: readonly string[]): number | null =>
  numberOf(childOf(node, ...keywords), 1);

/** Degrees in a unit that is given in radians. Truncated conversions (0.0174532925199433) are whole degrees. */
const degreesIn = (radians: number): number => {
  const value = radians * radian;
  return Math.abs(value - 1) < 1e-9 ? 1 : value;
};

const groundOf = (geographic: WktNode, bound: DatumShift | null): Ground | NoPlace => {
  const datum = childOf(geographic, "DATUM", "GEODETICDATUM", "TRF", "ENSEMBLE");
  const code = codeOf(geographic);
  const named =
    (code === null ? null : geographicOfCode(code.replace(/^EPSG:/i, "").replace(/^ESRI:/i, "E"))) ??
    geographicOfName(textOf(geographic)) ??
    geographicOfName(textOf(datum));
  const toWgs84 = childOf(datum, "TOWGS84")?.values.map(Number).filter(Number.isFinite) ?? [];
  const shifts =
    toWgs84.length === 3 || toWgs84.length === 7 ? [shiftOf(toWgs84)] : bound === null ? null : [bound];
  const ellipsoid = childOf(datum, "SPHEROID", "ELLIPSOID");
  const [axis, flattening] = [numberOf(ellipsoid, 1), numberOf(ellipsoid, 2)];
  if (named !== null) {
    const own = code === null ? ownEllipsoid(named, axis, flattening) : named;
    return shifts === null ? own : { ...own, shifts };
  }
  if (axis === null || flattening === null) return { why: "its projection file names no ellipsoid" };
  const meridian = childOf(geographic, "PRIMEM", "PRIMEMERIDIAN");
  const perUnit = unitOf(geographic, "UNIT", "ANGLEUNIT") ?? unitOf(childOf(geographic, "CS"), "ANGLEUNIT");
  const degree = degreesIn(unitOf(meridian, "ANGLEUNIT") ?? perUnit ?? 1 / radian);
  return groundOfEllipsoid({
    name: textOf(datum) || textOf(geographic),
    axis,
    inverseFlattening: flattening,
    meridian: (numberOf(meridian, 1) ?? 0) * degree,
    shifts,
  });
};

/** Krovak with axes east and north, as Esri says it: turned by a right angle and mirrored. Its own axes are left out: south and west. */
const krovakBy = (
  root: WktNode,
  { latitude, longitude, azimuth, scale }: ProjectionParameters,
): string | null => {
  const extra = new Map(root.children.map((node) => [plain(textOf(node)), numberOf(node, 1)]));
  const isEastNorth =
    extra.get("xscale") === -1 && extra.get("yscale") === 1 && extra.get("xyplanerotation") === 90;
  const [east, north] = [extra.get("falseeasting") ?? 0, extra.get("falsenorthing") ?? 0];
  return isEastNorth && east === 0 && north === 0
    ? `+proj=krovak +lat_0=${latitude ?? 0} +lon_0=${longitude ?? 0} +alpha=${azimuth ?? 0} +k_0=${scale ?? 1} +x_0=0 +y_0=0`
    : null;
};

/** The axis that a geostationary camera sweeps: WKT 1 has it only in GDAL's extension. */
const sweepOf = (root: WktNode): "x" | "y" =>
  /\+sweep=x/.test(`${childOf(root, "EXTENSION")?.values[1] ?? ""}`) ? "x" : "y";

/** The shift of a `BOUNDCRS` to WGS 84; `null` for one of another method. */
const boundShift = (bound: WktNode): DatumShift | null => {
  const transformation = childOf(bound, "ABRIDGEDTRANSFORMATION");
  const method = plain(textOf(childOf(transformation, "METHOD")));
  const isFrame = method.startsWith("coordinateframe");
  if (!isFrame && !/^(positionvector|geocentrictranslations)/.test(method)) return null;
  const told = new Map(transformation?.children.map((node) => [plain(textOf(node)), numberOf(node, 1) ?? 0]));
  const of = (name: string): number => told.get(name) ?? 0;
  const turn = ["xaxisrotation", "yaxisrotation", "zaxisrotation"].map((name) =>
    isFrame ? -of(name) : of(name),
  );
  return shiftOf([
    of("xaxistranslation"),
    of("yaxistranslation"),
    of("zaxistranslation"),
    ...turn,
    scalePpm(of("scaledifference")),
  ]);
};

/** Abridged transformations have the scale itself (1.000001) or parts per million. */
const scalePpm = (value: number): number => (Math.abs(value - 1) < 1e-3 ? (value - 1) * 1e6 : value);

const readProjected = (root: WktNode, bound: DatumShift | null): CoordinateSystem | NoPlace => {
  const geographic = childOf(root, "GEOGCS", "BASEGEOGCRS", "BASEGEODCRS");
  if (geographic === undefined) return { why: "its projection file names no geographic system" };
  const ground = groundOf(geographic, bound);
  if ("why" in ground) return ground;
  const conversion = childOf(root, "CONVERSION");
  const method = textOf(childOf(conversion ?? root, "PROJECTION", "METHOD"));
  const length =
    unitOf(root, "UNIT", "LENGTHUNIT") ?? unitOf(childOf(root, "AXIS"), "LENGTHUNIT", "UNIT") ?? 1;
  const degree = degreesIn(unitOf(geographic, "UNIT", "ANGLEUNIT") ?? 1 / radian);
  const parameters: Partial<Record<ParameterName, number>> = {};
  for (const node of (conversion ?? root).children) {
    if (node.keyword !== "PARAMETER") continue;
    const name = meaning.get(plain(textOf(node)));
    const value = numberOf(node, 1);
    if (name === undefined || value === null) continue;
    const own = unitOf(node, "ANGLEUNIT", "LENGTHUNIT", "SCALEUNIT", "UNIT");
    const factor = lengths.includes(name)
      ? (own ?? length)
      : name === "scale"
        ? 1
        : own === null
          ? degree
          : degreesIn(own);
    parameters[name] = value * factor;
  }
  const isSphere = /\+a=(\S+) \+b=\1(?: |$)/.test(ground.ellipsoid);
  const projection =
    plain(method) === "krovak"
      ? krovakBy(root, parameters)
      : projectionBy(
          isSphere ? method.replace(/[ _]\(?Spherical\)?$/i, "") : method,
          parameters,
          sweepOf(root),
        );
  if (projection === null) return { why: `its projection "${method}" is not one that is known for certain` };
  const extra = length === 1 ? "" : `+to_meter=${length}`;
  return { crs: null, definition: joinDefinition(projection, ground, extra), shifts: ground.shifts };
};

/**
 * The system that well-known text means: by its code where it has one, else by its names and parameters. Reads WKT 1, WKT 2 and Esri's.
 */
export const systemOfWkt = (text: string): CoordinateSystem | NoPlace => {
  const tree = parseWktTree(text.trim());
  if (tree === null) return { why: "its projection file is no well-known text" };
  const inner = ["COMPD_CS", "COMPOUNDCRS", "BOUNDCRS"].includes(tree.keyword)
    ? (tree.children.find(({ keyword }) =>
        /^(PROJCS|PROJCRS|GEOGCS|GEOGCRS|GEODCRS|GEODETICCRS|GEOGRAPHICCRS|PROJECTEDCRS)$/.test(keyword),
      ) ?? childOf(childOf(tree, "SOURCECRS"), "PROJCRS", "GEOGCRS", "GEODCRS", "PROJECTEDCRS"))
    : tree;
  const bound = tree.keyword === "BOUNDCRS" ? boundShift(tree) : null;
  const code = codeOf(inner);
  const known = code === null ? null : systemOfCode(code);
  if (known !== null) return known;
  if (inner !== undefined && /^(PROJCS|PROJCRS|PROJECTEDCRS)$/.test(inner.keyword))
    return readProjected(inner, bound);
  if (inner === undefined || !/^(GEOGCS|GEOGCRS|GEODCRS|GEODETICCRS|GEOGRAPHICCRS)$/.test(inner.keyword)) {
    return { why: `its projection file describes a ${tree.keyword}, no place on the ground` };
  }
  if (childOf(inner, "DERIVINGCONVERSION"))
    return { why: "its longitudes and latitudes are turned or derived" };
  const ground = groundOf(inner, bound);
  if ("why" in ground) return ground;
  const perUnit = degreesIn(
    unitOf(inner, "UNIT", "ANGLEUNIT") ?? unitOf(childOf(inner, "AXIS"), "ANGLEUNIT") ?? 1 / radian,
  );
  if (perUnit !== 1) return { why: "its longitudes and latitudes are not in degrees" };
  return { crs: ground.crs, definition: joinDefinition("+proj=longlat", ground), shifts: ground.shifts };
};
