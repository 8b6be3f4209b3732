import { readText } from "../inputs/text-file.ts";
import { isSwathError, SwathError } from "../../pipeline/errors.ts";
import type { RunPlan } from "../../pipeline/mission/run-plan.ts";
import { rateAtStations } from "../../pipeline/link/rate/link-rate.ts";
import { planAcquisitions, type AcquisitionRule } from "../../planning/acquisition-plan.ts";
import type { Unseen } from "../../planning/overflight.ts";
import { imagersOf } from "./imagers.ts";
import { cameraReach } from "./camera-reach.ts";
import { resolveConstellation } from "../../planning/orbits/constellation.ts";
import { planContacts, requireContacts } from "../../planning/contacts/contact-plan.ts";
import { staleElements } from "../../planning/orbits/expiry.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import type { Satellite } from "../../pipeline/orbit/satellite.ts";
import { resolveStations } from "../../planning/contacts/station-list.ts";
import { rememberingCodec } from "../../pipeline/product/remembering-codec.ts";
import { openTileCodec, type TileCodec } from "../../pipeline/product/tile-codec.ts";
import type { Policy } from "../../pipeline/mission/policy.ts";
import { pixelToLonLat } from "../../pipeline/raster/georeference.ts";
import type { Scene } from "../../pipeline/raster/scene.ts";
import { degrees, formatInstant, instant, later, seconds, type Instant } from "../../pipeline/units.ts";
import type { CloudJudge } from "../../pipeline/detection/cloud-judge.ts";
import type { Label } from "../../pipeline/detection/detection.ts";
import { printable } from "../../datasets/files/location.ts";
import { openDataset, type Dataset } from "../../datasets/dataset.ts";
import { bandsFor } from "../../models/card/bands.ts";
import { deviceText } from "../../pipeline/detection/device.ts";
import { sceneErrorsOf, type SceneErrors } from "../../pipeline/raster/scene-errors.ts";
import { shorterSide } from "../../pipeline/raster/tile-plan.ts";
import { describeModel } from "../../models/inspection.ts";
import type { Model } from "../../models/model.ts";
import { labelsFor } from "./stage-labels.ts";
import { gsdNote } from "../../models/card/gsd-note.ts";
import { tilingNote } from "../../models/card/tiling-note.ts";
import type { ComputedWorks } from "./computed-works.ts";
import { brightness, planScreening } from "./screening.ts";
import { boardModels, missionSigners, noUpdates } from "../updates/board-models.ts";
import type { ModelTools } from "../../operators/onboard/pixel-tools.ts";
import { stageOrders } from "../orders/stage-orders.ts";
import { openMissionModel } from "./mission-model.ts";
import { planUsers } from "../tenancy/plan-users.ts";
import { planMesh } from "../../planning/crosslinks/mesh-plan.ts";
import { linkErrorsOf, requireKnownStations, type Execution, type Scenario } from "../scenario.ts";
import type { Notes, StudyPorts } from "../progress.ts";
import type { ProvenanceSummary } from "../../measure/summary/provenance-summary.ts";
import { trainingOf } from "./training-scenes.ts";
import { withStore } from "../inputs/spacecraft-file.ts";

/** What a command holds open while it runs a scenario. */
export interface Stage extends AsyncDisposable {
  readonly scenario: Scenario;
  /** All that are flown. */
  readonly policies: readonly Policy[];
  readonly dataset: Dataset;
  readonly model: Model;
  /** Tells cloud from ground for policies that screen; null: brightness does, or nothing is screened. */
  readonly judge: CloudJudge | null;
  readonly codec: TileCodec;
  /** How models that come up are proven and loaded; `null`: none is ordered. */
  readonly models: ModelTools | null;
  readonly sceneErrors: SceneErrors;
  /** What parts of an array have worked out before; `null`: nothing. */
  readonly computed: ComputedWorks | null;
  readonly satellites: readonly Satellite[];
  /** All of a plan but what differs from policy to policy. */
  readonly base: Omit<RunPlan, "runId" | "policy" | "upsets" | "measureLossless">;
  /** Scenes that no satellite sees, which the run leaves out. */
  readonly unseen: readonly Unseen[];
  /** Of each labelled scene that is seen, in the classes of the model; the classes that anybody labelled. */
  readonly labels: ReadonlyMap<string, readonly Label[]>;
  readonly judged: ReadonlySet<string>;
  /** Which of the scenes that are seen the model was trained on. */
  readonly training: ProvenanceSummary["training"];
  /** Sentences for the user: stale orbits, scenes left out, assumptions made. */
  readonly notes: readonly string[];
}

/** Effective operations per second of the ground's processor: a server with one data-centre GPU; assumed. */
const groundOpsPerSecond = 5e12;

const centreOf = ({ georeference, width, height }: Scene) => {
  if (georeference === null) return null;
  const [longitude, latitude] = pixelToLonLat(georeference, width / 2, height / 2);
  return { longitude: degrees(longitude), latitude: degrees(latitude) };
};

