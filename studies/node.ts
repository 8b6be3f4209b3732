import { type RunBus, joinRun, openVoice } from "../pipeline/bus/run-bus.ts";
import { sayAlive, type NodeName } from "../pipeline/bus/presence.ts";
import { findLease } from "../pipeline/bus/run-lease.ts";
import { RefusalCount } from "../pipeline/mission/refusal.ts";
import type { RunPlan } from "../pipeline/mission/run-plan.ts";
import { readRunPlan } from "../pipeline/mission/run-plan-schema.ts";
import { findInState } from "../pipeline/bus/run-state.ts";
import { busRunOf, planKey } from "../pipeline/bus/subjects.ts";
import { SwathError } from "../pipeline/errors.ts";
import type { Seconds } from "../pipeline/units.ts";
import { someOf } from "../pipeline/format.ts";
import { type Device, parseDevice, deviceText } from "../pipeline/detection/device.ts";
import type { Notes, StudyPorts } from "./progress.ts";
import type { Bus, BusOptions } from "../pipeline/bus/connection.ts";
import { orderVerifier } from "../pipeline/keys/order-signature.ts";
import type { Role } from "../pipeline/keys/roles.ts";
import {
  guardOf,
  linkSecurityOf,
  loginOf,
  openNodeKeys,
  requireRole,
  type NodeKeys,
} from "./keys/node-keys.ts";
import { boardModels } from "./updates/board-models.ts";
import { namedSigners } from "./updates/model-update.ts";
import { openDataset } from "../datasets/dataset.ts";
import { cuePlannerFor } from "./orders/live-mission.ts";
import { detectsOnBoard } from "../pipeline/mission/policy.ts";
import { openModel } from "../models/model.ts";
import { openPlannedModel } from "./engine/mission-model.ts";
import { judgeOfPlan } from "./engine/screening.ts";
import { sceneErrorsOf } from "../pipeline/raster/scene-errors.ts";
import { openTileCodec } from "../pipeline/product/tile-codec.ts";
import { runSatellite } from "../operators/onboard/satellite-node.ts";
import { connectTo, type ConnectionValues } from "./inputs/nats-connection.ts";
import { connectionOptions } from "./options/nats-options.ts";
import { readOptions, type Written } from "./options/option.ts";
import { watchCommand } from "./engine/run-watch.ts";
import { searchRun, type RunSearch } from "./engine/run-search.ts";
import { tellFlight } from "./record/told-flight.ts";
import { pacer, tilesInFlight } from "./engine/policy-execution.ts";
import { runStation } from "../stations/receive/station-node.ts";

/** What a node of a run is told on its command line. */
export interface NodeFlags extends Written<typeof connectionOptions> {
  readonly run: string;
  readonly nats: string;
  readonly dataset?: string;
  readonly model?: string;
  readonly device?: string;
  readonly screenModel?: string;
  readonly strict?: boolean;
  readonly endpoint?: string;
  readonly allowOutside?: boolean;
}

/** Joins a run that some command holds, and reads its plan; makes nothing on the server. */
const joinPlanned = async (
  bus: Bus,
  search: RunSearch,
  ports: StudyPorts<Notes>,
): Promise<{ readonly run: RunBus; readonly plan: RunPlan }> => {
  const look = async (): Promise<{ readonly busRun: string; readonly value: Uint8Array } | null> => {
    const lease = await findLease(bus, search.run);
    if (lease === null) return null;
    const busRun = busRunOf(search.run, lease.incarnation);
    const value = await findInState(bus, busRun, planKey);
    return value === null ? null : { busRun, value };
  };
  const { busRun, value } = await searchRun(bus, search, look, ports);
  return { run: await joinRun(bus, busRun), plan: readRunPlan(search.run, value) };
};

/** The server that a node was told of. */
const serverOf = (flags: NodeFlags): ConnectionValues & { readonly nats: string } => ({
  ...readOptions(connectionOptions, flags),
  nats: flags.nats,
});

/** The keys of a node, where it has any, and how it logs in with them. Throws `SwathError("config")` for those of another. */
const openOwnKeys = (
  { keys: path }: ConnectionValues,
  role: Role,
  name: string,
  refusals: RefusalCount,
): { readonly keys: NodeKeys | null; readonly login: Partial<BusOptions> } => {
  if (path === null) return { keys: null, login: {} };
  const keys = openNodeKeys(path);
  requireRole(keys, role, name);
  return { keys, login: { ...loginOf(keys), guard: guardOf(keys, refusals.add) } };
};

/** Refuses an identifier that the plan does not know, before anything is waited for. */
const requireKnown = (what: string, id: string, known: readonly string[]): void => {
  if (known.includes(id)) return;
  throw new SwathError("config", {
    what: `${what} "${id}" is not part of the run`,
    wanted: `one of ${someOf(known)}`,
  });
};

/** A machine without the run's device may use its own, knowing that scores can differ in their last digits. */
const deviceOf = (plan: RunPlan, device: string | undefined, { note }: Notes): Device => {
  const planned = plan.device;
  const own = parseDevice(device ?? planned);
  if (deviceText(own) !== planned) {
    note(`this run is planned on ${planned}: scores from ${deviceText(own)} may differ`);
  }
  return own;
};

/** What a node does besides its work: it says that it lives, and watches whether its run does. */
interface Part extends AsyncDisposable {
  readonly signal: AbortSignal;
  /** Throws why the node was told to stop, if it was; else what is given. */
  readonly rethrow: (error: unknown) => never;
}

