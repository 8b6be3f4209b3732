import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { SwathError } from "../../pipeline/errors.ts";
import type { Affine, Georeference } from "../../pipeline/raster/georeference.ts";

/** `photo.png` → `photo.pgw`, `photo.pngw`, `photo.wld`, in the order that GDAL looks. */
const worldFileNames = (path: string): readonly string[] => {
  const extension = extname(path);
  const stem = path.slice(0, path.length - extension.length);
  const short = `${extension[1] ?? ""}${extension.at(-1) ?? ""}w`;
  return [`${stem}.${short}`, `${stem}${extension}w`, `${stem}.wld`];
};

const textOf = async (path: string): Promise<string | null> => {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const code = error instanceof Error ? Reflect.get(error, "code") : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw error;
  }
};

/** The six lines of an ESRI world file: A, D, B, E and the centre of the upper-left pixel. `null` when it is none. */
export const parseWorldFile = (text: string): Affine | null => {
  const lines = text.trim().split(/\s+/).map(Number);
  const [a, d, b, e, x, y] = lines as [number, number, number, number, number, number];
  if (lines.length !== 6 || !lines.every(Number.isFinite) || a * e - b * d === 0) return null;
  return [a, b, x - (a + b) / 2, d, e, y - (d + e) / 2];
};

/**
 * Where a picture lies, from the world file and the projection file (`.prj`, WKT) beside it. `null` without both:
 * a world file alone does not say in which system its numbers are, and guessing one would misplace the scene.
 */
export const readWorldFile = async (path: string): Promise<Georeference | null> => {
  for (const name of worldFileNames(path)) {
    const text = await textOf(name);
    if (text === null) continue;
    const transform = parseWorldFile(text);
    if (transform === null) {
      const got = JSON.stringify(text.slice(0, 60));
      throw new SwathError("raster", {
        what: `world file ${name}`,
        wanted: "six numbers that place a pixel",
        got,
      });
    }
    const wkt = await textOf(`${path.slice(0, path.length - extname(path).length)}.prj`);
    if (wkt === null) return null;
    // The authority of the whole system is the last one in WKT 1.
    const code = /AUTHORITY\["EPSG",\s*"?(\d+)"?\]\s*\]\s*$/.exec(wkt)?.[1];
    return { crs: code === undefined ? null : `EPSG:${code}`, proj4: wkt.trim(), transform };
  }
  return null;
};
