import type { Computer } from "../../pipeline/mission/spacecraft.ts";
import type { Screening } from "../../pipeline/mission/run-plan.ts";
import type { CloudJudge } from "../../pipeline/detection/cloud-judge.ts";
import type { Detection } from "../../pipeline/detection/detection.ts";
import type { Detector } from "../../pipeline/detection/detector.ts";
import { mergeTileDetections, type TileDetections } from "../../pipeline/detection/merge.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { envelopeOverheadBytes } from "../../pipeline/link/transfer/envelope.ts";
import type { AcquisitionRecord } from "../../pipeline/mission/ledger.ts";
import { quantiseDetections } from "../../pipeline/product/detection-batch.ts";
import type { TileCodec } from "../../pipeline/product/tile-codec.ts";
import { detectsOnBoard, type Policy } from "../../pipeline/mission/policy.ts";
import { coreOf } from "../../pipeline/raster/crop.ts";
import { sensorBytes, windowArea, type Raster } from "../../pipeline/raster/raster.ts";
import { sceneBytes, type SceneReader } from "../../pipeline/raster/scene.ts";
import { planTiles, tilePixels, type Tile, type TileShape } from "../../pipeline/raster/tile-plan.ts";
import { mapOrdered } from "../../pipeline/streams.ts";
import { bytes, seconds, type Instant, type Seconds } from "../../pipeline/units.ts";
import { capture, type CapturedTile } from "./capture.ts";
import type { Workbench } from "../flight/flight-plan.ts";
import {
  encodeSeconds,
  operationsAPixel,
  samplesIn,
  tileSeconds,
  type TileWork,
} from "../platform/tile-work.ts";
import type { ExposedAcquisition } from "../radiation/exposed-acquisition.ts";
import type { Radiation } from "../radiation/radiation.ts";
import { isEmpty, screenFor, type Screen, type ScreenVerdict } from "./screen.ts";
import { kindOf } from "../policies/policy-choice.ts";
import type { PolicyKind, ProductDraft } from "../policies/policy-kind.ts";
import { worthOfTile } from "../policies/product-value.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import type { WorkloadBoard } from "./workload-board.ts";

/** What one look of the onboard model came to. */
export interface Look {
  /** In pixels of the tile. */
  readonly detections: readonly Detection[];
  /** What the model put out are not numbers. */
  readonly isLost: boolean;
}

/**
 * Lets the onboard model look at a tile. Outputs that are not numbers are an error, unless radiation has been at weights or
 * samples: then the tile is lost.
 */
export const lookAt = async (
  detector: Detector,
  hit: ExposedAcquisition | null,
  raster: Raster,
  signal: AbortSignal,
): Promise<Look> => {
  if (hit === null) return { detections: await detector.detect(raster, signal), isLost: false };
  const found = await hit.detect(detector, raster, signal);
  return { detections: found ?? [], isLost: found === null };
};

/** The work of one look for the computer; none without a model. */
export const tileWorkOf = (detector: Detector | null, modelPixels: number): TileWork => {
  const { opsPerPixel = 0, precision = "fp32", parts } = detector?.info ?? {};
  if (parts === undefined) return { modelPixels, opsPerPixel, precision, encodedSamples: 0 };
  return { modelPixels, opsPerPixel: 0, precision, encodedSamples: 0, others: parts };
};

/** What the onboard computer has to work with. */
export interface Onboard {
  readonly policy: Policy;
  readonly computer: Computer;
  /** For each scene what the camera hands over, in the order of the model; all bands of a scene that is not named. */
  readonly bands: Readonly<Record<string, readonly string[]>>;
  readonly tile: TileShape;
  /** Null when the model runs on the ground. */
  readonly detector: Detector | null;
  /** Beginning of the digest of that model, where the satellite may have several: it goes down with what it finds. */
  readonly model?: string;
  /** Tells cloud from ground where the policy screens; null: by brightness. */
  readonly judge: CloudJudge | null;
  readonly screening: Screening | null;
  /** Null where no particle turns a bit over. */
  readonly radiation: Radiation | null;
  /** Also encode every tile without loss just to know its size: the yardstick of savings. */
  readonly measureLossless: boolean;
  /** Several models in one mission; `null`: one, or none on board. */
  readonly workloads?: WorkloadBoard | null;
  readonly codec: TileCodec;
  /** Tiles under way at once: read ahead, in the model, in an encoder. */
  readonly inFlight: number;
  readonly signal: AbortSignal;
}

/** A product with the time from which the radio may have it. */
export interface ReadyDraft extends ProductDraft {
  readonly readyAt: Instant;
  /** Work done on the acquisition by then. */
  readonly workAt: Seconds;
}