const takePart = (
  bus: Bus,
  run: RunBus,
  node: NodeName,
  wait: Seconds,
  { progress, signal: outer }: StudyPorts<Notes>,
): Part => {
  const alive = sayAlive(bus, run.run, node);
  const watch = watchCommand({ bus, run: run.run, wait, note: progress.note });
  const signal = AbortSignal.any([outer, watch.signal]);
  // What waits for the server to store something must not wait any longer either.
  signal.addEventListener("abort", () => void run[Symbol.asyncDispose](), { once: true });
  return {
    signal,
    rethrow(error) {
      signal.throwIfAborted();
      throw error;
    },
    async [Symbol.asyncDispose]() {
      alive[Symbol.dispose]();
      await watch[Symbol.asyncDispose]();
    },
  };
};

/** Takes part in a run as one satellite, to the end of its horizon. Throws `SwathError("bus")` and `SwathError("config")`. */
export const flySatellite = async (
  satellite: string,
  flags: NodeFlags,
  { progress, signal }: StudyPorts,
): Promise<void> => {
  const server = serverOf(flags);
  const refusals = new RefusalCount();
  const { keys, login } = openOwnKeys(server, "satellite", satellite, refusals);
  await using bus = await connectTo(server, `swath satellite ${satellite}`, { progress, signal }, login);
  const joined = await joinPlanned(bus, { run: flags.run, wait: server.wait }, { progress, signal });
  const { plan } = joined;
  await using run = joined.run;
  requireKnown("satellite", satellite, plan.satellites);
  await using part = takePart(bus, run, { kind: "satellite", id: satellite }, server.wait, {
    progress,
    signal,
  });
  await using source = await openDataset(flags.dataset ?? plan.dataset, {
    strict: flags.strict ?? false,
    ...plan.reading,
    reach: { endpoint: flags.endpoint, allowOutside: flags.allowOutside ?? false, signal },
  });
  const options = {
    note: progress.note,
    tileSizePx: plan.tile.sizePx,
    overlapPx: plan.tile.overlapPx,
    device: deviceOf(plan, flags.device, progress),
  };
  await using model = detectsOnBoard(plan.policy)
    ? ((await openPlannedModel(plan, options)) ??
      (await openModel(flags.model ?? plan.model, {
        ...options,
        threshold: plan.scoreThreshold,
        ...(plan.classes === undefined ? {} : { classes: plan.classes }),
      })))
    : null;
  if (model !== null && model.info.sha256 !== plan.modelSha256) {
    throw new SwathError("model", {
      what: `model ${flags.model ?? plan.model} is not the one of the run`,
      wanted: `weights ${plan.modelSha256.slice(0, 12)}…`,
      got: `${model.info.sha256.slice(0, 12)}…`,
    });
  }
  await using judge = await judgeOfPlan(plan, flags.screenModel);
  await using codec = openTileCodec();
  await using voice = openVoice(bus, run.run);
  const told = tellFlight({ ...plan, run: run.run }, satellite, voice, progress.note);
  const models =
    model === null
      ? null
      : await boardModels(
          plan.orders,
          { model: flags.model ?? plan.model, classes: plan.classes },
          keys === null ? namedSigners(`${plan.seed}`).root.publicKey : keys.file.operator,
          { tile: plan.tile, device: deviceOf(plan, flags.device, progress), threads: null },
        );
  progress.begin(satellite, plan.acquisitions.filter((a) => a.satellite === satellite).length);
  await runSatellite({
    bus: run,
    plan,
    satellite,
    security: linkSecurityOf(keys, plan, run.run),
    verifyOrder: keys === null ? () => null : orderVerifier(keys.trust),
    planCues: cuePlannerFor(plan, source.scenes),
    onRefused: refusals.add,
    tools: {
      source,
      detector: model,
      judge,
      codec,
      inFlight: tilesInFlight,
      sceneErrors: sceneErrorsOf(flags.strict ?? false),
      ...(models === null ? {} : { models }),
    },
    notify: (event) => progress.satellite(event),
    log: told.log,
    pace: pacer(plan.speed, plan.contacts.from, part.signal),
    signal: part.signal,
  }).catch(part.rethrow);
  await told.close();
  for (const note of refusals.notes) progress.note(note);
  progress.end();
};

/** Takes part in a run as one station, until the run ends. Throws `SwathError("bus")` and `SwathError("config")`. */
export const openStation = async (
  station: string,
  flags: NodeFlags,
  { progress, signal }: StudyPorts<Notes>,
): Promise<void> => {
  const server = serverOf(flags);
  const refusals = new RefusalCount();
  const { keys, login } = openOwnKeys(server, "station", station, refusals);
  await using bus = await connectTo(server, `swath station ${station}`, { progress, signal }, login);
  const joined = await joinPlanned(bus, { run: flags.run, wait: server.wait }, { progress, signal });
  const { plan } = joined;
  await using run = joined.run;
  requireKnown(
    "station",
    station,
    plan.stations.map(({ id }) => id),
  );
  await using part = takePart(bus, run, { kind: "station", id: station }, server.wait, { progress, signal });
  const security = linkSecurityOf(keys, plan, run.run);
  await runStation({
    bus: run,
    plan,
    station,
    security,
    onRefused: refusals.add,
    storesFirst: true,
    signal: part.signal,
  }).catch(part.rethrow);
  for (const note of refusals.notes) progress.note(note);
};
