import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Bus } from "../../pipeline/bus/connection.ts";
import { openRun, type RunBus } from "../../pipeline/bus/run-bus.ts";
import type { NodeName } from "../../pipeline/bus/presence.ts";
import type { RunClaim } from "../../pipeline/bus/run-lease.ts";
import { deleteRun } from "../../pipeline/bus/run-streams.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { readSatelliteLedger, readStationLedger } from "../../pipeline/mission/ledger-schema.ts";
import { requireBalance } from "../../measure/run/balance.ts";
import type { StationLedger } from "../../pipeline/mission/ledger.ts";
import { RefusalCount } from "../../pipeline/mission/refusal.ts";
import type { RunPlan } from "../../pipeline/mission/run-plan.ts";
import { encodeTaskMessage } from "../../pipeline/mission/task-message.ts";
import {
  planKey,
  satelliteLedgerKey,
  stationLedgerKey,
  taskSubject,
  replayKinds,
} from "../../pipeline/bus/subjects.ts";
import { detectsOnBoard } from "../../pipeline/mission/policy.ts";
import { productsOf } from "../../pipeline/mission/landing.ts";
import { limitedSource } from "../../pipeline/raster/limited-source.ts";
import { mapOrdered } from "../../pipeline/streams.ts";
import type { Instant, Seconds } from "../../pipeline/units.ts";
import type { PixelTools } from "../../operators/onboard/pixel-tools.ts";
import { runSatellite } from "../../operators/onboard/satellite-node.ts";
import { centreName } from "../../pipeline/link/security/link-security.ts";
import { runCentre, type GroundRecord } from "../../stations/centre/centre-node.ts";
import type { PolicyRun } from "../../measure/run/policy-run.ts";
import { runStation } from "../../stations/receive/station-node.ts";
import { hearFlights } from "../record/heard-flights.ts";
import type { PolicyRecorder, SilentNode } from "../record/policy-recorder.ts";
import { orderDoor } from "../orders/stage-orders.ts";
import { isTogether } from "../../pipeline/mission/order-plan.ts";
import { cuePlannerFor, givenNotes, lookPlannerFor, plannerFor, withGiven } from "../orders/live-mission.ts";
import type { NodeBuses } from "../keys/node-buses.ts";
import type { Stage } from "./prepared-run.ts";
import { watchRun } from "./run-watch.ts";
import type { Progress } from "../progress.ts";

/** What makes a policy's plan out of that of its stage. */
export type FlownPolicy = Pick<RunPlan, "runId" | "policy" | "upsets" | "measureLossless">;

/** The plan of one policy of a stage. */
export const planOf = (
  { base }: Stage,
  { runId, policy, upsets, measureLossless }: FlownPolicy,
): RunPlan => ({ ...base, runId, policy, upsets, measureLossless });

/** A policy as it would be flown if there were no radiation. */
export const calmOf = ({ runId, policy }: FlownPolicy): FlownPolicy => ({
  runId: `${runId}-calm`,
  policy,
  upsets: null,
  measureLossless: false,
});

/** Runs a policy of a stage under radiation as if there were none, for comparison. It leaves nothing on the bus. */
export const executeCalm = async (
  stage: Stage,
  bus: Bus,
  claim: RunClaim,
  options: Omit<Parameters<typeof executePolicy>[3], "recorder">,
): Promise<PolicyRun> => {
  const calm = calmOf(options);
  const run = await executePolicy(stage, bus, claim, { ...options, ...calm, recorder: null });
  await deleteRun(bus, claim.busRun(calm.runId));
  return run;
};

/** Satellites flown at once in one process: while one sends, another computes. */
const satellitesAtOnce = 4;

/** One of them has a scene open: its tiles keep all cores busy, and the memory of one scene is enough. */
const scenesAtOnce = 1;

/** Tiles of one satellite under way at once. */
export const tilesInFlight = 4;

/** A clock that holds mission time to wall time times `speed`; `null` runs flat out. Rejects when the signal aborts. */
export const pacer = (speed: number | null, start: Instant, signal: AbortSignal) => {
  const began = performance.now();
  return async (t: Instant): Promise<void> => {
    signal.throwIfAborted();
    if (speed === null) return;
    const due = began + ((t - start) / speed) * 1000;
    // A timer holds 2³¹ ms at most; longer waits take several.
    for (let wait = due - performance.now(); wait > 0; wait = due - performance.now()) {
      await sleep(Math.min(wait, 2 ** 31 - 1), undefined, { signal });
    }
  };
};

