import { formatCountOf } from "../pipeline/format.ts";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { SimulationPlan } from "../operators/simulation/simulation.ts";
import { messageOf } from "../pipeline/errors.ts";
import type { FleetRecord, FlightName } from "../measure/fleet/fleet-record.ts";
import { decodeRowMessage, encodeRowMessage } from "../measure/fleet/row-message.ts";
import { joinShard, type FleetPlace } from "./fleet/shard-nodes.ts";
import { readSigningKey } from "./tenancy/signing-key.ts";
import { flightsOf, flyShard, type ShardPorts } from "./fleet/shard.ts";
import { startShardThreads } from "./fleet/shard-thread.ts";
import { openThreadPeers } from "./fleet/thread-peers.ts";
import { busOptionsOf, keysLogin } from "./inputs/nats-connection.ts";
import { requireOwnFolder } from "./folder/identity-file.ts";
import { requireWritable } from "./folder/out-folder.ts";
import { planSimulation } from "./fleet/fleet-plan.ts";
import { type FleetCollection, openCollection } from "./fleet/fleet-collection.ts";
import { openJournal, removeJournal } from "./folder/journal.ts";
import { writeFleet, type SimulationResult } from "./folder/fleet-files.ts";
import { fleetVerdicts } from "./fleet/fleet-verdicts.ts";
import { identifyFleet, type RunIdentity } from "./engine/run-name.ts";
import { formatInstant, later, seconds } from "../pipeline/units.ts";
import { type FleetRecorder, recordFleet, whyNoRecord } from "./record/fleet-record-files.ts";
import { folderSink } from "./record/record-sink.ts";
import { tellAgain } from "./record/satellite-log.ts";
import type { FleetProgress, StudyPorts } from "./progress.ts";
import type { SimulationExecution, SimulationScenario } from "./scenario.ts";

/** Others may take so much longer before anything is said; ms. */
const patience = 3_000;

interface Crew {
  readonly plan: SimulationPlan;
  readonly configuration: string;
  readonly runFolder: string;
  readonly collection: FleetCollection;
  /** The run has a mission record. */
  readonly isRecorded: boolean;
  /** `null`: it has none, or it is not written here. */
  readonly recorder: FleetRecorder | null;
  readonly progress: FleetProgress;
  readonly signal: AbortSignal;
}

const take = (crew: Crew, flight: FlightName, record: FleetRecord): void => {
  const { collection, recorder, progress } = crew;
  const { log, ...bare } = record;
  if (!collection.add(flight, bare)) return;
  const { satellite } = record.row;
  if (log !== undefined && recorder !== null) tellAgain(log, satellite, recorder.log(flight, satellite));
  progress.flown(flight, record);
};

const fly = async (
  crew: Crew,
  shard: Pick<ShardPorts, "index" | "of" | "exchange" | "sharing" | "logs" | "emit"> & {
    readonly start: string | null;
  },
  signal: AbortSignal,
): Promise<void> => {
  const { plan, runFolder, configuration, progress } = crew;
  const { start, ...ports } = shard;
  await using journal = await openJournal(runFolder, shard.index, shard.of);
  const found = plan.satellites.filter(({ id }) => journal.known.has(id)).length;
  if (found > 0)
    progress.note(`goes on from an interrupted run: ${formatCountOf(found, "satellite")} flown already`);
  const onBegin = (epoch: number | null): void => {
    if (plan.mesh === null || epoch === null) return;
    const at = later(plan.contacts.from, seconds((epoch + 1) * plan.mesh.epoch));
    progress.note(`goes on from an interrupted run: with crosslinks all have flown to ${formatInstant(at)}`);
  };
  await flyShard(plan, {
    ...ports,
    journal,
    onEpoch: progress.epoch,
    keeps: { runFolder, configuration, start, note: progress.note, onBegin },
    signal,
  });
};

/** The whole fleet in this process, on one thread. */
const flyAlone = (crew: Crew): Promise<void> =>
  fly(
    crew,
    {
      index: 0,
      of: 1,
      start: null,
      exchange: null,
      logs: crew.recorder?.log ?? "nowhere",
      emit: async (flight, record) => take(crew, flight, record),
    },
    crew.signal,
  );

