import { alone } from "../../operators/mesh/mesh.ts";
import { simulate, type SimulationPlan } from "../../operators/simulation/simulation.ts";
import { fleetRecord, type FleetRecord } from "../../measure/fleet/fleet-record.ts";
import type { Verdicts } from "../../measure/summary/verdict-summary.ts";
import { deciding, judge, leastMargin } from "../../measure/verdicts/judgement.ts";
import { fleetContext } from "../fleet/fleet-context.ts";
import { hearingOf } from "../fleet/order-hearing.ts";
import { scaledEntry } from "./scaled-work.ts";
import { type SteadyRequest, steadyUses } from "./steady-uses.ts";

/** A flight that is over, and what its verdicts rest on besides. */
export interface JudgedFlight {
  readonly plan: SimulationPlan;
  /** In the order of the constellation. */
  readonly records: readonly FleetRecord[];
  /** Satellites handed products on. */
  readonly isShared: boolean;
  /** Sine of the Sun's height from which pictures are taken; `null`: by night too. */
  readonly lowestSun: number | null;
  /** The camera's duty that was flown; `null` where it is not known. */
  readonly duty: number | null;
  /** The factor by which daylight allows more acquisitions; Infinity where unknown. */
  readonly mostImaging: number;
  /** What decides how long the computer takes. */
  readonly computerBound: string;
}

/** Flights wait for nothing but each other: whoever wants to stop them must be let in. */
const breath = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Flies a plan in this process, and makes its records. */
export const flyRecords = async (
  plan: SimulationPlan,
  signal: AbortSignal,
): Promise<readonly FleetRecord[]> => {
  const context = fleetContext(plan);
  const records: FleetRecord[] = [];
  const shard = { index: 0, of: 1, exchange: alone };
  const ports = { signal, keepsSeries: false, ...hearingOf(plan) };
  for await (const { ledger, arrivals } of simulate(plan, shard, ports)) {
    records.push(fleetRecord(ledger, arrivals, context));
    await breath();
    signal.throwIfAborted();
  }
  return records;
};

const judgeFlight = (
  { plan, records, isShared, lowestSun, mostImaging, computerBound }: JudgedFlight,
  margins: SteadyRequest["margins"],
): Omit<Verdicts, "largestDuty"> => {
  const { spacecraft, satellites, contacts } = plan;
  const horizonSeconds = contacts.to - contacts.from;
  return judge({
    horizonSeconds,
    uses: records.map(({ use }) => use),
    steady: steadyUses({
      spacecraft,
      satellites,
      uses: records.map(({ use, row }) => ({ ...use, crosslinkJoules: row.crosslink_j })),
      from: contacts.from,
      horizonSeconds,
      lowestSun,
      mostImaging,
      margins,
    }),
    storeCapacity: spacecraft.store.capacity,
    isShared,
    computerBound,
  });
};

/** The same flight with the work scaled by this factor, for the satellites that decide the verdict. */
const flyAgain = async (
  flight: JudgedFlight,
  work: number,
  satellites: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<boolean> => {
  const { mostImaging } = flight;
  // What limits the work is the spacecraft, not what somebody has to spend.
  const { tenancy: _tenancy, ...plan } = flight.plan;
  const again: SimulationPlan = {
    ...plan,
    satellites: plan.satellites.filter(({ id }) => satellites.has(id)),
    entries: plan.entries.map((entry) => scaledEntry(entry, work)),
  };
  const records = await flyRecords(again, signal);
  return (
    judgeFlight({ ...flight, plan: again, records, mostImaging: mostImaging / work }, "checked").fits ?? true
  );
};

/** Products are whole bytes and frames whole frames: what the law says fits is tried, and then a little less. */
const attempts = [1, 0.995, 0.98, 0.97];

const largestDuty = async (
  flight: JudgedFlight,
  verdicts: Omit<Verdicts, "largestDuty">,
  signal: AbortSignal,
): Promise<Verdicts["largestDuty"]> => {
  const { duty, mostImaging } = flight;
  const margin = leastMargin(verdicts) ?? Infinity;
  const most = Math.min(margin, mostImaging);
  if (!Number.isFinite(most)) return null;
  const limitedBy: NonNullable<Verdicts["largestDuty"]>["limitedBy"] =
    margin <= mostImaging ? (verdicts.givesWayFirst ?? "light") : "light";
  const entry = (work: number, fitsFlown: boolean, moreFits: boolean) => ({
    work,
    duty: duty === null ? null : duty * work,
    limitedBy,
    fitsFlown,
    moreFits,
  });
  if (most === 0) return entry(0, false, false);
  const satellites = deciding(verdicts);
  const fits = (work: number): Promise<boolean> => flyAgain(flight, work, satellites, signal);
  for (const part of attempts) {
    if (await fits(most * part)) return entry(most * part, true, await fits(1.05 * most * part));
  }
  return entry(most, false, await fits(1.05 * most));
};

/**
 * The verdicts on a flight, from a steady state, and the largest duty that fits, flown again with the satellites that decide. Satellites
 * that hand products on depend on each other: their largest duty is not flown, and left out.
 */
export const flightVerdicts = async (flight: JudgedFlight, signal: AbortSignal): Promise<Verdicts> => {
  const verdicts = judgeFlight(flight, "bisected");
  return { ...verdicts, largestDuty: flight.isShared ? null : await largestDuty(flight, verdicts, signal) };
};
