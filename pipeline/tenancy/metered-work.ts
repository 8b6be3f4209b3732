import type { AcquisitionRecord, SatelliteLedger } from "../mission/ledger.ts";
import type { Contact } from "../orbit/contact.ts";
import { productClasses, type ProductClass } from "../product/product-kind.ts";
import { codecOf, productKinds } from "../product/product.ts";
import type { Instant } from "../units.ts";
import { microAmount } from "./amount.ts";
import { apportion } from "./apportion.ts";
import type { BoardDecision } from "./board-decision.ts";
import { operatorName } from "./ledger-entry.ts";
import { partOf, sharesByWorkload, type SharePart, type TenantShare } from "./tenant-shares.ts";
import { addWork, exact, isNothing, type ResourceKey, type Work } from "./resource.ts";

/** One piece of work that somebody pays for. */
export interface WorkItem {
  readonly at: Instant;
  readonly satellite: string;
  readonly tenant: string;
  /** `null`: of none. */
  readonly acquisition: number | null;
  /** `board`: camera and computer. `link`: from when it was ready until it was down. */
  readonly stage: "board" | "link";
  /** The contact that brought it down, or an order up; empty for all else. */
  readonly contact: string;
  /** The order whose bytes went up; absent for all else. */
  readonly order?: string;
  readonly work: Work;
}

/** What is known of one satellite once it has flown. */
export interface FlownWork {
  readonly ledger: SatelliteLedger;
  /** Of this satellite. */
  readonly contacts: readonly Contact[];
  readonly to: Instant;
  /** Whose a product is that another satellite made: its own ledger does not say. */
  readonly ownersOf: (acquisition: number) => readonly TenantShare[];
  /** When a product was down whole; `null`: it never was, or not from this satellite. */
  readonly downAt: (product: SatelliteLedger["products"][number]) => Instant | null;
  /** Tokens that an acquisition was written up in; 0 where the model writes none. */
  readonly tokensOf: (record: AcquisitionRecord) => number;
}

/** Where link bytes of each class are counted. */
export const classResource: Readonly<Record<ProductClass, ResourceKey>> = {
  results: "resultBytes",
  chips: "chipBytes",
  tiles: "tileBytes",
};

/** Millionths of a gigabyte-hour: kilobyte-hours. */
const storeUnits = (size: number, duration: number): number => (size * Math.max(0, duration)) / 3.6e6;

/** A slot that whole amounts are dealt out to. */
interface Slot {
  readonly item: Omit<WorkItem, "work">;
  readonly amounts: Partial<Record<ResourceKey, number>>;
}

/** Deals a total out by weights; what nobody is there for falls to `house`. */
const deal = (
  resource: ResourceKey,
  total: number,
  weighted: readonly (readonly [slot: Slot, weight: number])[],
  house: Slot,
): void => {
  const whole = exact(Math.round(total));
  const { parts, left } = apportion(
    whole,
    weighted.map(([, weight]) => weight),
  );
  const give = ({ amounts }: Slot, part: number): void => {
    if (part !== 0) amounts[resource] = (amounts[resource] ?? 0) + part;
  };
  weighted.forEach(([slot], at) => give(slot, parts[at] as number));
  give(house, left);
};

const microjoules = (value: number): number => value * 1e6;

/**
 * Who is to pay for what one satellite did, from its ledger: in whole millionths, so that all items together are just what the ledger has
 * (`workOfLedger`), to the unit. Work on an acquisition is split by its shares, the link by the bytes of products that came down. What belongs to
 * nobody is the operator's: fill, requests by rule, what was sent and never became whole, crosslinks.
 */
