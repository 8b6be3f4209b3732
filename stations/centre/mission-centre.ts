import type { RunPlan } from "../../pipeline/mission/run-plan.ts";
import { detectorFor, workloadsIn } from "../../pipeline/mission/scene-workloads.ts";
import type { Detector } from "../../pipeline/detection/detector.ts";
import { isSwathError, SwathError } from "../../pipeline/errors.ts";
import { decodeEnvelope, type ReceivedProduct } from "../../pipeline/link/transfer/envelope.ts";
import { Reassembler, type Completion } from "../../pipeline/link/transfer/reassembly.ts";
import { decodeDetections } from "../../pipeline/product/detection-batch.ts";
import { productDigest, type ReceivedDigest } from "../../pipeline/mission/product-digest.ts";
import { backhaulTime } from "../../pipeline/mission/contact-terms.ts";
import { codecOf } from "../../pipeline/product/product.ts";
import { detectsOnBoard } from "../../pipeline/mission/policy.ts";
import type { TileCodec } from "../../pipeline/product/tile-codec.ts";
import type { Scene } from "../../pipeline/raster/scene.ts";
import { planTiles, type Tile } from "../../pipeline/raster/tile-plan.ts";
import type { Spool } from "../../pipeline/spool.ts";
import { bytes, seconds, type Instant, type Seconds } from "../../pipeline/units.ts";
import { landedDetections, lastOf, type AcquisitionState } from "./acquisition-state.ts";
import { hear, type Hearing } from "./hearing.ts";
import { queueJobs, type GroundJob } from "./processor-queue.ts";
import { Asking } from "./tile-requests.ts";
import { acquisitionAt } from "../../pipeline/orbit/acquisition.ts";
import type { Backhaul } from "../receive/ground-message.ts";
import { ByteCache } from "../../pipeline/byte-cache.ts";
import type { Raster } from "../../pipeline/raster/raster.ts";
import { bandsOf, ImageryProcessor, neighboursOf, type TileNeighbours } from "./imagery-processor.ts";
import type { CentreLog } from "../../pipeline/mission/centre-log.ts";
import type { ProductArrival, LandedAcquisition, LandedDetection } from "../../pipeline/mission/landing.ts";

/** Incomplete products of one satellite in memory at once: a satellite leaves no more than a turn of them behind. */
const reassemblyCapacity = bytes(256e6);

/** Enough for three rows of 512² tiles of a Sentinel-2 scene, four bands: then each is decoded once. */
const decodedCapacity = bytes(192e6);

/** Tiles in the model at once. */
const tilesInFlight = 8;

/** What the centre needs from outside. It knows no NATS. */
export interface CentrePorts {
  readonly scenes: ReadonlyMap<string, Scene>;
  /** Null when the model runs on board. */
  readonly detector: Detector | null;
  readonly mergeIou: number;
  readonly opsPerPixel: number;
  readonly codec: TileCodec;
  readonly spool: Spool;
  /**
   * Called once for each acquisition: when its detections are down, or, where the ground detects, when the run is over, since only
   * then it is known which tiles of other satellites stood before its own at the processors.
   */
  readonly publish: (landed: LandedAcquisition) => Promise<void>;
  /** Called with the chips of an acquisition as they came down. */
  readonly keepChips: (acquisition: number, payload: Uint8Array, arrival: ProductArrival) => void;
  /** Called with every product that is whole. */
  readonly onProduct?: CentreLog["landed"];
  /** Called with what is dropped because it cannot be what a satellite of this run made, and why. */
  readonly onRefused: (what: string, reason: string) => void;
  /** Called with the pixels of a requested tile. */
  readonly keepTile: (state: AcquisitionState, tile: Tile, payload: Uint8Array) => Promise<void>;
}

const placeOf = ({
  acquisition,
  tile,
  kind,
}: Pick<ReceivedProduct, "acquisition" | "tile" | "kind">): string =>
  `${acquisition}/${codecOf(kind).class}/${tile ?? ""}`;

const keyOf = (acquisition: number, tile: number): string => `${acquisition}/${tile}`;

/**
 * The mission centre: puts products together from what all stations accept, runs the model on imagery, and lets each
 * acquisition go. A fold whose outcome does not depend on the order of what comes in.
 */
export class MissionCentre {
  readonly #plan: RunPlan;
  readonly #ports: CentrePorts;
  readonly #reassemblers = new Map<string, Reassembler>();
  /** Of products that are not complete, by satellite and number. */
  readonly #hearings = new Map<string, Hearing>();
  /** By the size of scenes. */
  readonly #neighbours = new Map<string, TileNeighbours>();
  readonly #decoded = new ByteCache<Raster>(decodedCapacity);
  readonly #states = new Map<number, AcquisitionState>();
  readonly #detections = new Map<number, readonly LandedDetection[]>();
  readonly #working = new Set<Promise<void>>();
  readonly #asking: Asking;
  readonly #received: ReceivedDigest[] = [];
  readonly #landedPlaces = new Set<string>();
  /** By station. */
  readonly #backhauls: ReadonlyMap<string, Seconds>;
  #failure: unknown = null;

