import { extname } from "node:path";
import type { Affine } from "../../pipeline/raster/georeference.ts";

/** `photo.png` → `photo.pgw`, `photo.pngw`, `photo.wld`, in the order that GDAL looks; in capitals too. */
export const worldFileNames = (path: string): readonly string[] => {
  const extension = extname(path);
  const stem = path.slice(0, path.length - extension.length);
  const short = `.${extension[1] ?? ""}${extension.at(-1) ?? ""}w`;
  return [short, `${extension}w`, ".wld"].flatMap((ending) => [
    `${stem}${ending.toLowerCase()}`,
    `${stem}${ending.toUpperCase()}`,
  ]);
};

/** The six lines of an ESRI world file: A, D, B, E and the centre of the upper-left pixel. `null` when it is none. */
export const parseWorldFile = (text: string): Affine | null => {
  // Some writers put a comma where the country does.
  const lines = text
    .trim()
    .split(/\s+/)
    .map((line) => Number(line.replace(",", ".")));
  const [a, d, b, e, x, y] = lines as [number, number, number, number, number, number];
  if (lines.length !== 6 || !lines.every(Number.isFinite) || a * e - b * d === 0) return null;
  return [a, b, x - (a + b) / 2, d, e, y - (d + e) / 2];
};
