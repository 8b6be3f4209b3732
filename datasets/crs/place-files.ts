import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import type { RasterFile } from "../geotiff/raster-file.ts";
import { parseAuxXml } from "./aux-xml.ts";
import type { NoPlace } from "./coordinate-system.ts";
import { type ImagePlace, type PlaceClue, placeImage } from "./image-place.ts";
import { parseWorldFile, worldFileNames } from "./world-file.ts";
import { systemOfWkt } from "./wkt.ts";

/** Far above any real one: an `.aux.xml` may hold histograms. */
const mostBytes = 16e6;

const textOf = async (path: string): Promise<string | null> => {
  try {
    const bytes = await readFile(path);
    if (bytes.length > mostBytes) {
      throw new SwathError("raster", {
        what: path,
        wanted: `at most ${mostBytes} bytes`,
        got: `${bytes.length}`,
      });
    }
    return bytes.toString("utf8");
  } catch (cause) {
    const code = cause instanceof Error ? Reflect.get(cause, "code") : undefined;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR" || code === "ENAMETOOLONG") return null;
    throw cause instanceof SwathError
      ? cause
      : new SwathError("raster", { what: `${path} cannot be read`, got: messageOf(cause), cause });
  }
};

const firstText = async (paths: readonly string[]): Promise<{ path: string; text: string } | null> => {
  for (const path of paths) {
    const text = await textOf(path);
    if (text !== null) return { path, text };
  }
  return null;
};

const stemOf = (path: string): string => path.slice(0, path.length - extname(path).length);

/** Files that say where `path` lies, whether they are there or not, the most trusted first. */
export const placeFileNames = (path: string): readonly string[] => [
  `${path}.aux.xml`,
  ...worldFileNames(path),
  `${stemOf(path)}.prj`,
  `${stemOf(path)}.PRJ`,
];

const readWorldFile = async (path: string): Promise<PlaceClue> => {
  const world = await firstText(worldFileNames(path));
  const prj = await firstText([`${stemOf(path)}.prj`, `${stemOf(path)}.PRJ`]);
  if (world === null) return { transform: null, system: prj && systemOfWkt(prj.text) };
  const transform = parseWorldFile(world.text);
  if (transform === null) {
    const got = JSON.stringify(world.text.slice(0, 60));
    const what = `world file ${world.path}`;
    throw new SwathError("raster", { what, wanted: "six numbers that place a pixel", got });
  }
  return { transform, system: prj && systemOfWkt(prj.text) };
};

/**
 * Where an open image lies: by GDAL's `.aux.xml` beside it, by its own tags, by its world file and `.prj`, in the order in which GDAL trusts
 * them. Transform and system may come from different ones. Files from elsewhere (HTTP) are taken by their own tags alone.
 * Throws `SwathError("raster")` for a world file that is none.
 */
export const placeOf = async (file: RasterFile): Promise<ImagePlace | NoPlace | null> => {
  const { path, width, height, placeClues: own = [] } = file;
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(path)) return placeImage(own, width, height);
  const aux = await textOf(`${path}.aux.xml`);
  const clues = [...(aux === null ? [] : [parseAuxXml(aux)]), ...own];
  const isWhole =
    clues.some(({ transform }) => transform && !("why" in transform)) &&
    clues.some(({ system }) => system && !("why" in system));
  return placeImage(isWhole ? clues : [...clues, await readWorldFile(path)], width, height);
};
