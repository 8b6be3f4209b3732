import { tmpdir } from "node:os";
import type { RunBus } from "../../pipeline/bus/run-bus.ts";
import type { RunPlan } from "../../pipeline/mission/run-plan.ts";
import { missionControlName, nakSubject, speakerOf, streamSubjects } from "../../pipeline/bus/subjects.ts";
import type { Detector, DetectorInfo } from "../../pipeline/detection/detector.ts";
import {
  encodeNakMessage,
  sealNakMessage,
  type NakMessage,
} from "../../pipeline/link/transfer/nak-message.ts";
import {
  centreName,
  openTelecommandGuard,
  type LinkSecurity,
} from "../../pipeline/link/security/link-security.ts";
import { decodeChips } from "../../pipeline/product/chip.ts";
import type { TileCodec } from "../../pipeline/product/tile-codec.ts";
import type { Scene } from "../../pipeline/raster/scene.ts";
import { openSpool } from "../../pipeline/spool.ts";
import type { RunFile } from "../../pipeline/atomic-folder.ts";
import { tileGeoTiff } from "../archive/tile-geotiff.ts";
import { decodeGroundMessage } from "../receive/ground-message.ts";
import { readOrRefuse, type OnRefused } from "../../pipeline/mission/refusal.ts";
import type { ReceivedDigest } from "../../pipeline/mission/product-digest.ts";
import { askOf } from "../../pipeline/mission/ask-plan.ts";
import { decodeTold } from "../../pipeline/orders/order-answers-wire.ts";
import type { CuePlanner } from "../../pipeline/mission/cue-planner.ts";
import { isTogether, type GroundCue } from "../../pipeline/mission/order-plan.ts";
import { acquisitionAt, type Acquisition } from "../../pipeline/orbit/acquisition.ts";
import type { Contact } from "../../pipeline/orbit/contact.ts";
import { orderData, readAcquisitionData } from "../../pipeline/orders/order-wire.ts";
import { instant } from "../../pipeline/units.ts";
import { CueDesk } from "./cue-desk.ts";
import { GrowingSchedule } from "./growing-schedule.ts";
import { LookAgain, type LookPlanner } from "./look-again.ts";
import { KnownProgress } from "./known-progress.ts";
import { LiveOrders, type GivenOrders, type LivePlanner } from "./live-orders.ts";
import { OrderDesk } from "./order-desk.ts";
import { MissionCentre } from "./mission-centre.ts";
import { bandsOf } from "./imagery-processor.ts";
import { publishResults } from "../subscribers/publish.ts";
import { resultRecords } from "../archive/result-record.ts";
import type { CentreLog, LandedChip } from "../../pipeline/mission/centre-log.ts";
import type { LandedAcquisition } from "../../pipeline/mission/landing.ts";

/** What the mission centre is given by the process that it lives in. */
export interface CentreNode {
  readonly bus: RunBus;
  readonly plan: RunPlan;
  readonly scenes: readonly Scene[];
  readonly info: DetectorInfo;
  /** Null when the policy detects on board. */
  readonly detector: Detector | null;
  readonly codec: TileCodec;
  /** Its keys; `null` where the plan protects no link. */
  readonly security: LinkSecurity | null;
  readonly onRefused: OnRefused;
  /** Plans orders that are given in flight; `null` where the run takes none. */
  readonly planOrder: LivePlanner | null;
  /** Follows tips; `null` in a mission without cues. */
  readonly planCues: CuePlanner | null;
  /** Plans looks again that were lost on the uplink; `null` where none can be. */
  readonly planLookAgain: LookPlanner | null;
  readonly onLanded: (landed: LandedAcquisition) => void;
  /** Who writes down what comes down; it changes nothing. */
  readonly log?: CentreLog;
  /** Called when a message of a station has been taken in. */
  readonly onHeard?: () => void;
  /** Called with the number in the stream of each message of stations that has been dealt with. */
  readonly onRead?: (seq: number) => void;
  readonly signal: AbortSignal;
}

