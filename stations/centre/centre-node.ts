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
import { orderData } from "../../pipeline/orders/order-wire.ts";
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
  // It grows by what is ordered in flight.
  const plan = { ...node.plan, acquisitions: [...node.plan.acquisitions] };
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
  const live = node.planOrder === null ? null : new LiveOrders(plan, desk, node.planOrder);
  const lockedAt = new Map(plan.contacts.contacts.map((contact) => [contact.id, contact.lockedAt]));
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
  const working = new Set(plan.stations.map(({ id }) => id));
  const stationOf = new Map(plan.contacts.contacts.map(({ id, station }) => [id, station]));
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
            : stationOf.get(said.contact) === speaker);
    if (!isSpeakers) onRefused({ ...source, reason: "of another station" });
    else if (said.kind === "pieces") await centre.accept(said.backhaul);
    else if (said.kind === "order") live?.give(said.entry);
    else if (said.kind === "opening") {
      live?.through(lockedAt.get(said.contact) ?? plan.contacts.from);
      // Each contact opens once. Answered in the order of the stream: what earlier contacts brought stands before it.
      if (!opened.has(said.contact)) await answerOpening(said.contact);
      opened.add(said.contact);
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
  const landed = await centre.finish();
  await bus.flush();
  const given = live?.given ?? { acquisitions: [], planned: [], refused: [] };
  return { landed, chips, tiles, received: centre.received, given };
};

/** Each chip as `chips/<scene>/<acquisition>-<detection>.webp`. */
const landedChips = (plan: RunPlan, acquisition: number, payload: Uint8Array): readonly LandedChip[] => {
  const scene = plan.acquisitions[acquisition]?.scene ?? "unknown";
  return decodeChips(payload).map(({ detectionIndex, window, webp }) => ({
    detection: detectionIndex,
    window,
    file: { path: `chips/${scene}/${acquisition}-${detectionIndex}.webp`, content: webp },
  }));
};
