import { isSwathError } from "../../pipeline/errors.ts";
import { rememberingDetector } from "../../pipeline/detection/remembering-detector.ts";
import type { WorkloadPlan, WorkloadsPlan } from "../../pipeline/mission/tenancy-plan.ts";
import type { Scene } from "../../pipeline/raster/scene.ts";
import { formatBytes } from "../../pipeline/format.ts";
import { bandsFor } from "../../models/card/bands.ts";
import { ensembleOf } from "../../models/ensemble.ts";
import { type Model, type ModelOptions, openModel } from "../../models/model.ts";
import { isSceneIn } from "../inputs/bounding-box.ts";
import type { Scenario } from "../scenario.ts";
import { leftOutText, type WorkloadRequest, type WorkloadRequests } from "../tenancy/workload-file.ts";

/** What looks at the tiles of a mission: one model, or several. */
export interface MissionModel {
  readonly model: Model;
  /** `null`: one model. */
  readonly workloads: WorkloadsPlan | null;
  readonly notes: readonly string[];
}

/** A workload with its model open. */
interface Opened {
  readonly request: WorkloadRequest;
  readonly model: Model;
}

const fitsAny = ({ info }: Model, scenes: readonly Scene[]): string | null => {
  let reason: string | null = "no scene";
  for (const scene of scenes) {
    try {
      bandsFor(info, scene);
      return null;
    } catch (error) {
      if (!isSwathError(error)) throw error;
      reason = error.message;
    }
  }
  return reason;
};

/**
 * Opens the models of workloads, each once, with the classes that any workload wants of it. A workload whose model cannot be opened, fits no scene or is
 * larger than the computer's memory is left out, and named.
 */
const openWorkloads = async (
  { workloads, loadRate, isLoadRateAssumed, refused }: WorkloadRequests,
  { spacecraft }: Scenario,
  scenes: readonly Scene[],
  options: ModelOptions,
  isShared: boolean,
): Promise<MissionModel> => {
  const notes = refused.map(leftOutText);
  const open = new Map<string, Model>();
  const kept: Opened[] = [];
  const { memory, name: computer } = spacecraft.computer;
  const leaveOut = ({ name }: WorkloadRequest, field: string, wanted: string, got: string): void =>
    void notes.push(leftOutText({ name, field, wanted, got }));
  let failure: unknown = null;
  for (const request of workloads) {
    const { model: reference, classes, threshold } = request;
    const wanted = workloads.filter((one) => one.model === reference);
    try {
      const known = open.get(reference);
      const all = wanted.flatMap((one) => one.classes ?? []);
      const some = wanted.some((one) => one.classes === null) ? undefined : [...new Set(all)].toSorted();
      const opened =
        known ??
        (await openModel(reference, {
          ...options,
          ...(threshold === null ? {} : { threshold }),
          ...(some === undefined ? {} : { classes: some }),
        }));
      open.set(reference, opened);
      const stray = classes?.find((name) => !opened.info.classes.includes(name));
      const misfit = fitsAny(opened, scenes);
      const bytes = Math.ceil((opened.weightBits ?? 0) / 8);
      if (stray !== undefined)
        leaveOut(request, "classes", `some of ${opened.info.classes.join(", ")}`, stray);
      else if (misfit !== null) leaveOut(request, "model", "bands that a scene of the dataset has", misfit);
      else if (memory !== undefined && bytes > memory)
        leaveOut(
          request,
          "model",
          `weights that fit the memory of ${computer}, ${formatBytes(memory)}`,
          formatBytes(bytes),
        );
      else kept.push({ request, model: opened });
    } catch (error) {
      if (!isSwathError(error)) throw error;
      failure ??= error;
      leaveOut(request, "model", "a model that can be opened", error.message);
    }
  }
  const used = [...new Map(kept.map(({ request, model }) => [request.model, model]))];
  for (const [reference, model] of open)
    if (!used.some(([one]) => one === reference)) await model[Symbol.asyncDispose]();
  if (failure !== null && kept.length === 0) throw failure;
  const models = used.map(([, model]) => (isShared ? rememberingDetector(model) : model));
  const model = ensembleOf(models);
  if (isLoadRateAssumed && used.length > 1)
    notes.push(
      `weights are loaded at ${formatBytes(loadRate)} a second: assumed; "load" of the workloads file says otherwise`,
    );
  return {
    model,
    notes,
    workloads: {
      workloads: kept.map(({ request, model: own }) => planOf(request, own, scenes)),
      models: used.map(([reference, { info, weightBits = 0 }]) => ({
        model: reference,
        sha256: info.sha256,
        weightBytes: Math.ceil(weightBits / 8),
      })),
      loadRate,
    },
  };
};

const planOf = (
  { name, tenant, model, classes, area, priority }: WorkloadRequest,
  { info }: Model,
  scenes: readonly Scene[],
): WorkloadPlan => ({
  name,
  tenant,
  model,
  modelSha256: info.sha256,
  classes: classes ?? info.classes,
  threshold: info.scoreThreshold,
  scenes: area === null ? null : scenes.filter((scene) => isSceneIn(scene, area)).map(({ id }) => id),
  priority,
});

/** Opens what looks at the tiles. `isShared`: several policies look at the same ones. Throws as `openModel` and `ensembleOf` do. */
export const openMissionModel = async (
  scenario: Scenario,
  scenes: readonly Scene[],
  options: ModelOptions,
  isShared: boolean,
): Promise<MissionModel> => {
  if (scenario.workloads !== null)
    return openWorkloads(scenario.workloads, scenario, scenes, options, isShared);
  const model = await openModel(scenario.model, {
    ...options,
    ...(scenario.threshold === null ? {} : { threshold: scenario.threshold }),
    ...(scenario.classes === null ? {} : { classes: scenario.classes }),
  });
  return { model: isShared ? rememberingDetector(model) : model, workloads: null, notes: [] };
};

/** Opens the models that a plan names, for a node of its own. */
export const openPlannedModel = async (
  { workloads }: { readonly workloads?: WorkloadsPlan },
  options: ModelOptions,
): Promise<Model | null> => {
  if (workloads === undefined) return null;
  const models: Model[] = [];
  for (const { model } of workloads.models) {
    const wanted = workloads.workloads.filter((one) => one.model === model);
    const classes = [...new Set(wanted.flatMap((one) => one.classes))].toSorted();
    const [threshold = 0] = wanted.map((one) => one.threshold);
    models.push(await openModel(model, { ...options, threshold, classes }));
  }
  return ensembleOf(models);
};