/** Who takes part in a run from elsewhere. */
const nodesOf = ({ satellites, stations }: RunPlan): readonly NodeName[] => [
  ...satellites.map((id): NodeName => ({ kind: "satellite", id })),
  ...stations.map(({ id }): NodeName => ({ kind: "station", id })),
];

/** As the mission record has them: by the clock. */
const silentNodes = (silent: ReadonlyMap<NodeName, number>): readonly SilentNode[] =>
  [...silent].flatMap(([{ kind, id }, since]) =>
    kind === "shard" ? [] : [{ kind, id, sinceMs: performance.timeOrigin + since }],
  );

/** Puts the plan and its tasks where nodes find them. Doing it twice changes nothing. */
const announce = async (bus: RunBus, plan: RunPlan): Promise<void> => {
  await bus.state.create(planKey, Buffer.from(JSON.stringify(plan)));
  for (const acquisition of plan.acquisitions) {
    // A satellite learns of what is ordered over the uplink.
    if (acquisition.order !== undefined) continue;
    const subject = taskSubject(bus.run, acquisition.satellite);
    const task = encodeTaskMessage({ kind: "acquisition", acquisition });
    await bus.publish(subject, task, `task.${acquisition.index}`);
  }
  await bus.flush();
};

const readLedger = async <T>(bus: RunBus, key: string, read: (written: Uint8Array) => T): Promise<T> => {
  const value = await bus.state.written(key);
  if (value === null)
    throw new SwathError("bus", { what: `run ${bus.run}: ${key} is missing from its bucket` });
  return read(value);
};

/** What stations in other processes refused: their ledgers say it. */
const addLedgers = (refusals: RefusalCount, stations: readonly StationLedger[]): void => {
  for (const { station, refused } of stations)
    for (const [reason, count] of Object.entries(refused ?? {}))
      for (let n = 0; n < count; n++) refusals.add({ node: station, what: "frame", reason });
};

/**
 * Runs one policy from tasks to results: announces the plan, flies satellites and stations in this process unless
 * they run elsewhere, and waits at the mission centre. What both sides wrote down is
 * joined here, and nowhere else. The first failure of any node stops the others and is thrown.
 */
