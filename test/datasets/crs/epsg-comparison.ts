import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { settleAt } from "../../../datasets/crs/coordinate-system.ts";
import { systemOfCode } from "../../../datasets/crs/epsg-table.ts";
import { packageRoot } from "../../../pipeline/package.ts";
import { projectionOf } from "../../../pipeline/raster/projection.ts";
import { metresBetween } from "./metres-between.ts";

/** One projected system of EPSG, compared with PROJ at five points of its area of use. */
export interface Compared {
  readonly code: string;
  /** The largest distance from PROJ, metres; `null` where it is refused. */
  readonly offMetres: number | null;
  /** Why it is refused. */
  readonly why: string | null;
}

const compare = (code: string, numbers: readonly number[]): Compared => {
  const system = systemOfCode(`EPSG:${code}`);
  if (system === null) return { code, offMetres: null, why: `EPSG:${code} is not known` };
  let worst = 0;
  for (let at = 0; at < numbers.length; at += 4) {
    const [x = NaN, y = NaN, longitude = NaN, latitude = NaN] = numbers.slice(at, at + 4);
    const settled = settleAt(system, x, y);
    if ("why" in settled) return { code, offMetres: null, why: settled.why };
    const off = metresBetween(projectionOf(settled.proj4).toLonLat(x, y), [longitude, latitude]);
    worst = off <= worst ? worst : off;
  }
  return { code, offMetres: worst, why: null };
};

/** Every projected system of EPSG that PROJ reaches without grids (test/golden/crs/epsg-points.py). */
export const compareEpsg = (): readonly Compared[] =>
  gunzipSync(readFileSync(join(packageRoot, "test/golden/crs/epsg-points.tsv.gz")))
    .toString()
    .trim()
    .split("\n")
    .map((line) => {
      const [code = "", ...fields] = line.split("\t");
      return compare(code, fields.map(Number));
    });

/** Reasons without their codes and places, each with its count. */
export const reasonsOf = (rows: readonly Compared[]): readonly (readonly [why: string, count: number])[] => {
  const counts = new Map<string, number>();
  for (const { why } of rows) {
    if (why === null) continue;
    const kind = why.replaceAll(/EPSG:\d+/g, "EPSG:…").replace(/ at [-\d., ]+$/, "");
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].toSorted((a, b) => b[1] - a[1]);
};
