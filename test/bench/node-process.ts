import { flySatellite, openStation } from "../../studies/node.ts";
import { silent } from "../../studies/progress.ts";

/** Several nodes in one process: `node-process.js RUN NATS satellite:NAME station:NAME …`. Says "ready" once it is loaded. */
const [run = "", nats = "", ...nodes] = process.argv.slice(2);
const ports = { progress: silent, signal: new AbortController().signal };
const flags = { run, nats, wait: "120s" };
console.log("ready");
await Promise.all(
  nodes.map((node) => {
    const [kind, name = ""] = node.split(":");
    return kind === "satellite" ? flySatellite(name, flags, ports) : openStation(name, flags, ports);
  }),
);
