/**
 * Compares what Swath reads of the rasters below a folder with what GDAL reads: samples, masks and places, file by file. Differences are
 * listed one by one; the last line counts them.
 *
 *     /usr/bin/python3 test/golden/sweep/sweep.py FOLDER > FOLDER.jsonl
 *     npm run bench:sweep -- FOLDER FOLDER.jsonl
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { openRaster } from "../../datasets/image/open-raster.ts";
import { isSwathError } from "../../pipeline/errors.ts";

interface GdalFile {
  readonly path: string;
  readonly skipped?: string;
  readonly error?: string;
  readonly size: readonly [number, number];
  readonly dtype: string;
  readonly bands: readonly number[];
  readonly head: readonly (readonly (number | null)[])[];
  readonly masks: readonly number[];
  readonly valid: readonly number[];
  readonly finite: boolean;
  readonly palette: boolean;
  readonly driver: string;
  readonly photometric: string | null;
  readonly transform: readonly number[] | null;
}

type Verdict =
  | "equal"
  | "samples"
  | "mask"
  | "place"
  | "shape"
  | "refused by us"
  | "refused by both"
  | "read by us alone"
  | "too large";

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

const isNear = (a: readonly number[], b: readonly number[]): boolean =>
  a.every((value, i) => Math.abs(value - (b[i] ?? Number.NaN)) <= 1e-9 * Math.max(1, Math.abs(value)));

const compare = async (folder: string, gdal: GdalFile): Promise<readonly [Verdict, string]> => {
  if (gdal.skipped) return ["too large", ""];
  try {
    await using file = await openRaster(join(folder, gdal.path));
    const window = { x: 0, y: 0, width: file.width, height: file.height };
    if (gdal.error !== undefined) {
      await file.readWindow(window, [0]);
      return ["read by us alone", gdal.error];
    }
    const shape = [file.width, file.height, file.bands.length, file.sampleType].join(" ");
    const theirs = [...gdal.size, gdal.bands.length, gdal.dtype].join(" ");
    if (shape !== theirs)
      return ["shape", `${shape}; GDAL ${theirs} ${gdal.driver} ${gdal.photometric ?? ""}`];
    for (const [i, wanted] of gdal.bands.entries()) {
      const { planes, valid } = await file.readWindow(window, [i]);
      if (crc32(bytesOf(planes[0]!)) !== wanted) {
        const head = Array.from(planes[0]!.subarray(0, 4)).join(" ");
        return [
          "samples",
          `band ${i + 1}: ${head}; GDAL ${gdal.head[i]?.join(" ")} ${gdal.photometric ?? ""} ${file.compression}`,
        ];
      }
      const mask = valid ?? new Uint8Array(planes[0]!.length).fill(1);
      // GDAL gives alpha itself no mask.
      if (i !== file.alphaBand && crc32(mask) !== gdal.masks[i]) {
        const count = mask.reduce((sum, one) => sum + one, 0);
        const why = gdal.finite ? "" : ", not all finite";
        return ["mask", `band ${i + 1}: ${count} valid; GDAL ${gdal.valid[i]}${why}`];
      }
    }
    const place = file.georeference?.transform ?? null;
    if (gdal.transform && !(place && isNear(gdal.transform, place))) {
      return ["place", `${place?.join(" ") ?? "none"}; GDAL ${gdal.transform.join(" ")}`];
    }
    return ["equal", ""];
  } catch (error) {
    if (!isSwathError(error)) throw error;
    return [gdal.error === undefined ? "refused by us" : "refused by both", error.message];
  }
};

const [folder, table] = process.argv.slice(2);
if (folder === undefined || table === undefined) {
  process.stderr.write("usage: npm run bench:sweep -- FOLDER FOLDER.jsonl\n");
  process.exitCode = 2;
} else {
  const counts = new Map<Verdict, number>();
  for (const line of readFileSync(table, "utf8").split("\n")) {
    if (line === "") continue;
    const gdal = JSON.parse(line) as GdalFile;
    const [verdict, why] = await compare(folder, gdal);
    counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
    if (verdict !== "equal" && verdict !== "too large")
      process.stdout.write(`${verdict}\t${gdal.path}\t${why}\n`);
  }
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const parts = [...counts].map(([verdict, count]) => `${count} ${verdict}`);
  process.stdout.write(`${total} files: ${parts.join(", ")}\n`);
}
