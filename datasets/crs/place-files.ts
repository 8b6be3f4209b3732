import { basename, dirname, extname, join } from "node:path";
import { SwathError } from "../../pipeline/errors.ts";
import { localFiles, type FileAccess } from "../files/file-access.ts";
import { readSidecar } from "../files/sidecar-text.ts";
import type { RasterFile } from "../geotiff/raster-file.ts";
import { parseAuxXml } from "./aux-xml.ts";
import { type NoPlace, rpcAlone } from "./coordinate-system.ts";
import { type ImagePlace, type PlaceClue, placeImage } from "./image-place.ts";
import { parseWorldFile, worldFileNames } from "./world-file.ts";
import { systemOfWkt } from "./wkt.ts";

const firstText = async (
  access: FileAccess,
  paths: readonly string[],
): Promise<{ path: string; text: string } | null> => {
  for (const path of paths) {
    const text = await readSidecar(access, path);
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

/** Rational polynomial coefficients beside an image, as vendors of its sensors name them. */
const rpcFileNames = (path: string): readonly string[] => {
  const stem = stemOf(path);
  const ofPleiades = join(dirname(path), `${basename(stem).replace(/^IMG_/, "RPC_")}.XML`);
  const endings = [".RPB", ".rpb", "_RPC.TXT", "_rpc.txt", "_RPC.txt"];
  return [
    ...endings.map((ending) => `${stem}${ending}`),
    ...(ofPleiades === `${stem}.XML` ? [] : [ofPleiades]),
  ];
};

const readWorldFile = async (access: FileAccess, path: string): Promise<PlaceClue> => {
  const world = await firstText(access, worldFileNames(path));
  const prj = await firstText(access, [`${stemOf(path)}.prj`, `${stemOf(path)}.PRJ`]);
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
 * them. Transform and system may come from different ones. Beside a file from elsewhere stand those that a document has named.
 * Throws `SwathError("raster")` for a world file that is none.
 */
export const placeOf = async (
  file: RasterFile,
  access: FileAccess = localFiles,
): Promise<ImagePlace | NoPlace | null> => {
  const { path, width, height, placeClues: own = [] } = file;
  const aux = await readSidecar(access, `${path}.aux.xml`);
  const clues = [...(aux === null ? [] : [parseAuxXml(aux)]), ...own];
  const isWhole =
    clues.some(({ transform }) => transform && !("why" in transform)) &&
    clues.some(({ system }) => system && !("why" in system));
  const place = placeImage(isWhole ? clues : [...clues, await readWorldFile(access, path)], width, height);
  return place === null && rpcFileNames(path).some((name) => access.isKnown(name)) ? rpcAlone : place;
};
