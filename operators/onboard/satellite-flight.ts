import { SwathError } from "../../pipeline/errors.ts";
import { askOf } from "../../pipeline/mission/ask-plan.ts";
import type { RunPlan } from "../../pipeline/mission/run-plan.ts";
import { spacecraftId } from "../../pipeline/link/frames/frame.ts";
import type { FrameGuard } from "../../pipeline/link/security/link-security.ts";
import { LinkMeter } from "../../pipeline/link/frames/metered.ts";
import type { SatelliteLedger } from "../../pipeline/mission/ledger.ts";
import { productDigest } from "../../pipeline/mission/product-digest.ts";
import { openSpool } from "../../pipeline/spool.ts";
import { instant, type Instant } from "../../pipeline/units.ts";
import type { AskPorts } from "../flight/asked-tiles.ts";
import { Envelopes } from "./envelope-spool.ts";
import { Flight } from "../flight/flight.ts";
import { frameTransmitter, type FrameRadio } from "./frame-radio.ts";
import { epochEnds, Mesh, type Exchange, type MeshMember } from "../mesh/mesh.ts";
import { terminalStretches, terminalTime } from "../flight/terminal-stretches.ts";
import { openMeshRouter } from "../mesh/mesh-router.ts";
import type { CueSettings } from "../cues/cue-board.ts";
import { openOrderedWork } from "./ordered-work.ts";
import { prioritiesOf } from "./workload-priorities.ts";
import type { FlightPorts } from "../flight/flight-plan.ts";
import { isTogether } from "../../pipeline/mission/order-plan.ts";
import type { OrderPorts } from "../orders/order-queue.ts";
import type { PixelTools } from "./pixel-tools.ts";
import { pixelWork } from "./pixel-work.ts";
import { pixelEstimate } from "./pixel-estimate.ts";
import { memoryMedium } from "../updates/medium.ts";
import { noModels } from "../updates/no-models.ts";
import { ModelKeeper, type ModelPorts } from "../updates/model-keeper.ts";
import type { Onboard } from "./acquisition-work.ts";
import type { Body } from "../platform/body.ts";
import { openRadiation } from "../radiation/radiation.ts";
import { WorkloadBoard } from "./workload-board.ts";
import { BoardTenancy } from "../tenancy/board-tenancy.ts";
import { pixelAnswers } from "./tile-answer.ts";
import type { FlightLog } from "../../pipeline/mission/flight-log.ts";
import type { SatelliteEvent } from "../../pipeline/mission/satellite-event.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";

/** What a satellite needs from outside. It knows no NATS. */
export interface MissionPorts {
  readonly tools: PixelTools;
  /** What power and heat do to the computer; `null` where they are taken for granted. */
  readonly body: Body | null;
  /** What satellites say to each other; asked only where the plan has crosslinks. */
  readonly exchange: Exchange;
  /** Protects frames; `null` where the plan protects none. */
  readonly guard: FrameGuard | null;
  readonly send: FrameRadio["send"];
  readonly report: FrameRadio["report"];
  /** The tiles that the ground requests when a contact opens; called only where the plan has a request rule. */
  readonly ask: AskPorts["ask"];
  /** How orders are heard, answered and verified; called only where the plan has orders. */
  readonly orders: Omit<OrderPorts, "handlers">;
  /** How tips are followed; `null` in a mission without cues. */
  readonly cues: Pick<CueSettings, "planner" | "announce"> | null;
  /** See `FlightPorts`; called only where satellites wait for each other's news. */
  readonly through: NonNullable<FlightPorts["through"]>;
  readonly notify: (event: SatelliteEvent) => void;
  /** Who writes down what happens; it changes nothing. */
  readonly log?: FlightLog;
  /** Waits until the wall clock has come to mission time `t`; returns at once when nobody watches. */
  readonly pace: (t: Instant) => Promise<void>;
  /** Where the store's payloads are spooled. */
  readonly scratchFolder: string;
  readonly signal: AbortSignal;
}

