import { acquisitionAt } from "../../pipeline/orbit/acquisition.ts";
import type { Label } from "../../pipeline/detection/detection.ts";
import { frameBytes } from "../../pipeline/link/frames/frame.ts";
import { frameRoom } from "../../pipeline/link/frames/link-protection.ts";
import { framedSize } from "../../pipeline/link/frames/framed-size.ts";
import type { AcquisitionRecord } from "../../pipeline/mission/ledger.ts";
import { sumOf } from "../statistics.ts";
import { summariseAgreement } from "../quality/agreement.ts";
import { type NamedScene, pairedDifference, tallied } from "../quality/interval.ts";
import { summariseQuality, type TrainingOfScenes } from "../quality/quality-summary.ts";
import { unitFor } from "../quality/resampling.ts";
import type { PolicySummary } from "../summary/run-summary.ts";
import { products } from "../../pipeline/product/registry.ts";
import { productKinds, type ProductKind } from "../../pipeline/product/product.ts";
import type { Scene } from "../../pipeline/raster/scene.ts";
import { bytes, seconds } from "../../pipeline/units.ts";
import { latencyOf, pictureDelaysOf } from "./latency.ts";
import { lossesOf } from "./losses.ts";
import { crosslinksOf, platformOf } from "./platform.ts";
import { ofSchedule, type PolicyRun } from "./policy-run.ts";
import { modelsOf } from "./models.ts";
import { cuesOf } from "./cues.ts";
import { ordersOf } from "./orders.ts";
import { requestsOf } from "./requests.ts";
import { unknownVerdicts } from "../summary/verdict-summary.ts";
import { upsetsOf, type JudgedRun } from "./upset-effects.ts";
import { type NamedDetection, namedDetection } from "../../pipeline/detection/named-detection.ts";

/** What a run is held against. */
export interface Yardstick {
  readonly classes: readonly string[];
  readonly scenes: ReadonlyMap<string, Scene>;
  /** Of each labelled scene, in the classes of the model. */
  readonly labels: ReadonlyMap<string, readonly Label[]>;
  /** Classes that somebody labelled; detections of the others are neither right nor wrong. */
  readonly judged: ReadonlySet<string>;
  /** Of each scene, where it is known: whether the model was trained on it. */
  readonly training: TrainingOfScenes;
  /** Envelope bytes and number of lossless tiles of all captured acquisitions; `null` when nobody measured them. */
  readonly lossless: { readonly bytes: number; readonly tiles: number } | null;
  /** The run of policy `raw` over the same plan, if there was one. */
  readonly raw: PolicyRun | null;
  /** Of policies under radiation, the same run without. */
  readonly calm?: ReadonlyMap<string, PolicyRun>;
}

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

/** What became of every acquisition on board, in the order of the schedule. */
export const recordsOf = ({ satellites }: PolicyRun): readonly AcquisitionRecord[] =>
  satellites.flatMap(({ acquisitions }) => acquisitions).toSorted((a, b) => a.index - b.index);

/** What lossless tiles of everything captured would take; `null` unless every satellite measured it. */
export const losslessOf = (run: PolicyRun): Yardstick["lossless"] => {
  const records = recordsOf(run).filter(({ failure }) => failure === null);
  if (records.some(({ losslessBytes }) => losslessBytes === null)) return null;
  return {
    bytes: sumOf(records, ({ losslessBytes }) => losslessBytes ?? 0),
    tiles: sumOf(records, ({ tiles, emptyTiles }) => tiles - emptyTiles),
  };
};

/** Detections of each acquisition with the names of their classes, in pixels of the scene. */
export const namedDetections = (
  { landed }: PolicyRun,
  classes: readonly string[],
): readonly (readonly NamedDetection[])[] =>
  landed.map(({ detections }) => detections.map(({ detection }) => namedDetection(detection, classes)));

