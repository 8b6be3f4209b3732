import { availableParallelism } from "node:os";
import type { SceneScreening } from "../pipeline/mission/run-plan.ts";
import type { CloudJudge, CloudJudgeInfo, CloudQuestion } from "../pipeline/detection/cloud-judge.ts";
import { SwathError } from "../pipeline/errors.ts";
import { averageRaster } from "../pipeline/raster/average.ts";
import { pixelSize } from "../pipeline/raster/pixel-size.ts";
import type { Scene } from "../pipeline/raster/scene.ts";
import { bandsFor } from "./card/bands.ts";
import type { ModelCard } from "./card/card.ts";
import { cpu } from "../pipeline/detection/device.ts";
import { canBeCloud } from "./inference/cloud-colour.ts";
import { loadModel } from "./model.ts";
import { inputTileOf, openPool } from "./inference/network-detector.ts";

/** A cloud judge with what its card says. */
export interface CloudJudgeModel extends CloudJudge {
  readonly card: ModelCard;
}

/** The class that stands for cloud on a card. */
const cloudClass = "cloud";
/** Tiles of fewer pixels to a side, after averaging, show too little of the sky. */
const fewestPixels = 32;

/**
 * Opens a segmentation network, one of whose classes is `cloud`, to screen tiles with; references as for `openModel`.
 * Throws `SwathError("model")` for any other model, and as `openModel` does.
 */
export const openCloudJudge = async (
  reference: string,
  options: { readonly threads?: number } = {},
): Promise<CloudJudgeModel> => {
  const loaded = await loadModel(reference);
  const { where } = loaded;
  if (!("network" in loaded) || loaded.card.head.kind !== "segment") {
    const got = `head ${loaded.card.head.kind}`;
    throw new SwathError("model", { what: `${where} as a judge of clouds`, wanted: "head segment", got });
  }
  const { card } = loaded;
  const cloud = card.classes.indexOf(cloudClass) + 1;
  if (cloud === 0) {
    const wanted = `a class "${cloudClass}"`;
    throw new SwathError("model", {
      what: `${where} as a judge of clouds`,
      wanted,
      got: card.classes.join(", "),
    });
  }
  const threads = options.threads ?? availableParallelism();
  const { pool } = await openPool(loaded, threads, cpu, "mask");
  return {
    card,
    info: infoOf(card),
    async cloudShare(question, signal) {
      const seen = averageRaster(question.raster, question.step);
      const mask = await pool.run(inputTileOf(seen, anySize(card), where), signal);
      // Ground that training did not show may pass for cloud; its colour mostly does not. A tile is given up only where both agree.
      const isPossible = canBeCloud(seen);
      const isCloud = mask.map((value, pixel) => (value === cloud && isPossible(pixel) ? 1 : 0));
      return shareOf(question, isCloud, seen.width);
    },
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
};

/** A tile as long as the detector's is judged whole, whatever size the card was written for. */
const anySize = (card: ModelCard): ModelCard => ({
  ...card,
  tile: { ...card.tile, sizePx: Number.MAX_SAFE_INTEGER },
});

const infoOf = ({
  name,
  version,
  sha256,
  bands,
  opsPerPixel,
  precision,
  units,
}: ModelCard): CloudJudgeInfo => ({
  name,
  version,
  sha256,
  bands,
  opsPerPixel,
  precision,
  units,
});

/** Of the measured pixels of the core; `isCloud` is 1 or 0 of each pixel of the averaged raster, `columns` wide. */
const shareOf = ({ raster, core, step }: CloudQuestion, isCloud: Float32Array, columns: number): number => {
  let measured = 0;
  let cloudy = 0;
  for (let y = core.y; y < core.y + core.height; y += 1) {
    const row = Math.floor(y / step) * columns;
    for (let x = core.x; x < core.x + core.width; x += 1) {
      if (raster.valid !== null && raster.valid[y * raster.width + x] === 0) continue;
      measured += 1;
      cloudy += isCloud[row + Math.floor(x / step)] as number;
    }
  }
  return measured === 0 ? 0 : cloudy / measured;
};

/**
 * How a judge sees a scene: its bands, and how many pixels to a side are averaged to come to the ground resolution of its card.
 * A scene that does not say where it lies is taken to have that resolution. `tilePx` is the side of the tiles to be judged.
 * Throws `SwathError("model")` when bands, units or resolution do not fit.
 */
export const screeningFor = (
  { card, info }: Pick<CloudJudgeModel, "card" | "info">,
  scene: Scene,
  tilePx: number,
): SceneScreening => {
  const bands = bandsFor(info, scene);
  const size = pixelSize(scene);
  const { gsdMetres } = card;
  if (size === null || gsdMetres === undefined) return { bands, step: 1 };
  // A hair of tolerance: a grid of 30 m, measured on the ground, is 29.99 m here and 30.01 m there.
  const step = Math.max(1, Math.ceil((gsdMetres.min / size) * 0.98));
  const refuse = (got: string) =>
    new SwathError("model", {
      what: `model "${info.name}" does not fit scene "${scene.id}"`,
      wanted: `tiles of at least ${fewestPixels} pixels of ${gsdMetres.min} to ${gsdMetres.max} m`,
      got,
    });
  if (size > gsdMetres.max * 1.02) throw refuse(`pixels of ${size.toFixed(1)} m`);
  const side = Math.min(tilePx, scene.width, scene.height) / step;
  if (side < fewestPixels) throw refuse(`${Math.floor(side)} pixels of ${(size * step).toFixed(1)} m`);
  return { bands, step };
};
