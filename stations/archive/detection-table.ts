import {
  type GrowingColumn,
  growingColumn,
  type WordColumn,
  wordColumn,
} from "../../pipeline/growing-column.ts";
import { detectionId } from "../../pipeline/mission/detection-id.ts";
import type { AreaGeometry } from "../../pipeline/raster/area-geometry.ts";
import type { ResultMessage } from "../../pipeline/mission/result-message.ts";
import { formatInstant, instant } from "../../pipeline/units.ts";
import { areaColumn, type AreaColumn } from "./area-column.ts";
import { type DetectionFeature, featureOf } from "./detection-geojson.ts";
import type { ResultOrigin } from "./record-message.ts";

/** What the archive is told of a detection; the id follows from the rest. */
export interface ArchivedDetection extends Omit<
  ResultMessage,
  "schema" | "id" | "run" | "policy" | "place" | "polygon" | "captured_at" | "received_at"
> {
  readonly area: AreaGeometry | null;
  /** Milliseconds since 1970. */
  readonly capturedMs: number;
  readonly receivedMs: number;
}

/** A block ends with the acquisition that brings it here, since the next scene lies elsewhere; or at the latest with so many rows. */
const fewRows = 32;
const mostRows = 256;

/** What the rows of a block have in common: a query passes over blocks that cannot hold what it wants. */
export interface Block {
  /** Its first row; it ends where the next one begins. */
  readonly start: number;
  /** Rows without a place. */
  unplaced: number;
  west: number;
  south: number;
  east: number;
  north: number;
  fromMs: number;
  toMs: number;
  leastScore: number;
  bestScore: number;
  /** Bit `code mod 32` for each class; two classes may share one. */
  classes: number;
}

/** Detections of one run, packed: some 150 octets each. Rows stay where they are. */
export interface DetectionTable {
  readonly origin: ResultOrigin;
  readonly rows: number;
  readonly blocks: readonly Block[];
  readonly areas: AreaColumn;
  /** Milliseconds since 1970. */
  readonly capturedMs: GrowingColumn<Float64Array>;
  readonly score: GrowingColumn<Float64Array>;
  readonly acquisition: GrowingColumn<Uint32Array>;
  /** Words, and for each row the number of its word. */
  readonly classNames: Readonly<Pick<WordColumn, "words" | "codes">>;
  readonly sceneNames: Readonly<Pick<WordColumn, "words" | "codes">>;
  readonly idAt: (row: number) => string;
  readonly featureAt: (row: number) => DetectionFeature;
  add(detection: ArchivedDetection): void;
  reserve(more: number): void;
}

const emptyBlock = (start: number): Block => ({
  start,
  unplaced: 0,
  west: Infinity,
  south: Infinity,
  east: -Infinity,
  north: -Infinity,
  fromMs: Infinity,
  toMs: -Infinity,
  leastScore: Infinity,
  bestScore: -Infinity,
  classes: 0,
});

type Box = ResultMessage["box_px"];

/** An empty table. */
export const detectionTable = (origin: ResultOrigin): DetectionTable => {
  const areas = areaColumn();
  const [scene, satellite, station, className] = [wordColumn(), wordColumn(), wordColumn(), wordColumn()];
  const acquisition = growingColumn(Uint32Array);
  /** By row: in runs whose satellites are sent models, and in no others. */
  const models = new Map<number, string>();
  const capturedMs = growingColumn(Float64Array);
  const receivedMs = growingColumn(Float64Array);
  const latencySeconds = growingColumn(Float64Array);
  const score = growingColumn(Float64Array);
  /** Longitude and latitude of each; NaN without a place. */
  const centres = growingColumn(Float64Array);
  const boxes = growingColumn(Float64Array);
  /** By row: a model draws outlines or it does not. */
  const outlines = new Map<number, NonNullable<ResultMessage["outline_px"]>>();
  const blocks: Block[] = [];

  const extend = (row: number, { capturedMs: at, score: value }: ArchivedDetection): void => {
    let block = blocks.at(-1);
    const held = row - (block?.start ?? 0);
    const isNext = row > 0 && acquisition.values[row] !== acquisition.values[row - 1];
    if (block === undefined || held >= mostRows || (isNext && held >= fewRows)) {
      block = emptyBlock(row);
      blocks.push(block);
    }
    block.fromMs = Math.min(block.fromMs, at);
    block.toMs = Math.max(block.toMs, at);
    block.leastScore = Math.min(block.leastScore, value);
    block.bestScore = Math.max(block.bestScore, value);
    block.classes |= 1 << ((className.codes[row] as number) % 32);
    if (!areas.has(row)) {
      block.unplaced += 1;
      return;
    }
    const [west, south, east, north] = areas.envelope(row);
    block.west = Math.min(block.west, west);
    block.south = Math.min(block.south, south);
    block.east = Math.max(block.east, east);
    block.north = Math.max(block.north, north);
  };
  const boxAt = (row: number): Box => [...boxes.values.subarray(4 * row, 4 * row + 4)] as unknown as Box;
  const contentAt = (row: number) => ({
    run: origin.run,
    acquisition: acquisition.values[row] as number,
    class: className.at(row),
    score: score.values[row] as number,
    box_px: boxAt(row),
  });
  const centreAt = (row: number, axis: 0 | 1): number | null => {
    const value = centres.values[2 * row + axis] as number;
    return Number.isNaN(value) ? null : value;
  };
  return {
    origin,
    get rows() {
      return acquisition.length;
    },
    blocks,
    areas,
    capturedMs,
    score,
    acquisition,
    classNames: className,
    sceneNames: scene,
    idAt: (row) => detectionId(contentAt(row)),
    featureAt(row) {
      const content = contentAt(row);
      const [outline, model] = [outlines.get(row), models.get(row)];
      const [captured, received] = [capturedMs.values[row] as number, receivedMs.values[row] as number];
      return featureOf(detectionId(content), areas.at(row), {
        place: areas.has(row) ? "ground" : "pixels",
        class: content.class,
        score: content.score,
        run: origin.run,
        policy: origin.policy,
        scene: scene.at(row),
        acquisition: content.acquisition,
        satellite: satellite.at(row),
        station: station.at(row),
        captured_at: formatInstant(instant(captured / 1000)),
        received_at: formatInstant(instant(received / 1000)),
        latency_s: latencySeconds.values[row] as number,
        longitude: centreAt(row, 0),
        latitude: centreAt(row, 1),
        box_px: content.box_px,
        ...(outline === undefined ? {} : { outline_px: outline }),
        ...(model === undefined ? {} : { model }),
      });
    },
    add(detection) {
      const row = acquisition.length;
      areas.add(detection.area);
      scene.add(detection.scene);
      satellite.add(detection.satellite);
      station.add(detection.station);
      className.add(detection.class);
      acquisition.add(detection.acquisition);
      capturedMs.add(detection.capturedMs);
      receivedMs.add(detection.receivedMs);
      latencySeconds.add(detection.latency_s);
      score.add(detection.score);
      centres.add(detection.longitude ?? Number.NaN);
      centres.add(detection.latitude ?? Number.NaN);
      for (const value of detection.box_px) boxes.add(value);
      if (detection.outline_px !== null) outlines.set(row, detection.outline_px);
      if (detection.model !== undefined) models.set(row, detection.model);
      extend(row, detection);
    },
    reserve(more) {
      for (const column of [scene, satellite, station, className, acquisition]) column.reserve(more);
      for (const column of [capturedMs, receivedMs, latencySeconds, score]) column.reserve(more);
      areas.reserve(more);
      centres.reserve(2 * more);
      boxes.reserve(4 * more);
    },
  };
};
