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

/** How acquisitions are worked on without pixels: in the time and to the products that a run measured. */
export const drawnWork =
  ({ entryOf, timeOf }: DrawnWork): FlightPorts["work"] =>
  async (acquisition, { clock, captured, keep }) => {
    const entry = entryOf(acquisition);
    const { products, taken: _taken, scene: _scene, ...measured } = entry;
    const { index, at } = acquisition;
    if (entry.failure !== null) return { ...measured, index, startedAt: at, readyAt: at };
    captured(entry.samples, entry.sensorBytes);
    for (const { kind, tile, size, workAt, value = 0 } of products) {
      const readyAt = await clock.at(timeOf(entry, workAt));
      keep({ kind, tile, size, value, readyAt, workAt: timeOf(entry, workAt), slot: null });
    }
    const computeSeconds = timeOf(entry, seconds(entry.computeSeconds));
    return {
      ...measured,
      index,
      computeSeconds,
      startedAt: clock.startedAt,
      readyAt: await clock.at(computeSeconds),
    };
  };