export const meterSatellite = (flown: FlownWork): readonly WorkItem[] => {
  const { ledger, to, tokensOf } = flown;
  const { satellite } = ledger;
  const slots: Slot[] = [];
  const open = (item: Omit<WorkItem, "work" | "satellite">): Slot => {
    const slot = { item: { ...item, satellite }, amounts: {} };
    slots.push(slot);
    return slot;
  };
  const house = open({ at: to, tenant: operatorName, acquisition: null, stage: "board", contact: "" });
  const known = new Map(ledger.acquisitions.map((record) => [record.index, sharesOfRecord(record)]));
  const ownersOf = (acquisition: number): readonly TenantShare[] => {
    const shares = (known.get(acquisition) ?? flown.ownersOf(acquisition)).filter(({ weight }) => weight > 0);
    return shares.length > 0 ? shares : [{ tenant: operatorName, weight: 1 }];
  };

  const done = ledger.acquisitions.flatMap((record) => {
    const owners = ownersOf(record.index);
    return owners.map((owner) => {
      const place = { at: record.readyAt, tenant: owner.tenant, acquisition: record.index } as const;
      return { slot: open({ ...place, stage: "board", contact: "" }), record, owner, owners };
    });
  });
  const byWork = (
    part: SharePart,
    of: (record: AcquisitionRecord) => number,
  ): readonly (readonly [Slot, number])[] =>
    done.map(({ slot, record, owner, owners }) => [slot, of(record) * partOf(owner, owners, part)]);
  const total = (of: (record: AcquisitionRecord) => number): number =>
    ledger.acquisitions.reduce((sum, record) => sum + of(record), 0);
  const operations = (record: AcquisitionRecord): number => record.operations / 1e6;
  deal("operations", total(operations), byWork("operations", operations), house);
  const samples = (record: AcquisitionRecord): number => record.samples;
  deal("pixels", total(samples), byWork("capture", samples), house);
  deal("tokens", total(tokensOf), byWork("computer", tokensOf), house);
  deal("energy", microjoules(ledger.energy.camera), byWork("capture", samples), house);
  // Tiles that the ground requests by rule are nobody's.
  const asked = [house, ledger.asked?.computeSeconds ?? 0] as const;
  const computing = byWork("computer", ({ computeSeconds }) => computeSeconds);
  deal("energy", microjoules(ledger.energy.compute), [...computing, asked], house);
  deal("energy", microjoules(ledger.crosslinks?.energy ?? 0), [], house);

  meterLink(flown, open, ownersOf, house);
  meterUplink(ledger, open, house);
  return slots.flatMap(({ item, amounts }) => (isNothing(amounts) ? [] : [{ ...item, work: amounts }]));
};

/** Bytes of orders on the uplink are whoever's who gave them. */
const meterUplink = (
  { orders }: SatelliteLedger,
  open: (item: Omit<WorkItem, "work" | "satellite">) => Slot,
  house: Slot,
): void => {
  const sent = (orders?.sent ?? []).map(({ order, tenant, contact, at, bytes }) => {
    const slot = open({ at, tenant, acquisition: null, stage: "link", contact, order });
    return [slot, bytes] as const;
  });
  const known = sent.reduce((sum, [, size]) => sum + size, 0);
  deal(
    "orderBytes",
    orders?.uplink.bytes ?? 0,
    [...sent, [house, (orders?.uplink.bytes ?? 0) - known]],
    house,
  );
};

const meterLink = (
  { ledger, contacts, to, downAt }: FlownWork,
  open: (item: Omit<WorkItem, "work" | "satellite">) => Slot,
  ownersOf: (acquisition: number) => readonly TenantShare[],
  house: Slot,
): void => {
  const byPass = new Map<string, Slot>();
  const slotOf = (at: Instant, tenant: string, acquisition: number, contact: string): Slot => {
    const key = JSON.stringify([contact, acquisition, tenant]);
    const known = byPass.get(key);
    if (known !== undefined) return known;
    const slot = open({ at, tenant, acquisition, stage: "link", contact });
    byPass.set(key, slot);
    return slot;
  };
  // Light takes milliseconds from the end of a contact to the station.
  const contactAt = (at: Instant): string => contacts.findLast(({ aos }) => aos <= at)?.id ?? "";
  const sent: Record<ProductClass, [Slot, number][]> = { results: [], chips: [], tiles: [] };
  const stored: [Slot, number][] = [];
  let storedAll = 0;
  for (const product of ledger.products) {
    const { acquisition, kind, size, readyAt, askedAt } = product;
    const [at, until] = [downAtOf(product, downAt), storedUntil(product, downAt, to)];
    if (until === null) continue;
    storedAll += storeUnits(size, until - readyAt);
    const owners = askedAt === undefined ? ownersOf(acquisition) : [{ tenant: operatorName, weight: 1 }];
    for (const owner of owners) {
      const slot = slotOf(until, owner.tenant, acquisition, at === null ? "" : contactAt(at));
      const part = partOf(owner, owners, codecOf(kind).class === "tiles" ? "capture" : "results");
      stored.push([slot, storeUnits(size, until - readyAt) * part]);
      if (at !== null) sent[codecOf(kind).class].push([slot, size * part]);
    }
  }
  deal("store", storedAll, stored, house);

  const sumOf = (of: (use: SatelliteLedger["contacts"][number]) => number): number =>
    ledger.contacts.reduce((all, use) => all + of(use), 0);
  const idle = sumOf((use) => use.idle);
  const carrying = sumOf((use) => use.total) - idle;
  const payloads = productClasses.map((one) =>
    productKinds.reduce(
      (sum, kind) => sum + (codecOf(kind).class === one ? sumOf((use) => use.payload[kind]) : 0),
      0,
    ),
  );
  const { parts, left } = apportion(carrying, payloads);
  const transmitting = sumOf(({ transmitSeconds }) => transmitSeconds);
  const airtime: (readonly [Slot, number])[] = [];
  productClasses.forEach((one, at) => {
    const whole = sent[one].reduce((sum, [, size]) => sum + size, 0);
    // Bytes of what was begun and never came down whole.
    const lost = [house, Math.max(0, (payloads[at] as number) - whole)] as const;
    const weighted = [...sent[one], lost];
    deal(classResource[one], parts[at] as number, weighted, house);
    const bytes = weighted.reduce((sum, [, size]) => sum + size, 0);
    const factor = bytes === 0 ? 0 : (parts[at] as number) / bytes;
    for (const [slot, size] of weighted) airtime.push([slot, size * factor]);
  });
  deal("tileBytes", idle + left, [], house);
  airtime.push([house, idle + left]);
  deal("contact", transmitting * 1e6, airtime, house);
  // The radio answers orders, too: that is the operator's.
  const answering = ledger.orders?.answers.transmitSeconds ?? 0;
  const onAir = airtime.reduce((sum, [, weight]) => sum + weight, 0);
  const answers = [house, transmitting === 0 ? answering : (onAir * answering) / transmitting] as const;
  deal("energy", microjoules(ledger.energy.radio), [...airtime, answers], house);
};