export const executePolicy = async (
  stage: Stage,
  bus: Bus,
  claim: RunClaim,
  options: FlownPolicy & {
    readonly external: boolean;
    /** How nodes that live in this process get onto the bus. */
    readonly nodes: NodeBuses;
    /** How long the server and nodes elsewhere may be silent. */
    readonly wait: Seconds;
    /** Who writes down what happens; `null`: nobody. */
    readonly recorder: PolicyRecorder | null;
    readonly progress: Progress;
    readonly signal: AbortSignal;
  },
): Promise<PolicyRun> => {
  const { runId, policy, nodes: buses, recorder, progress } = options;
  const { computed } = stage;
  const plan = planOf(stage, options);
  await using run = await openRun(bus, claim.busRun(runId));
  await announce(run, plan);
  const stop = new AbortController();
  let heardAt = performance.now();
  await using watch = watchRun({
    bus,
    run: run.run,
    lastHeard: () => heardAt,
    kinds: replayKinds,
    nodes: options.external ? nodesOf(plan) : [],
    doneKey: ({ kind, id }) => (kind === "satellite" ? satelliteLedgerKey(id) : stationLedgerKey(id)),
    wait: options.wait,
    note: progress.note,
    ...(recorder === null ? {} : { onSilent: (silent) => recorder.silent(silentNodes(silent)) }),
  });
  const outer = [options.signal, claim.lost, watch.signal];
  const signal = AbortSignal.any([...outer, stop.signal]);
  // Every node of the run listens, and a large run has many.
  setMaxListeners(0, signal, ...outer);
  // What waits for the server to store something must not wait any longer either.
  signal.addEventListener("abort", () => void run[Symbol.asyncDispose](), { once: true });
  let failure: { readonly error: unknown } | null = null;
  const guard = async <T>(work: Promise<T>): Promise<T | null> => {
    try {
      return await work;
    } catch (error) {
      failure ??= { error };
      stop.abort(error);
      return null;
    }
  };
  const onBoard = detectsOnBoard(policy);
  await using ears =
    options.external && recorder !== null ? hearFlights(bus, run, plan, recorder, progress.note) : null;
  const refusals = new RefusalCount();

  const planCues = cuePlannerFor(plan, stage.dataset.scenes, buses.signOrder);

  const fly = async (): Promise<void> => {
    const pace = pacer(plan.speed, plan.contacts.from, signal);
    const tools: PixelTools = {
      source: limitedSource(stage.dataset, scenesAtOnce),
      detector: onBoard ? stage.model : null,
      judge: stage.judge,
      codec: stage.codec,
      inFlight: tilesInFlight,
      sceneErrors: stage.sceneErrors,
      ...(onBoard && stage.models !== null ? { models: stage.models } : {}),
      ...(computed === null ? {} : { computed: ({ scene }) => computed.work(policy.label, scene) }),
    };
    // Satellites that feed each other wait for each other.
    // Who watches a run sees all of them at the same mission time.
    // Where one hears of what another has seen, too.
    const isSideBySide = plan.mesh !== null || plan.speed !== null || isTogether(plan);
    const atOnce = isSideBySide ? plan.satellites.length : satellitesAtOnce;
    const flights = mapOrdered(plan.satellites, atOnce, async (satellite) => {
      await using own = await buses.join("satellite", satellite, run, refusals.add);
      return await runSatellite({
        bus: own,
        plan,
        satellite,
        security: buses.security("satellite", satellite, plan, run.run),
        verifyOrder: buses.verifyOrder("satellite", satellite),
        planCues,
        onRefused: refusals.add,
        tools,
        notify: progress.satellite,
        ...(recorder === null ? {} : { log: recorder.flight(satellite) }),
        pace,
        signal,
      });
    });
    for await (const _ of flights) signal.throwIfAborted();
  };
  const said = recorder === null ? {} : { onSaid: recorder.ground.said };
  const listenAt = async (station: string): Promise<void> => {
    await using own = await buses.join("station", station, run, refusals.add);
    const security = buses.security("station", station, plan, run.run);
    await runStation({ bus: own, plan, station, security, onRefused: refusals.add, ...said, signal });
  };
  const listen = (): Promise<unknown>[] => plan.stations.map(({ id }) => guard(listenAt(id)));

  let counted = 0;
  const gather = async (): Promise<GroundRecord> => {
    await using own = await buses.join("centre", centreName, run, refusals.add);
    return await runCentre({
      bus: own,
      plan,
      scenes: stage.dataset.scenes,
      info: stage.model.info,
      detector: onBoard ? null : (computed?.recalling(stage.model) ?? stage.model),
      codec: stage.codec,
      security: buses.security("centre", centreName, plan, run.run),
      planOrder: plannerFor(
        plan,
        stage.dataset.scenes,
        orderDoor(
          stage.scenario.tenants?.tenants ?? null,
          plan.orders === undefined ? () => null : buses.verifyOrder("centre", centreName),
          buses.signOrder,
        ),
      ),
      planCues,
      planLookAgain: lookPlannerFor(plan, stage.dataset.scenes),
      onRefused: refusals.add,
      onLanded(one) {
        heardAt = performance.now();
        const products = productsOf(one);
        counted += products;
        progress.landed(products, one.detections.length);
      },
      ...(recorder === null ? {} : { log: recorder.centre, onHeard: recorder.ground.heard }),
      ...(ears === null ? {} : { onRead: ears.read }),
      signal,
    });
  };
  const centre = guard(gather());
  const nodes = options.external ? [] : [guard(fly()), ...listen()];
  const [result] = await Promise.all([centre, ...nodes]);
  // Why it was told to stop comes before what broke when it did.
  for (const one of outer) one.throwIfAborted();
  if (failure !== null) throw (failure as { readonly error: unknown }).error;
  if (result === null || result === undefined) throw new Error(`run ${runId} ended without a result`);
  const satellites = await Promise.all(
    plan.satellites.map((id) =>
      readLedger(run, satelliteLedgerKey(id), (written) => readSatelliteLedger(id, written)),
    ),
  );
  const stations = await Promise.all(
    plan.stations.map(({ id }) =>
      readLedger(run, stationLedgerKey(id), (written) => readStationLedger(id, written)),
    ),
  );
  const { landed, chips, tiles, received, given, cues, added } = result;
  // Chips and tiles that were asked for follow after an acquisition is let go.
  progress.landed(landed.reduce((sum, one) => sum + productsOf(one), 0) - counted, 0);
  if (options.external) addLedgers(refusals, stations);
  for (const note of [...refusals.notes, ...givenNotes(given)]) progress.note(note);
  requireBalance({ contacts: plan.contacts, satellites, stations, received });
  await ears?.close();
  recorder?.close();
  const ground = cues === undefined ? {} : { cues };
  return { plan: withGiven(plan, given, added), satellites, stations, landed, chips, tiles, ...ground };
};
