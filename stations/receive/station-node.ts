import { createHash } from "node:crypto";
import type { RunBus } from "../../pipeline/bus/run-bus.ts";
import { askOf } from "../../pipeline/mission/ask-plan.ts";
import type { RunPlan } from "../../pipeline/mission/run-plan.ts";
import {
  groundSubject,
  linksToStation,
  nakSubject,
  speakerOf,
  stationLedgerKey,
} from "../../pipeline/bus/subjects.ts";
import { decodeLinkMessage } from "../../pipeline/link/transfer/link-message.ts";
import {
  encodeNakMessage,
  sealNakMessage,
  type NakMessage,
} from "../../pipeline/link/transfer/nak-message.ts";
import { openTelecommandGuard, type LinkSecurity } from "../../pipeline/link/security/link-security.ts";
import { readOrRefuse, type OnRefused } from "../../pipeline/mission/refusal.ts";
import type { LinkSegment } from "../../pipeline/link/frames/segment.ts";
import type { StationLedger } from "../../pipeline/mission/ledger.ts";
import { encodeGroundMessage, type GroundMessage } from "./ground-message.ts";
import { Receiver } from "./receiver.ts";

/** What a station node is given by the process that it lives in. */
export interface StationNode {
  readonly bus: RunBus;
  readonly plan: RunPlan;
  readonly station: string;
  /** Its keys; `null` where the plan protects no link. */
  readonly security: LinkSecurity | null;
  readonly onRefused: OnRefused;
  /** Called before each message to the mission centre; for who writes down what a run comes to while it is at work. */
  readonly onSaid?: () => void;
  /** What it says to the centre is stored before a satellite hears of it; for who writes down a run whose nodes live elsewhere. */
  readonly storesFirst?: boolean;
  readonly signal: AbortSignal;
}

/** The same bytes, the same name. */
const nameOf = (data: Uint8Array): string => createHash("sha256").update(data).digest("hex").slice(0, 16);

/**
 * One ground station on the bus:
 *
 *     link → [ frames → pieces ] → ground (the mission centre)
 *                  ↓
 *                 nak
 *
 * It keeps no state: a station that restarts reads the link from the start and publishes the same messages again, which
 * are dropped by their message ids.
 */
export const runStation = async (node: StationNode): Promise<StationLedger> => {
  const { bus, plan, station, security, onRefused, signal } = node;
  const receiver = new Receiver(plan, station, security);
  const guard = security === null ? null : openTelecommandGuard(security, station);
  const encode = (satellite: string, said: NakMessage): Uint8Array =>
    guard === null ? encodeNakMessage(said) : sealNakMessage(said, guard(satellite));
  const isAsked = askOf(plan) !== null || plan.orders !== undefined;
  const flying = new Set(plan.satellites);
  const contactsOf = new Map(
    plan.contacts.contacts.filter((one) => one.station === station).map((one) => [one.id, one.satellite]),
  );
  const tellCentre = (said: GroundMessage, id: string): Promise<void> => {
    node.onSaid?.();
    return bus.publish(groundSubject(bus.run, station), encodeGroundMessage(said), id);
  };
  const hear = async (arrived: LinkSegment): Promise<void> => {
    const heard = readOrRefuse(() => receiver.accept(arrived), onRefused, {
      node: station,
      what: "link segment",
    });
    for (const { segment, backhaul, report, refusals } of heard ?? []) {
      const id = `${segment.contact}.${segment.turn}.${segment.segment}`;
      for (const reason of refusals) onRefused({ node: station, what: "frame", reason });
      if (backhaul !== null) await tellCentre({ kind: "pieces", backhaul }, `${id}.up`);
      if (report !== null) {
        // Where the centre requests tiles it must have all of a contact before the satellite opens the next one.
        if (isAsked || node.storesFirst === true) await bus.flush();
        const answer = encode(segment.satellite, { kind: "report", report });
        await bus.publish(nakSubject(bus.run, segment.satellite), answer, `${id}.nak`);
      }
    }
  };
  const links = bus.follow(linksToStation(bus.run, station), { from: "start", signal });
  for await (const { subject, data } of links) {
    const speaker = speakerOf(subject);
    const source = { node: station, what: "link message" };
    const said = readOrRefuse(() => decodeLinkMessage(data), onRefused, source);
    if (said === null) continue;
    const isSpeakers =
      said.kind === "segment"
        ? said.segment.satellite === speaker
        : !("contact" in said) || contactsOf.get(said.contact) === speaker;
    if (!isSpeakers) onRefused({ ...source, reason: "of another satellite" });
    else if (said.kind === "segment") await hear(said.segment);
    else if (said.kind === "opening") await tellCentre(said, `${said.contact}.open`);
    else if (said.kind === "answers") await tellCentre(said, `${said.contact}.${nameOf(said.data)}.answers`);
    else if (said.kind === "through")
      await tellCentre({ ...said, satellite: speaker }, `${speaker}.${said.at}.through`);
    else if (said.kind === "taken")
      await tellCentre({ ...said, satellite: speaker }, `${speaker}.${nameOf(said.data)}.taken`);
    else flying.delete(speaker);
    if (flying.size === 0) break;
  }
  signal.throwIfAborted();
  // Stored before the centre is told that it is all: a message said again after a broken connection may come late.
  await bus.flush();
  const { ledger } = receiver;
  await bus.state.put(stationLedgerKey(station), Buffer.from(JSON.stringify(ledger)));
  await tellCentre({ kind: "end" }, `${station}.end`);
  await bus.flush();
  return ledger;
};
