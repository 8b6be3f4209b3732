import { openBusExchange } from "../../operators/mesh/mesh-exchange.ts";
import type { Exchange } from "../../operators/mesh/mesh.ts";
import { connectBus, type Bus, type BusOptions } from "../../pipeline/bus/connection.ts";
import {
  finishedKey,
  fleetKey,
  joinFleet,
  type FleetBus,
  type FleetShard,
} from "../../pipeline/bus/shard-bus.ts";
import { joinRun, openRun, type RunBus } from "../../pipeline/bus/run-bus.ts";
import { claimRun, findLease } from "../../pipeline/bus/run-lease.ts";
import { findInState } from "../../pipeline/bus/run-state.ts";
import { busRunOf, fleetKinds } from "../../pipeline/bus/subjects.ts";
import { seconds, type Seconds } from "../../pipeline/units.ts";
import { sayAlive } from "../../pipeline/bus/presence.ts";
import { watchCommand, watchRun, type RunWatch } from "../engine/run-watch.ts";
import { searchRun } from "../engine/run-search.ts";
import type { Notes, StudyPorts } from "../progress.ts";

/** How a shard reaches the others. */
export interface FleetPlace {
  /** How its NATS is reached. */
  readonly server: BusOptions;
  /** Its name, without an incarnation. */
  readonly run: string;
  /** How long the first shard is waited for. */
  readonly wait: Seconds;
}

/** A shard's place on the bus. Dispose of it to leave. */
export interface FleetNode extends AsyncDisposable {
  /** The start of the run that the shards take part in. */
  readonly start: string;
  readonly fleet: FleetBus;
  readonly exchange: Exchange;
  /** Aborts when the run is no longer this shard's, or what it needs has vanished or was silent for too long. */
  readonly lost: AbortSignal;
}

/** As shards call themselves: in the order of their numbers. */
const speaker = (index: number): string => `shard-${String(index).padStart(4, "0")}`;

/** The last that was opened is closed first. */
const closing = (open: AsyncDisposable[]) => async (): Promise<void> => {
  for (let one = open.pop(); one !== undefined; one = open.pop()) await one[Symbol.asyncDispose]();
};

/** The run that the first shard claims and all others find. */
const runOf = async (
  bus: Bus,
  { run, wait }: FleetPlace,
  { index }: FleetShard,
  open: AsyncDisposable[],
  ports: StudyPorts<Notes>,
): Promise<{ readonly opened: RunBus; readonly lost: AbortSignal }> => {
  if (index === 0) {
    // The other shards of one that was killed are still at work: they are gone on with.
    const request = {
      run,
      resume: true,
      keepResults: seconds(0),
      note: ports.progress.note,
      signal: ports.signal,
    };
    const claim = await claimRun(bus, request);
    open.push(claim);
    return { opened: await openRun(bus, claim.busRun(run), fleetKinds), lost: claim.lost };
  }
  const look = async (): Promise<string | null> => {
    const lease = await findLease(bus, run);
    if (lease === null) return null;
    const busRun = busRunOf(run, lease.incarnation);
    return (await findInState(bus, busRun, fleetKey)) === null ? null : busRun;
  };
  const busRun = await searchRun(bus, { run, wait }, look, ports);
  return { opened: await joinRun(bus, busRun), lost: new AbortController().signal };
};

/** The first shard watches the others, the others watch the first. */
const watchFleet = (
  bus: Bus,
  run: string,
  wait: Seconds,
  { index, of }: FleetShard,
  { note }: Notes,
): RunWatch => {
  if (index > 0) {
    const alive = sayAlive(bus, run, { kind: "shard", id: `${index}` });
    const watch = watchCommand({ bus, run, wait, note, key: fleetKey });
    return {
      signal: watch.signal,
      async [Symbol.asyncDispose]() {
        alive[Symbol.dispose]();
        await watch[Symbol.asyncDispose]();
      },
    };
  }
  return watchRun({
    bus,
    run,
    wait,
    note,
    kinds: fleetKinds,
    nodes: Array.from({ length: of - 1 }, (_, n) => ({ kind: "shard", id: `${n + 1}` })),
    doneKey: ({ id }) => finishedKey(Number(id)),
  });
};

/**
 * Takes part in the run of a simulated fleet as one of its shards: the first claims it, the others wait for that. Throws
 * `SwathError("bus")`.
 */
export const joinShard = async (
  place: FleetPlace,
  shard: FleetShard,
  ports: StudyPorts<Notes>,
): Promise<FleetNode> => {
  const open: AsyncDisposable[] = [];
  const close = closing(open);
  try {
    const { progress, signal } = ports;
    const patience = { wait: place.wait, note: progress.note, signal };
    const name = `swath simulate ${shard.index}/${shard.of}`;
    const bus = await connectBus({ ...place.server, name, patience });
    open.push(bus);
    const { opened, lost } = await runOf(bus, place, shard, open, ports);
    open.push(opened);
    const fleet = await joinFleet(opened, shard);
    const everyone = Array.from({ length: shard.of }, (_, n) => speaker(n));
    const notes = openBusExchange(opened, speaker(shard.index), everyone, ports.signal);
    open.push(notes);
    const watch = watchFleet(bus, opened.run, place.wait, shard, ports.progress);
    open.push(watch);
    const ended = AbortSignal.any([lost, watch.signal]);
    ended.addEventListener("abort", () => void opened[Symbol.asyncDispose](), { once: true });
    return { start: opened.run, fleet, exchange: notes.exchange, lost: ended, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
};
