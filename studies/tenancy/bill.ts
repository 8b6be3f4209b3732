import type { PolicyRun } from "../../measure/run/policy-run.ts";
import { tenancyOf, type TenancySummary, type TenancyYardstick } from "../../measure/run/tenancy.ts";
import type { SigningKey } from "../../pipeline/keys/nkey.ts";
import type { RunIdentity } from "../engine/run-name.ts";
import { keyOfRun } from "./signing-key.ts";
import { ledgerOfRun } from "./run-ledger.ts";
import type { Tenancy } from "./tenancy-source.ts";

/** The ledger of a run, and what of it stands in the summary of each policy. */
export interface RunBill {
  readonly ledger: string;
  readonly partOf: (run: PolicyRun) => { readonly tenancy?: TenancySummary };
}

/** Draws up the bill of a run; `null` where nobody in particular uses the mission. `signing: null`: by a key that follows from the run. */
export const billOf = (
  tenancy: Tenancy | null,
  runs: readonly PolicyRun[],
  yardstick: TenancyYardstick,
  run: { readonly runId: string; readonly identity: RunIdentity; readonly signing: SigningKey | null },
): RunBill | null => {
  if (tenancy === null) return null;
  const { runId, identity, signing } = run;
  const key = signing ?? keyOfRun(identity.sha256);
  const { text, totals } = ledgerOfRun(runId, tenancy, runs, key, signing === null);
  return {
    ledger: text,
    partOf(one) {
      const total = totals.get(one.plan.policy.label);
      return total === undefined ? {} : { tenancy: tenancyOf(one, total, yardstick, tenancy.list.mission) };
    },
  };
};
