import { Worker } from "node:worker_threads";
import type { WeightFlips } from "../../pipeline/detection/detector.ts";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { builtWorker } from "../../pipeline/package.ts";
import type { FromWorker, HitWeights, ToWorker, WorkerStart } from "./protocol.ts";
import type { InferencePlan } from "./tile-inference.ts";
import type { CardHead } from "../heads/card-head.ts";
import type { Trial } from "./trial.ts";
import type { InputTile } from "./tile-input.ts";
import { type SampleArray, samplesOf, sampleTypeOf } from "../../pipeline/raster/samples.ts";

/** Shared memory through which tiles reach one worker. */
export interface TileSlots {
  /** The tile with its samples in shared memory, until `free(job)`. */
  share(job: number, tile: InputTile): InputTile;
  free(job: number): void;
}

/** Alignment that fits every sample type. */
const ALIGN = 8;

const alignedBytes = (bytes: number): number => Math.ceil(bytes / ALIGN) * ALIGN;

/**
 * A tile's pixels belong to the caller, who may want to cut chips from them: they cannot be transferred. One copy into
 * memory that is used again and again costs a fraction of what a clone by `postMessage` costs (and of the inference).
 * Samples that lie in shared memory already are passed as they are.
 */
export const tileSlots = (): TileSlots => {
  const inUse = new Map<number, SharedArrayBuffer>();
  const spare: SharedArrayBuffer[] = [];
  const bufferOf = (bytes: number): SharedArrayBuffer => {
    const last = spare.pop();
    return last && last.byteLength >= bytes ? last : new SharedArrayBuffer(bytes);
  };
  return {
    share(job, tile) {
      const arrays = tile.valid === null ? tile.planes : [...tile.planes, tile.valid];
      const copied = arrays.filter((array) => !isShared(array));
      if (copied.length === 0) return tile;
      const buffer = bufferOf(copied.reduce((sum, array) => sum + alignedBytes(array.byteLength), 0));
      inUse.set(job, buffer);
      let at = 0;
      const share = <T extends SampleArray>(array: T): T => {
        if (isShared(array)) return array;
        const view = samplesOf(sampleTypeOf(array), new Uint8Array(buffer, at, array.byteLength)) as T;
        view.set(array);
        at += alignedBytes(array.byteLength);
        return view;
      };
      const planes = tile.planes.map(share);
      return { ...tile, planes, valid: tile.valid === null ? null : share(tile.valid) };
    },
    free(job) {
      const buffer = inUse.get(job);
      if (buffer !== undefined) spare.push(buffer);
      inUse.delete(job);
    },
  };
};

const isShared = (array: SampleArray): boolean => array.buffer instanceof SharedArrayBuffer;

/** Tiles in a worker at a time: one that runs, one that waits, so that no worker waits for the main thread. */
const TILES_A_WORKER = 2;

interface Job {
  readonly id: number;
  readonly tile: InputTile;
  readonly hit: HitWeights | null;
  readonly resolve: (rows: Float32Array) => void;
  readonly reject: (error: unknown) => void;
}

/** What the first worker found. */
export interface Opened {
  readonly runtime: string | null;
  readonly trial: Trial | null;
}

interface Thread {
  readonly worker: Worker;
  readonly slots: TileSlots;
  readonly inFlight: Map<number, Job>;
  readonly ended: Promise<void>;
}

/**
 * Worker threads, each with its own session of one network. They start when there are tiles for them, and do not keep
 * the process alive while they have none. Overflow policy: tiles wait, in order; at most two a worker are in flight.
 */
export class InferencePool implements AsyncDisposable {
  #start: WorkerStart;
  readonly #threadCount: number;
  readonly #workerFile: string | URL;
  readonly #threads = new Set<Thread>();
  readonly #waiting: Job[] = [];
  readonly #hits = new WeakMap<WeightFlips, HitWeights>();
  #hitCount = 0;
  #jobs = 0;
  #closed: SwathError | null = null;

  /** Throws `SwathError("model")` when the worker has not been built. */
  constructor(
    weights: Uint8Array,
    plan: InferencePlan,
    threads: number,
    workerFile: string | URL = builtWorker("models/inference/worker.js", "inference worker", "model"),
  ) {
    const shared = new SharedArrayBuffer(weights.byteLength);
    new Uint8Array(shared).set(weights);
    this.#start = { plan, weights: shared };
    this.#threadCount = threads;
    this.#workerFile = workerFile;
  }

  /**
   * Starts one worker, which proves that the network loads and fits the plan, says what runs it (see `NetworkSession.runtime`), and
   * what it answers to the plan's trial tile. Throws `SwathError("model")`.
   */
  async open(): Promise<Opened> {
    return await new Promise((resolve, reject) => this.#startThread(resolve, reject));
  }

  /** The head by which all workers read from here on: the plan's, with what the trial told. */
  settle(head: CardHead): void {
    const { plan, weights } = this.#start;
    this.#start = { plan: { ...plan, head, trial: null }, weights };
    for (const { worker } of this.#threads) worker.postMessage({ kind: "head", head } satisfies ToWorker);
  }

  /**
   * Detections of one tile as rows (see `unpackDetections`). The planes are copied when the tile's turn comes, unless
   * they lie in shared memory already; leave them alone until then.
   * Throws `SwathError("model")`, or the signal's reason.
   */
  run(tile: InputTile, signal?: AbortSignal, flips: WeightFlips = []): Promise<Float32Array> {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw this.#closed;
      signal?.throwIfAborted();
      const job: Job = {
        id: this.#jobs,
        tile,
        hit: flips.length === 0 ? null : this.#hitBy(flips),
        resolve: (rows) => finish(() => resolve(rows)),
        reject: (error) => finish(() => reject(error as Error)),
      };
      const abort = () => {
        const at = this.#waiting.indexOf(job);
        if (at >= 0) this.#waiting.splice(at, 1);
        job.reject(signal?.reason);
      };
      const finish = (settle: () => void) => {
        signal?.removeEventListener("abort", abort);
        settle();
      };
      signal?.addEventListener("abort", abort, { once: true });
      this.#jobs += 1;
      this.#waiting.push(job);
      this.#dispatch();
    });
  }