/** One tile after everything that may run side by side with other tiles. */
interface WorkedTile {
  readonly tile: Tile;
  readonly core: { readonly samples: number; readonly sensorBytes: number };
  readonly verdict: ScreenVerdict;
  /** In pixels of the tile; null when no model looked. */
  readonly detections: readonly Detection[] | null;
  /** Of the core in its envelope; 0 when it holds no measurement, null when nobody encoded it. */
  readonly losslessBytes: number | null;
  readonly draft: ProductDraft | null;
  /** The model looked, and what it put out are not numbers. */
  readonly isLost: boolean;
}

/** The tile as the policy sends it; `null` where it does not. */
const encodeFor = async (
  kind: PolicyKind,
  { policy, codec }: Onboard,
  { tile, core, detections, cloudShare }: Pick<WorkedTile, "tile" | "detections"> & TileView,
): Promise<ProductDraft | null> => {
  const product = await kind.ofTile?.({ core, detections }, policy.settings, codec);
  if (product === undefined || product === null) return null;
  return {
    ...product,
    tile: tile.index,
    value: worthOfTile(core, cloudShare),
    encodedSamples: samplesIn(core),
  };
};

interface TileView {
  readonly core: Raster;
  readonly cloudShare: number;
}

/** What looks at the tiles of one acquisition. */
interface AcquisitionTools {
  /** Null when the policy detects on the ground. */
  readonly detector: Detector | null;
  readonly screen: Screen | null;
  readonly hit: ExposedAcquisition | null;
}

const workTile = async (
  kind: PolicyKind,
  onboard: Onboard,
  { detector, screen, hit }: AcquisitionTools,
  captured: CapturedTile,
): Promise<WorkedTile> => {
  const { tile, raster } = captured;
  const { policy, measureLossless, signal } = onboard;
  signal.throwIfAborted();
  const core = coreOf(tile, raster);
  const size = { samples: samplesIn(core), sensorBytes: sensorBytes(core) };
  const seen = { tile, core: size, detections: null, isLost: false };
  // An empty core is no part of what a mission would send, and nobody looks at it: what reaches into it from a
  // neighbour is in the neighbour's window, and the ground, which has cores only, would not look either.
  if (isEmpty(core)) return { ...seen, verdict: "empty", losslessBytes: 0, draft: null };
  const limit = kind.maxCloudShare?.(policy.settings) ?? 1;
  const cloudShare = screen === null ? 0 : await screen.cloudShare(captured, core);
  const verdict = cloudShare > limit ? "cloudy" : null;
  const looked = detector === null ? null : await lookAt(detector, hit, raster, signal);
  const view = { tile, core, cloudShare, detections: looked?.detections ?? null };
  const draft = verdict === null ? await encodeFor(kind, onboard, view) : null;
  const lossless =
    draft?.kind === "tile-lossless"
      ? draft.payload
      : measureLossless
        ? await onboard.codec.encode(core)
        : null;
  return {
    ...seen,
    ...looked,
    verdict,
    losslessBytes: lossless === null ? null : lossless.byteLength + envelopeOverheadBytes,
    draft,
  };
};

/** The record of one acquisition while its tiles are processed. */
const openRecord = () => ({
  sensorBytes: 0,
  losslessBytes: 0 as number | null,
  emptyTiles: 0,
  emptyBytes: 0,
  cloudyTiles: 0,
  cloudyBytes: 0,
  modelTiles: 0,
});

const enter = (sums: ReturnType<typeof openRecord>, worked: WorkedTile): void => {
  const { core, verdict, detections, losslessBytes } = worked;
  sums.sensorBytes += core.sensorBytes;
  const isMeasured = sums.losslessBytes !== null && losslessBytes !== null;
  sums.losslessBytes = isMeasured ? (sums.losslessBytes ?? 0) + losslessBytes : null;
  if (verdict !== null) {
    sums[`${verdict}Tiles`]++;
    sums[`${verdict}Bytes`] += core.sensorBytes;
  }
  if (detections !== null) sums.modelTiles++;
};

const modelFor = ({ policy, detector }: Onboard): Detector | null => {
  if (!detectsOnBoard(policy)) return null;
  if (detector !== null) return detector;
  throw new SwathError("model", { what: `policy ${policy.label} detects on board, but there is no model` });
};

/**
 * Runs one acquisition through the onboard computer, on the clock of its bench: capture → tile → screen → detect → select.
 * Hands each product to `keep` in the order in which they become ready, tells `onDetections` what the model found in the whole scene, and
 * returns what it all cost.
 * Throws `SwathError("raster")` when pixels cannot be read, `SwathError("model")` when the policy wants a model that is
 * not there, and whatever `keep` throws; nothing is under way any more when it does.
 */
