import { pixelToLonLat } from "../../pipeline/raster/georeference.ts";
import { type CaseCheck, openCase } from "./case.ts";

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

/** Expected corners: `rasterio` for the transform, `pyproj` for the place. */
export const places: readonly CaseCheck[] = [
  cornerAt("imagery/crs-3031-antarctic", [30, -75], "corner at 30 E, 75 S"),
  noPlace("imagery/rpc-identity-matrix", "no place, because the matrix is the identity"),
];
