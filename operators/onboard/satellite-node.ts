import { tmpdir } from "node:os";
import type { RunBus } from "../../pipeline/bus/run-bus.ts";
import type { RunPlan } from "../../pipeline/mission/run-plan.ts";
import { linkSubject, nakSubject, satelliteLedgerKey } from "../../pipeline/bus/subjects.ts";
import type { Task } from "../../pipeline/bus/task-queue.ts";
import { noisyChannel } from "../../pipeline/link/frames/channel.ts";
import type { OpenTelecommand } from "../../pipeline/link/security/telecommand-protection.ts";
import {
  openFrameGuard,
  openTelecommandGate,
  type LinkSecurity,
} from "../../pipeline/link/security/link-security.ts";
import type { Refused } from "../../pipeline/link/security/link-security.ts";
import {
  decodeNakMessage,
  openNakMessage,
  type NakMessage,
} from "../../pipeline/link/transfer/nak-message.ts";
import { readOrRefuse, type OnRefused } from "../../pipeline/mission/refusal.ts";
import {
  decodeLinkMessage,
  encodeLinkMessage,
  type LinkMessage,
} from "../../pipeline/link/transfer/link-message.ts";
import type { SatelliteLedger } from "../../pipeline/mission/ledger.ts";
import { readSatelliteLedger } from "../../pipeline/mission/ledger-schema.ts";
import type { CuePlanner } from "../../pipeline/mission/cue-planner.ts";
import { decodeTaskMessage } from "../../pipeline/mission/task-message.ts";
import type { OrderRefusal } from "../../pipeline/orders/order-answer.ts";
import { encodeTold, type ToldAnswers } from "../../pipeline/orders/order-answers-wire.ts";
import { acquisitionData, readOrderData } from "../../pipeline/orders/order-wire.ts";
import type { Order } from "../../pipeline/orders/order.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import { seconds } from "../../pipeline/units.ts";
import { alone } from "../mesh/mesh.ts";
import { openBusExchange } from "../mesh/mesh-exchange.ts";
import { flyMission, type MissionPorts } from "./satellite-flight.ts";
import { openBody, type Body, type BodyWatcher } from "../platform/body.ts";
import type { PixelTools } from "./pixel-tools.ts";
import { openReportInbox } from "./report-inbox.ts";
import type { FlightLog } from "../../pipeline/mission/flight-log.ts";
import type { SatelliteEvent } from "../../pipeline/mission/satellite-event.ts";

/** What a satellite node is given by the process that it lives in. */
export interface SatelliteNode {
  readonly bus: RunBus;
  readonly plan: RunPlan;
  readonly satellite: string;
  readonly tools: PixelTools;
  /** Its keys; `null` where the plan protects no link. */
  readonly security: LinkSecurity | null;
  readonly onRefused: OnRefused;
  /** Why the signature of an order does not hold; `null`: it does, or nobody asks for one. */
  readonly verifyOrder: (order: Order) => OrderRefusal | null;
  /** Follows tips; `null` in a mission without cues. */
  readonly planCues: CuePlanner | null;
  readonly notify: (event: SatelliteEvent) => void;
  /** Who writes down what happens; it changes nothing. */
  readonly log?: FlightLog;
  readonly pace: MissionPorts["pace"];
  readonly signal: AbortSignal;
}

/** Long enough for a busy node to say that it lives, short enough to notice soon that it does not. */
const ackWait = seconds(10);

/**
 * One satellite on the bus:
 *
 *     task → [ capture → screen → detect → select → store → transmit ] → channel → link
 *                                                            ↑
 *                                              nak: reports, and requests for tiles
 *
 * It flies what its tasks say, and acknowledges them once everything that they caused is published. A satellite that dies has its
 * tasks handed out again and flies its whole timeline once more; messages that it published before are dropped by their ids. One
 * that dies while it acknowledges has nothing left to fly.
 */
