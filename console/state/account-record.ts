import type { MissionHead } from "../../pipeline/mission/mission-head.ts";
import type { PolicyTables } from "./policy-tables.ts";
import { countUpTo, tallyOf, sumUpTo, type Tally } from "./sorted.ts";

/** What a tenant pays on board, moment by moment. */
export interface AccountRecord {
  readonly tenant: string;
  /** In the head's currency. */
  readonly budget: number;
  readonly weight: number;
  readonly charges: Tally;
  /** Moments at which its budget did not hold what it wanted. */
  readonly refusals: Float64Array;
}

/** An account at one moment. */
export interface AccountState {
  readonly tenant: string;
  readonly budget: number;
  readonly charged: number;
  /** Acquisitions that it had a part in, and those that its budget did not hold. */
  readonly acquisitions: number;
  readonly refused: number;
}

/** The accounts of a mission under a policy, in the order of its tenants; empty where nobody in particular uses it. */
export const accountRecords = (
  { tenants }: Pick<MissionHead, "tenants">,
  { payments }: PolicyTables,
  texts: readonly string[],
): readonly AccountRecord[] => {
  const { at_s, tenant, charged, refused } = payments.columns;
  return (tenants?.list ?? []).map(({ id, budget, weight }) => {
    const own = Array.from(at_s.keys()).filter((row) => texts[tenant[row] as number] === id);
    const paid = own.filter((row) => refused[row] === 0);
    return {
      tenant: id,
      budget,
      weight,
      charges: tallyOf(
        paid.map((row) => at_s[row] as number),
        paid.map((row) => charged[row] as number),
      ),
      refusals: Float64Array.from(
        own.filter((row) => refused[row] === 1),
        (row) => at_s[row] as number,
      ),
    };
  });
};

/** What stands on an account at `t`. */
export const accountAt = ({ tenant, budget, charges, refusals }: AccountRecord, t: number): AccountState => ({
  tenant,
  budget,
  charged: sumUpTo(charges, t),
  acquisitions: countUpTo(charges.times, t),
  refused: countUpTo(refusals, t),
});