/** Calls `say` when `patience` has passed since some work was done, unless disposed of by then. */
const setTimeoutAfter = (work: Promise<void>, say: () => void): Disposable => {
  let timer: NodeJS.Timeout | null = null;
  let isOver = false;
  const begin = (): void => {
    if (!isOver) timer = setTimeout(say, patience);
  };
  work.then(begin, () => undefined);
  return {
    [Symbol.dispose]() {
      isOver = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
};

/** The first shard here: its own flights, and the ledgers of all shards. Ends when all ledgers are there. */
const flyFirst = async (crew: Crew, of: number, place: FleetPlace): Promise<void> => {
  const stop = new AbortController();
  const signal = AbortSignal.any([crew.signal, stop.signal]);
  const { configuration, progress } = crew;
  await using node = await joinShard(place, { index: 0, of, configuration }, { progress, signal });
  const abandon = (): void => stop.abort(node.lost.reason);
  node.lost.addEventListener("abort", abandon, { once: true });
  const gather = async (): Promise<void> => {
    const enough = new AbortController();
    for await (const data of node.fleet.books(AbortSignal.any([signal, enough.signal]))) {
      const { flight, record } = decodeRowMessage(data);
      take(crew, flight, record);
      if (crew.collection.isComplete()) return enough.abort();
    }
    signal.throwIfAborted();
  };
  const first = fly(
    crew,
    {
      index: 0,
      of,
      start: node.start,
      exchange: node.exchange,
      logs: crew.isRecorded ? "as text" : "nowhere",
      // Over the bus as everybody's: what is flown last here may be the last of all.
      emit: (flight, record) =>
        node.fleet.publish(
          `${flight}.${record.row.satellite}`,
          encodeRowMessage({ kind: "record", flight, record }),
        ),
    },
    signal,
  );
  const waiting = setTimeoutAfter(first, () => {
    if (!crew.collection.isComplete()) progress.note(`waiting for the other shards of run ${place.run}`);
  });
  try {
    await Promise.all([gather(), first]);
  } catch (error) {
    stop.abort(error);
    await first.catch(() => undefined);
    throw error;
  } finally {
    waiting[Symbol.dispose]();
  }
};

/** Satellite-hours from which threads pay: each starts anew, with a plan of its own. More than so many threads wait for each other. */
const leastForThreads = 10_000;
const mostThreads = 8;

/** How many threads a plan is flown on where nobody said: the result is the same on any number. */
const threadsThatPay = ({ satellites, contacts }: SimulationPlan): number => {
  const hours = (contacts.to - contacts.from) / 3600;
  return satellites.length * hours < leastForThreads ? 1 : Math.min(availableParallelism(), mostThreads);
};

/** Threads of this process: the first is this one, and hears of what the others have flown. */
const flyOnThreads = async (crew: Crew, of: number): Promise<void> => {
  const { configuration, runFolder, plan } = crew;
  const stop = new AbortController();
  const signal = AbortSignal.any([crew.signal, stop.signal]);
  await using others = startShardThreads({ of, configuration, runFolder, plan }, ({ flight, record }) =>
    take(crew, flight, record),
  );
  using peers = openThreadPeers(0, others.ports, signal);
  const first = fly(
    crew,
    {
      index: 0,
      of,
      start: null,
      exchange: peers.exchange,
      sharing: peers.sharing,
      logs: crew.recorder?.log ?? "nowhere",
      emit: async (flight, record) => take(crew, flight, record),
    },
    signal,
  );
  try {
    await Promise.all([first, others.done]);
  } catch (error) {
    stop.abort(error);
    await first.catch(() => undefined);
    throw error;
  }
};

/** One shard of a fleet whose others fly elsewhere; the first writes what it came to. */
const flyShardOf = async (
  crew: Crew,
  { index, of }: { readonly index: number; readonly of: number },
  place: FleetPlace,
): Promise<void> => {
  if (index === 0) {
    await flyFirst(crew, of, place);
    return;
  }
  const { configuration, progress } = crew;
  await using node = await joinShard(place, { index, of, configuration }, { progress, signal: crew.signal });
  const signal = AbortSignal.any([crew.signal, node.lost]);
  await fly(
    crew,
    {
      index,
      of,
      start: node.start,
      exchange: node.exchange,
      logs: crew.isRecorded ? "as text" : "nowhere",
      emit: async (flight, record) => {
        progress.flown(flight, record);
        const message = encodeRowMessage({ kind: "record", flight, record });
        await node.fleet.publish(`${flight}.${record.row.satellite}`, message);
      },
    },
    signal,
  );
  await node.fleet.finish();
};

/** What a simulation is handed by whoever calls it. */
export interface SimulationPorts extends StudyPorts<FleetProgress> {
  /** Told who the run is before it flies; may refuse it. */
  readonly onIdentity?: (identity: RunIdentity) => Promise<void>;
}

/**
 * Flies a simulation and writes its folder; `null` for a shard that is not the first, which leaves that to the first one.
 * However it is sharded and however often it was interrupted, the same scenario comes to the same bytes.
 */
export const runSimulation = async (
  scenario: SimulationScenario,
  execution: SimulationExecution,
  { progress, signal, onIdentity }: SimulationPorts,
): Promise<SimulationResult | null> => {
  const { out, tag, shard, nats, run, wait, threads } = execution;
  await requireWritable(out);
  const { ledgerKey = null } = execution;
  const signing = ledgerKey === null ? null : readSigningKey(ledgerKey, "ledger key");
  const plan = await planSimulation(scenario, signal, (text) => {
    if (shard === null || shard.index === 0) process.stderr.write(`warning: ${text}\n`);
  });
  signal.throwIfAborted();
  const identity = identifyFleet(scenario, plan);
  const runId = identity.run;
  const runFolder = join(out, runId);
  await requireOwnFolder(runFolder, identity);
  await onIdentity?.(identity);
  const satellites = plan.satellites.map(({ id }) => id);
  const flights = flightsOf(plan);
  const collection = openCollection(satellites, flights);
  const unrecorded = whyNoRecord(plan, flights);
  const isFirst = shard === null || shard.index === 0;
  if (unrecorded !== null && isFirst) progress.note(`no mission record: ${unrecorded}`);
  const recorder =
    unrecorded === null && isFirst
      ? recordFleet(scenario, plan, runId, flights, folderSink(runFolder, progress.note))
      : null;
  const configuration = identity.sha256;
  const crew: Crew = {
    plan,
    configuration,
    runFolder,
    collection,
    isRecorded: unrecorded === null,
    recorder,
    progress,
    signal,
  };
  const fly = async (): Promise<"elsewhere" | null> => {
    progress.begin(
      isFirst
        ? satellites.length
        : satellites.filter((_, at) => at % (shard?.of ?? 1) === shard?.index).length,
    );
    if (shard !== null && nats !== null) {
      await flyShardOf(crew, shard, {
        server: {
          ...busOptionsOf({ ...execution, nats }, "swath simulate"),
          ...keysLogin(execution.keys, progress.note),
        },
        run: run ?? runId,
        wait,
      });
      if (shard.index > 0) {
        await removeJournal(runFolder, shard);
        return "elsewhere";
      }
    } else {
      const count = Math.min(threads ?? threadsThatPay(plan), satellites.length);
      if (count > 1) await flyOnThreads(crew, count);
      else await flyAlone(crew);
    }
    return null;
  };
  const finish = async (): Promise<SimulationResult> => {
    const fleet = collection.close();
    const verdicts = await fleetVerdicts(scenario, plan, fleet, signal);
    const written = await writeFleet({
      scenario,
      plan,
      identity,
      runFolder,
      fleet,
      verdicts,
      mission: recorder?.files() ?? [],
      tags: tag,
      signing,
    });
    return written;
  };
  try {
    if ((await fly()) === "elsewhere") return null;
    const result = await finish();
    await removeJournal(runFolder, null);
    await recorder?.discard();
    return result;
  } catch (error) {
    // What it had come to can still be looked at; what nobody waits for any more goes.
    if (signal.aborted) await recorder?.discard();
    else await recorder?.fail(messageOf(error));
    throw error;
  }
};
