import type { AcquisitionRecord } from "../mission/ledger.ts";

/** Whose an acquisition is, and by how much: weights need not add up to anything. */
export interface TenantShare {
  readonly tenant: string;
  /** Of the computer's time. */
  readonly weight: number;
  /** Of operations of networks, and of what its results take on the link; as `weight` where they are not known. */
  readonly operations?: number;
  readonly results?: number;
}

/** What of an acquisition a share speaks of: what was captured is everybody's alike. */
export type SharePart = "computer" | "operations" | "results" | "capture";

/** The part of one of those who share; 0 … 1. Where all weights of a kind are 0, all have the same part. */
export const partOf = (share: TenantShare, shares: readonly TenantShare[], part: SharePart): number => {
  const weightOf = (one: TenantShare): number => {
    if (part === "capture") return 1;
    if (part === "computer") return one.weight;
    return one[part] ?? one.weight;
  };
  const sum = shares.reduce((all, one) => all + weightOf(one), 0);
  return sum === 0 ? 1 / shares.length : weightOf(share) / sum;
};

/** The parts of an acquisition's tenants, by the computer's time that their workloads took; `null` where no workloads are told apart. */
export const sharesByWorkload = ({
  workloads,
}: Pick<AcquisitionRecord, "workloads">): readonly TenantShare[] | null => {
  if (workloads === undefined || workloads.length === 0) return null;
  const sums = new Map<string, Required<TenantShare>>();
  for (const { tenant, computeSeconds, operations, detections } of workloads) {
    const before = sums.get(tenant) ?? { tenant, weight: 0, operations: 0, results: 0 };
    sums.set(tenant, {
      tenant,
      weight: before.weight + computeSeconds,
      operations: before.operations + operations,
      // A batch without detections has a head, too.
      results: before.results + detections + 1,
    });
  }
  return [...sums.values()];
};
