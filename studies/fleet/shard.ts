import { alone, type Exchange } from "../../operators/mesh/mesh.ts";
import { simulate, type SimulationPlan } from "../../operators/simulation/simulation.ts";
import { fleetRecord, type FleetRecord, type FlightName } from "../../measure/fleet/fleet-record.ts";
import type { Instant } from "../../pipeline/units.ts";
import { fleetContext } from "./fleet-context.ts";
import { hearingOf } from "./order-hearing.ts";
import type { FlightLog } from "../../pipeline/mission/flight-log.ts";
import { bothLogs, keepLog, type KeptLog } from "../record/satellite-log.ts";
import type { Journal } from "../folder/journal.ts";

/** What a shard takes part with. */
export interface ShardPorts {
  readonly index: number;
  readonly of: number;
  /** `null`: there is no other shard. */
  readonly exchange: Exchange | null;
  readonly journal: Journal;
  /**
   * Where what happens to a satellite is told at once; else its record carries it as text. `"nowhere"`: the run has no mission record.
   */
  readonly logs: ((flight: FlightName, satellite: string) => FlightLog) | "as text" | "nowhere";
  /** Takes the ledger of a satellite. */
  readonly emit: (flight: FlightName, record: FleetRecord) => Promise<void>;
  readonly onEpoch: (end: Instant) => void;
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

/** Flies the satellites of one shard, all flights one after the other. */
export const flyShard = async (plan: SimulationPlan, ports: ShardPorts): Promise<void> => {
  const { index, of, journal, logs, emit, onEpoch, signal } = ports;
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
    const texts = new Map<string, KeptLog>();
    const logOf = (satellite: string): FlightLog => {
      const live = typeof logs === "function" ? logs(flight, satellite) : null;
      // A journal keeps what happened for a run that goes on later.
      if (live !== null && !isDirect) return live;
      const kept = keepLog();
      texts.set(satellite, kept);
      return live === null ? kept : bothLogs(live, kept);
    };
    const flown = simulate(
      isDirect ? { ...plan, mesh: null } : plan,
      { index, of, exchange },
      {
        signal,
        onEpoch,
        keepsSeries: false,
        ...(logs === "nowhere" ? {} : { logOf }),
        ...hearingOf(plan),
        isKnown: (satellite) => isDirect && journal.known.has(satellite),
      },
    );
    for await (const { ledger, arrivals } of flown) {
      signal.throwIfAborted();
      const log = texts.get(ledger.satellite)?.text();
      texts.delete(ledger.satellite);
      const bare = fleetRecord(ledger, arrivals, context);
      const record = log === undefined ? bare : { ...bare, log };
      if (isDirect) await journal.add(record);
      await emit(flight, typeof logs === "function" ? bare : record);
      await breath();
    }
  }
};