export const runSatellite = async (node: SatelliteNode): Promise<SatelliteLedger> => {
  const { bus, plan, satellite } = node;
  const flown = await flownBefore(node);
  if (flown !== null) return flown;
  const own = new AbortController();
  const signal = AbortSignal.any([node.signal, own.signal]);
  const channel = noisyChannel({ ...plan.errors, seed: plan.seed });
  const reports = bus.follow(nakSubject(bus.run, satellite), { from: "start", signal });
  const inbox = openReportInbox(reports, signal, readerOf(node));
  const tell = (station: string, said: LinkMessage, id: string): Promise<void> =>
    bus.publish(linkSubject(bus.run, satellite, station), encodeLinkMessage(said), id);
  const contacts = plan.contacts.contacts.filter((contact) => contact.satellite === satellite);
  const tellAnswers = (station: string, contact: string, told: ToldAnswers, id: string): Promise<void> =>
    tell(station, { kind: "answers", contact, data: encodeTold(told) }, id);
  await using mesh =
    plan.mesh === null ? null : openBusExchange(bus, satellite, plan.satellites, signal, node.onRefused);
  try {
    const { tasks, acquisitions } = await collectTasks(node, signal);
    const ordered = plan.acquisitions.filter((one) => one.satellite === satellite && one.order !== undefined);
    const ledger = await flyMission(plan, satellite, [...acquisitions, ...ordered], {
      tools: node.tools,
      notify: node.notify,
      pace: node.pace,
      signal,
      guard: node.security === null ? null : openFrameGuard(node.security, satellite),
      ...(node.log === undefined ? {} : { log: node.log }),
      body: bodyOf(plan, satellite, node.log ?? null),
      exchange: mesh?.exchange ?? alone,
      scratchFolder: tmpdir(),
      report: inbox.report,
      cues:
        node.planCues === null
          ? null
          : {
              planner: node.planCues,
              // To all of them: whichever brings its products down has heard of it before.
              announce: async (acquisition) => {
                const said = { kind: "taken", data: acquisitionData(acquisition) } as const;
                for (const { id } of plan.stations)
                  await tell(id, said, `${satellite}.${acquisition.index}.${id}.taken`);
              },
            },
      through: async (at, told) => {
        const contact = contacts.findLast(({ aos, los }) => aos <= at && at <= los);
        if (contact === undefined) return;
        const { id, station } = contact;
        if (told !== null) await tellAnswers(station, id, told, `${id}.${told.contact}.told`);
        await tell(station, { kind: "through", at }, `${satellite}.${at}.through`);
      },
      ask: async ({ id, station }) => {
        await tell(station, { kind: "opening", contact: id }, `${id}.open`);
        return await inbox.requests(id);
      },
      orders: {
        hear: async ({ id, station }, told) => {
          // The same way as the opening, and before it: the centre has them when it decides what goes up.
          if (told !== null) await tellAnswers(station, id, told, `${id}.answers`);
          await tell(station, { kind: "opening", contact: id }, `${id}.open`);
          const data = await inbox.orders(id);
          const source = { node: satellite, what: "orders" };
          const heard = readOrRefuse(() => readOrderData(data), node.onRefused, source);
          return heard ?? { orders: [], acquisitions: [] };
        },
        verify: node.verifyOrder,
      },
      send: async (sent) => {
        signal.throwIfAborted();
        const { segment } = channel(sent);
        const id = `${segment.contact}.${segment.turn}.${segment.segment}`;
        await tell(segment.station, { kind: "segment", segment }, id);
      },
    });
    // Stored before anybody is told that it is all: a message said again after a broken connection may come late.
    await bus.flush();
    await bus.state.put(satelliteLedgerKey(satellite), Buffer.from(JSON.stringify(ledger)));
    // Stations have nothing more to wait for.
    for (const { id } of plan.stations) await tell(id, { kind: "end" }, `${satellite}.${id}.end`);
    await bus.flush();
    for (const task of tasks) await task.ack();
    return ledger;
  } finally {
    own.abort();
    await inbox.done;
  }
};

/** Reads what the ground says; where the link is protected, only what proves to be from there. */
const readerOf = ({
  plan,
  satellite,
  security,
  onRefused,
}: SatelliteNode): ((message: Uint8Array) => NakMessage | Refused) => {
  const refuseUnreadable = (read: () => NakMessage | Refused): NakMessage | Refused =>
    readOrRefuse(read, onRefused, { node: satellite, what: "nak message" }) ?? {
      kind: "refused",
      reason: "unreadable",
    };
  if (security === null) return (message) => refuseUnreadable(() => decodeNakMessage(message));

  const gate = openTelecommandGate(security, satellite);
  const contacts = new Map(plan.contacts.contacts.map((contact) => [contact.id, contact]));
  const openAt = (id: string): OpenTelecommand | null => {
    const contact = contacts.get(id);
    return contact?.satellite === satellite ? gate(contact.los) : null;
  };
  return (message) => {
    const said = refuseUnreadable(() => openNakMessage(message, openAt));
    if (said.kind === "refused" && said.reason !== "unreadable")
      onRefused({ node: satellite, what: "nak message", reason: said.reason });
    return said;
  };
};

