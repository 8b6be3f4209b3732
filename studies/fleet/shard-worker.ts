import { parentPort, workerData } from "node:worker_threads";
import { openJournal } from "../folder/journal.ts";
import { whyNoRecord } from "../record/fleet-record-files.ts";
import { flightsOf, flyShard } from "./shard.ts";
import type { ThreadRecord, ThreadStart } from "./shard-thread.ts";
import { openThreadPeers } from "./thread-peers.ts";

/*
 * A shard of a simulation on a thread of its own; `startShardThreads` starts it and ends it.
 */
const { ports, index, of, configuration, runFolder, plan } = workerData as ThreadStart;
const { signal } = new AbortController();
await using journal = await openJournal(runFolder, index, of);
using peers = openThreadPeers(index, ports, signal);
await flyShard(plan, {
  index,
  of,
  exchange: peers.exchange,
  sharing: peers.sharing,
  journal,
  logs: whyNoRecord(plan, flightsOf(plan)) === null ? "as text" : "nowhere",
  emit: async (flight, record) => parentPort?.postMessage({ flight, record } satisfies ThreadRecord),
  onEpoch: () => undefined,
  // The threads of a process start together, and end together.
  keeps: { runFolder, configuration, start: null, note: () => undefined, onBegin: () => undefined },
  signal,
});
