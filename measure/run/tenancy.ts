import { acquisitionAt } from "../../pipeline/orbit/acquisition.ts";
import type { z } from "zod";
import { namedDetection } from "../../pipeline/detection/named-detection.ts";
import type { Label } from "../../pipeline/detection/detection.ts";
import type { AcquisitionRecord, SatelliteLedger } from "../../pipeline/mission/ledger.ts";
import type { ContactPlan } from "../../pipeline/orbit/contact.ts";
import type { LandedAcquisition } from "../../pipeline/mission/landing.ts";
import { workloadsIn } from "../../pipeline/mission/scene-workloads.ts";
import { microAmount, type Fraction } from "../../pipeline/tenancy/amount.ts";
import type { FlightTotal, TenantTotal } from "../../pipeline/tenancy/ledger-check.ts";
import { operatorName } from "../../pipeline/tenancy/ledger-entry.ts";
import type { MissionPrices } from "../../pipeline/tenancy/price-file.ts";
import { isOptionalResource, resources } from "../../pipeline/tenancy/resource.ts";
import { sharesOfRecord } from "../../pipeline/tenancy/metered-work.ts";
import { judge } from "../quality/matching.ts";
import { interpolatedQuantile, sumOf } from "../statistics.ts";
import type { tenancySchema } from "../summary/tenancy-summary.ts";
import { recordsOf } from "./policy-figures.ts";
import type { PolicyRun } from "./policy-run.ts";

/** What tenants got and paid under one policy. */
export type TenancySummary = z.infer<typeof tenancySchema>;

/** What detections are told apart by. */
export interface TenancyYardstick {
  readonly classes: readonly string[];
  readonly labels: ReadonlyMap<string, readonly Label[]>;
  readonly judged: ReadonlySet<string>;
}

/** Detections that came down together, as somebody who pays sees them. */
export interface GotDetections {
  readonly count: number;
  readonly publishedAt: number;
  readonly takenAt: number;
  readonly isUseful: boolean;
  readonly isLabelled: boolean;
}

/** One of them. */
interface Got extends GotDetections {
  readonly acquisition: number;
  readonly className: string;
}

const gotOf = (
  { acquisition, detections }: LandedAcquisition,
  { classes, labels, judged }: TenancyYardstick,
): readonly Got[] => {
  const known = labels.get(acquisition.scene);
  const named = detections.map(({ detection, publishedAt }) => ({
    detection: namedDetection(detection, classes),
    publishedAt,
  }));
  const hits = new Set(
    known === undefined
      ? []
      : judge({
          detections: named
            .map(({ detection }) => detection)
            .filter(({ className }) => judged.has(className)),
          labels: known,
        }).flatMap((verdict) => (verdict.kind === "hit" ? [verdict.detection] : [])),
  );
  return named.map(({ detection, publishedAt }) => {
    const isLabelled = known !== undefined && judged.has(detection.className);
    return {
      acquisition: acquisition.index,
      count: 1,
      className: detection.className,
      publishedAt,
      takenAt: acquisition.at,
      isUseful: isLabelled ? hits.has(detection) : true,
      isLabelled,
    };
  });
};

/** Whose a detection is: those whose workload has its class in that scene, else whose the acquisition is. */
const ownersIn = (
  { plan }: PolicyRun,
  record: AcquisitionRecord | undefined,
  one: Got,
): readonly string[] => {
  const paying = record === undefined ? [] : sharesOfRecord(record).map(({ tenant }) => tenant);
  const { workloads } = plan;
  const scene = acquisitionAt(plan.acquisitions, one.acquisition)?.scene ?? "";
  if (workloads === undefined) return paying.length === 0 ? [operatorName] : paying;
  const wanting = workloadsIn(workloads, scene, null)
    .filter(({ classes }) => classes.includes(one.className))
    .map(({ tenant }) => tenant);
  const both = paying.length === 0 ? wanting : paying.filter((tenant) => wanting.includes(tenant));
  return [...new Set(both.length > 0 ? both : paying.length > 0 ? paying : [operatorName])];
};

/** What a tenant got and paid. */
export const tenantOf = (
  { tenant, budget, charged, overrun, refunded, refused, work }: TenantTotal,
  got: readonly GotDetections[],
  acquisitions: number,
  from: number,
): TenancySummary["tenants"][number] => {
  const counted = (one: readonly GotDetections[]): number => sumOf(one, ({ count }) => count);
  const all = counted(got);
  const useful = counted(got.filter(({ isUseful }) => isUseful));
  const delays = got
    .flatMap(({ count, publishedAt, takenAt }) => Array<number>(count).fill(publishedAt - takenAt))
    .toSorted((a, b) => a - b);
  return {
    tenant,
    budgetMicro: budget,
    chargedMicro: charged,
    overrunMicro: overrun,
    refundedMicro: refunded,
    refused,
    acquisitions,
    work: Object.fromEntries(
      resources.flatMap((resource) => {
        const amount = work[resource.key] ?? 0;
        return amount === 0 && isOptionalResource(resource) ? [] : [[resource.key, amount]];
      }),
    ) as TenancySummary["tenants"][number]["work"],
    detections: all,
    usefulDetections: useful,
    labelledShare: all === 0 ? null : counted(got.filter(({ isLabelled }) => isLabelled)) / all,
    firstAtSeconds: all === 0 ? null : Math.min(...got.map(({ publishedAt }) => publishedAt)) - from,
    medianDelaySeconds: delays.length === 0 ? null : interpolatedQuantile(delays, 0.5),
    pricePerUsefulMicro: useful === 0 ? null : charged / useful,
  };
};

