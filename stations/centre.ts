import type { RunPlan } from "../pipeline/bus/run-plan.ts";
import type { Detector } from "../pipeline/detection/detector.ts";
import { SwathError } from "../pipeline/errors.ts";
import { decodeEnvelope, type ReceivedProduct } from "../pipeline/link/envelope.ts";
import { Reassembler } from "../pipeline/link/reassembly.ts";
import { decodeDetections } from "../pipeline/product/detection-batch.ts";
import { detectsOnBoard } from "../pipeline/product/policy.ts";
import type { Scene } from "../pipeline/raster/scene.ts";
import { planTiles, type Tile } from "../pipeline/raster/tile-plan.ts";
import type { Spool } from "../pipeline/spool.ts";
import { bytes, seconds, type Instant, type Seconds } from "../pipeline/units.ts";
import {
  landedDetections,
  type AcquisitionState,
  type Arrival,
  type LandedDetection,
} from "./acquisition.ts";
import type { Backhaul } from "./backhaul.ts";
import { ImageryProcessor } from "./process.ts";

/** Incomplete products in memory at once, all satellites together seldom come near it. */
const reassemblyCapacity = bytes(256e6);
/** Tiles in the model at once. */
const tilesInFlight = 8;

/** What the centre needs from outside. It knows no NATS. */
export interface CentrePorts {
  readonly scenes: ReadonlyMap<string, Scene>;
  /** Null when the model runs on board. */
  readonly detector: Detector | null;
  readonly mergeIou: number;
  readonly opsPerPixel: number;
  readonly spool: Spool;
  /** Called once for each acquisition, when all of it is known or the run is over. */
  readonly publish: (landed: LandedAcquisition) => Promise<void>;
  /** Called with the chips of an acquisition as they came down. */
  readonly keepChips: (acquisition: number, payload: Uint8Array) => void;
}

/** One acquisition as the ground has it in the end. */
export interface LandedAcquisition {
  readonly state: AcquisitionState;
  readonly detections: readonly LandedDetection[];
}

/**
 * The mission centre: puts products together from what all stations accept, runs the model on imagery, and lets each
 * acquisition go when it is complete. A fold whose outcome does not depend on the order of what comes in.
 */
export class MissionCentre {
  readonly #plan: RunPlan;
  readonly #ports: CentrePorts;
  readonly #reassemblers = new Map<string, Reassembler>();
  readonly #firstHeard = new Map<string, Instant>();
  readonly #states = new Map<number, AcquisitionState>();
  readonly #landed = new Map<number, LandedAcquisition>();
  readonly #working = new Set<Promise<void>>();
  #failure: unknown = null;

  constructor(plan: RunPlan, ports: CentrePorts) {
    this.#plan = plan;
    this.#ports = ports;
  }

