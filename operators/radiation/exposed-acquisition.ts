import type { UpsetPlan } from "../../pipeline/mission/upset-plan.ts";
import type { Detection } from "../../pipeline/detection/detection.ts";
import type { Detector, WeightFlips } from "../../pipeline/detection/detector.ts";
import { isSwathError } from "../../pipeline/errors.ts";
import type { UpsetRecord } from "../../pipeline/mission/ledger.ts";
import type { RadiationExposure } from "./exposure.ts";
import type { Raster } from "../../pipeline/raster/raster.ts";
import { later, seconds, type Instant, type Seconds } from "../../pipeline/units.ts";
import type { TileWork } from "../platform/tile-work.ts";
import { exposeTile } from "./exposed-tile.ts";
import type { FoundWeights, Upkeep } from "./exposed-weights.ts";
import { costOf } from "../../pipeline/mission/protection-cost.ts";
import { voteDetections } from "./vote.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";

/** Where and when an acquisition is worked on, as far as particles are concerned. */
export interface Surroundings {
  readonly exposure: RadiationExposure;
  readonly upsets: UpsetPlan;
  readonly seed: number;
  /** `null` where no weights are in memory. */
  readonly weights: FoundWeights | null;
  /** Told which copies of the weights a vote went against. */
  readonly distrust: (copies: readonly number[]) => Upkeep;
  readonly acquisition: Acquisition;
  /** When the computer came to it. */
  readonly startedAt: Instant;
}

/** One acquisition under radiation: what its tiles and the onboard model's weights come to, with the books of it. */
export class ExposedAcquisition {
  readonly #around: Surroundings;
  #tileUpsets = 0;
  #corrected: number;
  readonly #outvoted = new Set<number>();
  #lostTiles = 0;
  #lostBytes = 0;
  #work: number;

  constructor(around: Surroundings) {
    this.#around = around;
    this.#corrected = around.weights?.corrected ?? 0;
    this.#work = around.weights?.work ?? 0;
  }

  /** What must be done before the first tile: weights looked at, or loaded anew. */
  get preparation(): Seconds {
    return this.#around.weights?.work ?? seconds(0);
  }

  /** What protection asks besides for each look of the onboard model. */
  get repetition(): Pick<TileWork, "runs" | "slowdown"> {
    if (this.#around.weights === null) return {};
    const { copies, slowdown } = costOf(this.#around.upsets.protection);
    return { runs: copies, slowdown };
  }

  /** The samples of a tile as the computer finds them, so long after it came to the acquisition. */
  tile(raster: Raster, index: number, waited: Seconds): Raster {
    const { exposure, upsets, seed, acquisition, startedAt } = this.#around;
    const key = [seed, "tile", acquisition.satellite, acquisition.index, index];
    const found = exposeTile(raster, exposure, upsets, key, acquisition.at, later(startedAt, waited));
    this.#tileUpsets += found.upsets;
    this.#corrected += found.corrected;
    return found.raster;
  }

  /** What the model sees with its weights as they are; `null` where what it puts out are not numbers. */
  async detect(
    detector: Detector,
    raster: Raster,
    signal: AbortSignal,
  ): Promise<readonly Detection[] | null> {
    const { upsets, weights } = this.#around;
    const answers = new Map<WeightFlips | null, Promise<readonly Detection[] | null>>();
    const runs = Array.from({ length: costOf(upsets.protection).copies }, (_, copy) => {
      const flips = weights?.flips[copy] ?? [];
      // Copies that nothing has hit give the same answer.
      const same = flips.length === 0 ? null : flips;
      const run = answers.get(same) ?? answerOf(detector, raster, signal, flips);
      answers.set(same, run);
      return run;
    });
    const found = await Promise.all(runs);
    if (found.length === 1) return found[0] ?? null;
    const { detections, dissenters } = voteDetections(found);
    for (const copy of dissenters) this.#outvoted.add(copy);
    return detections;
  }

  /** Enters a tile; `lostBytes` where the model gave no answer, `extra` what protection took of its time. */
  enter(lostBytes: number | null, extra: Seconds): void {
    this.#work += extra;
    if (lostBytes === null) return;
    this.#lostTiles++;
    this.#lostBytes += lostBytes;
  }

  /** Once all tiles are through: copies of the weights that were outvoted are loaded anew, for which `work` is left to do. */
  close(): { readonly upsets: UpsetRecord; readonly work: Seconds } {
    const { weights, distrust } = this.#around;
    const after = distrust([...this.#outvoted]);
    const upsets = {
      weights: weights?.upsets ?? 0,
      tiles: this.#tileUpsets,
      corrected: this.#corrected + after.corrected,
      reloads: (weights?.reloads ?? 0) + after.reloads,
      lostTiles: this.#lostTiles,
      lostBytes: this.#lostBytes,
      protectionSeconds: seconds(this.#work + after.work),
    };
    return { upsets, work: after.work };
  }
}

/** `null` for weights or samples that make the model crash or put out what is not a number. */
const answerOf = async (
  detector: Detector,
  raster: Raster,
  signal: AbortSignal,
  flips: WeightFlips,
): Promise<readonly Detection[] | null> => {
  try {
    return (await detector.detect([raster], signal, flips))[0] ?? [];
  } catch (error) {
    signal.throwIfAborted();
    if (!isSwathError(error, "model")) throw error;
    return null;
  }
};
