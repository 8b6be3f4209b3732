import type { FlightFact } from "../../pipeline/mission/flight-log.ts";
import type { AcquisitionRecord } from "../../pipeline/mission/ledger.ts";
import type { TenantCharge } from "../tenancy/board-tenancy.ts";

/** What tenants paid for an acquisition on board, and whose budget did not hold it: for whoever watches. */
export const paymentsOf = (
  { index: acquisition, readyAt: at, tenancy }: Pick<AcquisitionRecord, "index" | "readyAt" | "tenancy">,
  paid: readonly TenantCharge[],
): readonly Extract<FlightFact, { type: "payment" }>[] => {
  if (tenancy === undefined) return [];
  const reservedFor = new Map(tenancy.reserved.map(({ tenant, amount }) => [tenant, amount]));
  return [
    ...paid.map(({ tenant, charged }) => ({
      type: "payment" as const,
      at,
      acquisition,
      tenant,
      charged,
      reserved: reservedFor.get(tenant) ?? 0,
      refused: false,
    })),
    ...tenancy.refused.map(({ tenant, amount }) => ({
      type: "payment" as const,
      at,
      acquisition,
      tenant,
      charged: 0,
      reserved: amount,
      refused: true,
    })),
  ];
};
