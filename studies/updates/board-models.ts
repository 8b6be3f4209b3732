import { join } from "node:path";
import { launchTrust, noteSequence, openFiles, unpackModel } from "../../models/updates/model-tools.ts";
import { digestOfFiles } from "../../models/updates/model-files.ts";
import type { MetadataSigners } from "../../models/updates/signed-metadata.ts";
import type { ModelOptions } from "../../models/model.ts";
import type { ModelTools } from "../../operators/onboard/pixel-tools.ts";
import { readSeed } from "../../pipeline/keys/nkey.ts";
import type { Device } from "../../pipeline/detection/device.ts";
import { someOf } from "../../pipeline/format.ts";
import { detectsOnBoard, type Policy } from "../../pipeline/mission/policy.ts";
import type { WorkloadsPlan } from "../../pipeline/mission/tenancy-plan.ts";
import type { OrderRefusal } from "../../pipeline/orders/order-answer.ts";
import type { OrderPlan } from "../../pipeline/mission/order-plan.ts";
import type { TileShape } from "../../pipeline/raster/tile-plan.ts";
import { readSecretFile } from "../../pipeline/secret-file.ts";
import { openControlKeys } from "../keys/node-buses.ts";
import { namedSigners, readUpdateModel } from "./model-update.ts";

/** Where the operator's key lies in a folder of keys. */
const operatorFile = "operator.nk";

/** Who signs the models of a mission: the operator and mission control of its folder of keys; without one keys that follow from its seed. */
export const missionSigners = (keys: string | null, seed: number): MetadataSigners => {
  if (keys === null) return namedSigners(`${seed}`);
  const path = join(keys, operatorFile);
  const [seedText = ""] = readSecretFile(path, "operator's key").split("\n");
  return {
    root: readSeed("operator", seedText.trim(), `key ${path}`),
    releases: openControlKeys(keys).file.signing,
  };
};

/** How models that come are loaded: like the one of the launch. */
export interface LoadOptions {
  readonly tile: TileShape;
  readonly device: Device;
  /** `null`: every core. */
  readonly threads: number | null;
}

/** Whether models may come: some are ordered, or may be while the mission flies. */
const mayCome = (orders: OrderPlan | null | undefined): boolean =>
  orders?.open === true || (orders?.planned ?? []).some(({ order }) => order.kind.startsWith("model-"));

/** Why no satellite of a mission takes models; `null`: they do. */
export const noUpdates = (
  workloads: WorkloadsPlan | null,
  policies: readonly Policy[],
): OrderRefusal | null => {
  if (!policies.some(detectsOnBoard))
    return {
      field: "model",
      wanted: "a policy that detects on board",
      got: someOf(policies.map(({ label }) => label)),
    };
  // Nobody says which of them is to be replaced.
  return workloads === null
    ? null
    : {
        field: "model",
        wanted: "a mission with one model",
        got: `workloads ${someOf(workloads.workloads.map(({ name }) => name))}`,
      };
};

/**
 * What satellites know of models when they are launched, and how one is made of what comes up; `null` where none is ordered, or may be. `operator`:
 * whose root they believe. Throws `SwathError("model")` as reading the model does.
 */
export const boardModels = async (
  orders: OrderPlan | null | undefined,
  { model, classes }: { readonly model: string; readonly classes?: readonly string[] | null | undefined },
  operator: string,
  { tile, device, threads }: LoadOptions,
): Promise<ModelTools | null> => {
  if (!mayCome(orders)) return null;
  const { card, files } = await readUpdateModel(model);
  const mission = { bands: card.bands, units: card.units, classes: card.classes };
  const options: ModelOptions = {
    device,
    tileSizePx: tile.sizePx,
    overlapPx: tile.overlapPx,
    ...(classes === null || classes === undefined ? {} : { classes }),
    ...(threads === null ? {} : { threads }),
  };
  return {
    launched: { model: card.name, sha256: digestOfFiles(files), files },
    trust: launchTrust(operator, { [card.name]: 1 }),
    unpack: (order, upload, place) => unpackModel(mission, order, upload, place),
    noteOrder: noteSequence,
    open: (_, sent) => openFiles(sent, options),
  };
};
