import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { builtWorker } from "../../pipeline/package.ts";
import type { DecodeJob, FromDecoder } from "./decode-job.ts";

/** More threads than this gain nothing: pixels are copied and counted by one. */
const mostThreads = 4;

/** What all decoders together may be decoding into. A job beyond it runs alone. */
const inFlightBytes = 256_000_000;

/** WebAssembly memory never shrinks: a thread that has decoded more than this at once is ended afterwards. */
const recycledBytes = 64_000_000;

/**
 * The time that a decoder gets: a small block as long as anybody waits without asking, a large one as long as the slowest
 * decoder takes on a machine that is busy otherwise (1 MB a second; JPEG 2000 does ten).
 */
const limitMilliseconds = (decodedBytes: number): number => 4000 + decodedBytes / 1000;

interface Waiting {
  readonly job: DecodeJob;
  readonly resolve: (data: Uint8Array) => void;
  readonly reject: (error: unknown) => void;
}

interface Thread {
  readonly worker: Worker;
  ready: boolean;
  current: Waiting | null;
  timer: NodeJS.Timeout | null;
}

/**
 * Threads for decoders that we did not write: whatever a stream makes them do, they can be ended. Overflow policy: jobs
 * wait, in order. Threads start with the first job and do not keep the process alive while they have none.
 */
export class DecodePool {
  readonly #threads = new Set<Thread>();
  readonly #waiting: Waiting[] = [];
  readonly #threadCount: number;
  readonly #workerFile: string | URL;
  readonly #limit: (decodedBytes: number) => number;

  /** Throws `SwathError("raster")` when the worker has not been built. */
  constructor({
    threads = Math.min(mostThreads, availableParallelism()),
    workerFile = builtWorker("datasets/decoding/decode-worker.js", "decoding worker", "raster"),
    limit = limitMilliseconds,
  }: {
    readonly threads?: number;
    readonly workerFile?: string | URL;
    /** Milliseconds that a job may take, given its number of decoded bytes. */
    readonly limit?: (decodedBytes: number) => number;
  } = {}) {
    this.#threadCount = threads;
    this.#workerFile = workerFile;
    this.#limit = limit;
  }

  /**
   * What `job` decodes to. `job.source` is copied at once, so that the caller may use its bytes again.
   * Throws what the decoder said, `RangeError` after the time limit, or the signal's reason: the thread is then ended.
   */
  decode(job: DecodeJob, signal?: AbortSignal): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const waiting: Waiting = {
        job: { ...job, source: Uint8Array.from(job.source) },
        resolve: (data) => {
          signal?.removeEventListener("abort", abort);
          resolve(data);
        },
        reject: (error) => {
          signal?.removeEventListener("abort", abort);
          reject(error as Error);
        },
      };
      const abort = (): void => this.#drop(waiting, signal?.reason);
      signal?.addEventListener("abort", abort, { once: true });
      this.#waiting.push(waiting);
      this.#dispatch();
    });
  }

  #drop(waiting: Waiting, reason: unknown): void {
    const at = this.#waiting.indexOf(waiting);
    if (at >= 0) this.#waiting.splice(at, 1);
    const thread = [...this.#threads].find(({ current }) => current === waiting);
    if (thread !== undefined) this.#end(thread);
    waiting.reject(reason);
    this.#dispatch();
  }

  #dispatch(): void {
    for (let [next] = this.#waiting; next !== undefined; [next] = this.#waiting) {
      const busy = [...this.#threads].flatMap(({ current }) => (current === null ? [] : [current]));
      const bytes = busy.reduce((sum, { job }) => sum + job.decodedBytes, next.job.decodedBytes);
      if (busy.length > 0 && bytes > inFlightBytes) return;
      const idle = [...this.#threads].find(({ ready, current }) => ready && current === null);
      if (idle === undefined) {
        // Each job that waits starts a thread, but those that are starting will take it.
        const starting = [...this.#threads].filter(({ ready }) => !ready).length;
        if (this.#threads.size < this.#threadCount && starting < this.#waiting.length) this.#start();
        return;
      }
      this.#waiting.shift();
      this.#send(idle, next);
    }
  }

  #send(thread: Thread, waiting: Waiting): void {
    thread.current = waiting;
    thread.worker.ref();
    const milliseconds = this.#limit(waiting.job.decodedBytes);
    thread.timer = setTimeout(() => {
      const seconds = (milliseconds / 1000).toFixed(1);
      this.#drop(waiting, new RangeError(`decoding took more than ${seconds} s`));
    }, milliseconds);
    thread.worker.postMessage(waiting.job, [waiting.job.source.buffer as ArrayBuffer]);
  }

  #start(): void {
    const worker = new Worker(this.#workerFile, { stdout: true, stderr: true });
    const thread: Thread = { worker, ready: false, current: null, timer: null };
    this.#threads.add(thread);
    worker.on("message", (message: FromDecoder) => this.#hear(thread, message));
    worker.on("error", (error) => this.#lose(thread, messageOf(error)));
    worker.on("exit", () => this.#lose(thread, "the decoder ended"));
  }

  #hear(thread: Thread, message: FromDecoder): void {
    if (message.kind === "ready") {
      thread.ready = true;
      // Until there is work again, nothing waits for it.
      thread.worker.unref();
    } else {
      const done = this.#release(thread);
      if (message.kind === "done") done?.resolve(message.data);
      else done?.reject(new RangeError(message.reason));
      if (done !== null && done.job.decodedBytes > recycledBytes) this.#end(thread);
    }
    this.#dispatch();
  }

  /** A thread that went without being told to: its job is lost, and so are those that wait when it never came to life. */
  #lose(thread: Thread, reason: string): void {
    if (!this.#threads.has(thread)) return;
    const lost = this.#release(thread);
    this.#end(thread);
    lost?.reject(new RangeError(reason));
    if (!thread.ready) {
      const error = new SwathError("raster", { what: "no thread to decode with", got: reason });
      for (const waiting of this.#waiting.splice(0)) waiting.reject(error);
    }
    this.#dispatch();
  }

  #release(thread: Thread): Waiting | null {
    const { current, timer, worker } = thread;
    if (timer !== null) clearTimeout(timer);
    thread.timer = null;
    thread.current = null;
    worker.unref();
    return current;
  }

  #end(thread: Thread): void {
    this.#release(thread);
    this.#threads.delete(thread);
    void thread.worker.terminate();
  }
}

/** One pool a process, as Node has one for zlib: what is decoded at once is bounded for all files together. */
let shared: DecodePool | null = null;

/** Decodes in the process's pool. Throws as `DecodePool.decode` does. */
export const decodeApart = (job: DecodeJob, signal?: AbortSignal): Promise<Uint8Array> => {
  shared ??= new DecodePool();
  return shared.decode(job, signal);
};
