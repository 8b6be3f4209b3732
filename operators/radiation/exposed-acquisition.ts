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
import type { FoundWeights } from "./exposed-weights.ts";
import { costOf } from "../../pipeline/mission/protection-cost.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";

/** Where and when an acquisition is worked on, as far as particles are concerned. */
export interface ParticleContext {
  readonly exposure: RadiationExposure;
  readonly upsets: UpsetPlan;
  readonly seed: number;
  /** `null` where no weights are in memory. */
  readonly weights: FoundWeights | null;
  readonly acquisition: Acquisition;
  /** When the computer came to it. */
  readonly startedAt: Instant;
}

/** One acquisition under radiation: what happens to its tiles and to the onboard model's weights, with the record of it. */
export class ExposedAcquisition {
  readonly #around: ParticleContext;
  #tileUpsets = 0;
  #corrected: number;
  #lostTiles = 0;
  #lostBytes = 0;
  #work: number;

  constructor(around: ParticleContext) {
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
    // Copies of a vote are alike when an acquisition begins, and nothing falls while it lasts: what one answers, all do.
    return answerOf(detector, raster, signal, this.#around.weights?.flips[0] ?? []);
  }

  /** Enters a tile; `lostBytes` where the model gave no answer, `extra` what protection took of its time. */
  enter(lostBytes: number | null, extra: Seconds): void {
    this.#work += extra;
    if (lostBytes === null) return;
    this.#lostTiles++;
    this.#lostBytes += lostBytes;
  }

  /** The record, once all tiles are processed. */
  close(): UpsetRecord {
    const { weights } = this.#around;
    return {
      weights: weights?.upsets ?? 0,
      tiles: this.#tileUpsets,
      corrected: this.#corrected,
      reloads: weights?.reloads ?? 0,
      lostTiles: this.#lostTiles,
      lostBytes: this.#lostBytes,
      protectionSeconds: seconds(this.#work),
    };
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
    return await detector.detect(raster, signal, flips);
  } catch (error) {
    signal.throwIfAborted();
    if (!isSwathError(error, "model")) throw error;
    return null;
  }
};