/** What the ground has at the end of a run. */
export interface GroundRecord {
  /** One for each acquisition of the plan, in its order. */
  readonly landed: readonly LandedAcquisition[];
  /** The chips that came down, as files for the archive. */
  readonly chips: readonly RunFile[];
  /** The requested tiles that came down, in the same way. */
  readonly tiles: readonly RunFile[];
  /** Every product that came down whole, with its digest. */
  readonly received: readonly ReceivedDigest[];
  /** What was ordered in flight. */
  readonly given: GivenOrders;
  /** What it made of tips, in the order of its decisions; absent in a mission without cues. */
  readonly cues?: readonly GroundCue[];
  /** Acquisitions that the plan did not have, in the order of their numbers. */
  readonly added: readonly Acquisition[];
}

/**
 * The mission centre on the bus:
 *
 *     ground (all stations) → [ reassemble → process → merge ] → result (subscribers)
 *                                          ↓
 *                              nak (requests for tiles, orders)
 *
 * Ends when every station has said that it is done, and returns what came down.
 */
export const runCentre = async (node: CentreNode): Promise<GroundRecord> => {
  const { bus, info, log, onRefused, signal } = node;
  const schedule = new GrowingSchedule(node.plan);
  const plan = { ...node.plan, acquisitions: schedule.all };
  const chips: RunFile[] = [];
  const tiles: RunFile[] = [];
  await using spool = await openSpool(tmpdir());
  const centre = new MissionCentre(plan, {
    scenes: new Map(node.scenes.map((scene) => [scene.id, scene])),
    detector: node.detector,
    mergeIou: info.mergeIou,
    opsPerPixel: info.opsPerPixel,
    codec: node.codec,
    spool,
    onRefused: (what, reason) => onRefused({ node: centreName, what, reason }),
    publish: async (landed) => {
      await publishResults(bus, plan, resultRecords(landed, info.classes));
      node.onLanded(landed);
      log?.published(landed);
      cues?.landed(landed);
    },
    ...(log === undefined ? {} : { onProduct: log.landed }),
    keepTile: async ({ acquisition: { index }, scene }, tile, payload) => {
      const raster = await node.codec.decode(payload, bandsOf(plan, scene));
      const content = tileGeoTiff(raster, scene, tile.core);
      tiles.push({ path: `tiles/${scene.id}/${index}-${tile.index}.tif`, content });
    },
    keepChips(acquisition, payload, arrival) {
      const down = landedChips(plan, acquisition, payload);
      chips.push(...down.map(({ file }) => file));
      log?.chips(acquisition, arrival, down);
    },
  });
  const guard = node.security === null ? null : openTelecommandGuard(node.security, centreName);
  const encode = (satellite: string, said: NakMessage): Uint8Array =>
    guard === null ? encodeNakMessage(said) : sealNakMessage(said, guard(satellite));
  const desk = new OrderDesk(plan);
  const live = node.planOrder === null ? null : new LiveOrders(plan, schedule, desk, node.planOrder);
  const cues =
    node.planCues === null
      ? null
      : new CueDesk(plan, {
          planner: node.planCues,
          classes: info.classes,
          desk,
          protection: plan.protection,
          schedule: () => schedule.ordered,
          add: (acquisition) => schedule.add(acquisition),
        });
  const again =
    node.planLookAgain === null
      ? null
      : new LookAgain(plan, {
          plan: node.planLookAgain,
          desk,
          schedule: () => schedule.ordered,
          add: (acquisition) => schedule.add(acquisition),
        });
  const progress = isTogether(plan) ? new KnownProgress(plan) : null;
  const contactOf = new Map(plan.contacts.contacts.map((contact) => [contact.id, contact]));
  const isAsking = askOf(plan) !== null;
  const answerOpening = async (id: string): Promise<void> => {
    if (isAsking) {
      const { contact, requests } = centre.requestsAt(id);
      const said = encode(contact.satellite, { kind: "requests", asked: { contact: id, requests } });
      await bus.publish(nakSubject(bus.run, contact.satellite), said, `${id}.ask`);
    }
    if (plan.orders !== undefined) {
      const { contact, orders, acquisitions } = desk.ordersAt(id);
      const sent = orderData(orders, acquisitions);
      const said = encode(contact.satellite, { kind: "orders", contact: id, data: sent });
      await bus.publish(nakSubject(bus.run, contact.satellite), said, `${id}.orders`);
    }
  };
  /** Contacts that have opened and wait until all that was said before is known. */
  let opening: readonly Contact[] = [];
  /** Tips and lost looks in the order of time, whatever the order in which contacts opened: each is planned around those before. */
  const decide = (t: number): void => {
    for (;;) {
      const [tip, look] = [cues?.nextAt ?? Infinity, again?.nextAt ?? Infinity];
      const next = Math.min(tip, look);
      if (next > t || next === Infinity) return;
      if (tip <= look) cues?.decide(instant(tip));
      else again?.decide(instant(look));
    }
  };
  const answerKnown = async (): Promise<void> => {
    const knownTo = progress?.knownTo ?? instant(Infinity);
    const decidedAt = ({ lockedAt, backhaul }: Contact): number => lockedAt - backhaul;
    const due = opening.filter((contact) => decidedAt(contact) <= knownTo);
    opening = opening.filter((contact) => decidedAt(contact) > knownTo);
    for (const contact of due.toSorted((a, b) => decidedAt(a) - decidedAt(b))) {
      decide(decidedAt(contact));
      await answerOpening(contact.id);
    }
  };
  const working = new Set(plan.stations.map(({ id }) => id));
  const opened = new Set<string>();
  const source = { node: centreName, what: "ground message" };
  const ground = bus.follow(streamSubjects(bus.run, "ground"), { from: "start", signal });
  for await (const { subject, data, seq } of ground) {
    const speaker = speakerOf(subject);
    const said = readOrRefuse(() => decodeGroundMessage(data), onRefused, source);
    if (said === null) continue;
    const isSpeakers =
      said.kind === "order"
        ? speaker === missionControlName && live !== null
        : said.kind === "end" ||
          (said.kind === "pieces"
            ? said.backhaul.station === speaker && plan.satellites.includes(said.backhaul.satellite)
            : "satellite" in said
              ? plan.satellites.includes(said.satellite)
              : contactOf.get(said.contact)?.station === speaker);
    if (!isSpeakers) onRefused({ ...source, reason: "of another station" });
    else if (said.kind === "pieces") await centre.accept(said.backhaul);
    else if (said.kind === "order") live?.give(said.entry);
    else if (said.kind === "opening") {
      const contact = contactOf.get(said.contact) as Contact;
      live?.through(contact.lockedAt);
      progress?.through(contact.satellite, contact.lockedAt);
      // Each contact opens once. Answered in the order of the stream: what earlier contacts brought stands before it.
      if (!opened.has(said.contact)) opening = [...opening, contact];
      opened.add(said.contact);
      await answerKnown();
    } else if (said.kind === "through") {
      progress?.through(said.satellite, said.at);
      await answerKnown();
    } else if (said.kind === "taken") {
      const taken = readOrRefuse(() => readAcquisitionData(said.data), onRefused, {
        ...source,
        what: "acquisition",
      });
      if (taken?.satellite === said.satellite) schedule.note(taken);
    } else if (said.kind === "answers") {
      const what = { ...source, what: "order answers" };
      const told = readOrRefuse(() => decodeTold(said.data), onRefused, what);
      if (told !== null) desk.answered(told);
    } else working.delete(speaker);
    if (isSpeakers) node.onHeard?.();
    node.onRead?.(seq);
    if (working.size === 0) break;
  }
  signal.throwIfAborted();
  decide(Infinity);
  schedule.sort();
  const landed = await centre.finish();
  await bus.flush();
  const given = {
    planned: [...(live?.given.planned ?? []), ...(again?.planned ?? [])],
    refused: live?.given.refused ?? [],
  };
  return {
    landed,
    chips,
    tiles,
    received: centre.received,
    given,
    ...(cues === null ? {} : { cues: cues.followed }),
    added: schedule.added,
  };
};

/** Each chip as `chips/<scene>/<acquisition>-<detection>.webp`. */
const landedChips = (plan: RunPlan, acquisition: number, payload: Uint8Array): readonly LandedChip[] => {
  const scene = acquisitionAt(plan.acquisitions, acquisition)?.scene ?? "unknown";
  return decodeChips(payload).map(({ detectionIndex, window, webp }) => ({
    detection: detectionIndex,
    window,
    file: { path: `chips/${scene}/${acquisition}-${detectionIndex}.webp`, content: webp },
  }));
};
