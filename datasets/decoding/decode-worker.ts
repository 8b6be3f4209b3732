/**
 * The thread that decodes with WebAssembly. Started by `decode-pool.ts` only, which ends it when it takes too long; jobs come
 * one at a time.
 */
import { parentPort } from "node:worker_threads";
import { messageOf } from "../../pipeline/errors.ts";
import type { DecodeJob, FromDecoder } from "./decode-job.ts";
import { decodeJpeg2000 } from "./openjpeg.ts";
import { decodeZstdFrames } from "./zstd-frames.ts";

const decode = (job: DecodeJob): Promise<Uint8Array> =>
  job.kind === "zstd" ? decodeZstdFrames(job) : decodeJpeg2000(job);

const answer = async (job: DecodeJob): Promise<void> => {
  try {
    const data = await decode(job);
    const done: FromDecoder = { kind: "done", data };
    parentPort?.postMessage(done, [data.buffer as ArrayBuffer]);
  } catch (error) {
    parentPort?.postMessage({ kind: "broken", reason: messageOf(error) } satisfies FromDecoder);
  }
};

parentPort?.on("message", (job: DecodeJob) => void answer(job));
parentPort?.postMessage({ kind: "ready" } satisfies FromDecoder);
