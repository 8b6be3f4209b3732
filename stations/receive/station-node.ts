import type { RunBus } from "../../pipeline/bus/run-bus.ts";
import { askOf } from "../../pipeline/mission/ask-plan.ts";
import type { RunPlan } from "../../pipeline/mission/run-plan.ts";
import { stationLedgerKey } from "../../pipeline/bus/run-keys.ts";
import { groundSubject, linksToStation, nakSubject } from "../../pipeline/bus/subjects.ts";
import { decodeOpening, isOpening } from "../../pipeline/link/transfer/contact-opening.ts";
import { encodeReport } from "../../pipeline/link/transfer/turn-report.ts";
import { decodeSegment } from "../../pipeline/link/frames/segment-codec.ts";
import type { StationLedger } from "../../pipeline/mission/ledger.ts";
import { encodeBackhaul } from "./backhaul.ts";
import { Receiver } from "./receiver.ts";

/** What a station node is given by the process that it lives in. */
export interface StationNode {
  readonly bus: RunBus;
  readonly plan: RunPlan;
  readonly station: string;
  readonly signal: AbortSignal;
}

/**
 * One ground station on the bus:
 *
 *     link → [ frames → pieces ] → ground (the mission centre)
 *                  ↓
 *                 nak
 *
 * It keeps nothing of its own: one that dies is shown the link from the start and says the same things again, which
 * fall away by their message ids.
 */
export const runStation = async ({ bus, plan, station, signal }: StationNode): Promise<StationLedger> => {
  const receiver = new Receiver(plan, station);
  const isAsked = askOf(plan) !== null;
  const flying = new Set(plan.satellites);
  for await (const { subject, data } of bus.follow(linksToStation(bus.run, station), {
    from: "start",
    signal,
  })) {
    if (data.length === 0) {
      flying.delete(subject.split(".").at(-2) ?? "");
      if (flying.size === 0) break;
      continue;
    }
    if (isOpening(data)) {
      await bus.publish(groundSubject(bus.run, station), data, `${decodeOpening(data)}.open`);
      continue;
    }
    for (const { segment, backhaul, report } of receiver.accept(decodeSegment(data))) {
      const id = `${segment.contact}.${segment.turn}.${segment.segment}`;
      if (backhaul !== null)
        await bus.publish(groundSubject(bus.run, station), encodeBackhaul(backhaul), `${id}.up`);
      if (report !== null) {
        // Where the centre asks for tiles it must have all of a contact before the satellite opens the next one.
        if (isAsked) await bus.flush();
        await bus.publish(nakSubject(bus.run, segment.satellite), encodeReport(report), `${id}.nak`);
      }
    }
  }
  signal.throwIfAborted();
  // Stored before the centre is told that it is all: a message said again after a broken connection may come late.
  await bus.flush();
  const { ledger } = receiver;
  await bus.state.put(stationLedgerKey(station), Buffer.from(JSON.stringify(ledger)));
  await bus.publish(groundSubject(bus.run, station), new Uint8Array(), `${station}.end`);
  await bus.flush();
  return ledger;
};
