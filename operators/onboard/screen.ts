import type { SceneScreening } from "../../pipeline/mission/run-plan.ts";
import type { CloudJudge } from "../../pipeline/detection/cloud-judge.ts";
import { pickBands } from "../../pipeline/raster/pick-bands.ts";
import { windowArea, type PixelWindow, type Raster } from "../../pipeline/raster/raster.ts";
import type { SceneReader } from "../../pipeline/raster/scene.ts";
import { brightShare } from "./brightness.ts";
import type { CapturedTile } from "./capture.ts";
import type { TileWork } from "../platform/tile-work.ts";

/** Why a tile need not be looked at, or `null` when it is worth it. */
export type ScreenVerdict = "empty" | "cloudy" | null;

/** Whether no pixel of the raster holds a measurement. */
export const isEmpty = (raster: Raster): boolean => raster.valid !== null && !raster.valid.includes(1);

/** How the tiles of one scene are judged where the policy screens. */
export interface Screen {
  /** Bands that the camera hands over for this alone. */
  readonly ownBands: readonly string[];
  /** Share of cloud among the measured pixels of the tile's core, 0…1. Throws as its model and the reader do. */
  cloudShare(tile: CapturedTile, core: Raster): Promise<number>;
  /** The work of judging a tile. */
  work(tile: CapturedTile["tile"], core: { readonly samples: number }, verdict: ScreenVerdict): TileWork;
}

/** Every sample read once, no model. */
const lookedThrough = (samples: number): TileWork => ({
  modelPixels: 0,
  opsPerPixel: 0,
  precision: "fp32",
  encodedSamples: samples,
});

/** By brightness and whiteness: where no model fits the bands. */
const brightnessScreen: Screen = {
  ownBands: [],
  cloudShare: async (_, core) => brightShare(core),
  work: (_, { samples }) => lookedThrough(samples),
};

/** The core of a tile in pixels of its window. */
const coreInWindow = ({ window, core }: CapturedTile["tile"]): PixelWindow => ({
  ...core,
  x: core.x - window.x,
  y: core.y - window.y,
});

const modelScreen = (
  judge: CloudJudge,
  { bands, step }: SceneScreening,
  reader: SceneReader,
  captured: readonly string[],
  signal: AbortSignal,
): Screen => {
  const ownBands = bands.filter((name) => !captured.includes(name));
  // Bands of its own are read apart: where they lack a measurement, the imagery that goes down does not.
  const read = ({ tile, raster }: CapturedTile): Promise<Raster> | Raster =>
    ownBands.length === 0 ? pickBands(raster, bands) : reader.readWindow(tile.window, bands, signal);
  return {
    ownBands,
    cloudShare: async (captured) =>
      judge.cloudShare({ raster: await read(captured), core: coreInWindow(captured.tile), step }, signal),
    work({ window }, { samples }, verdict) {
      if (verdict === "empty") return lookedThrough(samples);
      // Averaging and scaling read every sample once before the model looks.
      return {
        ...lookedThrough(windowArea(window) * bands.length),
        modelPixels: windowArea(window) / step ** 2,
        opsPerPixel: judge.info.opsPerPixel,
        precision: judge.info.precision,
      };
    },
  };
};

/** How a scene's tiles are judged: by the model where the plan has one for the scene, else by brightness. */
export const screenFor = (
  judge: CloudJudge | null,
  screening: SceneScreening | undefined,
  reader: SceneReader,
  captured: readonly string[],
  signal: AbortSignal,
): Screen =>
  judge === null || screening === undefined
    ? brightnessScreen
    : modelScreen(judge, screening, reader, captured, signal);
