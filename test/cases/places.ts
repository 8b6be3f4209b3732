import { pixelToLonLat } from "../../pipeline/raster/georeference.ts";
import { collectionJson, itemJson } from "../../datasets/stac/write-collection.ts";
import { type CaseCheck, exactly, openCase } from "./case.ts";

/** Metres between two nearby positions in degrees, on a sphere: good to 0.5 %. */
const metresApart = ([aLon, aLat]: readonly number[], [bLon, bLat]: readonly number[]): number => {
  const perDegree = 111_195;
  const dx = (aLon! - bLon!) * perDegree * Math.cos((aLat! * Math.PI) / 180);
  return Math.hypot(dx, (aLat! - bLat!) * perDegree);
};

/** The upper-left corner of the only scene lies within a metre of where PROJ has it. */
const cornerAt = (of: string, lonLat: readonly [number, number], right: string): CaseCheck => ({
  of,
  right,
  ask: async (path) => {
    const [entry] = (await openCase(path)).entries;
    const place = entry?.scene.georeference;
    if (!place) return { ours: "no place", isRight: false };
    const corner = pixelToLonLat(place, 0, 0);
    const off = metresApart(corner, lonLat);
    const ours = `${corner.map((degrees) => degrees.toFixed(6)).join(" ")}, ${off.toFixed(2)} m off`;
    return { ours, isRight: off <= 1 };
  },
});

/** No scene has a place, and a note says why. */
const noPlace = (of: string, right: string): CaseCheck => ({
  of,
  right,
  ask: async (path) => {
    const { entries, notes } = await openCase(path);
    const placed = entries.filter(({ scene }) => scene.georeference !== null).length;
    const why = notes.find((note) => note.includes("no place"));
    return { ours: placed > 0 ? "has a place" : (why ?? "no place, silent"), isRight: placed === 0 && !!why };
  },
});

/** One scene of some bands, and a note on those left out. */
const sameGrid = (of: string, bands: readonly string[], right: string): CaseCheck => ({
  of,
  right,
  ask: async (path) => {
    const { entries, notes } = await openCase(path);
    const found = entries.map(({ scene }) => scene.bands.map(({ name }) => name).join(" ")).join(" | ");
    const why = notes.find((note) => note.includes("another grid"));
    return { ours: `${found}; ${why ?? "silent"}`, isRight: found === bands.join(" ") && why !== undefined };
  },
});

/** The collection's extent and the geometry of a scene that crosses the antimeridian. */
const antimeridian: CaseCheck = {
  of: "imagery/antimeridian-4326-0-360",
  right: "extent 177 -18.56 -178.72 -16, geometry split at 180",
  ask: async (path) => {
    const { entries } = await openCase(path);
    const text = { id: "case", description: "case", license: "other" };
    const { extent } = collectionJson(entries, text) as { extent: { spatial: { bbox: number[][] } } };
    const geometries = entries.map(
      (entry) => (itemJson(entry, "case", () => "") as { geometry: { type: string } }).geometry.type,
    );
    const ours = `${extent.spatial.bbox[0]?.map((value) => +value.toFixed(4)).join(" ")}; ${geometries.join(" ")}`;
    return exactly(ours, "177 -18.56 -178.72 -16; MultiPolygon Polygon");
  },
};

/** Expected corners: `rasterio` for the transform, `pyproj` (PROJ 9.1 without grids) for the place. */
export const places: readonly CaseCheck[] = [
  antimeridian,
  cornerAt("imagery/crs-28992-datum", [5.0000466, 52.0946073], "corner at 5.0000 52.0946"),
  cornerAt("imagery/crs-3031-antarctic", [29.9999999, -75.0], "corner at 30.0000 -75.0000"),
  cornerAt("imagery/real-esri-102039", [-96.1767947, 44.3067049], "corner at -96.1768 44.3067"),
  cornerAt("imagery/real-torchgeo-naip", [-79.4158728, 44.7782152], "corner at -79.4159 44.7782"),
  cornerAt("imagery/tfw-sidecar", [2.0801978, 40.4471986], "corner at 2.0802 40.4472"),
  cornerAt("imagery/four-tiepoints-no-scale", [2.0801241, 40.4526033], "corner at 2.0801 40.4526"),
  cornerAt("imagery/stac-cropped-asset", [2.0801978, 40.4471986], "corner at 2.0802 40.4472"),
  noPlace("imagery/rpc-identity-matrix", "no place, because the matrix is the identity"),
  noPlace("imagery/real-dfc2020-identity", "no place, because the matrix is the identity"),
  sameGrid("imagery/same-corner-other-gsd", ["B02", "B03", "B04"], "B08 is of another grid"),
];