/** The search for overflights ends here: elements are not worth propagating further. */
const longestSearch = seconds(10 * 86_400);

/** Products of the last acquisition have this long to come down. */
const deliveryTime = seconds(12 * 3600);

const ruleOf = ({ schedule, cadence, spacecraft, horizon }: Scenario, from: Instant): AcquisitionRule => {
  if (schedule === "recorded") return { kind: "recorded" };
  if (schedule === "cadence") return { kind: "cadence", every: cadence };
  const until = later(from, seconds(Math.max(horizon, longestSearch)));
  return { kind: "overflight", camera: cameraReach(spacecraft.camera).reach, until };
};

/** When the user or the imagery say it; else the horizon starts where the orbits are best known. */
const knownStart = (scenario: Scenario, dataset: Dataset): Instant | null => {
  if (scenario.start !== null || scenario.schedule !== "recorded") return scenario.start;
  const times = dataset.scenes.flatMap(({ acquiredAt }) => acquiredAt ?? []);
  return times.length === 0 ? null : instant(Math.min(...times));
};

/** The scenes that the model can look at, with the bands it will see; the others with the reason why not. */
const fitScenes = (model: Model, scenes: readonly Scene[], strict: boolean) => {
  const bands: Record<string, readonly string[]> = {};
  const refused: string[] = [];
  let first: unknown;
  for (const scene of scenes) {
    try {
      bands[scene.id] = bandsFor(model.info, scene);
    } catch (error) {
      if (strict || !isSwathError(error, "model")) throw error;
      first ??= error;
      refused.push(`scene ${scene.id} left out: ${error.message}`);
    }
  }
  if (Object.keys(bands).length === 0 && first !== undefined) throw first;
  return { bands, refused };
};

/** How a stage is set: what changes nothing about results. */
export type StageExecution = Omit<Execution, "out" | "tag" | "json"> & { readonly computed?: ComputedWorks };

