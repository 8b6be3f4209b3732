import type { HardwareProfile } from "../pipeline/bus/run-plan.ts";
import type { Detection } from "../pipeline/detection/detection.ts";
import type { Detector } from "../pipeline/detection/detector.ts";
import { mergeTileDetections } from "../pipeline/detection/merge.ts";
import type { AcquisitionRecord } from "../pipeline/meter/ledger.ts";
import type { Acquisition } from "../pipeline/orbit/acquisition.ts";
import { quantiseDetections } from "../pipeline/product/detection-batch.ts";
import { encodeTile } from "../pipeline/product/lossless-tile.ts";
import { encodeLossyTile } from "../pipeline/product/lossy-tile.ts";
import { detectsOnBoard, type Policy } from "../pipeline/product/policy.ts";
import { coreOf } from "../pipeline/raster/crop.ts";
import { sensorBytes, type Raster } from "../pipeline/raster/raster.ts";
import type { SceneReader } from "../pipeline/raster/scene.ts";
import { planTiles, type Tile, type TileShape } from "../pipeline/raster/tile-plan.ts";
import { mapOrdered } from "../pipeline/streams.ts";
import { bytes, instant, later, seconds, type Instant } from "../pipeline/units.ts";
import { capture, type CapturedTile } from "./capture.ts";
import { samplesIn, tileSeconds } from "./platform.ts";
import { isEmpty, screen, type ScreenVerdict } from "./screen.ts";
import { selectResults, type ProductDraft } from "./select.ts";

/** What the onboard computer has to work with. */
export interface Onboard {
  readonly policy: Policy;
  readonly hardware: HardwareProfile;
  readonly bands: Readonly<Record<string, readonly string[]>>;
  readonly tile: TileShape;
  /** Null when the model runs on the ground. */
  readonly detector: Detector | null;
  /** Envelope overhead included; the yardstick of savings is measured in what a mission would send. */
  readonly measureLossless: boolean;
  readonly envelopeOverheadBytes: number;
  /** Tiles under way at once: read ahead, in the model, in an encoder. */
  readonly inFlight: number;
}

export interface ReadyDraft extends ProductDraft {
  readonly readyAt: Instant;
}

/** One tile after everything that may run side by side with other tiles. */
interface WorkedTile {
  readonly tile: Tile;
  readonly core: { readonly samples: number; readonly sensorBytes: number };
  readonly verdict: ScreenVerdict;
  readonly detections: readonly Detection[] | null;
  readonly losslessBytes: number | null;
  readonly draft: ProductDraft | null;
}

const encodeFor = async (policy: Policy, tile: Tile, core: Raster): Promise<ProductDraft | null> => {
  if (policy.name === "raw" || policy.name === "screen") {
    return { kind: "tile-lossless", tile: tile.index, payload: await encodeTile(core) };
  }
  if (policy.name === "compress") {
    const payload = await encodeLossyTile(core, { format: policy.format, quality: policy.quality });
    return { kind: "tile-lossy", tile: tile.index, payload };
  }
  return null;
};

const workTile = async (onboard: Onboard, { tile, raster }: CapturedTile): Promise<WorkedTile> => {
  const { policy, detector, measureLossless, envelopeOverheadBytes } = onboard;
  const core = coreOf(tile, raster);
  const verdict: ScreenVerdict =
    policy.name === "screen" ? screen(core, policy.maxCloudShare) : isEmpty(core) ? "empty" : null;
  // An empty core may still have a neighbour's pixels in its window, but every pixel is in the core of one tile.
  const looked = detector !== null && !isEmpty(raster) ? (await detector.detect([raster]))[0] : undefined;
  const draft = verdict === null ? await encodeFor(policy, tile, core) : null;
  const lossless =
    draft?.kind === "tile-lossless" ? draft.payload : measureLossless ? await encodeTile(core) : null;
  // What holds no measurement is no part of what a mission would send.
  const losslessBytes = lossless === null ? null : lossless.byteLength + envelopeOverheadBytes;
  return {
    tile,
    core: { samples: samplesIn(core), sensorBytes: sensorBytes(core) },
    verdict,
    detections: looked ?? null,
    losslessBytes: verdict === "empty" ? 0 : losslessBytes,
    draft,
  };
};

/**
 * Runs one acquisition through the onboard computer, which is free from `freeFrom` on: capture → tile → screen →
 * detect → select. Yields products in the order in which they become ready; returns what it cost.
 * Throws `SwathError("raster")` when pixels cannot be read.
 */
export async function* processAcquisition(
  onboard: Onboard,
  acquisition: Acquisition,
  reader: SceneReader,
  freeFrom: Instant,
): AsyncGenerator<ReadyDraft, AcquisitionRecord> {
  const { policy, hardware, detector } = onboard;
  const { scene } = reader;
  const bands = onboard.bands[scene.id] ?? scene.bands.map(({ name }) => name);
  const plan = planTiles({ x: 0, y: 0, width: scene.width, height: scene.height }, onboard.tile);
  const startedAt = instant(Math.max(acquisition.at, freeFrom));
  let now = startedAt;
  const sums = { samples: 0, sensor: 0, lossless: 0, measured: true, model: 0 };
  const screened = { empty: 0, emptyBytes: 0, cloudy: 0, cloudyBytes: 0 };
  const found: { tile: Tile; detections: readonly Detection[] }[] = [];

  const captured = capture(acquisition, reader, plan, bands, onboard.inFlight);
  for await (const worked of mapOrdered(captured, onboard.inFlight, (tile) => workTile(onboard, tile))) {
    const { tile, core, verdict, detections, losslessBytes, draft } = worked;
    sums.samples += core.samples;
    sums.sensor += core.sensorBytes;
    if (losslessBytes === null) sums.measured = false;
    else sums.lossless += losslessBytes;
    if (verdict !== null) {
      screened[verdict]++;
      screened[`${verdict}Bytes`] += core.sensorBytes;
    }
    if (detections !== null) {
      sums.model++;
      found.push({ tile, detections });
    }
    const judged = policy.name === "screen" ? core.samples : 0;
    now = later(
      now,
      tileSeconds(hardware, {
        modelPixels: detections === null ? 0 : tile.window.width * tile.window.height,
        opsPerPixel: detector?.info.opsPerPixel ?? 0,
        encodedSamples: judged + (draft === null ? 0 : core.samples),
      }),
    );
    if (draft !== null) yield { ...draft, readyAt: now };
  }

  let detections: readonly Detection[] = [];
  if (detectsOnBoard(policy) && detector !== null) {
    detections = quantiseDetections(mergeTileDetections(found, detector.info.mergeIou), scene);
    for (const draft of await selectResults(policy, reader, bands, detections)) {
      yield { ...draft, readyAt: now };
    }
  }
  return {
    index: acquisition.index,
    failure: null,
    startedAt,
    readyAt: now,
    samples: sums.samples,
    sensorBytes: bytes(sums.sensor),
    losslessBytes: sums.measured ? bytes(sums.lossless) : null,
    tiles: plan.length,
    emptyTiles: screened.empty,
    cloudyTiles: screened.cloudy,
    emptyBytes: bytes(screened.emptyBytes),
    cloudyBytes: bytes(screened.cloudyBytes),
    modelTiles: sums.model,
    detections: detections.length,
    computeSeconds: seconds(now - startedAt),
  };
}