export const processAcquisition = async (
  onboard: Onboard,
  acquisition: Acquisition,
  reader: SceneReader,
  { clock, captured, tenants }: Pick<Workbench, "clock" | "captured" | "tenants">,
  keep: (draft: ReadyDraft) => Promise<void>,
  onDetections: (detections: readonly Detection[]) => void = () => undefined,
): Promise<AcquisitionRecord> => {
  const { policy, computer, inFlight } = onboard;
  const kind = kindOf(policy);
  const { scene } = reader;
  const shift = onboard.workloads?.begin(acquisition, tenants ?? null) ?? null;
  const detector = shift?.detector ?? modelFor(onboard);
  const bands = onboard.bands[scene.id] ?? scene.bands.map(({ name }) => name);
  const plan = planTiles({ x: 0, y: 0, width: scene.width, height: scene.height }, onboard.tile);
  const sums = openRecord();
  const found: TileDetections[] = [];
  const asked = { operations: 0, encodedSamples: 0 };
  const hit = onboard.radiation?.begin(acquisition, clock.startedAt) ?? null;
  let work = seconds((hit?.preparation ?? 0) + (shift?.load ?? 0));
  let modelPixels = 0;
  const keepAt = async (draft: ProductDraft): Promise<void> =>
    keep({ ...draft, readyAt: await clock.at(work), workAt: work });

  const screen =
    kind.maxCloudShare !== undefined
      ? screenFor(onboard.judge, onboard.screening?.scenes[scene.id], reader, bands, onboard.signal)
      : null;
  const samples = scene.width * scene.height * (bands.length + (screen?.ownBands.length ?? 0));
  captured(samples, sceneBytes(scene, bands));
  const tiles = capture(acquisition, reader, plan, bands, inFlight);
  // Tiles wait for those before them; how long exactly, power and heat decide, and what is in the tiles.
  const turn = tileSeconds(computer, {
    ...tileWorkOf(detector, tilePixels(onboard.tile)),
    ...hit?.repetition,
  });
  const workOne = async (tile: CapturedTile): Promise<WorkedTile> => {
    const { index } = tile.tile;
    const raster = hit === null ? tile.raster : hit.tile(tile.raster, index, seconds(index * turn));
    return workTile(kind, onboard, { detector, screen, hit }, { acquisition, tile: tile.tile, raster });
  };
  for await (const worked of mapOrdered(tiles, inFlight, workOne)) {
    const { tile, core, detections, draft } = worked;
    enter(sums, worked);
    if (detections !== null) found.push({ tile, detections });
    const looked =
      screen?.work(tile, core, worked.verdict) ??
      tileWorkOf(detector, detections === null ? 0 : windowArea(tile.window));
    const once = { ...looked, encodedSamples: looked.encodedSamples + (draft?.encodedSamples ?? 0) };
    const asks: TileWork = { ...once, ...hit?.repetition };
    const time = tileSeconds(computer, asks);
    hit?.enter(worked.isLost ? core.sensorBytes : null, seconds(time - tileSeconds(computer, once)));
    work = seconds(work + time);
    asked.operations += looked.modelPixels * operationsAPixel(looked) * (asks.runs ?? 1);
    if (detections !== null) modelPixels += windowArea(tile.window) * (asks.runs ?? 1);
    asked.encodedSamples += once.encodedSamples;
    if (draft !== null) await keepAt(draft);
  }

  let detections: readonly Detection[] = [];
  if (detector !== null) {
    detections = quantiseDetections(mergeTileDetections(found, detector.info.mergeIou), scene);
    onDetections(detections);
    const { model } = onboard;
    const seen = { reader, bands, detections, ...(model === undefined ? {} : { model }) };
    for (const draft of (await kind.ofDetections?.(seen, policy.settings)) ?? []) {
      work = seconds(work + encodeSeconds(computer, draft.encodedSamples));
      asked.encodedSamples += draft.encodedSamples;
      await keepAt(draft);
    }
  }
  const closing = hit?.close() ?? null;
  return {
    ...sums,
    ...asked,
    samples,
    index: acquisition.index,
    failure: null,
    startedAt: clock.startedAt,
    readyAt: await clock.at(work),
    sensorBytes: bytes(sums.sensorBytes),
    losslessBytes: sums.losslessBytes === null ? null : bytes(sums.losslessBytes),
    emptyBytes: bytes(sums.emptyBytes),
    cloudyBytes: bytes(sums.cloudyBytes),
    tiles: plan.length,
    detections: detections.length,
    computeSeconds: work,
    ...(closing === null ? {} : { upsets: closing }),
    ...(shift === null ? {} : { workloads: shift.close({ modelPixels, work, detections }) }),
  };
};
