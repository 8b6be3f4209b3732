import { SwathError } from "../../pipeline/errors.ts";
import { frameBytes, frameDataBytes } from "../../pipeline/link/frames/frame.ts";
import type { AcquisitionTenancy, OrderSending } from "../../pipeline/mission/ledger.ts";
import { scenePriority } from "../../pipeline/mission/scene-workloads.ts";
import type { TenancyPlan, WorkloadsPlan } from "../../pipeline/mission/tenancy-plan.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import { usualPriority } from "../../pipeline/orders/order-bounds.ts";
import { codecOf, type ProductKind } from "../../pipeline/product/product.ts";
import { Account } from "../../pipeline/tenancy/account.ts";
import { microAmount, type MicroAmount } from "../../pipeline/tenancy/amount.ts";
import { operatorName } from "../../pipeline/tenancy/ledger-entry.ts";
import { classResource } from "../../pipeline/tenancy/metered-work.ts";
import type { Work } from "../../pipeline/tenancy/resource.ts";
import { readTariff, type Tariff } from "../../pipeline/tenancy/tariff.ts";

/** An order as far as it is somebody's: its tenant, and how urgent it is. */
export interface OwnedOrder {
  readonly tenant: string;
  /** 1 goes first, 9 last. */
  readonly priority: number;
}

/** Who may have an acquisition worked on, and who may not. */
export interface Admission {
  /** Whose work is done; nobody's: the acquisition is not taken. */
  readonly tenants: readonly string[];
  readonly record: AcquisitionTenancy;
}

/** What a tenant was charged on board for an acquisition. */
export interface TenantCharge {
  readonly tenant: string;
  readonly charged: MicroAmount;
}

/**
 * The quotas of tenants on one satellite. What each may use here is part of the plan: a satellite knows nothing of what others have spent meanwhile.
 * Work is admitted while its quote fits what is left of the allowance; then it is charged as it was, and its products with the frames that
 * they fill.
 */
export class BoardTenancy {
  readonly weights: ReadonlyMap<string, number>;
  readonly #plan: TenancyPlan;
  readonly #orders: ReadonlyMap<string, OwnedOrder>;
  readonly #workloads: WorkloadsPlan | null;
  readonly #accounts: ReadonlyMap<string, Account>;
  /** What each had been charged when the acquisition at work was admitted. */
  readonly #chargedBefore = new Map<string, number>();
  readonly #owners = new Map<number, readonly string[]>();

  /** Throws `SwathError("config")` for a plan whose prices are none. */
  constructor(
    plan: TenancyPlan,
    satellite: string,
    orders: ReadonlyMap<string, OwnedOrder>,
    workloads: WorkloadsPlan | null = null,
  ) {
    this.#plan = plan;
    this.#workloads = workloads;
    this.#orders = orders;
    this.weights = new Map(plan.tenants.map(({ id, weight }) => [id, weight]));
    let tariff: Tariff;
    try {
      tariff = readTariff(plan.prices);
    } catch (cause) {
      throw new SwathError("config", { what: "prices of the plan", got: (cause as Error).message, cause });
    }
    this.#accounts = new Map(
      plan.tenants.map(({ id, allowances }) => [
        id,
        new Account(microAmount(allowances[satellite] ?? 0), tariff),
      ]),
    );
  }

  /** Who wants an acquisition; the operator where nobody else does. In the order of their names. */
  wantedBy({ scene, order }: Acquisition): readonly string[] {
    const owner = order === undefined ? undefined : this.#orders.get(order);
    if (owner !== undefined) return [owner.tenant];
    const tenants = Object.keys(this.#plan.quotes[scene] ?? {}).toSorted();
    return tenants.length === 0 ? [operatorName] : tenants;
  }

  /** How urgent it is among its tenants' own: 1 goes first. */
  priorityOf({ order, scene }: Acquisition): number {
    return order === undefined
      ? scenePriority(this.#workloads, scene)
      : (this.#orders.get(order)?.priority ?? usualPriority);
  }

  /** Whose products of it are, once it is admitted. */
  ownersOf(acquisition: number): readonly string[] {
    return this.#owners.get(acquisition) ?? [];
  }

  /** Holds what each tenant is quoted. */
  admit(acquisition: Acquisition): Admission {
    const { index, scene, order } = acquisition;
    const tenants: string[] = [];
    const reserved: { tenant: string; amount: number }[] = [];
    const refused: { tenant: string; amount: number; free: number }[] = [];
    for (const tenant of this.wantedBy(acquisition)) {
      const account = this.#accounts.get(tenant);
      if (account === undefined) {
        tenants.push(tenant);
        continue;
      }
      const quoted = order === undefined ? this.#plan.quotes[scene]?.[tenant] : this.#plan.orderQuotes[scene];
      const amount = microAmount(quoted ?? 0);
      if (account.reserve(index, amount)) {
        this.#chargedBefore.set(tenant, account.charged);
        tenants.push(tenant);
        reserved.push({ tenant, amount });
      } else refused.push({ tenant, amount, free: account.free });
    }
    this.#owners.set(index, tenants);
    return { tenants, record: { reserved, refused } };
  }

  /** Charges what was done on board for each tenant, gives back what its reservation held beyond, and says what each was charged since it was admitted. */
  settle(index: number, done: ReadonlyMap<string, Work>): readonly TenantCharge[] {
    return this.ownersOf(index).flatMap((tenant) => {
      const account = this.#accounts.get(tenant);
      if (account === undefined) return [];
      account.charge(done.get(tenant) ?? {}, index);
      account.release(index);
      return [{ tenant, charged: microAmount(account.charged - (this.#chargedBefore.get(tenant) ?? 0)) }];
    });
  }

  /** Charges what an order took of the uplink to whoever gave it. */
  heard({ tenant, bytes }: Pick<OrderSending, "tenant" | "bytes">): void {
    this.#accounts.get(tenant)?.charge({ orderBytes: bytes }, null);
  }

  /** Charges a product that was made, with the frames that it will fill, to its owners in equal parts. */
  charge(index: number, kind: ProductKind, size: number): void {
    const owners = this.ownersOf(index);
    const octets = Math.ceil((size * frameBytes) / frameDataBytes / Math.max(1, owners.length));
    const work: Work = { [classResource[codecOf(kind).class]]: octets };
    for (const tenant of owners) this.#accounts.get(tenant)?.charge(work, null);
  }
}

/** Why an acquisition was not taken, for its record. */
export const refusalOf = ({ refused }: AcquisitionTenancy): string =>
  refused
    .map(({ tenant, amount, free }) => `budget of ${tenant}: wanted ${amount / 1e6}, got ${free / 1e6}`)
    .join("; ");