const linkBytes = (run: PolicyRun): PolicySummary["bytes"]["onLink"] => {
  const uses = run.satellites.flatMap(({ contacts }) => contacts);
  const payload = Object.fromEntries(
    productKinds.map((kind) => [kind, sumOf(uses, (use) => use.payload[kind])]),
  ) as Record<ProductKind, number>;
  const total = sumOf(uses, (use) => use.total);
  const idle = sumOf(uses, (use) => use.idle);
  // Frames mix what is new with what is sent again: the part of their overhead goes with the part of their payload.
  const retransmission = Math.round(
    (sumOf(uses, ({ resent }) => resent) * frameBytes) / frameRoom(run.plan.protection),
  );
  return {
    total,
    byProduct: Object.fromEntries(
      products.map(({ key, kind }) => [key, payload[kind]]),
    ) as PolicySummary["bytes"]["onLink"]["byProduct"],
    framing: total - sumOf(productKinds, (kind) => payload[kind]) - retransmission - idle,
    retransmission,
    idle,
  };
};

/** What became of every frame, from the books of both ends. */
const framesOf = ({ satellites, stations }: PolicyRun): NonNullable<PolicySummary["frames"]> => {
  const heard = stations.flatMap((station) => station.satellites);
  return {
    sent: sumOf(satellites, ({ contacts }) => sumOf(contacts, ({ frames }) => frames)),
    accepted: sumOf(heard, ({ acceptedFrames }) => acceptedFrames),
    corrupt: sumOf(heard, ({ corruptFrames }) => corruptFrames),
    notHeard: sumOf(heard, ({ lostFrames }) => lostFrames),
  };
};

/** Labelled acquisitions with what came down of them. */
const judgedScenes = (run: PolicyRun, { labels, judged, classes }: Yardstick): readonly NamedScene[] => {
  const named = namedDetections(run, classes);
  return run.plan.acquisitions.flatMap(({ scene, order }, index) => {
    // Looks show scenes again, or not at all where their orders came too late: accuracy is that of the schedule.
    if (order !== undefined) return [];
    const known = labels.get(scene);
    if (known === undefined) return [];
    const detections = (named[index] ?? []).filter(({ className }) => judged.has(className));
    return [{ id: scene, detections, labels: known }];
  });
};

const qualityOf = (run: PolicyRun, yardstick: Yardstick): PolicySummary["quality"] => {
  const scenes = judgedScenes(run, yardstick);
  const threshold = run.plan.scoreThreshold;
  const quality = summariseQuality(scenes, threshold, yardstick.training);
  const { raw } = yardstick;
  if (quality === null || raw === null || run.plan.policy.name === "raw") return quality;
  const paired = pairedDifference(
    scenes.map((scene) => tallied(scene)),
    judgedScenes(raw, yardstick).map((scene) => tallied(scene)),
    unitFor(new Set(scenes.map(({ id }) => id)).size),
    threshold,
  );
  if (paired === null) return quality;
  return { ...quality, againstRaw: { ap50FromThreshold: paired.difference, interval: paired.interval } };
};

const scenesOf = ({ plan }: PolicyRun): readonly string[] => plan.acquisitions.map(({ scene }) => scene);

const judge = (run: PolicyRun, yardstick: Yardstick): JudgedRun => ({
  run,
  detections: namedDetections(run, yardstick.classes),
  ap50FromThreshold: qualityOf(run, yardstick)?.ap50FromThreshold ?? null,
});

