import { tmpdir } from "node:os";
import type { RunBus } from "../../pipeline/bus/run-bus.ts";
import type { RunPlan } from "../../pipeline/mission/run-plan.ts";
import { linkSubject, nakSubject } from "../../pipeline/bus/subjects.ts";
import type { Task } from "../../pipeline/bus/task-queue.ts";
import { satelliteLedgerKey } from "../../pipeline/bus/run-keys.ts";
import type { CloudJudge } from "../../pipeline/detection/cloud-judge.ts";
import type { Detector } from "../../pipeline/detection/detector.ts";
import { noisyChannel } from "../../pipeline/link/frames/channel.ts";
import { encodeOpening } from "../../pipeline/link/transfer/contact-opening.ts";
import { encodeSegment } from "../../pipeline/link/frames/segment-codec.ts";
import type { SatelliteLedger } from "../../pipeline/mission/ledger.ts";
import type { TileCodec } from "../../pipeline/product/tile-codec.ts";
import type { SceneSource } from "../../pipeline/raster/scene.ts";
import { seconds } from "../../pipeline/units.ts";
import { alone } from "../mesh/mesh.ts";
import { openBusExchange } from "../mesh/mesh-exchange.ts";
import { flyMission, type MissionPorts } from "./satellite-flight.ts";
import { openBody, type Body } from "../platform/body.ts";
import { openReportInbox } from "./report-inbox.ts";
import type { SatelliteEvent } from "../../pipeline/mission/satellite-event.ts";

/** What a satellite node is given by the process that it lives in. */
export interface SatelliteNode {
  readonly bus: RunBus;
  readonly plan: RunPlan;
  readonly satellite: string;
  readonly source: SceneSource;
  /** Null when the policy detects on the ground. */
  readonly detector: Detector | null;
  /** Null when nothing is screened by a model. */
  readonly judge: CloudJudge | null;
  readonly notify: (event: SatelliteEvent) => void;
  readonly pace: MissionPorts["pace"];
  readonly codec: TileCodec;
  readonly inFlight: number;
  readonly strict: boolean;
  readonly signal: AbortSignal;
}

/** Long enough for a busy node to say that it lives, short enough to notice soon that it does not. */
const ackWait = seconds(10);

/**
 * One satellite on the bus:
 *
 *     task → [ capture → screen → detect → select → store → transmit ] → channel → link
 *                                                            ↑
 *                                              nak: reports, and tiles asked for
 *
 * Its tasks are acknowledged once everything that they caused is published. A satellite that dies flies its whole
 * timeline again, and what it had published already falls away by its message ids.
 */
export const runSatellite = async (node: SatelliteNode): Promise<SatelliteLedger> => {
  const { bus, plan, satellite } = node;
  const own = new AbortController();
  const signal = AbortSignal.any([node.signal, own.signal]);
  const channel = noisyChannel({ ...plan.errors, seed: plan.seed });
  const reports = bus.follow(nakSubject(bus.run, satellite), { from: "start", signal });
  const inbox = openReportInbox(reports, signal);
  await using mesh = plan.mesh === null ? null : openBusExchange(bus, satellite, plan.satellites, signal);
  try {
    const acquisitions = plan.acquisitions.filter((acquisition) => acquisition.satellite === satellite);
    const tasks = await collectTasks(bus, satellite, acquisitions.length, signal);
    const ledger = await flyMission(plan, satellite, acquisitions, {
      ...node,
      body: bodyOf(plan, satellite),
      exchange: mesh?.exchange ?? alone,
      scratchFolder: tmpdir(),
      report: inbox.report,
      ask: async ({ id, station }) => {
        await bus.publish(linkSubject(bus.run, satellite, station), encodeOpening(id), `${id}.open`);
        return await inbox.requests(id);
      },
      send: async (sent) => {
        signal.throwIfAborted();
        const { segment } = channel(sent);
        const subject = linkSubject(bus.run, satellite, segment.station);
        const id = `${segment.contact}.${segment.turn}.${segment.segment}`;
        await bus.publish(subject, encodeSegment(segment), id);
      },
    });
    // Stored before anybody is told that it is all: a message said again after a broken connection may come late.
    await bus.flush();
    await bus.state.put(satelliteLedgerKey(satellite), Buffer.from(JSON.stringify(ledger)));
    // An empty message ends the satellite's part of the stream; stations have nothing more to wait for.
    for (const { id } of plan.stations) {
      await bus.publish(linkSubject(bus.run, satellite, id), new Uint8Array(), `${satellite}.${id}.end`);
    }
    await bus.flush();
    for (const task of tasks) await task.ack();
    return ledger;
  } finally {
    own.abort();
    await inbox.done;
  }
};

/** What the orbit does to power and heat on board; `null` where the spacecraft takes both for granted. */
const bodyOf = ({ spacecraft, orbits, contacts: { from, to } }: RunPlan, satellite: string): Body | null => {
  const orbit = orbits.find(({ id }) => id === satellite);
  const isKept = spacecraft.power !== null || spacecraft.heat !== null;
  return isKept && orbit !== undefined ? openBody(spacecraft, orbit, from, to) : null;
};

/**
 * Takes every task of this satellite into hand, in whatever order the queue has them after a crash; the plan says what
 * they are. Acknowledging is the last that a satellite does: one that died at it finds some of its tasks gone. What is left
 * then comes within `ackWait`; it flies once more for the sake of what it may not have said, which changes nothing.
 */
const collectTasks = async (
  bus: RunBus,
  satellite: string,
  expected: number,
  signal: AbortSignal,
): Promise<readonly Task[]> => {
  const tasks: Task[] = [];
  if (expected === 0) return tasks;
  const hasFlown = (await bus.state.get(satelliteLedgerKey(satellite))) !== null;
  const patience = new AbortController();
  const timer = hasFlown ? setTimeout(() => patience.abort(), 2 * ackWait * 1000) : undefined;
  const either = AbortSignal.any([signal, patience.signal]);
  for await (const task of bus.takeTasks(satellite, { inHand: expected, ackWait, signal: either })) {
    tasks.push(task);
    if (tasks.length === expected) break;
  }
  clearTimeout(timer);
  signal.throwIfAborted();
  return tasks;
};
