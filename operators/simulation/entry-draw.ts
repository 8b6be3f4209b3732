import type { WorkloadEntry } from "../../pipeline/mission/workload.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import { seeded } from "../../pipeline/seeded.ts";

/** What acquisitions are drawn from. */
export interface DrawSource {
  readonly seed: number;
  readonly entries: readonly WorkloadEntry[];
  /** Acquisition n is entry n, instead of a draw; those that were ordered are drawn in any case. */
  readonly inOrder: boolean;
}

/** What is ordered draws for itself: the schedule draws as it does without orders. */
export const entryOfOrder = (
  { seed, entries }: DrawSource,
  { satellite, order }: Acquisition,
): WorkloadEntry =>
  entries[seeded(seed, "workload", satellite, order ?? "").integer(entries.length)] as WorkloadEntry;

/**
 * The entries that satellites which take their own acquisitions in turn would draw, whoever asks for them and in whatever order: an
 * acquisition keeps its own where another satellite computes it.
 */
export const drawForAll = (
  source: DrawSource,
  acquisitionsOf: (satellite: string) => readonly Acquisition[],
): ((acquisition: Acquisition) => WorkloadEntry) => {
  const { seed, entries, inOrder } = source;
  const drawn = new Map<string, ReadonlyMap<number, WorkloadEntry>>();
  const drawAll = (satellite: string): ReadonlyMap<number, WorkloadEntry> => {
    const random = seeded(seed, "workload", satellite);
    const inTime = acquisitionsOf(satellite)
      .filter(({ order }) => order === undefined)
      .toSorted((a, b) => a.at - b.at || a.index - b.index);
    const own = new Map(
      inTime.map(({ index }) => [index, entries[random.integer(entries.length)] as WorkloadEntry]),
    );
    drawn.set(satellite, own);
    return own;
  };
  return (one) => {
    const { satellite, index, order } = one;
    if (order !== undefined) return entryOfOrder(source, one);
    if (inOrder) return entries[index] as WorkloadEntry;
    return (drawn.get(satellite) ?? drawAll(satellite)).get(index) as WorkloadEntry;
  };
};
