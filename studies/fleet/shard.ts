import { alone, type Exchange } from "../../operators/mesh/mesh.ts";
import { simulate, type SimulationPlan } from "../../operators/simulation/simulation.ts";
import { fleetRecord, type FleetRecord, type FlightName } from "../../measure/fleet/fleet-record.ts";
import type { Instant } from "../../pipeline/units.ts";
import { fleetContext } from "./fleet-context.ts";
import { keepLog, type KeptLog } from "../record/satellite-log.ts";
import type { Journal } from "../folder/journal.ts";

/** What a shard takes part with. */
export interface ShardPorts {
  readonly index: number;
  readonly of: number;
  /** `null`: there is no other shard. */
  readonly exchange: Exchange | null;
  readonly journal: Journal;
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
  const { index, of, journal, emit, onEpoch, signal } = ports;
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
    const logs = new Map<string, KeptLog>();
    const logOf = (satellite: string): KeptLog => {
      const log = keepLog();
      logs.set(satellite, log);
      return log;
    };
    const flown = simulate(
      isDirect ? { ...plan, mesh: null } : plan,
      { index, of, exchange },
      { signal, onEpoch, logOf, isKnown: (satellite) => isDirect && journal.known.has(satellite) },
    );
    for await (const { ledger, arrivals } of flown) {
      signal.throwIfAborted();
      const log = logs.get(ledger.satellite)?.text();
      logs.delete(ledger.satellite);
      const record = { ...fleetRecord(ledger, arrivals, context), ...(log === undefined ? {} : { log }) };
      if (isDirect) await journal.add(record);
      await emit(flight, record);
      await breath();
    }
  }
};
