import { z } from "zod";
import { SwathError } from "../errors.ts";
import { linkRateSchema, opticalSchema } from "../link/rate/link-rate-schema.ts";
import { evictionRules, type Spacecraft, type ThermalModel } from "./spacecraft.ts";

/** A finite number in a range; the message is what was wanted. */
const figure = <Branded extends number>(text: string, isWithin: (value: number) => boolean) =>
  z.custom<Branded>((value) => typeof value === "number" && Number.isFinite(value) && isWithin(value), text);
const positive = <Branded extends number>(unit: string) =>
  figure<Branded>(`${unit}, above 0`, (value) => value > 0);
const notNegative = <Branded extends number>(unit: string) =>
  figure<Branded>(`${unit}, 0 or more`, (value) => value >= 0);
const share = figure<number>("a share, 0 … 1", (value) => value >= 0 && value <= 1);
const efficiency = figure<number>("an efficiency, above 0 and at most 1", (value) => value > 0 && value <= 1);
const temperature = figure<ThermalModel["stopAt"]>(
  "kelvin, above 0 and at most 1000",
  (value) => value > 0 && value <= 1000,
);
const count = figure<number>("a whole number, 1 or more", (value) => Number.isInteger(value) && value >= 1);
const name = z.string("a name").min(1, "a name");
const ops = positive<number>("operations a second").optional();

type Of<Key extends keyof Spacecraft> = NonNullable<Spacecraft[Key]>;
type Computer = Of<"computer">;
type Camera = Of<"camera">;
type Radio = Of<"radio">;
type Power = Of<"power">;
type Node = ThermalModel["nodes"][number];
type Terminals = Of<"crosslink">;
type Agility = Of<"agility">;

const computer = z
  .strictObject({
    name,
    peakOps: z
      .strictObject({ fp32: ops, fp16: ops, int8: ops })
      .refine(
        (peak) => Object.values(peak).some((one) => one !== undefined),
        "at least one of fp32, fp16, int8",
      ),
    utilisation: efficiency,
    chips: count,
    memory: positive<NonNullable<Computer["memory"]>>("bytes").optional(),
    memoryBandwidth: positive<NonNullable<Computer["memoryBandwidth"]>>("bytes a second").optional(),
    samplesPerSecond: positive<number>("samples a second"),
    tileOverhead: notNegative<Computer["tileOverhead"]>("seconds"),
    power: positive<Computer["power"]>("watts"),
    idlePower: notNegative<Computer["idlePower"]>("watts"),
  })
  .refine(({ power, idlePower }) => idlePower <= power, {
    path: ["idlePower"],
    error: "watts, at most the computer's `power`",
  });

const power = z.strictObject({
  arrayArea: notNegative<Power["arrayArea"]>("square metres"),
  arrayEfficiency: efficiency,
  attitude: z.enum(["nadir", "sun-tracking", "tumbling"], "nadir, sun-tracking or tumbling"),
  battery: z.strictObject({
    capacity: positive<Power["battery"]["capacity"]>("joules"),
    chargeEfficiency: efficiency,
    dischargeEfficiency: efficiency,
    floor: share,
    initial: share,
  }),
  loads: z.strictObject({
    base: notNegative<Power["loads"]["base"]>("watts"),
    contact: notNegative<Power["loads"]["contact"]>("watts"),
  }),
});

const node = z.strictObject({
  name,
  heatCapacity: positive<Node["heatCapacity"]>("joules per kelvin"),
  area: notNegative<Node["area"]>("square metres"),
  absorptivity: share,
  emissivity: share,
  initial: temperature,
  busShare: share,
  computerShare: share,
});

const sumsToOne = (nodes: readonly Node[], key: "busShare" | "computerShare"): boolean =>
  Math.abs(nodes.reduce((sum, one) => sum + one[key], 0) - 1) < 1e-6;

const heat = z
  .strictObject({
    nodes: z
      .array(node, "a list of nodes")
      .min(1, "at least one node")
      .refine(
        (nodes) => new Set(nodes.map((one) => one.name)).size === nodes.length,
        "nodes with different names",
      )
      .refine((nodes) => sumsToOne(nodes, "busShare"), "nodes whose `busShare` sum to 1")
      .refine((nodes) => sumsToOne(nodes, "computerShare"), "nodes whose `computerShare` sum to 1")
      .refine(
        (nodes) => nodes.some(({ area, emissivity }) => area * emissivity > 0),
        "a node that radiates: area and emissivity above 0",
      ),
    conductors: z.array(
      z.strictObject({
        a: name,
        b: name,
        conductance: positive<ThermalModel["conductors"][number]["conductance"]>("watts per kelvin"),
      }),
      "a list of conductors",
    ),
    computerNode: name,
    throttleFrom: temperature,
    stopAt: temperature,
  })
  .superRefine(({ nodes, conductors, computerNode, throttleFrom, stopAt }, context) => {
    const names = nodes.map((one) => one.name);
    const wantNode = (path: (string | number)[], value: string): void => {
      if (!names.includes(value))
        context.addIssue({ code: "custom", path, message: `the name of a node (${names.join(", ")})` });
    };
    wantNode(["computerNode"], computerNode);
    for (const [index, { a, b }] of conductors.entries()) {
      wantNode(["conductors", index, "a"], a);
      wantNode(["conductors", index, "b"], b);
      if (a === b)
        context.addIssue({
          code: "custom",
          path: ["conductors", index, "b"],
          message: `another node than ${a}`,
        });
    }
    if (stopAt < throttleFrom)
      context.addIssue({
        code: "custom",
        path: ["stopAt"],
        message: `kelvin, at least \`throttleFrom\` (${throttleFrom})`,
      });
  });

