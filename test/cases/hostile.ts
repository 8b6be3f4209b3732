import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRaster } from "../../datasets/image/open-raster.ts";
import { isSwathError } from "../../pipeline/errors.ts";
import { catalogue } from "../../datasets/dataset.ts";
import type { Answer, CaseCheck } from "./case.ts";

/** Reads all pixels of a damaged file: one clear line, soon and in little memory. */
const refusedSoon = async (path: string): Promise<Answer> => {
  const start = performance.now();
  try {
    await using file = await openRaster(path);
    const window = { x: 0, y: 0, width: file.width, height: file.height };
    await file.readWindow(window, [...file.bands.keys()]);
  } catch (error) {
    if (!isSwathError(error, "raster")) throw error;
    const isSoon = performance.now() - start < 5000 && process.memoryUsage.rss() < 1e9;
    return { ours: error.message, isRight: isSoon && error.message.includes("corrupt (zstd)") };
  }
  return { ours: "read as pixels", isRight: false };
};

/** The archive holds one picture: a scene. */
const unpacked = async (path: string): Promise<Answer> => {
  const cacheDir = await mkdtemp(join(tmpdir(), "swath-case-"));
  try {
    const { entries } = await catalogue(join(path, "data.zip"), { cacheDir });
    const ids = entries.map(({ scene }) => scene.id).join(", ");
    return { ours: `scene ${ids}`, isRight: ids === "b" };
  } finally {
    await rm(cacheDir, { recursive: true });
  }
};

export const hostile: readonly CaseCheck[] = [
  { of: "hostile/zstd-one-bit.tif", right: "broken, said within 5 s and 1 GB", ask: refusedSoon },
  {
    of: "hostile/zstd-hang-ds",
    right: "broken, said within 5 s and 1 GB",
    ask: (path) => refusedSoon(join(path, "S2_B02B03B04B08.tif")),
  },
  { of: "imagery/zip", right: "a clear refusal, or what is in it", mayRefuse: true, ask: unpacked },
];
