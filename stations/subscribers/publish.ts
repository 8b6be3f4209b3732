import { latLngToCell } from "h3-js";
import type { RunPlan } from "../../pipeline/mission/run-plan.ts";
import type { RunBus } from "../../pipeline/bus/run-bus.ts";
import { resultSubject, classToken } from "../../pipeline/bus/subjects.ts";
import { pixelToLonLat } from "../../pipeline/raster/georeference.ts";
import { formatInstant } from "../../pipeline/units.ts";
import type { ResultRecord } from "../archive/result-record.ts";
import { encodeResultMessage, type ResultMessage } from "../../pipeline/mission/result-message.ts";

/** H3 resolution of a result's cell: about 12,400 km², a stretch of coast. */
const cellResolution = 3;

/** Where a scene has no georeference there is no cell either. */
const nowhere = "none";

/** A detection as subscribers get it. */
export const resultMessage = (plan: RunPlan, record: ResultRecord): ResultMessage => {
  const { detection, scene, polygonLonLat } = record;
  const { x0, y0, x1, y1 } = detection.boxPx;
  const centre = scene.georeference && pixelToLonLat(scene.georeference, (x0 + x1) / 2, (y0 + y1) / 2);
  return {
    schema: "swath-result/1",
    run: plan.runId,
    policy: plan.policy.label,
    scene: scene.id,
    acquisition: record.acquisition,
    satellite: record.satellite,
    station: record.station,
    class: detection.className,
    score: detection.score,
    place: polygonLonLat === null ? "pixels" : "ground",
    boxPx: [x0, y0, x1, y1],
    longitude: centre === null ? null : centre[0],
    latitude: centre === null ? null : centre[1],
    polygon: polygonLonLat,
    capturedAt: formatInstant(record.capturedAt),
    publishedAt: formatInstant(record.receivedAt),
  };
};

/** Publishes each detection to subscribers under its class and cell; said twice, it is heard once. */
export const publishResults = async (
  bus: RunBus,
  plan: RunPlan,
  records: readonly ResultRecord[],
): Promise<void> => {
  for (const [index, record] of records.entries()) {
    const message = resultMessage(plan, record);
    const { longitude, latitude } = message;
    const cell =
      longitude === null || latitude === null ? nowhere : latLngToCell(latitude, longitude, cellResolution);
    const subject = resultSubject(bus.run, classToken(message.class), cell);
    await bus.publish(subject, encodeResultMessage(message), `result.${record.acquisition}.${index}`);
  }
};
