import { z } from "zod";
import { SwathError } from "../errors.ts";
import { linkProtections } from "../link/frames/link-protection.ts";
import { idPattern } from "../orders/order-bounds.ts";
import { orderKindNames, type OrderKindName } from "../orders/order.ts";
import type { RunPlan } from "./run-plan.ts";

/** Longest plan that is read: some ten thousand contacts with their geometry. */
const longestPlan = 256 * 1024 * 1024;

const version = "swath-plan/3";

const real = z.number();
const count = z.int().min(0);
const name = z.string().min(1).max(300);
/** It stands in subjects. */
const node = z.string().regex(/^[A-Za-z0-9_-]{1,200}$/);
const names = z.array(z.string().max(300)).max(100_000);

const contact = z.looseObject({
  id: name,
  satellite: node,
  station: node,
  antenna: count,
  aos: real,
  lockedAt: real,
  los: real,
  backhaul: z.number().min(0),
  samples: z.array(z.strictObject({ at: real, elevation: real, range: z.number().min(0) })).max(100_000),
});

/** What goes up is read on board, field by field. */
const orderSchema = z.looseObject({
  id: z.string().regex(idPattern),
  kind: z.enum(orderKindNames as readonly [OrderKindName, ...OrderKindName[]]),
  tenant: z.string().regex(idPattern),
  issuedAt: real,
  deadline: real,
  priority: z.int().min(1).max(9),
  signature: z.string().max(300).nullable(),
  body: z.looseObject({}),
});

const outage = z.strictObject({ station: node, from: real, to: real });
const share = z.number().min(0).max(1);

/** What a node obeys is told field by field; figures of spacecraft and link rate are read where they are used. */
const schema = z.looseObject({
  schema: z.literal(version),
  runId: node,
  seed: count,
  policy: z.strictObject({
    name,
    label: name,
    where: z.enum(["board", "ground"]),
    screens: z.boolean(),
    settings: z.record(z.string(), z.union([z.number(), z.string()])),
  }),
  dataset: z.string().max(10_000),
  reading: z.looseObject({}),
  model: z.string().max(10_000),
  device: name,
  modelSha256: z.string().max(100),
  classes: names.optional(),
  tile: z.looseObject({ sizePx: z.int().min(1).max(65_536), overlapPx: count }),
  scoreThreshold: share,
  bands: z.record(z.string(), names),
  screening: z.looseObject({ model: z.string().max(10_000), modelSha256: z.string().max(100) }).nullable(),
  satellites: z.array(node).min(1).max(100_000),
  orbits: z.array(z.looseObject({ id: node })).max(100_000),
  stations: z
    .array(z.looseObject({ id: node }))
    .min(1)
    .max(2046),
  acquisitions: z
    .array(
      z.strictObject({
        index: count,
        satellite: node,
        scene: z.string().max(10_000),
        at: real,
        order: name.optional(),
        slew: z.strictObject({ seconds: real, energy: real }).optional(),
      }),
    )
    .max(10_000_000),
  contacts: z.strictObject({ from: real, to: real, contacts: z.array(contact).max(1_000_000) }),
  mesh: z.looseObject({ epoch: z.number().positive() }).nullable(),
  spacecraft: z.looseObject({ name: z.string().max(300) }),
  groundOpsPerSecond: z.number().positive(),
  rate: z.looseObject({ kind: z.enum(["fixed", "by-elevation", "budget", "optical"]) }),
  protection: z.enum(linkProtections as readonly ["none", "auth", "encrypt"]),
  errors: z.strictObject({
    bitErrorRate: share,
    segmentLossRate: share,
    outages: z.array(outage).max(100_000),
  }),
  orders: z
    .strictObject({
      planned: z
        .array(
          z.strictObject({
            order: orderSchema,
            satellite: node,
            acquisition: count.nullable(),
            after: z
              .array(z.strictObject({ order: name, satellite: node }))
              .max(100_000)
              .optional(),
          }),
        )
        .max(1_000_000),
      refused: z.array(z.looseObject({})).max(1_000_000),
      open: z.literal(true).optional(),
    })
    .optional(),
  ask: z.strictObject({ from: real, to: real, tilesPerScene: count }).nullable(),
  tenancy: z
    .strictObject({
      currency: name,
      prices: z.record(z.string(), z.string().max(40)),
      tenants: z
        .array(
          z.strictObject({
            id: node,
            weight: z.number().positive(),
            budget: count,
            allowances: z.record(node, count),
          }),
        )
        .max(100_000),
      quotes: z.record(z.string(), z.record(node, count)),
      orderQuotes: z.record(z.string(), count),
    })
    .optional(),
  workloads: z
    .strictObject({
      workloads: z
        .array(
          z.strictObject({
            name: node,
            tenant: node,
            model: z.string().max(10_000),
            modelSha256: z.string().max(100),
            classes: names,
            threshold: share,
            scenes: z.array(z.string().max(10_000)).nullable(),
            priority: z.int().min(1).max(9),
          }),
        )
        .min(1)
        .max(1000),
      models: z
        .array(
          z.strictObject({ model: z.string().max(10_000), sha256: z.string().max(100), weightBytes: count }),
        )
        .min(1)
        .max(1000),
      loadRate: z.number().positive(),
    })
    .optional(),
  upsets: z.looseObject({ factor: z.number().min(0) }).nullable(),
  measureLossless: z.boolean(),
  speed: z.number().positive().nullable(),
});

const known = (ids: readonly string[]): ((id: string) => boolean) => {
  const set = new Set(ids);
  return (id) => set.has(id);
};

/**
 * A plan from its bytes. Throws `SwathError("bus")` for what is none of this release, and for one that speaks of satellites or stations that it does
 * not have.
 */
export const readRunPlan = (run: string, written: Uint8Array): RunPlan => {
  const refuse = (wanted: string, got: string): never => {
    throw new SwathError("bus", {
      what: `plan of run ${run}`,
      wanted,
      got,
      hint: "run the same release of swath on every node",
    });
  };
  if (written.length > longestPlan) refuse(`at most ${longestPlan} bytes`, `${written.length}`);
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(written).toString());
  } catch {
    return refuse(version, "no JSON");
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const said = typeof value === "object" && value !== null && "schema" in value ? value.schema : undefined;
    const [issue] = parsed.error.issues;
    return said === version
      ? refuse(`${issue?.path.map(String).join(".") ?? ""} of ${version}`, issue?.message ?? "another")
      : refuse(version, String(said));
  }
  const plan = parsed.data as unknown as RunPlan;
  const isSatellite = known(plan.satellites);
  const isStation = known(plan.stations.map(({ id }) => id));
  const stray =
    plan.acquisitions.find(({ satellite }) => !isSatellite(satellite)) ??
    plan.contacts.contacts.find(({ satellite, station }) => !isSatellite(satellite) || !isStation(station));
  if (stray !== undefined) refuse("satellites and stations of its own", JSON.stringify(stray).slice(0, 80));
  const misplaced = plan.acquisitions.findIndex(({ index }, at) => index !== at);
  if (misplaced >= 0) refuse("acquisitions in order", `another at ${misplaced}`);
  return plan;
};