/** Everything that `summary.json` says of one policy. */
export const summarisePolicy = (run: PolicyRun, yardstick: Yardstick): PolicySummary => {
  const { plan, landed } = run;
  const records = recordsOf(run);
  const captured = records.filter(({ failure }) => failure === null);
  const products = run.satellites.flatMap((ledger) => ledger.products);
  const ofFate = (fate: string): number => sumOf(products, (p) => (p.fate === fate ? p.size : 0));
  // An acquisition is delivered when what the policy makes of it is: requested tiles do not count.
  const isUnderWay = ({ fate, askedAt }: (typeof products)[number]): boolean =>
    fate !== "delivered" && fate !== "handed-over" && askedAt === undefined;
  const incomplete = new Set(products.filter(isUnderWay).map(({ acquisition }) => acquisition));
  // A product that changed satellites stands in the ledger of each of them: it was made once.
  const produced = sumOf(products, ({ size, origin }) => (origin === null ? size : 0));
  const delivered = captured.filter(({ index }) => !incomplete.has(index)).length;
  const onLink = linkBytes(run);
  const { lossless } = yardstick;
  const framed = lossless === null ? 0 : framedSize(bytes(lossless.bytes), lossless.tiles, plan.protection);
  const uses = run.satellites.flatMap(({ contacts }) => contacts);
  const energy = {
    camera: sumOf(run.satellites, (s) => s.energy.camera),
    compute: sumOf(run.satellites, (s) => s.energy.compute),
    radio: sumOf(run.satellites, (s) => s.energy.radio),
    crosslink: sumOf(run.satellites, (s) => s.crosslinks?.energy ?? 0),
  };
  const total = energy.camera + energy.compute + energy.radio + energy.crosslink;
  const megapixels =
    sumOf(captured, ({ index }) => {
      const scene = yardstick.scenes.get(acquisitionAt(plan.acquisitions, index)?.scene ?? "");
      return scene === undefined ? 0 : scene.width * scene.height;
    }) / 1e6;
  const { label, settings } = plan.policy;
  const evicted = ofFate("store-full");
  const requests = requestsOf(run);
  const orders = ordersOf(run);
  const cues = cuesOf(run, yardstick.classes);
  const models = modelsOf(run);
  const calm = yardstick.calm?.get(label);
  const upsets =
    plan.upsets === null
      ? undefined
      : upsetsOf(judge(run, yardstick), calm === undefined ? null : judge(calm, yardstick));
  return {
    policy: label,
    settings: { ...settings },
    verdicts: unknownVerdicts("no day was flown"),
    acquisitions: {
      planned: plan.acquisitions.length,
      captured: captured.length,
      processedOnBoard: captured.filter(({ readyAt }) => readyAt <= plan.contacts.to).length,
      delivered,
    },
    tiles: {
      captured: sumOf(captured, ({ tiles }) => tiles),
      screenedEmpty: sumOf(captured, ({ emptyTiles }) => emptyTiles),
      screenedCloudy: sumOf(captured, ({ cloudyTiles }) => cloudyTiles),
      processedOnBoard: sumOf(captured, ({ modelTiles }) => modelTiles),
      processedOnGround: sumOf(landed, ({ tilesSeen }) => tilesSeen.length),
    },
    detections: {
      onBoard: sumOf(captured, ({ detections }) => detections),
      delivered: sumOf(landed, ({ detections }) => detections.length),
    },
    bytes: {
      sensorUncompressed: sumOf(captured, ({ sensorBytes }) => sensorBytes),
      rawLossless: lossless?.bytes ?? 0,
      rawLosslessFramed: framed,
      onLink,
      uplink:
        sumOf(run.stations, ({ satellites }) => sumOf(satellites, ({ uplink }) => uplink)) +
        (requests?.uplinkBytes ?? 0) +
        (orders?.uplink.bytes ?? 0),
    },
    frames: framesOf(run),
    savingFraction: framed === 0 ? null : 1 - onLink.total / framed,
    products: {
      made: products.filter(({ origin }) => origin === null).length,
      delivered: products.filter(({ fate }) => fate === "delivered").length,
    },
    conservation: {
      producedBytes: produced,
      deliveredBytes: ofFate("delivered"),
      onBoardBytes: ofFate("on-board"),
      droppedBytes: evicted === 0 ? {} : { "store-full": evicted },
    },
    deliveredShare: {
      acquisitionsFraction: share(delivered, captured.length),
      bytesFraction: share(ofFate("delivered"), produced),
    },
    contacts: {
      used: uses.filter(({ frames }) => frames > 0).length,
      transmitSeconds: sumOf(uses, ({ transmitSeconds }) => transmitSeconds),
    },
    latencySeconds: latencyOf(run, records),
    pictureDelays: pictureDelaysOf(run),
    energyJoules: { ...energy, total, perMegapixel: share(total, megapixels) },
    platform: platformOf(run.satellites, seconds(plan.contacts.to - plan.contacts.from)),
    crosslinks: crosslinksOf(run),
    ...(requests === null ? {} : { requests }),
    ...(orders === null ? {} : { orders }),
    ...(cues === null ? {} : { cues }),
    ...(models === null ? {} : { models }),
    ...(upsets === undefined ? {} : { upsets }),
    quality: qualityOf(run, yardstick),
    agreementWithRaw:
      yardstick.raw === null
        ? null
        : summariseAgreement(
            ofSchedule(yardstick.raw, namedDetections(yardstick.raw, yardstick.classes)),
            ofSchedule(run, namedDetections(run, yardstick.classes)),
            ofSchedule(run, scenesOf(run)),
          ),
    losses: lossesOf(run, records),
  };
};