const crosslink = z.strictObject({
  terminals: count,
  rate: positive<Terminals["rate"]>("bits a second"),
  maxRange: positive<Terminals["maxRange"]>("metres"),
  clearance: notNegative<Terminals["clearance"]>("metres"),
  pointingTime: notNegative<Terminals["pointingTime"]>("seconds"),
  // The schema knows no brands.
  optical: (opticalSchema as unknown as z.ZodType<NonNullable<Terminals["optical"]>>).optional(),
  lockShare: efficiency.optional(),
  power: notNegative<Terminals["power"]>("watts"),
});

const agility = z.strictObject({
  rate: positive<Agility["rate"]>("degrees a second"),
  acceleration: positive<Agility["acceleration"]>("degrees a second, each second"),
  settling: notNegative<Agility["settling"]>("seconds"),
  power: notNegative<Agility["power"]>("watts"),
});

const weight = positive<number>("a weight");
const order = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({ kind: z.literal("strict") }),
    z.strictObject({ kind: z.literal("value") }),
    z.strictObject({
      kind: z.literal("weighted"),
      weights: z.strictObject({ results: weight, chips: weight, tiles: weight }),
    }),
  ],
  "an order of `kind` strict, value or weighted",
);

const store = z.strictObject({
  capacity: positive<Of<"store">["capacity"]>("bytes"),
  eviction: z.enum(evictionRules, `one of ${evictionRules.join(", ")}`).optional(),
  order: order.optional(),
});

const spacecraftSchema = z
  .strictObject({
    name,
    computer,
    camera: z.strictObject({
      energyPerMegasample: notNegative<Camera["energyPerMegasample"]>("joules"),
      swath: positive<NonNullable<Camera["swath"]>>("metres").optional(),
      offNadir: figure<NonNullable<Camera["offNadir"]>>(
        "degrees, 0 … 60",
        (angle) => angle >= 0 && angle <= 60,
      ).optional(),
      duty: efficiency.optional(),
      light: z.enum(["day", "any"], "day or any").optional(),
    }),
    radio: z.strictObject({
      power: notNegative<Radio["power"]>("watts"),
      rate: linkRateSchema,
      uplink: positive<NonNullable<Radio["uplink"]>>("bits a second").optional(),
      acquisition: notNegative<NonNullable<Radio["acquisition"]>>("seconds").optional(),
    }),
    store,
    power: power.nullable(),
    heat: heat.nullable(),
    crosslink: crosslink.nullable(),
    agility: agility.optional(),
    shielding: notNegative<Spacecraft["shielding"]>("millimetres"),
  })
  .refine((craft) => craft.power === null || craft.power.loads.base >= craft.computer.idlePower, {
    path: ["power", "loads", "base"],
    error: "watts, at least the computer's `idlePower`, which is part of it",
  });

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null ? (inner as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );

const shown = (value: unknown): string => {
  if (value === undefined) return "nothing";
  if (typeof value === "number") return String(value);
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};

/**
 * A spacecraft from outside, every figure in its range. `path` is what the user calls it, e.g. `spacecraft` or the file's name.
 *
 * @throws SwathError("config") that names the first wrong field, what is allowed there, and what was found
 */
export const checkSpacecraft = (value: unknown, path: string): Spacecraft => {
  const parsed = spacecraftSchema.safeParse(value);
  if (parsed.success) return parsed.data as Spacecraft;
  const issue = parsed.error.issues[0]!;
  const field = [path, ...issue.path.map(String)].join(".");
  if (issue.code === "unrecognized_keys")
    throw new SwathError("config", {
      what: `${field}: unknown field ${issue.keys.map((key) => `"${key}"`).join(", ")}`,
      hint: "see pipeline/bus/spacecraft.ts for the fields of a spacecraft",
    });
  const isPart = issue.code === "invalid_type" && issue.expected === "object";
  throw new SwathError("config", {
    what: field,
    wanted: isPart ? "an object (`null` leaves out power, heat or crosslink)" : issue.message,
    got: shown(valueAt(value, issue.path)),
  });
};
