import { tmpdir } from "node:os";
import type { RunBus } from "../pipeline/bus/run-bus.ts";
import type { RunPlan } from "../pipeline/bus/run-plan.ts";
import { linkSubject, nakSubject } from "../pipeline/bus/subjects.ts";
import type { Task } from "../pipeline/bus/task-queue.ts";
import { satelliteLedgerKey } from "../pipeline/bus/run-keys.ts";
import type { Detector } from "../pipeline/detection/detector.ts";
import { noisyChannel } from "../pipeline/link/channel.ts";
import { encodeSegment } from "../pipeline/link/segment-codec.ts";
import type { SatelliteLedger } from "../pipeline/meter/ledger.ts";
import type { Acquisition } from "../pipeline/orbit/acquisition.ts";
import type { SceneSource } from "../pipeline/raster/scene.ts";
import { seconds } from "../pipeline/units.ts";
import { flyMission, type MissionPorts, type SatelliteEvent } from "./mission.ts";
import { openReportInbox } from "./report-inbox.ts";

/** What a satellite node is given by the process that it lives in. */
export interface SatelliteNode {
  readonly bus: RunBus;
  readonly plan: RunPlan;
  readonly satellite: string;
  readonly source: SceneSource;
  /** Null when the policy detects on the ground. */
  readonly detector: Detector | null;
  readonly notify: (event: SatelliteEvent) => void;
  readonly pace: MissionPorts["pace"];
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
 *                                                           nak
 *
 * Its tasks are acknowledged once everything that they caused is published. A satellite that dies flies its whole
 * timeline again, and what it had published already falls away by its message ids.
 */
export const runSatellite = async (node: SatelliteNode): Promise<SatelliteLedger> => {
  const { bus, plan, satellite } = node;
  const own = new AbortController();
  const signal = AbortSignal.any([node.signal, own.signal]);
  const channel = noisyChannel({ ...plan.errors, seed: plan.seed });
  const inbox = openReportInbox(bus.follow(nakSubject(bus.run, satellite), { from: "start", signal }));
  try {
    const tasks = await collectTasks(bus, plan, satellite, signal);
    const acquisitions = tasks.map(({ data }) => JSON.parse(Buffer.from(data).toString()) as Acquisition);
    const ledger = await flyMission(plan, satellite, acquisitions, {
      ...node,
      scratchFolder: tmpdir(),
      report: inbox.report,
      send: async (sent) => {
        node.signal.throwIfAborted();
        const { segment } = channel(sent);
        const subject = linkSubject(bus.run, satellite, segment.station);
        const id = `${segment.contact}.${segment.turn}.${segment.segment}`;
        await bus.publish(subject, encodeSegment(segment), id);
      },
    });
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

/** Everything that the plan has for this satellite; the queue may hand it out in any order after a crash. */
const collectTasks = async (
  bus: RunBus,
  plan: RunPlan,
  satellite: string,
  signal: AbortSignal,
): Promise<readonly Task[]> => {
  const expected = plan.acquisitions.filter((acquisition) => acquisition.satellite === satellite).length;
  const tasks: Task[] = [];
  if (expected === 0) return tasks;
  for await (const task of bus.takeTasks(satellite, { inHand: expected, ackWait, signal })) {
    tasks.push(task);
    if (tasks.length === expected) break;
  }
  signal.throwIfAborted();
  return tasks;
};
