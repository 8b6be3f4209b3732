import type { AcquisitionRecord } from "../../pipeline/mission/ledger.ts";
import type { Spacecraft } from "../../pipeline/mission/spacecraft.ts";
import { workingPower } from "../../pipeline/mission/working-power.ts";
import {
  partOf,
  sharesByWorkload,
  type SharePart,
  type TenantShare,
} from "../../pipeline/tenancy/tenant-shares.ts";
import type { Work } from "../../pipeline/tenancy/resource.ts";

/** How an acquisition is split among those who had it worked on: by what their workloads took, else evenly. */
export const sharesOf = (
  record: Pick<AcquisitionRecord, "workloads">,
  tenants: readonly string[],
): readonly TenantShare[] => sharesByWorkload(record) ?? tenants.map((tenant) => ({ tenant, weight: 1 }));

/**
 * What each tenant's part of an acquisition comes to on board, in whole millionths rounded up: what its allowance is charged with. The ledger of the
 * ground splits the same work to the unit.
 */
export const workOfTenants = (
  record: AcquisitionRecord,
  tenants: readonly string[],
  { camera, computer }: Pick<Spacecraft, "camera" | "computer">,
): ReadonlyMap<string, Work> => {
  const shares = sharesOf(record, tenants);
  const captured = (record.samples / 1e6) * camera.energyPerMegasample;
  const computed = record.computeSeconds * workingPower(computer);
  return new Map(
    shares.map((share) => {
      const part = (of: SharePart): number => partOf(share, shares, of);
      const joules = captured * part("capture") + computed * part("computer");
      return [
        share.tenant,
        {
          operations: Math.ceil((record.operations / 1e6) * part("operations")),
          energy: Math.ceil(joules * 1e6),
          pixels: Math.ceil(record.samples * part("capture")),
        },
      ];
    }),
  );
};
