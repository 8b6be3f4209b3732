import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { MeshPlan } from "../../pipeline/mission/run-plan.ts";
import { builtWorker } from "../../pipeline/package.ts";
import { planMesh, type MeshRequest } from "../../planning/crosslinks/mesh-plan.ts";

/** Satellite-hours from which a thread that plans crosslinks pays. */
const leastForThread = 10_000;

/** Crosslinks that are planned while something else is. Dispose of it to end that. */
export interface MeshPlanning extends AsyncDisposable {
  /** As `planMesh` has it; throws as that does. */
  readonly plan: () => Promise<MeshPlan | null>;
}

/** Plans the crosslinks of a large constellation on a thread of its own, while this one plans contacts; of a small one when they are asked for. */
export const startMeshPlanning = (request: MeshRequest): MeshPlanning => {
  const { topology, terminals, satellites, from, to } = request;
  const isSmall = (satellites.length * (to - from)) / 3600 < leastForThread || availableParallelism() === 1;
  if (isSmall || topology === "none" || terminals === null)
    return { plan: async () => planMesh(request), [Symbol.asyncDispose]: async () => undefined };
  const worker = new Worker(
    builtWorker("studies/fleet/mesh-planning-worker.js", "crosslink worker", "config"),
    { workerData: request },
  );
  const planned = new Promise<MeshPlan | null>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", () => reject(new Error("the crosslink worker ended without a plan")));
  });
  // Whoever asks for the plan hears of it.
  planned.catch(() => undefined);
  return {
    async plan() {
      try {
        return await planned;
      } catch {
        // A thread cannot hand over what it throws as it is: planned here, the same is thrown with all its parts.
        return planMesh(request);
      }
    },
    async [Symbol.asyncDispose]() {
      await worker.terminate();
    },
  };
};
