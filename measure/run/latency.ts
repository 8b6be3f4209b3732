import type { AcquisitionRecord } from "../../pipeline/mission/ledger.ts";
import type { PolicySummary } from "../summary/run-summary.ts";
import type { PolicyRun } from "./policy-run.ts";
import { interpolatedQuantile, nearestRank } from "../statistics.ts";

interface Stages {
  readonly queue: number;
  readonly compute: number;
  readonly waitForContact: number;
  readonly transmit: number;
  readonly ground: number;
  readonly total: number;
}

/**
 * From acquisition to subscriber for every detection that came down, in stages that add up; `null` when none did. Frames on their way
 * and light are `transmit`; backhaul, the queue at the ground's processors and their work are `ground`.
 * On imagery, the product that counts is the last of those that the model needed.
 */
export const latencyOf = (
  run: PolicyRun,
  records: readonly AcquisitionRecord[],
): PolicySummary["latencySeconds"] => {
  const byIndex = new Map(records.map((record) => [record.index, record]));
  const all = run.landed.flatMap(({ acquisition, detections }): Stages[] => {
    const record = byIndex.get(acquisition.index);
    const capturedAt = acquisition.at;
    return detections.map(({ arrival, publishedAt }) => {
      const startedAt = record?.startedAt ?? capturedAt;
      return {
        queue: startedAt - capturedAt,
        compute: arrival.readyAt - startedAt,
        // Frames are timed from the turn's first bit: the last digit of an instant may put one before its product.
        waitForContact: Math.max(0, arrival.firstSentAt - arrival.readyAt),
        transmit: arrival.completedAt - Math.max(arrival.firstSentAt, arrival.readyAt),
        ground: publishedAt - arrival.completedAt,
        total: publishedAt - capturedAt,
      };
    });
  });
  if (all.length === 0) return null;
  const totals = all.map(({ total }) => total).toSorted((a, b) => a - b);
  const mean = (stage: keyof Stages): number => all.reduce((sum, one) => sum + one[stage], 0) / all.length;
  return {
    median: interpolatedQuantile(totals, 0.5),
    p90: interpolatedQuantile(totals, 0.9),
    mean: {
      queue: mean("queue"),
      compute: mean("compute"),
      waitForContact: mean("waitForContact"),
      transmit: mean("transmit"),
      ground: mean("ground"),
      total: mean("total"),
    },
  };
};

/** Products that the policy sends unasked, of each acquisition: made, and not down at the end. */
const openProducts = ({ satellites }: PolicyRun) => {
  const [made, missing] = [new Set<number>(), new Set<number>()];
  for (const { fate, askedAt, acquisition } of satellites.flatMap(({ products }) => products)) {
    if (askedAt !== undefined) continue;
    made.add(acquisition);
    if (fate !== "delivered" && fate !== "handed-over") missing.add(acquisition);
  }
  return { made, missing };
};

/**
 * From capture until all that the policy makes of a picture is with subscribers. Over all pictures of which anything was made:
 * a median over those that came would flatter the policy that delivers least.
 */
export const pictureDelaysOf = (run: PolicyRun): PolicySummary["pictureDelays"] => {
  const { made, missing } = openProducts(run);
  const delays = run.landed.flatMap((landed) => {
    const { acquisition, batchArrival, chipsArrival, tileArrivals, requestedAt, detections } = landed;
    if (!made.has(acquisition.index) || missing.has(acquisition.index)) return [];
    const unasked = [...tileArrivals].flatMap(([tile, arrival]) => (requestedAt.has(tile) ? [] : [arrival]));
    const arrivals = [...unasked, batchArrival, chipsArrival].flatMap((one) => one?.atCentre ?? []);
    const published = detections.map(({ publishedAt }) => publishedAt);
    const last = [...arrivals, ...published].reduce((a, b) => Math.max(a, b), -Infinity);
    return Number.isFinite(last) ? [last - acquisition.at] : [];
  });
  delays.sort((a, b) => a - b);
  return {
    made: made.size,
    delivered: delays.length,
    medianSeconds: nearestRank(delays, 0.5, made.size),
    p90Seconds: nearestRank(delays, 0.9, made.size),
    slowestSeconds: delays.at(-1) ?? null,
  };
};