/** Opens what a scenario names and plans all that its policies have in common. Throws one `SwathError` for anything wrong. */
export const setStage = async (
  scenario: Scenario,
  policies: readonly Policy[],
  execution: StageExecution,
  { progress, signal }: StudyPorts<Notes>,
): Promise<Stage> => {
  const dataset = await openDataset(scenario.dataset, {
    strict: execution.strict,
    ...scenario.reading,
    reach: {
      endpoint: execution.endpoint ?? undefined,
      allowOutside: execution.allowOutside ?? false,
      signal,
    },
  });
  if (dataset.scenes.length === 0) {
    const [skipped] = dataset.skipped;
    throw new SwathError("dataset", {
      what: `dataset ${printable(scenario.dataset)} has no scene that can be read`,
      ...(skipped ? { got: skipped.error.message } : {}),
    });
  }
  const options = {
    note: progress.note,
    device: scenario.device,
    ...(scenario.tileSizePx === null ? {} : { tileSizePx: scenario.tileSizePx }),
    ...(scenario.overlapPx === null ? {} : { overlapPx: scenario.overlapPx }),
    ...(execution.threads === null ? {} : { threads: execution.threads }),
  };
  // Several policies look at the same tiles.
  const missionModel = await openMissionModel(scenario, dataset.scenes, options, policies.length > 1);
  const { model } = missionModel;
  let judge: CloudJudge | null = null;
  try {
    const { bands, refused } = fitScenes(model, dataset.scenes, execution.strict);
    const start = knownStart(scenario, dataset);
    const { strict } = execution;
    const placeNotes: string[] = [];
    const onNote = (text: string): void => void placeNotes.push(text);
    const satellites = await resolveConstellation(scenario.constellation, readText, {
      ...(start === null ? {} : { epoch: start }),
      strict,
      onNote,
    });
    const stations = await resolveStations(scenario.stations, readText, { strict, onNote });
    const from = start ?? instant(Math.max(...satellites.map(({ epoch }) => epoch)));
    const scenes = dataset.scenes.filter(({ id }) => bands[id] !== undefined);
    const targets = scenes.map((scene) => ({
      scene: scene.id,
      acquiredAt: scene.acquiredAt,
      centre: centreOf(scene),
    }));
    const planned = later(from, scenario.horizon);
    const rule = ruleOf(scenario, from);
    const { acquisitions, unseen } = planAcquisitions({
      rule,
      scenes: targets,
      satellites: imagersOf(satellites, scenario.imagers),
      from,
      to: planned,
    });
    const last = (acquisitions.at(-1) as Acquisition).at;
    const to = rule.kind === "overflight" ? instant(Math.max(planned, later(last, deliveryTime))) : planned;
    const contacts = requireContacts(
      planContacts({ satellites, stations, radio: scenario.spacecraft.radio, from, to }),
    );
    const { info } = model;
    const truth = await labelsFor(dataset, scenario.classes ?? info.classes, scenario.labelMap);
    const signers = missionSigners(execution.keys, scenario.seed);
    const payers = scenario.tenants?.tenants ?? null;
    const mission = {
      satellites,
      contacts,
      protection: scenario.protection,
      camera: cameraReach(scenario.spacecraft.camera).reach,
      spacecraft: scenario.spacecraft,
      schedule: acquisitions,
      scenes,
      scheduled: acquisitions.length,
    };
    const updates = {
      model: scenario.model,
      signers,
      acquisitions,
      labels: truth.labels,
      refusal: noUpdates(missionModel.workloads, policies),
    };
    const ordered = await stageOrders(scenario, execution.keys, payers, mission, updates);
    const seen = new Set(acquisitions.map(({ scene }) => scene));
    const stale = staleElements(satellites, from, to);
    const isOwnTiling = scenario.tileSizePx === null && scenario.overlapPx === null;
    const isOneModel = missionModel.workloads === null;
    const tiling =
      isOwnTiling || !isOneModel ? null : tilingNote((await describeModel(scenario.model)).card, info.tile);
    const ground = gsdNote(model.card, scenes);
    const screener = policies.some(({ screens }) => screens) ? scenario.screenModel : brightness;
    const screened = await planScreening(screener, scenes, shorterSide(info.tile), execution.threads);
    judge = screened.judge;
    const threads = openTileCodec(execution.threads ?? undefined);
    // Several policies send the same tiles.
    const codec = policies.length > 1 ? rememberingCodec(threads) : threads;
    const all = [...acquisitions, ...ordered.acquisitions];
    const flown = { scenes, bands, satellites, acquisitions: all, orders: ordered.plan };
    const users = planUsers(scenario, missionModel, flown);
    return {
      scenario,
      policies,
      dataset,
      model,
      judge: screened.judge,
      codec,
      sceneErrors: sceneErrorsOf(execution.strict),
      computed: execution.computed ?? null,
      models: await boardModels(
        missionModel.workloads === null ? ordered.plan : null,
        scenario,
        signers.root.publicKey,
        {
          tile: info.tile,
          device: scenario.device,
          threads: execution.threads,
        },
      ),
      satellites,
      unseen,
      labels: new Map([...truth.labels].filter(([scene]) => seen.has(scene))),
      judged: truth.judged,
      training: await trainingOf(
        dataset,
        model.card,
        scenes.filter(({ id }) => seen.has(id)),
        bands,
      ),
      base: {
        schema: "swath-plan/3",
        seed: scenario.seed,
        dataset: scenario.dataset,
        reading: scenario.reading,
        model: isOneModel ? scenario.model : info.name,
        device: deviceText(scenario.device),
        modelSha256: info.sha256,
        ...(scenario.classes === null ? {} : { classes: scenario.classes }),
        screening: screened.screening,
        tile: info.tile,
        scoreThreshold: info.scoreThreshold,
        bands,
        satellites: satellites.map(({ id }) => id),
        orbits: satellites,
        stations,
        acquisitions: all,
        ...(ordered.plan === null ? {} : { orders: ordered.plan }),
        contacts,
        mesh: planMesh({
          topology: scenario.crosslinks,
          terminals: scenario.spacecraft.crosslink,
          seed: scenario.seed,
          epoch: scenario.epoch,
          offload: scenario.offload,
          satellites,
          from,
          to,
        }),
        spacecraft: withStore(scenario.spacecraft, scenario),
        groundOpsPerSecond,
        rate: rateAtStations(scenario.rate, stations),
        protection: scenario.protection,
        errors: requireKnownStations(linkErrorsOf(scenario, from), stations),
        ask: scenario.ask,
        ...users.plan,
        speed: execution.speed,
      },
      notes: [
        ...dataset.notes,
        ...dataset.skipped.map(({ scene, error }) => `scene ${scene} left out: ${error.message}`),
        ...refused,
        ...unseen.map(({ scene, reason }) => `scene ${scene} left out: ${reason}`),
        ...ordered.notes,
        ...truth.notes,
        ...screened.notes,
        ...missionModel.notes,
        ...users.notes,
        ...(tiling === null ? [] : [tiling]),
        ...(ground === null ? [] : [ground]),
        ...placeNotes,
        ...stale.map(
          ({ satellite, epoch }) => `orbit of ${satellite} is stale: its epoch is ${formatInstant(epoch)}`,
        ),
      ],
      async [Symbol.asyncDispose]() {
        await codec[Symbol.asyncDispose]();
        await screened.judge?.[Symbol.asyncDispose]();
        await model[Symbol.asyncDispose]();
        await dataset[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await judge?.[Symbol.asyncDispose]();
    await model[Symbol.asyncDispose]();
    await dataset[Symbol.asyncDispose]();
    throw error;
  }
};