  /** Rejects what waits, lets what runs finish, and ends the workers. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed ??= new SwathError("model", { what: `${this.#start.plan.where} is closed` });
    for (const job of this.#waiting.splice(0)) job.reject(this.#closed);
    const threads = [...this.#threads];
    for (const { worker } of threads) {
      worker.ref();
      worker.postMessage({ kind: "close" } satisfies ToWorker);
    }
    await Promise.all(threads.map(({ ended }) => ended));
  }

  #dispatch(): void {
    while (this.#waiting.length > 0) {
      const idlest = [...this.#threads].reduce<Thread | null>(
        (best, thread) => (best === null || thread.inFlight.size < best.inFlight.size ? thread : best),
        null,
      );
      const busy = idlest === null || idlest.inFlight.size > 0;
      if (busy && this.#threads.size < this.#threadCount) {
        this.#startThread();
        continue;
      }
      if (idlest === null || idlest.inFlight.size >= TILES_A_WORKER) return;
      this.#send(idlest, this.#waiting.shift() as Job);
    }
  }

  #send(thread: Thread, job: Job): void {
    let tile: InputTile;
    try {
      tile = thread.slots.share(job.id, job.tile);
    } catch (cause) {
      // No memory for a copy of the tile: its caller is told, the others go on.
      job.reject(this.#error("cannot hand a tile to", messageOf(cause), cause));
      return;
    }
    if (thread.inFlight.size === 0) thread.worker.ref();
    thread.inFlight.set(job.id, job);
    thread.worker.postMessage({ kind: "tile", job: job.id, tile, hit: job.hit } satisfies ToWorker);
  }

  #hitBy(flips: WeightFlips): HitWeights {
    const known = this.#hits.get(flips);
    if (known !== undefined) return known;
    const hit = { id: this.#hitCount++, flips: Float64Array.from(flips) };
    this.#hits.set(flips, hit);
    return hit;
  }

  #startThread(opened?: (opened: Opened) => void, failed?: (error: SwathError) => void): void {
    // Its Linux build sends usage data to its maker unless told otherwise before it starts. A worker's own environment is a
    // copy that native code does not see, so it is this thread that says so.
    process.env["ORT_DISABLE_TELEMETRY"] ??= "1";
    // Flags that suit the main thread's program (`--input-type`, `--inspect`) do not suit a worker's.
    const worker = new Worker(this.#workerFile, { workerData: this.#start, execArgv: [] });
    let death: SwathError | null = null;
    const ended = new Promise<void>((resolve) => {
      worker.on("error", (cause) => (death ??= this.#deathOf(messageOf(cause), cause)));
      worker.on("exit", (code) => {
        this.#threads.delete(thread);
        const error = death ?? this.#deathOf(`exit code ${code}`);
        failed?.(error);
        for (const job of thread.inFlight.values()) job.reject(error);
        resolve();
        this.#dispatch();
      });
    });
    const thread: Thread = { worker, slots: tileSlots(), inFlight: new Map(), ended };
    this.#threads.add(thread);
    worker.on("message", (message: FromWorker) => {
      if (message.kind === "ready") {
        opened?.({ runtime: message.runtime, trial: message.trial });
        this.#rest(thread);
      } else if (message.kind === "unusable") {
        death = new SwathError("model", message.parts);
        // No other worker would fare better.
        this.#closed ??= death;
        for (const job of this.#waiting.splice(0)) job.reject(death);
      } else this.#settle(thread, message);
    });
  }

  #settle(thread: Thread, message: Extract<FromWorker, { readonly job: number }>): void {
    const job = thread.inFlight.get(message.job);
    thread.inFlight.delete(message.job);
    thread.slots.free(message.job);
    if (message.kind === "detections") job?.resolve(message.rows);
    else job?.reject(new SwathError("model", message.parts));
    this.#dispatch();
    this.#rest(thread);
  }

  /** Lets the process end while a worker has no tiles; not while the pool is being closed, or that would never be seen. */
  #rest({ worker, inFlight }: Thread): void {
    if (inFlight.size === 0 && this.#closed === null) worker.unref();
  }

  #deathOf(got: string, cause?: unknown): SwathError {
    return this.#error("an inference worker died that ran", got, cause);
  }

  #error(what: string, got: string, cause: unknown): SwathError {
    const hint = "the tiles that it held can be given again";
    return new SwathError("model", { what: `${what} ${this.#start.plan.where}`, got, hint, cause });
  }
}
