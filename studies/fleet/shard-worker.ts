import { workerData } from "node:worker_threads";
import { encodeRowMessage } from "../../measure/fleet/row-message.ts";
import { whyNoRecord } from "../record/fleet-record-files.ts";
import { flightsOf, flyShard } from "./shard.ts";
import { joinShard, type ThreadStart } from "./shard-nodes.ts";
import { silent } from "../progress.ts";
import { openJournal } from "../folder/journal.ts";

/*
 * A shard of a simulation on a thread of its own; `startShardThread` starts it and ends it.
 */
const { place, index, of, configuration, runFolder, plan } = workerData as ThreadStart;
const { signal } = new AbortController();
await using journal = await openJournal(runFolder, index, of);
await using node = await joinShard(place, { index, of, configuration }, { progress: silent, signal });
await flyShard(plan, {
  index,
  of,
  exchange: node.exchange,
  journal,
  logs: whyNoRecord(plan, flightsOf(plan)) === null ? "as text" : "nowhere",
  emit: (flight, record) =>
    node.fleet.publish(
      `${flight}.${record.row.satellite}`,
      encodeRowMessage({ kind: "record", flight, record }),
    ),
  onEpoch: () => undefined,
  keeps: {
    runFolder,
    configuration,
    start: node.start,
    note: () => undefined,
    onBegin: () => undefined,
  },
  signal,
});
await node.fleet.finish();