/** What keeps the models of a satellite that may be sent new ones; `null`: none can come, or none would be of use on board. */
const keeperOf = (
  plan: RunPlan,
  { detector, models }: PixelTools,
  reserve: ModelPorts["reserve"],
  log: FlightLog | undefined,
): ModelKeeper | null => {
  // What radiation turns over is counted in the weights of one model, and of several nobody says which is replaced.
  if (plan.orders === undefined || models === undefined || detector === null) return null;
  if (plan.upsets !== null || plan.workloads !== undefined) return null;
  const { launched, ...tools } = models;
  const told: Pick<ModelPorts, "tell"> =
    log === undefined ? {} : { tell: (change) => log.tell({ type: "model", ...change }) };
  return new ModelKeeper(
    {
      ...tools,
      launched: { ...launched, detector },
      isNamed: plan.orders.planned.some(({ order }) => order.kind.startsWith("model-")),
      medium: memoryMedium(),
      reserve,
      ...told,
    },
    plan.contacts.from,
  );
};

/** The ledger, with what became of models where any came. */
const withModels = (ledger: SatelliteLedger, keeper: ModelKeeper | null): SatelliteLedger => {
  const models = keeper?.close();
  const isTouched = models !== undefined && (models.mostBytes > 0 || models.changes.length > 1);
  return isTouched ? { ...ledger, models } : ledger;
};

/** How requests for tiles are heard and answered. */
const answersOf = (
  onboard: Onboard,
  acquisitions: ReadonlyMap<number, Acquisition>,
  envelopes: Envelopes,
  { ask, tools: { source, sceneErrors } }: Pick<MissionPorts, "ask" | "tools">,
): AskPorts => ({
  ask,
  make: pixelAnswers(onboard, {
    source,
    acquisitions,
    envelopes,
    sceneErrors,
  }),
});

/** What the computer of a satellite has to work with. */
export const onboardOf = (
  plan: RunPlan,
  satellite: string,
  tools: PixelTools,
  signal: AbortSignal,
): Onboard => ({
  policy: plan.policy,
  computer: plan.spacecraft.computer,
  bands: plan.bands,
  tile: plan.tile,
  detector: tools.detector,
  judge: tools.judge,
  screening: plan.screening,
  radiation: openRadiation(plan, satellite, tools.detector),
  measureLossless: plan.measureLossless,
  workloads:
    plan.workloads === undefined || tools.detector === null
      ? null
      : new WorkloadBoard(plan.workloads, plan.spacecraft.computer, tools.detector),
  codec: tools.codec,
  inFlight: tools.inFlight,
  signal,
});

/**
 * Flies one satellite of a run through its timeline, with real pixels and real frames: see `Flight`.
 *
 * A scene that cannot be read costs itself alone: it is written down, and none of its products is sent, since half a scene
 * would pass for a whole one. Throws what `tools.sceneErrors` does not leave out, and the reason of `signal`.
 */
export const flyMission = async (
  plan: RunPlan,
  satellite: string,
  acquisitions: readonly Acquisition[],
  ports: MissionPorts,
): Promise<SatelliteLedger> => {
  const { spacecraft, rate, protection } = plan;
  const { guard, send, report, notify, pace, signal, body, tools, log } = ports;
  const onboard = onboardOf(plan, satellite, tools, signal);
  await using spool = await openSpool(ports.scratchFolder);
  const envelopes = new Envelopes(spool);
  /** Of all products of which anything was sent, by number. */
  const digests = new Map<number, string>();
  const contacts = plan.contacts.contacts.filter((contact) => contact.satellite === satellite);
  const { from, to } = plan.contacts;
  const terminalsOn =
    plan.mesh === null ? [] : (terminalStretches(plan.mesh.crosslinks).get(satellite) ?? []);
  const ordersOn = openOrderedWork(plan, satellite, { acquisitions, tools, cues: ports.cues }, () => flight);
  const { owners, board, settings, taken, sendsPixels } = ordersOn;
  await using keeper = keeperOf(plan, tools, (count, at) => flight.inventory.reserve(count, at), log);
  const work = pixelWork(onboard, envelopes, tools, keeper, board, settings);
  const flight: Flight = new Flight(
    {
      satellite,
      spacecraft,
      rate,
      protection,
      from,
      to,
      acquisitions,
      contacts,
      terminalsOn,
      body,
      ...(plan.tenancy === undefined
        ? {}
        : {
            tenancy: new BoardTenancy(plan.tenancy, satellite, owners, plan.workloads ?? null),
          }),
      ...prioritiesOf(plan),
    },
    {
      work: (acquisition, bench) => {
        taken.set(acquisition.index, acquisition);
        return work(acquisition, bench);
      },
      transmitter: (inventory) =>
        frameTransmitter({
          satellite,
          spacecraftId: spacecraftId(satellite),
          rate,
          seal: guard?.seal ?? null,
          meter: new LinkMeter((product) => inventory.kindOf(product), guard?.read ?? null),
          send,
          report,
          read: async (product) => {
            const envelope = await envelopes.read(product);
            if (!digests.has(product.number)) digests.set(product.number, productDigest(envelope));
            return envelope;
          },
        }),
      ...(plan.mesh?.offload === undefined ? {} : { estimate: pixelEstimate(onboard, tools) }),
      ...(plan.orders === undefined
        ? {}
        : {
            orders: {
              ports: {
                ...ports.orders,
                handlers: { ...ordersOn.handlers, ...(keeper?.handlers ?? noModels(plan)) },
              },
              errors: plan.errors,
              seed: plan.seed,
            },
          }),
      ...(board === null ? {} : { cues: board }),
      ...(isTogether(plan) ? { through: ports.through } : {}),
      ...(askOf(plan) === null && !sendsPixels
        ? {}
        : {
            asks: answersOf(onboard, taken, envelopes, {
              ...ports,
              ask: askOf(plan) === null ? async () => [] : ports.ask,
            }),
          }),
      notify,
      pace,
      ...(log === undefined ? {} : { log }),
      signal,
    },
  );
  if (plan.mesh === null) {
    await advancePaced(flight, { speed: plan.speed, pace }, from, to);
    return withModels(withDigests(await flight.close(), digests), keeper);
  }
  const member = { satellite, flight, terminalTime: terminalTime(terminalsOn), bytes: envelopes };
  return withModels(withDigests(await flyInMesh(plan, member, ports.exchange, pace), digests), keeper);
};

