import { effectiveOps } from "../../operators/platform/computer.ts";
import type { Detector } from "../../pipeline/detection/detector.ts";
import type { OrderPlan } from "../../pipeline/mission/order-plan.ts";
import { detectorFor, workloadsIn } from "../../pipeline/mission/scene-workloads.ts";
import type { Spacecraft } from "../../pipeline/mission/spacecraft.ts";
import type { TenancyPlan, WorkloadPlan, WorkloadsPlan } from "../../pipeline/mission/tenancy-plan.ts";
import { workingPower } from "../../pipeline/mission/working-power.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import type { Scene } from "../../pipeline/raster/scene.ts";
import { planTiles, tilePixels } from "../../pipeline/raster/tile-plan.ts";
import { apportion } from "../../pipeline/tenancy/apportion.ts";
import { priceOf, readTariff, type Tariff } from "../../pipeline/tenancy/tariff.ts";
import type { Tenant } from "../../pipeline/tenancy/tenant-file.ts";
import type { Tenancy } from "./tenancy-source.ts";
import { leftOutText } from "./workload-file.ts";

/** What the plan of a mission for tenants follows from. */
export interface TenancyGround {
  readonly tenancy: Tenancy;
  readonly workloads: WorkloadsPlan | null;
  readonly detector: Detector;
  readonly spacecraft: Spacecraft;
  readonly scenes: readonly Scene[];
  /** What the camera hands over of each scene. */
  readonly bands: Readonly<Record<string, readonly string[]>>;
  readonly satellites: readonly string[];
  readonly acquisitions: readonly Acquisition[];
  readonly orders: OrderPlan | null;
}

/** Samples go through tests and encoders so often, at most; what more there is comes out of what is free. */
const encodedTimes = 2;

/** What these networks on all tiles of a scene are quoted at, as if nobody shared the scene. */
const quoteOf = (
  scene: Scene,
  bands: readonly string[],
  { info }: Detector,
  { computer, camera }: Spacecraft,
  tariff: Tariff,
): number => {
  const tiles = planTiles({ x: 0, y: 0, width: scene.width, height: scene.height }, info.tile).length;
  const pixels = tiles * tilePixels(info.tile);
  const samples = scene.width * scene.height * bands.length;
  const parts = info.parts ?? [info];
  const operations = parts.reduce((sum, { opsPerPixel }) => sum + pixels * opsPerPixel, 0);
  const networks = parts.reduce(
    (sum, { opsPerPixel, precision }) => sum + (pixels * opsPerPixel) / effectiveOps(computer, precision),
    0,
  );
  const time =
    tiles * computer.tileOverhead + networks + (encodedTimes * samples) / computer.samplesPerSecond;
  const joules = (samples / 1e6) * camera.energyPerMegasample + time * workingPower(computer);
  return priceOf(
    { operations: Math.ceil(operations / 1e6), energy: Math.ceil(joules * 1e6), pixels: samples },
    tariff,
  );
};

/** Workloads of tenants that nobody knows are left out, and named. */
export const withKnownTenants = (
  plan: WorkloadsPlan,
  { tenants, refused }: Tenancy,
  operator: string,
): { readonly workloads: readonly WorkloadPlan[]; readonly notes: readonly string[] } => {
  const known = new Set([...tenants.map(({ id }) => id), operator]);
  const stray = plan.workloads.filter(({ tenant }) => !known.has(tenant));
  return {
    workloads: plan.workloads.filter(({ tenant }) => known.has(tenant)),
    notes: stray.map(({ name, tenant }) => {
      const got = refused.some(({ id }) => id === tenant) ? `${tenant}, who is left out` : tenant;
      return leftOutText({ name, field: "tenant", wanted: "a tenant of the tenants file", got });
    }),
  };
};

/** The tenants with the part of each budget that each satellite may use: by the acquisitions that it has planned for the tenant, evenly where there are none. */
export const allowancesOf = (
  tenants: readonly Tenant[],
  satellites: readonly string[],
  acquisitions: readonly Acquisition[],
  isOf: (tenant: string, acquisition: Acquisition) => boolean,
): TenancyPlan["tenants"] =>
  tenants.map(({ id, weight, budget }) => {
    const planned = new Map(satellites.map((satellite) => [satellite, 0]));
    for (const one of acquisitions)
      if (isOf(id, one)) planned.set(one.satellite, (planned.get(one.satellite) ?? 0) + 1);
    const counts = satellites.map((satellite) => planned.get(satellite) ?? 0);
    const isIdle = counts.every((count) => count === 0);
    const { parts } = apportion(budget, isIdle ? satellites.map(() => 1) : counts);
    return {
      id,
      weight,
      budget,
      allowances: Object.fromEntries(satellites.map((satellite, at) => [satellite, parts[at] as number])),
    };
  });

/** Whose an acquisition is: the schedule's of who is quoted a part of its scene, an order's of who gave it. */
export const ownerRule = (
  quotes: TenancyPlan["quotes"],
  orders: TenancyGround["orders"] | undefined,
): ((tenant: string, acquisition: Acquisition) => boolean) => {
  const ordered = new Map((orders?.planned ?? []).map(({ order }) => [order.id, order.tenant]));
  return (tenant, { scene, order }) =>
    order === undefined ? quotes[scene]?.[tenant] !== undefined : ordered.get(order) === tenant;
};

/** What satellites are told of tenants: quotes, prices, and the part of each budget that each of them may use. */
export const planTenancy = (ground: TenancyGround): TenancyPlan => {
  const { tenancy, workloads, detector, spacecraft, bands, satellites, acquisitions, orders } = ground;
  const { list, tenants } = tenancy;
  const tariff = readTariff(list.prices);
  const quotes: Record<string, Record<string, number>> = {};
  const orderQuotes: Record<string, number> = {};
  for (const scene of ground.scenes) {
    const sceneBands = bands[scene.id];
    if (sceneBands === undefined) continue;
    orderQuotes[scene.id] = quoteOf(scene, sceneBands, detector, spacecraft, tariff);
    if (workloads === null) continue;
    const here = workloadsIn(workloads, scene.id, null);
    const own: Record<string, number> = {};
    for (const { id } of tenants) {
      const mine = here.filter(({ tenant }) => tenant === id);
      if (mine.length === 0) continue;
      own[id] = quoteOf(scene, sceneBands, detectorFor(workloads, detector, mine), spacecraft, tariff);
    }
    quotes[scene.id] = own;
  }
  return {
    currency: list.currency,
    prices: list.prices,
    quotes,
    orderQuotes,
    tenants: allowancesOf(tenants, satellites, acquisitions, ownerRule(quotes, orders)),
  };
};