type Product = SatelliteLedger["products"][number];

/** When a product was down whole; `null` for one that never came down from here. */
const downAtOf = (product: Product, downAt: FlownWork["downAt"]): Instant | null =>
  product.fate === "delivered" ? downAt(product) : null;

/** Until when a product lay in the store: until it was down, evicted or handed over, or to the end; `null`: nobody knows. */
const storedUntil = (product: Product, downAt: FlownWork["downAt"], to: Instant): Instant | null => {
  switch (product.fate) {
    case "delivered":
      return downAt(product);
    case "on-board":
      return to;
    case "store-full":
    case "handed-over":
      return product.leftAt ?? null;
  }
};

/** Whose an acquisition is: by what its workloads took, else in equal parts of those who had it reserved. */
export const sharesOfRecord = (record: AcquisitionRecord): readonly TenantShare[] =>
  sharesByWorkload(record) ?? (record.tenancy?.reserved ?? []).map(({ tenant }) => ({ tenant, weight: 1 }));

/** What a satellite reserved and refused, from its ledger. */
export const decisionsOf = ({ satellite, acquisitions }: SatelliteLedger): readonly BoardDecision[] =>
  acquisitions.flatMap(({ index, startedAt, tenancy }) => {
    if (tenancy === undefined) return [];
    const place = { at: startedAt, satellite, acquisition: index };
    return [
      ...tenancy.reserved.map(({ tenant, amount }) => ({
        ...place,
        tenant,
        amount: microAmount(amount),
        free: null,
      })),
      ...tenancy.refused.map(({ tenant, amount, free }) => ({
        ...place,
        tenant,
        amount: microAmount(amount),
        free: microAmount(free),
      })),
    ];
  });

/**
 * All the work of a satellite as its ledger has it, in the same whole millionths: the sum that the charges of a flight are held against. The store is
 * counted with `downAt`, which the ledger does not know.
 */
export const workOfLedger = ({
  ledger,
  tokensOf,
  downAt,
  to,
}: Pick<FlownWork, "ledger" | "tokensOf" | "downAt" | "to">): Work => {
  const { acquisitions, contacts, energy, crosslinks, products, orders } = ledger;
  const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
    items.reduce((all, item) => all + of(item), 0);
  const parts = [energy.camera, energy.compute, energy.radio, crosslinks?.energy ?? 0];
  return addWork([
    { operations: Math.round(sum(acquisitions, ({ operations }) => operations / 1e6)) },
    { pixels: Math.round(sum(acquisitions, ({ samples }) => samples)) },
    { tokens: Math.round(sum(acquisitions, tokensOf)) },
    ...parts.map((part) => ({ energy: Math.round(microjoules(part)) })),
    { orderBytes: orders?.uplink.bytes ?? 0 },
    {
      store: Math.round(
        sum(products, (product) => {
          const until = storedUntil(product, downAt, to);
          return until === null ? 0 : storeUnits(product.size, until - product.readyAt);
        }),
      ),
    },
    { contact: Math.round(sum(contacts, ({ transmitSeconds }) => transmitSeconds) * 1e6) },
    // Bytes of all classes together: how they are split among them is the meter's.
    { tileBytes: sum(contacts, ({ total }) => total) },
  ]);
};
