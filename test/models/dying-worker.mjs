/** Stands in for an inference worker whose native library crashes: gets ready, and dies of the first tile. */
import { parentPort } from "node:worker_threads";

parentPort.postMessage({ kind: "ready" });
parentPort.on("message", ({ kind }) => {
  if (kind === "tile") throw new Error("struck");
  parentPort.close();
});
