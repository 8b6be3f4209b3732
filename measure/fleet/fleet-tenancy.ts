import type { AcquisitionRecord } from "../../pipeline/mission/ledger.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import type { ContactPlan } from "../../pipeline/orbit/contact.ts";
import type { FlightTotal } from "../../pipeline/tenancy/ledger-check.ts";
import { operatorName } from "../../pipeline/tenancy/ledger-entry.ts";
import { sharesOfRecord } from "../../pipeline/tenancy/metered-work.ts";
import type { MissionPrices } from "../../pipeline/tenancy/price-file.ts";
import {
  missionCost,
  tenantOf,
  workloadSums,
  type GotDetections,
  type TenancySummary,
} from "../run/tenancy.ts";
import { sumOf } from "../statistics.ts";
import type { FleetBook } from "./fleet-record.ts";

/** One flight of a fleet whose work is paid for. */
export interface BilledFlight {
  readonly contacts: ContactPlan;
  readonly acquisitions: readonly Acquisition[];
  readonly books: readonly FleetBook[];
  readonly currency: string;
}

/** Who has how many of the detections of an acquisition: by whose workload found them, else all of them who paid for it. */
const detectionsOf = (record: AcquisitionRecord): ReadonlyMap<string, number> => {
  const found = new Map<string, number>();
  const { workloads = [] } = record;
  if (workloads.length > 0) {
    for (const { tenant, detections } of workloads) found.set(tenant, (found.get(tenant) ?? 0) + detections);
    return found;
  }
  const paying = sharesOfRecord(record).map(({ tenant }) => tenant);
  for (const tenant of paying.length === 0 ? [operatorName] : paying) found.set(tenant, record.detections);
  return found;
};

/** The workloads that were worked on, by name, whose they were in the run that measured them. */
const workloadsIn = (records: readonly AcquisitionRecord[]) => {
  const known = new Map<string, { readonly name: string; readonly tenant: string }>();
  for (const { workload: name, tenant } of records.flatMap(({ workloads = [] }) => workloads))
    if (!known.has(name)) known.set(name, { name, tenant });
  return [...known.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
};

/**
 * What each tenant got and paid on a flight without pixels, by its ledger. Detections are counts of the pictures that the work was drawn from: nobody
 * labels them, so all that came down are held to be useful, and `labelledShare` is 0.
 */
export const fleetTenancy = (
  { contacts, acquisitions, books, currency }: BilledFlight,
  ledger: FlightTotal,
  prices: MissionPrices,
): TenancySummary => {
  const records = new Map(
    books.flatMap((book) => book.ledger.acquisitions.map((record) => [record.index, record])),
  );
  const got = new Map<string, GotDetections[]>();
  let useful = 0;
  for (const { acquisition, kind, atCentre } of books.flatMap(({ landings }) => landings)) {
    const record = records.get(acquisition);
    const taken = acquisitions[acquisition];
    if (kind !== "detections" || record === undefined || taken === undefined) continue;
    useful += record.detections;
    const times = { publishedAt: atCentre, takenAt: taken.at, isUseful: true, isLabelled: false };
    for (const [tenant, count] of detectionsOf(record)) {
      if (count === 0) continue;
      const own = got.get(tenant) ?? [];
      own.push({ count, ...times });
      got.set(tenant, own);
    }
  }
  const done = [...records.values()].filter(({ failure }) => failure === null);
  const worked = new Map<string, number>();
  for (const record of done) {
    const shares = sharesOfRecord(record);
    for (const { tenant } of shares.length === 0 ? [{ tenant: operatorName }] : shares)
      worked.set(tenant, (worked.get(tenant) ?? 0) + 1);
  }
  const workloads = workloadsIn(done);
  const satellites = books.map((book) => book.ledger);
  return {
    currency,
    tenants: ledger.tenants.map((total) =>
      tenantOf(total, got.get(total.tenant) ?? [], worked.get(total.tenant) ?? 0, contacts.from),
    ),
    ...(workloads.length === 0 ? {} : { workloads: workloadSums(workloads, done) }),
    mission: missionCost({ contacts, satellites }, prices, useful),
  };
};

/** The books of a flight, in the order of its satellites. Throws `RangeError` where one was not kept. */
export const booksOf = (
  records: readonly { readonly row: { readonly satellite: string }; readonly book?: FleetBook }[],
): readonly FleetBook[] => {
  const books = records.flatMap(({ book }) => book ?? []);
  const missing = sumOf(records, ({ book }) => (book === undefined ? 1 : 0));
  if (missing > 0) throw new RangeError(`${missing} satellites without a book`);
  return books;
};
