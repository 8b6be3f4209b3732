import type { AcquisitionRecord } from "../mission/ledger.ts";

/** Whose an acquisition is, and by how much: weights need not add up to anything. */
export interface TenantShare {
  readonly tenant: string;
  readonly weight: number;
}

/** The parts of an acquisition's tenants, by the computer's time that their workloads took; `null` where no workloads are told apart. */
export const sharesByWorkload = ({
  workloads,
}: Pick<AcquisitionRecord, "workloads">): readonly TenantShare[] | null => {
  if (workloads === undefined || workloads.length === 0) return null;
  const sums = new Map<string, number>();
  for (const { tenant, computeSeconds } of workloads)
    sums.set(tenant, (sums.get(tenant) ?? 0) + computeSeconds);
  return [...sums].map(([tenant, weight]) => ({ tenant, weight }));
};
