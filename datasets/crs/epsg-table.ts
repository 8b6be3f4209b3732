import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../pipeline/package.ts";
import { proj4Definition } from "../../pipeline/raster/projection.ts";
import { asWgs84, type CoordinateSystem, type DatumShift } from "./coordinate-system.ts";

/** A geographic system: what projected ones stand on. */
export interface Geographic {
  readonly crs: string;
  /** proj4 text of ellipsoid and prime meridian. */
  readonly ellipsoid: string;
  /** Degrees in one unit; 0.9 for grads. */
  readonly unit: number;
  readonly shifts: readonly DatumShift[];
}

/** The register as rows, still text: a run asks for one or two of some 8,000 systems. */
interface Table {
  readonly geographic: ReadonlyMap<string, readonly (readonly string[])[]>;
  readonly names: ReadonlyMap<string, string>;
  readonly conversions: ReadonlyMap<string, string>;
  readonly projected: ReadonlyMap<string, readonly string[]>;
  readonly compound: ReadonlyMap<string, string>;
}

/** A name as registers and files write it differently: `NAD 1927`, `NAD_1927`. */
const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

const readTable = (): Table => {
  const geographic = new Map<string, (readonly string[])[]>();
  const [names, conversions, compound] = [0, 1, 2].map(() => new Map<string, string>());
  const projected = new Map<string, readonly string[]>();
  let last: (readonly string[])[] = [];
  for (const line of readFileSync(join(packageRoot, "datasets/crs/epsg-table.txt"), "utf8").split("\n")) {
    const [kind, ...fields] = line.split("\t");
    const [code = "", text = ""] = fields;
    if (kind === "S") last.push(fields);
    else if (kind === "G") geographic.set(code, (last = [fields]));
    else if (kind === "N") names!.set(plain(code), text);
    else if (kind === "C") conversions!.set(code, text);
    else if (kind === "P") projected.set(code, fields);
    else if (kind === "H") compound!.set(code, text);
  }
  return { geographic, names: names!, conversions: conversions!, projected, compound: compound! };
};

let read: Table | null = null;
/** Read when first asked for, tens of milliseconds: most imagery is in systems that need no table. */
const table = (): Table => (read ??= readTable());

const kinds: Readonly<Record<string, DatumShift["kind"]>> = {
  h: "helmert",
  "0": "none",
  "~": "none",
  b: "unpublished",
  x: "grid",
};

const parseShift = ([
  west,
  south,
  east,
  north,
  accuracy,
  kind = "",
  ...parameters
]: readonly string[]): DatumShift => ({
  area: [Number(west), Number(south), Number(east), Number(north)],
  accuracy: Number(accuracy),
  kind: kinds[kind[0] ?? ""] ?? "unpublished",
  isOffshore: kind.endsWith("o"),
  parameters: parameters.map(Number),
});

/** `E102039` → `ESRI:102039`, `28992` → `EPSG:28992`. */
const longCode = (code: string): string => (code.startsWith("E") ? `ESRI:${code.slice(1)}` : `EPSG:${code}`);

/** The row of a code. Files often give Esri's numbers as EPSG's: where EPSG has none, Esri's is meant. */
const shortCode = (crs: string): string | null => {
  const [, authority = "", code] = /^(EPSG|ESRI):(\d+)$/i.exec(crs) ?? [];
  if (code === undefined) return null;
  const { geographic, projected, compound } = table();
  const isEpsg = geographic.has(code) || projected.has(code) || compound.has(code);
  return authority.toUpperCase() === "EPSG" && isEpsg ? code : `E${code}`;
};

/** The geographic system of a code (`4289`, `E104145`); `null` when the register has none. */
export const geographicOfCode = (code: string): Geographic | null => {
  const rows = table().geographic.get(code);
  if (rows === undefined) return null;
  const [[, ellipsoid = "", unit = "1"] = [], ...shifts] = rows;
  return { crs: longCode(code), ellipsoid, unit: Number(unit), shifts: shifts.map(parseShift) };
};

/** The geographic system of a name, EPSG's or Esri's (`NAD27`, `GCS_North_American_1927`); `null` when nobody has it. */
export const geographicOfName = (name: string): Geographic | null => {
  const code = table().names.get(plain(name));
  return code === undefined ? null : geographicOfCode(code);
};

/** proj4 text of an EPSG conversion (`16011`: UTM zone 11N), without ellipsoid and units; `null` when there is none. */
export const conversionOfCode = (code: number): string | null => table().conversions.get(`${code}`) ?? null;

/** A projection on a geographic system as one definition. `extra`: units and axes. */
export const joinDefinition = (
  projection: string,
  { ellipsoid }: { readonly ellipsoid: string },
  extra = "",
): string =>
  // Web Mercator projects the ellipsoid's latitudes as if they were a sphere's.
  (projection.startsWith("+proj=webmerc")
    ? `${projection.replace("+proj=webmerc", "+proj=merc +a=6378137 +b=6378137")} ${extra} +no_defs`
    : `${projection} ${ellipsoid} ${extra} +no_defs`
  ).replaceAll(/ +/g, " ");

/** Those of its base's shifts that PROJ weighs for a projected system: `0,3,b`, `b` where nothing is published; empty for all. */
const shiftsFor = ({ shifts, ellipsoid }: Geographic, chosen: string): readonly DatumShift[] => {
  const unpublished: DatumShift = /GRS80|WGS84/.test(ellipsoid)
    ? asWgs84
    : { ...asWgs84, kind: "unpublished" };
  if (chosen === "") return shifts;
  return chosen.split(",").flatMap((index) => (index === "b" ? unpublished : (shifts[Number(index)] ?? [])));
};

/**
 * What an `EPSG:…` or `ESRI:…` code means; `null` when it is in neither register or PROJ has no method for it. Those that most scenes are
 * delivered in need no table.
 */
export const systemOfCode = (crs: string): CoordinateSystem | null => {
  const usual = proj4Definition(crs);
  if (usual !== null) return { crs: crs.toUpperCase(), definition: usual, shifts: [asWgs84] };
  const code = shortCode(crs);
  if (code === null) return null;
  const horizontal = table().compound.get(code) ?? code;
  const base = geographicOfCode(horizontal);
  if (base !== null) {
    const definition = joinDefinition("+proj=longlat", base);
    return base.unit === 1 ? { crs: base.crs, definition, shifts: base.shifts } : null;
  }
  const [, on = "", by = "", extra = "", chosen = ""] = table().projected.get(horizontal) ?? [];
  const geographic = geographicOfCode(on);
  const projection = table().conversions.get(by);
  if (geographic === null || projection === undefined) return null;
  return {
    crs: longCode(horizontal),
    definition: joinDefinition(projection, geographic, extra),
    shifts: shiftsFor(geographic, chosen),
  };
};
