import { applyAffine, type Affine, type Georeference } from "../../pipeline/raster/georeference.ts";
import type { Metres } from "../../pipeline/units.ts";
import { type CoordinateSystem, type NoPlace, settleAt } from "./coordinate-system.ts";

/** What one source (a file's tags, a world file, `.prj`, `.aux.xml`, a STAC item) says of where an image lies. */
export interface PlaceClue {
  /** Pixel → CRS; `null` where it says nothing of it, `NoPlace` where what it says is no place. */
  readonly transform: Affine | NoPlace | null;
  readonly system: CoordinateSystem | NoPlace | null;
}

/** Where an image lies. */
export interface ImagePlace {
  readonly georeference: Georeference;
  /** What the register says of the datum shift; `null` where it says nothing. */
  readonly accuracy: Metres | null;
}

const isKnown = <T extends object>(value: T | NoPlace | null): value is T =>
  value !== null && !("why" in value);

const first = <T extends object>(values: readonly (T | NoPlace | null)[]): T | NoPlace | null =>
  values.find(isKnown) ?? values.find((value) => value !== null) ?? null;

/**
 * Puts together what several sources say, the most trusted first: transform and system may come from different ones. The datum shift is
 * that of the image's middle. `NoPlace` where the sources say something that is no place; `null` where none says anything.
 */
export const placeImage = (
  clues: readonly PlaceClue[],
  width: number,
  height: number,
): ImagePlace | NoPlace | null => {
  const transform = first(clues.map((clue) => clue.transform));
  const system = first(clues.map((clue) => clue.system));
  if (transform === null) return isKnown(system) || system === null ? null : system;
  if (!isKnown(transform)) return transform;
  if (system === null) return { why: "nothing says which coordinate reference system its numbers are in" };
  if (!isKnown(system)) return system;
  const settled = settleAt(system, ...applyAffine(transform, width / 2, height / 2));
  if ("why" in settled) return settled;
  if (settled.proj4.startsWith("+proj=longlat")) {
    // Grids of pixel centres reach half a pixel over the poles.
    const [, , , d, e] = transform;
    const most = 90 + Math.max(Math.abs(d), Math.abs(e));
    for (const [column, row] of [
      [0, 0],
      [width, 0],
      [0, height],
      [width, height],
    ] as const) {
      const [, latitude] = applyAffine(transform, column, row);
      if (Math.abs(latitude) > most) return { why: `its latitudes go up to ${Math.round(latitude)} degrees` };
    }
  }
  return {
    georeference: { crs: system.crs, proj4: settled.proj4, transform },
    accuracy: settled.accuracy,
  };
};

/** The georeference of what `placeImage` finds; `null` where that is no place. */
export const georeferenceBy = (
  clues: readonly PlaceClue[],
  width: number,
  height: number,
): Georeference | null => {
  const place = placeImage(clues, width, height);
  return place !== null && "georeference" in place ? place.georeference : null;
};
