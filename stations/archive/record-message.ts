import { detectionId } from "../../pipeline/mission/detection-id.ts";
import { type ResultMessage, resultVersion } from "../../pipeline/mission/result-message.ts";
import { pixelToLonLat } from "../../pipeline/raster/georeference.ts";
import { elapsed, formatInstant } from "../../pipeline/units.ts";
import type { ResultRecord } from "./result-record.ts";

/** Whose detections they are. */
export interface ResultOrigin {
  /** `<run>-<policy>`. */
  readonly run: string;
  readonly policy: string;
}

/** A detection as subscribers get it and as every file has it. Latency in whole milliseconds: mission time is not stated finer anywhere. */
export const resultMessage = ({ run, policy }: ResultOrigin, record: ResultRecord): ResultMessage => {
  const { detection, scene, acquisition, polygonLonLat, capturedAt, receivedAt } = record;
  const { x0, y0, x1, y1 } = detection.boxPx;
  const centre = scene.georeference && pixelToLonLat(scene.georeference, (x0 + x1) / 2, (y0 + y1) / 2);
  const content = {
    run,
    acquisition,
    class: detection.className,
    score: detection.score,
    box_px: [x0, y0, x1, y1],
  } as const;
  return {
    schema: resultVersion,
    id: detectionId(content),
    run,
    policy,
    scene: scene.id,
    acquisition,
    satellite: record.satellite,
    station: record.station,
    class: content.class,
    score: content.score,
    place: polygonLonLat === null ? "pixels" : "ground",
    box_px: content.box_px,
    outline_px: detection.outlinePx ?? null,
    longitude: centre === null ? null : centre[0],
    latitude: centre === null ? null : centre[1],
    polygon: polygonLonLat,
    captured_at: formatInstant(capturedAt),
    received_at: formatInstant(receivedAt),
    latency_s: Math.round(elapsed(capturedAt, receivedAt) * 1000) / 1000,
    ...(record.model === undefined ? {} : { model: record.model }),
  };
};
