import { readFileSync } from "node:fs";
import { parse as parseYaml } from "yaml";
import { z } from "zod";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { idPattern, lastPriority, usualPriority, usualTenant } from "../../pipeline/orders/order-bounds.ts";
import { parseRate } from "../../pipeline/quantity.ts";
import type { BoundingBox } from "../../pipeline/raster/area-geometry.ts";
import { box } from "../inputs/bounding-box.ts";

/** Version tag of a workloads file. */
export const workloadsVersion = "swath-workloads/1";

/** One thing that somebody has looked for on board. */
export interface WorkloadRequest {
  readonly name: string;
  readonly tenant: string;
  readonly model: string;
  /** Of the model; `null`: all. */
  readonly classes: readonly string[] | null;
  /** Score below which nothing is reported; `null`: the model card's. */
  readonly threshold: number | null;
  /** `null`: everywhere. */
  readonly area: BoundingBox | null;
  /** 1 goes first, 9 last. */
  readonly priority: number;
}

/** A workload of the file that is left out, and why. */
export interface RefusedWorkload {
  readonly name: string;
  readonly field: string;
  readonly wanted: string;
  readonly got: string;
}

/** A workloads file, read. */
export interface WorkloadRequests {
  readonly workloads: readonly WorkloadRequest[];
  readonly refused: readonly RefusedWorkload[];
  /** Bytes a second at which weights come from the mass memory. */
  readonly loadRate: number;
  /** Whether the file says so itself. */
  readonly isLoadRateAssumed: boolean;
}

/** Of flash behind a small computer; assumed. */
const usualLoadRate = 100e6;

const id = z.string().regex(idPattern, "1 to 64 letters, digits, - and _");

const workloadSchema = z.strictObject({
  name: id,
  tenant: id.default(usualTenant),
  model: z.string().min(1, "a model: shipped, a folder with model.json, or file.onnx"),
  classes: z.array(z.string().min(1)).min(1).nullable().default(null),
  threshold: z.number().min(0).max(1).nullable().default(null),
  area: box.nullable().default(null),
  priority: z.int().min(1).max(lastPriority).default(usualPriority),
});

const fileSchema = z.strictObject({
  schema: z.literal(workloadsVersion),
  /** `200MB/s`. */
  load: z.string().optional(),
  workloads: z.array(z.unknown()).min(1).max(1000),
});

const shown = (value: unknown): string => JSON.stringify(value) ?? "none";

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value);

/**
 * Reads a workloads file. A workload with something wrong is left out and told of; the others are not delayed. Throws `SwathError("config")` for a file
 * that is none, and where no workload is left.
 */
export const readWorkloads = (path: string): WorkloadRequests => {
  let value: unknown;
  try {
    value = parseYaml(readFileSync(path, "utf8"));
  } catch (cause) {
    const got = messageOf(cause).split("\n")[0] ?? "";
    throw new SwathError("config", { what: `cannot read ${path}`, wanted: "a YAML file", got, cause });
  }
  const parsed = fileSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = issue?.path.map(String).join(".") ?? "";
    throw new SwathError("config", {
      what: `${path}: ${field === "" ? "the file" : field}`,
      wanted: `${workloadsVersion}: ${issue?.message ?? ""}`,
      got: shown(valueAt(value, issue?.path ?? [])),
      field: "workloads",
    });
  }
  const workloads: WorkloadRequest[] = [];
  const refused: RefusedWorkload[] = [];
  parsed.data.workloads.forEach((entry, at) => {
    const read = workloadSchema.safeParse(entry);
    const given = (entry as { readonly name?: unknown } | null)?.name;
    const name = typeof given === "string" ? given : `workloads.${at}`;
    if (!read.success) {
      const [issue] = read.error.issues;
      const field = issue?.path.map(String).join(".") ?? "";
      const got = shown(valueAt(entry, issue?.path ?? []));
      refused.push({ name, field: field === "" ? name : field, wanted: issue?.message ?? "a workload", got });
    } else if (workloads.some((one) => one.name === read.data.name))
      refused.push({
        name,
        field: "name",
        wanted: "every workload once",
        got: "the same name a second time",
      });
    else workloads.push(read.data);
  });
  const [first] = refused;
  if (workloads.length === 0 && first !== undefined)
    throw new SwathError("config", {
      what: `${path}: ${first.name}: ${first.field}`,
      wanted: first.wanted,
      got: first.got,
    });
  const { load } = parsed.data;
  const loadRate = load === undefined ? usualLoadRate : parseRate(`${path}: load`, load) / 8;
  return { workloads, refused, loadRate, isLoadRateAssumed: load === undefined };
};

/** Why a workload is left out, in a sentence. */
export const leftOutText = ({ name, field, wanted, got }: RefusedWorkload): string =>
  `workload ${name} is left out: ${field}: wanted ${wanted}, got ${got}`;
