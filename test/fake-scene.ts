import type { Detection } from "../pipeline/detection/detection.ts";
import type { Detector } from "../pipeline/detection/detector.ts";
import { SwathError } from "../pipeline/errors.ts";
import type { Georeference } from "../pipeline/raster/georeference.ts";
import { intersectWindows, type Band, type PixelWindow, type Raster } from "../pipeline/raster/raster.ts";
import type { Scene, SceneReader, SceneSource } from "../pipeline/raster/scene.ts";
import { seeded } from "../pipeline/seeded.ts";

export const band = (name: string, more: Partial<Band> = {}): Band => ({
  name,
  sampleType: "uint16",
  scale: 1e-4,
  offset: 0,
  unit: "reflectance",
  nodata: 0,
  ...more,
});

/** 10 m pixels, north up, in UTM zone 32. */
export const utm: Georeference = {
  crs: "EPSG:32632",
  proj4: "+proj=utm +zone=32 +datum=WGS84 +units=m +no_defs",
  transform: [10, 0, 500_000, 0, -10, 4_900_000],
};

/** A scene in memory: water, some bright pixels, and a rectangle without data where asked for. */
export interface FakeScene {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** Share of bright pixels. */
  readonly bright?: number;
  readonly blank?: PixelWindow | null;
  /** Fails to read windows that touch this row. */
  readonly brokenRow?: number;
}

const bright = 20_000;

export const sceneOf = ({ id, width, height }: FakeScene): Scene => ({
  id,
  width,
  height,
  bands: [band("B02"), band("B03")],
  georeference: utm,
  acquiredAt: null,
  platform: null,
});

const pixelsOf = ({ id, width, height, bright: share = 0.01, blank }: FakeScene) => {
  const random = seeded("pixels", id, width, height);
  const valid = new Uint8Array(width * height).fill(1);
  const planes = [0, 1].map(() => new Uint16Array(width * height));
  for (let i = 0; i < width * height; i++) {
    const inBlank =
      blank && intersectWindows(blank, { x: i % width, y: Math.floor(i / width), width: 1, height: 1 });
    if (inBlank) valid[i] = 0;
    const level = random.uniform() < share ? bright : 300;
    for (const plane of planes) plane[i] = inBlank ? 0 : level + random.integer(200);
  }
  return { planes, valid };
};

export const readerOf = (fake: FakeScene): SceneReader => {
  const scene = sceneOf(fake);
  const pixels = pixelsOf(fake);
  return {
    scene,
    async readWindow(window, bandNames): Promise<Raster> {
      const { x, y, width, height } = window;
      const { brokenRow = -1 } = fake;
      if (brokenRow >= y && brokenRow < y + height)
        throw new SwathError("raster", { what: `${fake.id} is corrupt` });
      const cut = <T extends Uint8Array | Uint16Array>(plane: T, out: T): T => {
        for (let row = 0; row < height; row++) {
          const from = (y + row) * scene.width + x;
          out.set(plane.subarray(from, from + width), row * width);
        }
        return out;
      };
      const valid = cut(pixels.valid, new Uint8Array(width * height));
      const bands = bandNames.map((name) => scene.bands.find((one) => one.name === name) as Band);
      const planes = bands.map((one) =>
        cut(pixels.planes[scene.bands.indexOf(one)] as Uint16Array, new Uint16Array(width * height)),
      );
      return { width, height, bands, planes, valid: valid.includes(0) ? valid : null };
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
};

export const sourceOf = (fakes: readonly FakeScene[]): SceneSource => ({
  name: "fake",
  scenes: fakes.map(sceneOf),
  async open(id) {
    const fake = fakes.find((one) => one.id === id);
    if (fake === undefined) throw new SwathError("dataset", { what: `no scene "${id}"` });
    return readerOf(fake);
  },
});

/**
 * Finds bright pixels: two of three, which ones and with what score depends on all that lies around within the tile, so that
 * no two windows give quite the same. The class depends on the second band.
 */
export const pixelDetector = (): Detector & { readonly seen: Raster[] } => {
  const seen: Raster[] = [];
  const detectIn = ({ width, height, planes: [first, second], valid }: Raster): Detection[] => {
    const sample = (x: number, y: number): number =>
      x < 0 || y < 0 || x >= width || y >= height || valid?.[y * width + x] === 0
        ? 0
        : (first?.[y * width + x] ?? 0);
    const found: Detection[] = [];
    for (let i = 0; i < width * height; i++) {
      const [x, y] = [i % width, Math.floor(i / width)];
      if (sample(x, y) < bright) continue;
      let around = 0;
      for (let dy = -3; dy <= 3; dy++) for (let dx = -3; dx <= 3; dx++) around += sample(x + dx, y + dy) % 97;
      if (around % 3 === 0) continue;
      const boxPx = {
        x0: Math.max(0, x - 2),
        y0: Math.max(0, y - 2),
        x1: Math.min(width, x + 3),
        y1: Math.min(height, y + 3),
      };
      found.push({ classId: (second?.[i] ?? 0) % 2, score: 0.3 + (around % 1000) / 2000, boxPx });
    }
    return found.toSorted((a, b) => b.score - a.score);
  };
  return {
    seen,
    info: {
      name: "bright",
      version: "1",
      sha256: "",
      classes: ["cargo ship", "tug"],
      bands: ["B02", "B03"],
      tile: { sizePx: 32, overlapPx: 8 },
      scoreThreshold: 0.3,
      mergeIou: 0.45,
      opsPerPixel: 1000,
      precision: "fp32",
    },
    detect: async (tile) => {
      seen.push(tile);
      return detectIn(tile);
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
};