/** What the orbit does to power and heat on board; `null` where the spacecraft takes both for granted. */
const bodyOf = (
  { spacecraft, orbits, contacts: { from, to } }: RunPlan,
  satellite: string,
  watcher: BodyWatcher | null,
): Body | null => {
  const orbit = orbits.find(({ id }) => id === satellite);
  const isKept = spacecraft.power !== null || spacecraft.heat !== null;
  return isKept && orbit !== undefined ? openBody(spacecraft, orbit, from, to, watcher) : null;
};

/**
 * What a former life of this satellite wrote down, where that had said all that it had to say: acknowledging tasks is the last that
 * a satellite does, so that one which died at it finds some of them gone. What is left of them is acknowledged here. Else `null`:
 * then no task has been acknowledged yet.
 */
const flownBefore = async ({
  bus,
  plan,
  satellite,
  signal,
  onRefused,
}: SatelliteNode): Promise<SatelliteLedger | null> => {
  const source = { node: satellite, what: "link message" };
  for (const { id } of plan.stations) {
    const last = await bus.last(linkSubject(bus.run, satellite, id));
    const said = last === null ? null : readOrRefuse(() => decodeLinkMessage(last), onRefused, source);
    if (said?.kind !== "end") return null;
  }
  const ledger = await bus.state.get(satelliteLedgerKey(satellite));
  if (ledger === null) return null;
  const inHand = tasksOf(plan, satellite);
  if (inHand > 0) {
    const left = bus.takeTasks(satellite, { inHand, ackWait, until: "empty", signal });
    for await (const task of left) await task.ack();
  }
  signal.throwIfAborted();
  return readSatelliteLedger(satellite, ledger);
};

/** How many tasks a satellite is given: acquisitions that wait for an order are none. */
const tasksOf = ({ acquisitions }: RunPlan, satellite: string): number =>
  acquisitions.filter((one) => one.satellite === satellite && one.order === undefined).length;

/** What a satellite is to fly, and the tasks that say so. */
interface Collected {
  /** In the order of the schedule. */
  readonly acquisitions: readonly Acquisition[];
  readonly tasks: readonly Task[];
}

/** Whether the plan has just this acquisition: a task tells a satellite nothing else. */
const isPlanned = ({ acquisitions }: RunPlan, satellite: string, told: Acquisition): boolean => {
  const planned = acquisitions[told.index];
  const isSame = planned?.scene === told.scene && planned.at === told.at && planned.order === undefined;
  return isSame && planned.satellite === satellite && told.satellite === satellite;
};

/**
 * Takes every task of this satellite into hand, in whatever order the queue has them after a crash; the plan says how many there
 * are. What is no task of the plan is taken off the queue and refused.
 */
const collectTasks = async (
  { bus, plan, satellite, onRefused }: SatelliteNode,
  signal: AbortSignal,
): Promise<Collected> => {
  const expected = tasksOf(plan, satellite);
  const tasks: Task[] = [];
  const found = new Map<number, Acquisition>();
  if (expected === 0) return { tasks, acquisitions: [] };
  const source = { node: satellite, what: "task message" };
  for await (const task of bus.takeTasks(satellite, { inHand: expected, ackWait, signal })) {
    const said = readOrRefuse(() => decodeTaskMessage(task.data), onRefused, source);
    const acquisition = said?.acquisition;
    if (acquisition === undefined || !isPlanned(plan, satellite, acquisition)) {
      if (acquisition !== undefined) onRefused({ ...source, reason: "not in the plan" });
      await task.ack();
      continue;
    }
    tasks.push(task);
    found.set(acquisition.index, acquisition);
    if (found.size === expected) break;
  }
  signal.throwIfAborted();
  return { tasks, acquisitions: [...found.values()].toSorted((a, b) => a.index - b.index) };
};
