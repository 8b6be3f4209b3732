/** The thread that runs a network. Started by `inference-pool.ts` only; tiles are taken strictly one after the other. */
import { parentPort, workerData } from "node:worker_threads";
import { isSwathError, messageOf } from "../../pipeline/errors.ts";
import {
  type FromWorker,
  type HitWeights,
  packDetections,
  type PlainParts,
  type ToWorker,
  type WorkerStart,
} from "./protocol.ts";
import { type InferencePlan, openTileInference, type TileInference } from "./tile-inference.ts";
import { weightMemory, withFlips } from "../runtimes/weight-memory.ts";

const partsOf = (error: unknown): PlainParts => {
  if (!isSwathError(error)) return { what: "inference failed", got: messageOf(error) };
  // A cause may hold anything; threads exchange plain data.
  const { cause: _cause, ...parts } = error.parts;
  return parts;
};

/** Sessions of weights that radiation has hit, the last few of them: three run in turn where a vote decides. */
const openHits = (bytes: Uint8Array, given: InferencePlan) => {
  // Weights that were hit may answer anything; what they answer is what radiation does.
  let plan: InferencePlan = { ...given, isStrict: false };
  const sessions = new Map<number, TileInference>();
  const most = 4;
  return {
    async of({ id, flips }: HitWeights): Promise<TileInference> {
      const session =
        sessions.get(id) ??
        (await openTileInference(withFlips(bytes, weightMemory(bytes, plan.where), flips), plan));
      sessions.delete(id);
      sessions.set(id, session);
      const [oldest] = sessions;
      if (oldest !== undefined && sessions.size > most) {
        sessions.delete(oldest[0]);
        await oldest[1].release();
      }
      return session;
    },
    settle(head: InferencePlan["head"]) {
      plan = { ...plan, head };
    },
    async release() {
      for (const session of sessions.values()) await session.release();
    },
  };
};

const openTried = async (bytes: Uint8Array, plan: InferencePlan) => {
  const inference = await openTileInference(bytes, plan);
  try {
    return { inference, trial: plan.trial === null ? null : await inference.trial(plan.trial) };
  } catch (error) {
    await inference.release();
    throw error;
  }
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
  const bytes = new Uint8Array(weights).slice();
  const opened = await openTried(bytes, plan).catch((error: unknown) => {
    send({ kind: "unusable", parts: partsOf(error) });
    return null;
  });
  if (opened !== null) {
    const { inference, trial } = opened;
    send({ kind: "ready", runtime: inference.runtime, trial });
    const hits = openHits(bytes, plan);
    for (let message = await next(); message.kind !== "close"; message = await next()) {
      if (message.kind === "head") {
        inference.settle(message.head);
        hits.settle(message.head);
        continue;
      }
      const { job, tile, hit } = message;
      try {
        const used = hit === null ? inference : await hits.of(hit);
        const rows = plan.answer === "mask" ? await used.mask(tile) : packDetections(await used.detect(tile));
        send({ kind: "detections", job, rows }, [rows.buffer]);
      } catch (error) {
        send({ kind: "failed", job, parts: partsOf(error) });
      }
    }
    await hits.release();
    await inference.release();
  }
  port.close();
};

if (parentPort) await serve(parentPort, workerData as WorkerStart);