const yearSeconds = 365.25 * 86_400;

const priced = (amount: number, price: Fraction | undefined): number | null =>
  price === undefined ? null : microAmount(Math.round((amount * 1e6 * price.numerator) / price.denominator));

/** What a mission cost as a whole, by the figures that its price file has. `useful`: detections. */
export const missionCost = (
  {
    contacts: { from, to, contacts: planned },
    satellites,
  }: { readonly contacts: ContactPlan; readonly satellites: readonly SatelliteLedger[] },
  prices: MissionPrices,
  useful: number,
): TenancySummary["mission"] => {
  const used = new Set(
    satellites.flatMap(({ contacts }) =>
      contacts.flatMap(({ contact, frames }) => (frames > 0 ? [contact] : [])),
    ),
  );
  const contacts = planned.filter(({ id }) => used.has(id));
  const minutes = sumOf(contacts, ({ aos, los }) => los - aos) / 60;
  const joules = sumOf(satellites, ({ body, energy, crosslinks }) =>
    body === null
      ? energy.camera + energy.compute + energy.radio + (crosslinks?.energy ?? 0)
      : sumOf(Object.values(body.loads), (load) => load),
  );
  const megabytes = sumOf(satellites, (one) => sumOf(one.contacts, ({ total }) => total)) / 1e6;
  const { spacecraft, lifeYears } = prices;
  const years = (to - from) / yearSeconds;
  const life = lifeYears === undefined ? 1 : lifeYears.numerator / lifeYears.denominator;
  const parts = {
    stationMicro: priced(minutes, prices.stationMinute),
    energyMicro: priced(joules, prices.joule),
    bytesMicro: priced(megabytes, prices.megabyte),
    spacecraftMicro: priced((satellites.length * years) / life, spacecraft),
  };
  const total = sumOf(Object.values(parts), (part) => part ?? 0);
  return { ...parts, totalMicro: total, perUsefulMicro: useful === 0 ? null : total / useful };
};

/** What each tenant got, when, and for how much, by the ledger of the flight; and what the mission as a whole cost. */
export const tenancyOf = (
  run: PolicyRun,
  ledger: FlightTotal,
  yardstick: TenancyYardstick,
  prices: MissionPrices,
): TenancySummary => {
  const records = new Map(recordsOf(run).map((record) => [record.index, record]));
  const byTenant = new Map<string, Got[]>();
  let useful = 0;
  for (const landed of run.landed)
    for (const one of gotOf(landed, yardstick)) {
      if (one.isUseful) useful++;
      for (const tenant of ownersIn(run, records.get(one.acquisition), one))
        byTenant.set(tenant, [...(byTenant.get(tenant) ?? []), one]);
    }
  const worked = new Map<string, number>();
  for (const record of records.values()) {
    if (record.failure !== null) continue;
    const shares = sharesOfRecord(record);
    for (const { tenant } of shares.length === 0 ? [{ tenant: operatorName }] : shares)
      worked.set(tenant, (worked.get(tenant) ?? 0) + 1);
  }
  const workloads = workloadsOf(run);
  return {
    currency: run.plan.tenancy?.currency ?? "",
    tenants: ledger.tenants.map((total) =>
      tenantOf(
        total,
        byTenant.get(total.tenant) ?? [],
        worked.get(total.tenant) ?? 0,
        run.plan.contacts.from,
      ),
    ),
    ...(workloads === null ? {} : { workloads }),
    mission: missionCost({ contacts: run.plan.contacts, satellites: run.satellites }, prices, useful),
  };
};

const workloadsOf = (run: PolicyRun): NonNullable<TenancySummary["workloads"]> | null => {
  const { workloads } = run.plan;
  return workloads === undefined ? null : workloadSums(workloads.workloads, recordsOf(run));
};

/** What was done for each of these workloads. */
export const workloadSums = (
  workloads: readonly { readonly name: string; readonly tenant: string }[],
  records: readonly AcquisitionRecord[],
): NonNullable<TenancySummary["workloads"]> => {
  const done = records.flatMap((record) => record.workloads ?? []);
  return workloads.map(({ name, tenant }) => {
    const own = done.filter(({ workload }) => workload === name);
    return {
      workload: name,
      tenant,
      operations: sumOf(own, ({ operations }) => operations),
      computeSeconds: sumOf(own, ({ computeSeconds }) => computeSeconds),
      loadSeconds: sumOf(own, ({ loadSeconds }) => loadSeconds),
      detections: sumOf(own, ({ detections }) => detections),
    };
  });
};