/** Who watches sees something new so often; s of wall time. */
const watchedEvery = 0.25;

/** How a flight keeps to the wall clock; `speed` null: it does not. */
interface Pacing {
  readonly speed: number | null;
  readonly pace: (t: Instant) => Promise<void>;
}

/** Flies to `to` in steps for people who watch: the ledger is the same in any number of them. Nobody watches: nothing happens here. */
const advancePaced = async (
  flight: Flight,
  { speed, pace }: Pacing,
  from: Instant,
  to: Instant,
): Promise<void> => {
  if (speed === null) return;
  const step = Math.max(1, watchedEvery * speed);
  for (let t = from + step; t < to; t += step) {
    await pace(instant(t));
    await flight.advance(instant(t));
  }
  await pace(to);
};

/** Says of each delivered product which bytes it was. */
const withDigests = (ledger: SatelliteLedger, digests: ReadonlyMap<number, string>): SatelliteLedger => ({
  ...ledger,
  products: ledger.products.map((product) => {
    const digest = product.fate === "delivered" ? digests.get(product.number) : undefined;
    return digest === undefined ? product : { ...product, digest };
  }),
});

/** Flies one satellite of several that feed each other, epoch by epoch. */
const flyInMesh = async (
  plan: RunPlan,
  member: MeshMember,
  exchange: Exchange,
  pace: Pacing["pace"],
): Promise<SatelliteLedger> => {
  const { spacecraft, contacts, satellites, rate } = plan;
  const terminals = spacecraft.crosslink;
  if (plan.mesh === null || terminals === null) {
    throw new SwathError("config", { what: `${spacecraft.name} has no terminals for crosslinks` });
  }
  const { epoch, offload } = plan.mesh;
  const stations = plan.stations.map(({ id }) => id);
  const mesh = new Mesh([member], {
    router: openMeshRouter(plan.mesh, terminals, contacts, rate, stations),
    isSatellite: (node) => satellites.includes(node),
    epochs: { origin: contacts.from, length: epoch },
    power: terminals.power,
    exchange,
    ...(offload === undefined
      ? {}
      : {
          offload: {
            rule: offload,
            power: spacecraft.computer.power,
            to: contacts.to,
            acquisitionOf: (index) => plan.acquisitions[index] as Acquisition,
          },
        }),
  });
  for (const [number, end] of epochEnds({ origin: contacts.from, length: epoch }, contacts.to)) {
    await advancePaced(
      member.flight,
      { speed: plan.speed, pace },
      instant(contacts.from + number * epoch),
      end,
    );
    await member.flight.advance(end);
    await member.flight.sayThrough(end);
    await mesh.endEpoch(number, end);
  }
  return await member.flight.close(mesh.useOf(member.satellite), mesh.pixelsOf(member.satellite));
};