  constructor(plan: RunPlan, ports: CentrePorts) {
    this.#plan = plan;
    this.#asking = new Asking(plan);
    this.#backhauls = new Map(plan.stations.map((station) => [station.id, backhaulTime(station)]));
    this.#ports = ports;
  }

  /** Takes in what a station accepted of one link segment. Throws what an earlier tile failed with. */
  async accept({ station, satellite, pieces }: Backhaul): Promise<void> {
    const reassembler =
      this.#reassemblers.get(satellite) ?? new Reassembler({ capacity: reassemblyCapacity });
    this.#reassemblers.set(satellite, reassembler);
    const backhaul = this.#backhauls.get(station) ?? seconds(0);
    for (const piece of pieces) {
      if (reassembler.isFinished(piece.product)) continue;
      const key = `${satellite}/${piece.product}`;
      const completion = this.#orRefuse("piece", () => reassembler.accept(piece, piece.heardAt));
      if (completion === undefined) continue;
      const hearing = hear(this.#hearings.get(key), piece, station, backhaul);
      this.#hearings.set(key, hearing);
      if (completion === null) continue;
      this.#hearings.delete(key);
      await this.#complete(satellite, completion, hearing);
    }
    if (this.#failure !== null) throw this.#failure;
  }

  /** Every product that came down whole, in order of arrival: for the books of both ends. */
  get received(): readonly ReceivedDigest[] {
    return this.#received;
  }

  /** Reads a product that is whole. One that cannot be read, or has no place in the run, is refused: the books will say so, too. */
  async #complete(
    satellite: string,
    { product: number, envelope }: Completion,
    hearing: Hearing,
  ): Promise<void> {
    this.#received.push({ satellite, number, digest: productDigest(envelope) });
    const reading = decodeEnvelope(number, envelope);
    if (reading.kind === "unreadable") {
      this.#ports.onRefused("product", "unreadable");
      return;
    }
    const { product } = reading;
    const misfit = this.#misfit(product);
    if (misfit !== null) {
      this.#ports.onRefused("product", misfit);
      return;
    }
    const arrival: ProductArrival = {
      kind: product.kind,
      number: product.number,
      station: hearing.station,
      readyAt: product.readyAt,
      firstSentAt: hearing.firstSentAt,
      completedAt: hearing.latestAt,
      atCentre: hearing.atCentre,
    };
    const { acquisition, kind, tile } = product;
    this.#landedPlaces.add(placeOf(product));
    this.#ports.onProduct?.(satellite, { acquisition, kind, tile }, arrival);
    try {
      await this.#land(product, arrival);
    } catch (error) {
      if (!isSwathError(error, "link")) throw error;
      this.#ports.onRefused("product", "unreadable");
    }
  }

  /** Why a product has no place in the run; `null`: it has one. Products of one place come once. */
  #misfit({ acquisition, tile, kind }: ReceivedProduct): string | null {
    if (acquisitionAt(this.#plan.acquisitions, acquisition) === undefined) return "not in the plan";
    if (codecOf(kind).class === "tiles") {
      if (tile === null || tile >= this.#state(acquisition).plan.length) return "not in the plan";
    } else if (tile !== null || !detectsOnBoard(this.#plan.policy)) return "not in the plan";
    return this.#landedPlaces.has(placeOf({ acquisition, tile, kind })) ? "twice" : null;
  }

  /** What `work` gives; `undefined`, and taken note of, where it throws a `SwathError` of the link. */
  #orRefuse<T>(what: string, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!isSwathError(error, "link")) throw error;
      this.#ports.onRefused(what, "contradicts others");
      return undefined;
    }
  }

  /** Ends the run: sees what is left half-finished and returns every acquisition, in order. */
  async finish(): Promise<readonly LandedAcquisition[]> {
    await this.#drain(0);
    for (const { index } of this.#plan.acquisitions) {
      const state = this.#state(index);
      for (const tile of state.processor?.leftOver() ?? []) await this.#see(state, tile);
      await this.#drain(0);
      state.processor = null;
    }
    const doneAt = this.#processed();
    for (const { index } of this.#plan.acquisitions) {
      if (!this.#detections.has(index)) await this.#release(this.#state(index), doneAt);
    }
    return this.#plan.acquisitions.map(({ index }) => this.#landed(this.#state(index)));
  }

  /** What to request now that the contact of that id opens. */
  readonly requestsAt = (contact: string) => this.#asking.requestsAt(contact, this.#states);

  async #land(product: ReceivedProduct, arrival: ProductArrival): Promise<void> {
    const state = this.#state(product.acquisition);
    if (product.kind === "detections") {
      const { detections, model } = decodeDetections(product.payload);
      state.batch = { detections, arrival, ...(model === undefined ? {} : { model }) };
      await this.#release(state, new Map());
      return;
    }
    if (codecOf(product.kind).class === "chips") {
      state.chips = arrival;
      this.#ports.keepChips(product.acquisition, product.payload, arrival);
      return;
    }
    const { processor } = state;
    if (product.tile === null) return;
    if (processor === null && !detectsOnBoard(this.#plan.policy)) return;
    state.tileArrivals.set(product.tile, arrival);
    if (processor === null) {
      await this.#ports.keepTile(state, state.plan[product.tile] as Tile, product.payload);
      return;
    }
    const slot = await this.#ports.spool.write(product.payload);
    const ready = processor.arrive(product.tile, { kind: product.kind, slot });
    for (const tile of ready) await this.#see(state, tile);
    if (state.tileArrivals.size === state.plan.length) {
      await this.#drain(0);
      state.processor = null;
    }
  }

  /** Starts the model on one tile; waits only when too many are under way. */
  async #see(state: AcquisitionState, tile: number): Promise<void> {
    const work = (state.processor as ImageryProcessor)
      .see(tile)
      .then((seen) => void state.seen.push(seen))
      .catch((error: unknown) => {
        if (isSwathError(error, "link")) this.#ports.onRefused("tile", "unreadable");
        else this.#failure ??= error;
      })
      .finally(() => this.#working.delete(work));
    this.#working.add(work);
    await this.#drain(tilesInFlight - 1);
  }

  async #drain(allowed: number): Promise<void> {
    while (this.#working.size > allowed) await Promise.race(this.#working);
    if (this.#failure !== null) throw this.#failure;
  }

  /** When the ground's processors were done with each tile that they saw, by `keyOf`. */
  #processed(): ReadonlyMap<string, Instant> {
    const jobs = [...this.#states.values()].flatMap((state) =>
      state.seen.map((seen): GroundJob => ({
        acquisition: state.acquisition.index,
        tile: seen.tile.index,
        arrivesAt: lastOf(state, seen).atCentre,
        work: this.#groundTime(seen.tile),
      })),
    );
    const done = queueJobs(jobs);
    return new Map(jobs.map(({ acquisition, tile }, n) => [keyOf(acquisition, tile), done[n] as Instant]));
  }

  /** Lets an acquisition go, with what came of it; happens once to each. Chips may still follow. */
  async #release(state: AcquisitionState, done: ReadonlyMap<string, Instant>): Promise<void> {
    const { index } = state.acquisition;
    const doneAt = (tile: number): Instant => done.get(keyOf(index, tile)) as Instant;
    const detections = landedDetections(state, this.#ports.mergeIou, doneAt);
    this.#detections.set(state.acquisition.index, detections);
    await this.#ports.publish(this.#landed(state));
  }

  /** An acquisition as it stands: chips and requested tiles may come down after its detections. */
  #landed({
    acquisition,
    scene,
    tileArrivals,
    asked,
    batch,
    chips,
    seen,
  }: AcquisitionState): LandedAcquisition {
    return {
      acquisition,
      scene,
      detections: this.#detections.get(acquisition.index) ?? [],
      tileArrivals: new Map(tileArrivals),
      requestedAt: new Map(asked),
      batchArrival: batch?.arrival ?? null,
      ...(batch?.model === undefined ? {} : { model: batch.model }),
      chipsArrival: chips,
      tilesSeen: seen
        .map(({ tile, from }) => ({ tile: tile.index, from }))
        .toSorted((a, b) => a.tile - b.tile),
    };
  }

  #groundTime({ window }: Tile): Seconds {
    return seconds((window.width * window.height * this.#ports.opsPerPixel) / this.#plan.groundOpsPerSecond);
  }

  #state(index: number): AcquisitionState {
    const known = this.#states.get(index);
    if (known !== undefined) return known;
    const acquisition = acquisitionAt(this.#plan.acquisitions, index);
    const scene = acquisition && this.#ports.scenes.get(acquisition.scene);
    if (acquisition === undefined || scene === undefined) {
      throw new SwathError("link", { what: `product of acquisition ${index}, which is not in the plan` });
    }
    const neighbours = this.#neighboursIn(scene);
    const state: AcquisitionState = {
      acquisition,
      scene,
      plan: neighbours.plan,
      processor: detectsOnBoard(this.#plan.policy) ? null : this.#processorFor(index, scene, neighbours),
      tileArrivals: new Map(),
      asked: new Map(),
      seen: [],
      batch: null,
      chips: null,
    };
    this.#states.set(index, state);
    return state;
  }

  #neighboursIn({ width, height }: Scene): TileNeighbours {
    const size = `${width}×${height}`;
    const known = this.#neighbours.get(size);
    if (known !== undefined) return known;
    const neighbours = neighboursOf(planTiles({ x: 0, y: 0, width, height }, this.#plan.tile));
    this.#neighbours.set(size, neighbours);
    return neighbours;
  }

  #processorFor(index: number, scene: Scene, neighbours: TileNeighbours): ImageryProcessor {
    const { detector, codec, spool } = this.#ports;
    if (detector === null) throw new SwathError("model", { what: "the ground has no model for this policy" });
    const bands = bandsOf(this.#plan, scene);
    const { workloads } = this.#plan;
    const here =
      workloads === undefined
        ? detector
        : detectorFor(workloads, detector, workloadsIn(workloads, scene.id, null));
    const ports = { detector: here, codec, spool, decoded: this.#decoded };
    return new ImageryProcessor(`${index}`, neighbours, bands, ports);
  }
}
