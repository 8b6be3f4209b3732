import { parentPort, workerData } from "node:worker_threads";
import { planMesh, type MeshRequest } from "../../planning/crosslinks/mesh-plan.ts";

/*
 * Plans crosslinks on a thread of its own; `startMeshPlanning` starts it and ends it.
 */
parentPort?.postMessage(planMesh(workerData as MeshRequest));
