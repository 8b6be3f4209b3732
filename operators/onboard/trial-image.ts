import type { Detection } from "../../pipeline/detection/detection.ts";
import type { Detector } from "../../pipeline/detection/detector.ts";
import { mergeTileDetections, type TileDetections } from "../../pipeline/detection/merge.ts";
import { isSwathError, messageOf } from "../../pipeline/errors.ts";
import type { AcquisitionRecord } from "../../pipeline/mission/ledger.ts";
import { workingPower } from "../../pipeline/mission/working-power.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import { quantiseDetections } from "../../pipeline/product/detection-batch.ts";
import { coreOf } from "../../pipeline/raster/crop.ts";
import { windowArea } from "../../pipeline/raster/raster.ts";
import type { SceneReader } from "../../pipeline/raster/scene.ts";
import { planTiles } from "../../pipeline/raster/tile-plan.ts";
import { mapOrdered } from "../../pipeline/streams.ts";
import { seconds, type Instant } from "../../pipeline/units.ts";
import type { WorkClock } from "../flight/work-clock.ts";
import { tileSeconds } from "../platform/tile-work.ts";
import type { ModelKeeper } from "../updates/model-keeper.ts";
import { tileWorkOf, type Onboard } from "./acquisition-work.ts";
import { capture } from "./capture.ts";
import { isEmpty } from "./screen.ts";

/** What the model at work has made of an image that another one looks at as well. */
export interface SeenImage {
  readonly acquisition: Acquisition;
  readonly reader: SceneReader;
  /** Of the whole scene. */
  readonly detections: readonly Detection[];
  readonly record: AcquisitionRecord;
}

/** A model that broke on an image: why, and the work that it had done by then. */
interface Broken {
  readonly failure: string;
}

/** Share of its full speed that the computer had while so much work took from one time to another. */
const speedOf = (work: number, from: Instant, to: Instant): number =>
  work <= 0 || to <= from ? 1 : Math.min(1, work / (to - from));

/**
 * Lets a second model, on trial or watching, look at an image that the model at work has just seen, on the same computer and behind it, and tells the keeper.
 * Its work is added to the record: it takes time and energy. What it finds stays on board.
 */
export const tryOnImage = async (
  onboard: Onboard & { readonly detector: Detector },
  beside: Detector,
  keeper: ModelKeeper,
  clock: WorkClock,
  { acquisition, reader, detections, record }: SeenImage,
): Promise<AcquisitionRecord> => {
  const { computer, inFlight, signal } = onboard;
  const { scene } = reader;
  const bands = onboard.bands[scene.id] ?? scene.bands.map(({ name }) => name);
  const plan = planTiles({ x: 0, y: 0, width: scene.width, height: scene.height }, onboard.tile);
  const found: TileDetections[] = [];
  const took = { atWork: 0, beside: 0, operations: 0 };
  const look = async (): Promise<Broken | null> => {
    const tiles = mapOrdered(
      capture(acquisition, reader, plan, bands, inFlight),
      inFlight,
      async ({ tile, raster }) => {
        if (isEmpty(coreOf(tile, raster))) return null;
        try {
          return { tile, detections: await beside.detect(raster, signal) };
        } catch (error) {
          signal.throwIfAborted();
          return { failure: isSwathError(error) ? error.message : `it broke: ${messageOf(error)}` };
        }
      },
    );
    for await (const one of tiles) {
      if (one === null) continue;
      if (one.failure !== undefined) return { failure: one.failure };
      const area = windowArea(one.tile.window);
      const work = tileWorkOf(beside, area);
      took.atWork += tileSeconds(computer, tileWorkOf(onboard.detector, area));
      took.beside += tileSeconds(computer, work);
      took.operations += work.modelPixels * work.opsPerPixel;
      found.push(one);
    }
    return null;
  };
  const broken = await look();
  const total = seconds(record.computeSeconds + took.beside);
  const readyAt = await clock.at(total);
  if (broken === null) {
    const power = workingPower(computer);
    const seen = quantiseDetections(mergeTileDetections(found, beside.info.mergeIou), scene);
    keeper.tried(
      scene.id,
      readyAt,
      {
        detections,
        seconds: took.atWork,
        joules: took.atWork * power,
        speed: speedOf(record.computeSeconds, record.startedAt, record.readyAt),
      },
      {
        detections: seen,
        seconds: took.beside,
        joules: took.beside * power,
        speed: speedOf(took.beside, record.readyAt, readyAt),
      },
    );
  } else keeper.failBeside(broken.failure, readyAt);
  return {
    ...record,
    operations: record.operations + took.operations,
    computeSeconds: total,
    readyAt,
  };
};
