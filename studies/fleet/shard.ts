import { alone, type Exchange } from "../../operators/mesh/mesh.ts";
import type { RouteSharing } from "../../operators/mesh/shared-routing.ts";
import { simulate, type SimulationPlan } from "../../operators/simulation/simulation.ts";
import { fleetRecord, type FleetRecord, type FlightName } from "../../measure/fleet/fleet-record.ts";
import type { Instant } from "../../pipeline/units.ts";
import { fleetContext } from "./fleet-context.ts";
import { hearingOf } from "./order-hearing.ts";
import type { FlightLog } from "../../pipeline/mission/flight-log.ts";
import { bothLogs, growingLog, type GrowingLog, keepLog, type KeptLog } from "../record/satellite-log.ts";
import type { Journal } from "../folder/journal.ts";
import { type KeptEpochsPorts, type KeptEpochs, type KeptShard, openKeptEpochs } from "./kept-epochs.ts";

/** What a shard takes part with. */
export interface ShardPorts {
  readonly index: number;
  readonly of: number;
  /** `null`: there is no other shard. */
  readonly exchange: Exchange | null;
  /** How shards share the search for routes; absent: each searches all. */
  readonly sharing?: RouteSharing;
  readonly journal: Journal;
  /**
   * Where what happens to a satellite is told at once; else its record carries it as text. `"nowhere"`: the run has no mission record.
   */
  readonly logs: ((flight: FlightName, satellite: string) => FlightLog) | "as text" | "nowhere";
  /** Takes the ledger of a satellite. */
  readonly emit: (flight: FlightName, record: FleetRecord) => Promise<void>;
  readonly onEpoch: (end: Instant) => void;
  /** How satellites with crosslinks are kept between epochs; `null`: they are not. */
  readonly keeps:
    | (Pick<KeptShard, "runFolder" | "configuration" | "start"> &
        Pick<KeptEpochsPorts, "note" | "onBegin" | "rests">)
    | null;
  readonly signal: AbortSignal;
}

/** With crosslinks the same acquisitions are flown twice: the difference is their benefit. */
export const flightsOf = ({ mesh }: SimulationPlan): readonly FlightName[] =>
  mesh === null ? ["direct"] : ["direct", "mesh"];

/** Flights wait for nothing but each other: whoever wants to stop them must be let in. */
const breath = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const politelyAlone: Exchange = async (epoch, notes) => {
  await breath();
  return alone(epoch, notes);
};

/** Who is told what happens to the satellites of a flight. */
interface FlightLogs {
  readonly of: (satellite: string) => FlightLog;
  /** What was told of one, by whoever keeps it. */
  readonly growing: (satellite: string) => GrowingLog;
  /** All that was told of a satellite that has flown, where its record carries that; nobody keeps it any more. */
  readonly close: (satellite: string) => string | undefined;
}

const openLogs = ({ logs, keeps }: ShardPorts, flight: FlightName): FlightLogs | null => {
  if (logs === "nowhere") return null;
  const isLive = typeof logs === "function";
  // A journal keeps what happened for a run that goes on later; where satellites feed each other, what is kept of epochs does so.
  const isWhole = !isLive || flight === "direct";
  const told = new Map<string, FlightLog>();
  const texts = new Map<string, KeptLog>();
  const growing = new Map<string, GrowingLog>();
  const open = (satellite: string): FlightLog => {
    const live = isLive ? logs(flight, satellite) : null;
    if (live !== null && !isWhole && keeps === null) return live;
    const whole = isWhole ? keepLog() : null;
    if (whole !== null) texts.set(satellite, whole);
    const kept = whole ?? growingLog();
    growing.set(satellite, kept);
    return live === null ? kept : bothLogs(live, kept);
  };
  return {
    of(satellite) {
      const log = told.get(satellite) ?? open(satellite);
      told.set(satellite, log);
      return log;
    },
    growing: (satellite) => growing.get(satellite) as GrowingLog,
    close(satellite) {
      const text = texts.get(satellite)?.text();
      for (const map of [told, texts, growing]) map.delete(satellite);
      return text;
    },
  };
};

/** Keeps the satellites of a flight with crosslinks; `null`: there are none, or nobody keeps them. */
const openKeeper = async (
  plan: SimulationPlan,
  { index, of, keeps }: ShardPorts,
  logs: FlightLogs | null,
): Promise<KeptEpochs | null> => {
  if (keeps === null) return null;
  const { runFolder, configuration, start, ...ports } = keeps;
  return await openKeptEpochs(
    { runFolder, configuration, start, index, of },
    {
      logs: logs && { all: logs.of, growing: logs.growing },
      satellites: plan.satellites.flatMap(({ id }, at) => (at % of === index ? [id] : [])),
      ...ports,
    },
  );
};

/** Flies the satellites of one shard, all flights one after the other. */
export const flyShard = async (plan: SimulationPlan, ports: ShardPorts): Promise<void> => {
  const { index, of, sharing, journal, logs, emit, onEpoch, signal } = ports;
  const context = fleetContext(plan);
  const exchange = ports.exchange ?? politelyAlone;
  for (const flight of flightsOf(plan)) {
    const isDirect = flight === "direct";
    if (isDirect) {
      for (const [at, { id }] of plan.satellites.entries()) {
        const record = journal.known.get(id);
        if (at % of === index && record !== undefined) await emit(flight, record);
      }
    }
    const told = openLogs(ports, flight);
    await using keeper = isDirect ? null : await openKeeper(plan, ports, told);
    const flown = simulate(
      isDirect ? { ...plan, mesh: null } : plan,
      { index, of, exchange, ...(sharing === undefined ? {} : { sharing }) },
      {
        signal,
        onEpoch,
        keepsSeries: false,
        ...(told === null ? {} : { logOf: told.of }),
        ...(keeper === null ? {} : { keeper }),
        ...hearingOf(plan),
        isKnown: (satellite) => isDirect && journal.known.has(satellite),
      },
    );
    for await (const { ledger, arrivals } of flown) {
      signal.throwIfAborted();
      const log = told?.close(ledger.satellite);
      const bare = fleetRecord(ledger, arrivals, context);
      const record = log === undefined ? bare : { ...bare, log };
      if (isDirect) await journal.add(record);
      await emit(flight, typeof logs === "function" ? bare : record);
      await breath();
    }
    if (isDirect) await journal.flush();
  }
};
