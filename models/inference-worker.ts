/** The thread that runs a network. Started by `inference-pool.ts` only; tiles are taken strictly one after the other. */
import { parentPort, workerData } from "node:worker_threads";
import { isSwathError, messageOf } from "../pipeline/errors.ts";
import {
  type FromWorker,
  packDetections,
  type PlainParts,
  type ToWorker,
  type WorkerStart,
} from "./inference-protocol.ts";
import { openTileInference } from "./tile-inference.ts";

const partsOf = (error: unknown): PlainParts => {
  if (!isSwathError(error)) return { what: "inference failed", got: messageOf(error) };
  // A cause may hold anything; threads exchange plain data.
  const { cause: _cause, ...parts } = error.parts;
  return parts;
};

const serve = async (port: NonNullable<typeof parentPort>, { plan, weights }: WorkerStart): Promise<void> => {
  const send = (message: FromWorker, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);
  const inbox: ToWorker[] = [];
  let wake = () => {};
  port.on("message", (message: ToWorker) => {
    inbox.push(message);
    wake();
  });
  const next = async (): Promise<ToWorker> => {
    if (inbox.length === 0) await new Promise<void>((resolve) => (wake = resolve));
    return inbox.shift() as ToWorker;
  };
  // The runtime does not read shared memory.
  const inference = await openTileInference(new Uint8Array(weights).slice(), plan).catch((error: unknown) => {
    send({ kind: "unusable", parts: partsOf(error) });
    return null;
  });
  if (inference !== null) {
    send({ kind: "ready", runtime: inference.runtime });
    for (let message = await next(); message.kind === "tile"; message = await next()) {
      const { job, tile } = message;
      try {
        const rows =
          plan.answer === "mask" ? await inference.mask(tile) : packDetections(await inference.detect(tile));
        send({ kind: "detections", job, rows }, [rows.buffer]);
      } catch (error) {
        send({ kind: "failed", job, parts: partsOf(error) });
      }
    }
    await inference.release();
  }
  port.close();
};

if (parentPort) await serve(parentPort, workerData as WorkerStart);