  /** Takes in what a station accepted of one link segment. Throws what an earlier tile failed with. */
  async accept({ station, satellite, pieces }: Backhaul): Promise<void> {
    const reassembler =
      this.#reassemblers.get(satellite) ?? new Reassembler({ capacity: reassemblyCapacity });
    this.#reassemblers.set(satellite, reassembler);
    for (const piece of pieces) {
      const key = `${satellite}/${piece.product}`;
      const first = this.#firstHeard.get(key);
      if (first === undefined || piece.heardAt < first) this.#firstHeard.set(key, piece.heardAt);
      const completion = reassembler.accept(piece, piece.heardAt);
      if (completion === null) continue;
      const reading = decodeEnvelope(completion.product, completion.envelope);
      if (reading.kind === "unreadable") {
        // Every frame carried a checksum that held: this is no noise but a satellite of another release, or a bug.
        throw new SwathError("link", {
          what: `product ${completion.product} of ${satellite} cannot be read`,
          got: reading.reason,
          hint: "run the same release of swath on every node",
        });
      }
      const { product } = reading;
      await this.#land(product, {
        kind: product.kind,
        number: product.number,
        station,
        readyAt: product.readyAt,
        firstAt: this.#firstHeard.get(key) as Instant,
        completedAt: completion.completedAt,
      });
      this.#firstHeard.delete(key);
    }
    if (this.#failure !== null) throw this.#failure;
  }

  /** Ends the run: sees what is left half-finished and returns every acquisition, in order. */
  async finish(): Promise<readonly LandedAcquisition[]> {
    await this.#drain(0);
    for (const { index } of this.#plan.acquisitions) {
      if (this.#landed.has(index)) continue;
      const state = this.#state(index);
      for (const tile of state.processor?.leftOver() ?? []) await this.#see(state, tile);
      await this.#drain(0);
      await this.#release(state);
    }
    return this.#plan.acquisitions.map(({ index }) => this.#landed.get(index) as LandedAcquisition);
  }

  async #land(product: ReceivedProduct, arrival: Arrival): Promise<void> {
    const state = this.#state(product.acquisition);
    if (product.kind === "detections") {
      const { detections } = decodeDetections(product.payload);
      state.batch = { detections, arrival };
      await this.#release(state);
      return;
    }
    if (product.kind === "chips") {
      state.chips = arrival;
      this.#ports.keepChips(product.acquisition, product.payload);
      return;
    }
    const { processor } = state;
    if (processor === null || product.tile === null) return;
    const slot = await this.#ports.spool.write(product.payload);
    state.tileArrivals.set(product.tile, arrival);
    const ready = processor.arrive(product.tile, { kind: product.kind, slot });
    for (const tile of ready) await this.#see(state, tile);
    if (state.tileArrivals.size === state.plan.length) {
      await this.#drain(0);
      await this.#release(state);
    }
  }

  /** Starts the model on one tile; waits only when too many are under way. */
  async #see(state: AcquisitionState, tile: number): Promise<void> {
    const work = (state.processor as ImageryProcessor)
      .see(tile)
      .then((seen) => void state.seen.push(seen))
      .catch((error: unknown) => {
        this.#failure ??= error;
      })
      .finally(() => this.#working.delete(work));
    this.#working.add(work);
    await this.#drain(tilesInFlight - 1);
  }

  async #drain(allowed: number): Promise<void> {
    while (this.#working.size > allowed) await Promise.race(this.#working);
    if (this.#failure !== null) throw this.#failure;
  }

  async #release(state: AcquisitionState): Promise<void> {
    const detections = landedDetections(state, this.#ports.mergeIou, (tile) => this.#groundTime(tile));
    const landed = { state, detections };
    this.#landed.set(state.acquisition.index, landed);
    await this.#ports.publish(landed);
  }

  #groundTime({ window }: Tile): Seconds {
    return seconds((window.width * window.height * this.#ports.opsPerPixel) / this.#plan.groundOpsPerSecond);
  }

  #state(index: number): AcquisitionState {
    const known = this.#states.get(index);
    if (known !== undefined) return known;
    const acquisition = this.#plan.acquisitions[index];
    const scene = acquisition && this.#ports.scenes.get(acquisition.scene);
    if (acquisition === undefined || scene === undefined) {
      throw new SwathError("link", { what: `product of acquisition ${index}, which is not in the plan` });
    }
    const plan = planTiles({ x: 0, y: 0, width: scene.width, height: scene.height }, this.#plan.tile);
    const state: AcquisitionState = {
      acquisition,
      scene,
      plan,
      processor: detectsOnBoard(this.#plan.policy) ? null : this.#processorFor(scene, plan),
      tileArrivals: new Map(),
      seen: [],
      batch: null,
      chips: null,
    };
    this.#states.set(index, state);
    return state;
  }

  #processorFor(scene: Scene, plan: readonly Tile[]): ImageryProcessor {
    const { detector, spool } = this.#ports;
    if (detector === null) throw new SwathError("model", { what: "the ground has no model for this policy" });
    const names = this.#plan.bands[scene.id] ?? [];
    const bands = names.flatMap((name) => scene.bands.find((band) => band.name === name) ?? []);
    return new ImageryProcessor(plan, bands, detector, spool);
  }
}
