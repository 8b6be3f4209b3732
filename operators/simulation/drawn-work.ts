import type { AcquisitionRecord, WorkloadRecord } from "../../pipeline/mission/ledger.ts";
import type { WorkloadEntry } from "../../pipeline/mission/workload.ts";
import { seconds, type Seconds } from "../../pipeline/units.ts";
import type { FlightPorts } from "../flight/flight-plan.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";

/** Where the work of a simulated acquisition comes from. */
export interface DrawnWork {
  readonly entryOf: (acquisition: Acquisition) => WorkloadEntry;
  /** Seconds that a piece of an entry's work takes on this spacecraft's computer; the identity on the one that measured it. */
  readonly timeOf: (entry: WorkloadEntry, work: Seconds) => Seconds;
}

/** What of an entry is done for those who may have it, with the part of each. */
interface DoneWork extends Pick<AcquisitionRecord, "operations" | "detections"> {
  /** Of the computer's time, 0 … 1. */
  readonly part: number;
  readonly workloads?: readonly WorkloadRecord[];
}

/**
 * An entry's workloads of these tenants; all of them for who has none there and yet pays, by an order or as the operator. What others' took is
 * left out; its products keep the size that was measured.
 */
const workFor = (
  entry: WorkloadEntry,
  { order }: Acquisition,
  tenants: readonly string[] | undefined,
  timeOf: (work: Seconds) => Seconds,
): DoneWork => {
  const { operations, detections, computeSeconds, workloads } = entry;
  if (workloads === undefined || tenants === undefined) return { operations, detections, part: 1 };
  const isKnown = workloads.some(({ tenant }) => tenants.includes(tenant));
  const payer = order !== undefined || !isKnown ? tenants[0] : undefined;
  const isDone = ({ tenant }: WorkloadRecord): boolean => !isKnown || tenants.includes(tenant);
  const left = workloads.filter((one) => !isDone(one));
  const leftOf = (of: (one: WorkloadRecord) => number): number => left.reduce((sum, one) => sum + of(one), 0);
  return {
    operations: Math.max(0, operations - leftOf((one) => one.operations)),
    detections: Math.max(0, detections - leftOf((one) => one.detections)),
    part: computeSeconds === 0 ? 1 : Math.max(0, 1 - leftOf((one) => one.computeSeconds) / computeSeconds),
    workloads: workloads.filter(isDone).map((one) => ({
      ...one,
      tenant: payer ?? one.tenant,
      computeSeconds: timeOf(one.computeSeconds),
      loadSeconds: timeOf(one.loadSeconds),
    })),
  };
};
/** What an entry's tiles ask of the computer: simulations know it to the second. */
export const drawnEstimate =
  ({ entryOf, timeOf }: DrawnWork): NonNullable<FlightPorts["estimate"]> =>
  async (acquisition) => {
    const entry = entryOf(acquisition);
    const { failure, tiles, samples, sensorBytes, computeSeconds } = entry;
    if (failure !== null || sensorBytes <= 0) return null;
    const work = timeOf(entry, seconds(computeSeconds));
    return { acquisition: acquisition.index, tiles, samples, bytes: sensorBytes, work };
  };

/** How acquisitions are worked on without pixels: in the time and to the products that a run measured. */
export const drawnWork =
  ({ entryOf, timeOf }: DrawnWork): FlightPorts["work"] =>
  async (acquisition, { clock, captured, keep, tenants }) => {
    const entry = entryOf(acquisition);
    const { products, taken: _taken, scene: _scene, workloads: _workloads, ...measured } = entry;
    const { index, at } = acquisition;
    if (entry.failure !== null) return { ...measured, index, startedAt: at, readyAt: at };
    const { part, ...done } = workFor(entry, acquisition, tenants, (work) => timeOf(entry, work));
    const timed = (work: Seconds): Seconds => seconds(timeOf(entry, work) * part);
    captured(entry.samples, entry.sensorBytes);
    for (const { kind, tile, size, workAt, value = 0 } of products) {
      const workTime = timed(workAt);
      const readyAt = await clock.at(workTime);
      keep({ kind, tile, size, value, readyAt, workAt: workTime, slot: null });
    }
    const computeSeconds = timed(seconds(entry.computeSeconds));
    return {
      ...measured,
      ...done,
      index,
      computeSeconds,
      startedAt: clock.startedAt,
      readyAt: await clock.at(computeSeconds),
    };
  };
