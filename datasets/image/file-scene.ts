import { SwathError } from "../../pipeline/errors.ts";
import type { Band, PixelWindow, Raster } from "../../pipeline/raster/raster.ts";
import { bytesPerSample, type SampleArray } from "../../pipeline/raster/samples.ts";
import type { Scene, SceneReader } from "../../pipeline/raster/scene.ts";
import { isReflected } from "../band-name.ts";
import type { SceneAsset } from "../catalogue.ts";
import { openBlockCache } from "../geotiff/block-cache.ts";
import type { RasterFile } from "../geotiff/raster-file.ts";
import { requireWindow } from "../geotiff/request.ts";
import { maskBelow, maskFrom, maskZeros } from "../geotiff/validity.ts";
import { localFiles, type FileAccess } from "../files/file-access.ts";
import { openRaster } from "./open-raster.ts";

/** How a scene of image files is opened: cache and access to files. */
export interface SceneOptions {
  /** Bound on the decoded blocks that the whole scene keeps; default: two rows of blocks, of all bands. */
  readonly cacheBytes?: number;
  /** How the files are reached; default: files of this machine. */
  readonly access?: FileAccess;
}

/** Bounds on the default: a small picture is kept whole, a mosaic does not fill the memory. */
const [leastCache, mostCache] = [16e6, 128e6];

/** Windows read row by row touch two rows of blocks at a time; blocks are taken to be 512 pixels high, as a rule. */
const usualCache = ({ width, bands }: Scene): number => {
  const perPixel = bands.reduce((sum, { sampleType }) => sum + bytesPerSample(sampleType), 0);
  return Math.min(mostCache, Math.max(leastCache, (width + 1024) * 1024 * perPixel));
};

/**
 * Opens a scene over one or several files on the same grid. Files are opened when a band of theirs is first read.
 * The reader throws `SwathError("dataset")` when a file's size is not the scene's, and `SwathError("raster")` as
 * `SceneReader` says. Throws `SwathError("dataset")` at once when an asset names no band of the scene.
 */
export const openScene = async (
  scene: Scene,
  assets: readonly SceneAsset[],
  { cacheBytes, access = localFiles }: SceneOptions = {},
): Promise<SceneReader> => {
  const cache = openBlockCache(cacheBytes ?? usualCache(scene));
  const placed = new Map<string, { readonly asset: SceneAsset; readonly index: number }>();
  for (const asset of assets) for (const { name, index } of asset.bands) placed.set(name, { asset, index });
  const homeless = scene.bands.find(({ name }) => !placed.has(name));
  if (homeless !== undefined) {
    const what = `scene ${scene.id}: no file for band "${homeless.name}"`;
    throw new SwathError("dataset", { what, got: [...placed.keys()].join(", ") || "no bands" });
  }

  const isLight = (name: string): boolean =>
    isReflected(scene.bands.find((band) => band.name === name)?.commonName);
  const files = new Map<SceneAsset, Promise<RasterFile>>();
  const openFile = (asset: SceneAsset): Promise<RasterFile> => {
    const opened = files.get(asset) ?? openOnGrid(asset);
    files.set(asset, opened);
    return opened;
  };
  const openOnGrid = async ({ path, bands }: SceneAsset): Promise<RasterFile> => {
    const lightBands = bands.filter(({ name }) => isLight(name)).map(({ index }) => index);
    const file = await openRaster(path, { cache, access, lightBands });
    if (file.width === scene.width && file.height === scene.height) return file;
    await file[Symbol.asyncDispose]();
    throw new SwathError("dataset", {
      what: `scene ${scene.id}: ${path} is on another grid`,
      wanted: `${scene.width} × ${scene.height}`,
      got: `${file.width} × ${file.height}`,
      hint: "resample the band to the grid of the others first",
    });
  };

  const requireBand = (name: string): Band => {
    const band = scene.bands.find((candidate) => candidate.name === name);
    if (band !== undefined) return band;
    const wanted = `one of ${scene.bands.map((candidate) => candidate.name).join(", ")}`;
    throw new SwathError("raster", { what: `band "${name}" not in scene ${scene.id}`, wanted, got: name });
  };

  const readWindow = async (
    window: PixelWindow,
    bandNames: readonly string[],
    signal?: AbortSignal,
  ): Promise<Raster> => {
    requireWindow(`scene ${scene.id}`, window, scene.width, scene.height);
    const bands = bandNames.map(requireBand);
    const planes: SampleArray[] = [];
    const byAsset = new Map<SceneAsset, number[]>();
    bandNames.forEach((name, i) => {
      const { asset } = placed.get(name)!;
      byAsset.set(asset, [...(byAsset.get(asset) ?? []), i]);
    });
    const masks = await Promise.all(
      [...byAsset].map(async ([asset, at]) => {
        const file = await openFile(asset);
        const indexes = at.map((i) => placed.get(bandNames[i]!)!.index);
        const pixels = await file.readWindow(window, indexes, signal === undefined ? {} : { signal });
        at.forEach((i, order) => (planes[i] = pixels.planes[order]!));
        // The dataset may know of a nodata value that the file does not state.
        return at.reduce<Uint8Array | null>((valid, i) => {
          const { nodata } = bands[i]!;
          const own = Object.is(nodata, file.nodata) ? null : maskFrom([planes[i]!], nodata);
          return withoutSentinels(merge(valid, own), planes[i]!, bands[i]!);
        }, pixels.valid);
      }),
    );
    const valid = masks.reduce<Uint8Array | null>(merge, null);
    return { width: window.width, height: window.height, bands, planes, valid };
  };

  const expect = (windows: readonly PixelWindow[], bandNames: readonly string[]): void => {
    for (const asset of new Set(bandNames.map((name) => placed.get(name)?.asset))) {
      if (asset === undefined) continue;
      const indexes = bandNames.flatMap((name) => {
        const own = placed.get(name);
        return own?.asset === asset ? [own.index] : [];
      });
      // Whoever reads is told what is wrong with a file; nobody waits for what is only expected.
      openFile(asset)
        .then((file) => file.expect?.(windows, indexes))
        .catch(ignore);
    }
  };

  return {
    scene,
    readWindow,
    expect,
    [Symbol.asyncDispose]: async () => {
      cache.clear();
      for (const opened of await Promise.allSettled(files.values())) {
        if (opened.status === "fulfilled") await opened.value[Symbol.asyncDispose]();
      }
    },
  };
};

const ignore = (): void => undefined;

/** Below it no reflectance is one: atmospheric correction goes to −0.2, gaps that no tag names lie at −9999 and −32768 counts. */
const leastReflectance = -0.5;

const withoutSentinels = (
  valid: Uint8Array | null,
  plane: SampleArray,
  { unit, scale, offset, sampleType }: Band,
): Uint8Array | null => {
  const canBeBelow = !sampleType.startsWith("uint") || offset < leastReflectance;
  if (unit !== "reflectance" || scale <= 0 || !canBeBelow) return valid;
  return maskBelow(valid, plane, (leastReflectance - offset) / scale);
};

const merge = (a: Uint8Array | null, b: Uint8Array | null): Uint8Array | null =>
  a === null ? b : b === null ? a : maskZeros(a, b);
