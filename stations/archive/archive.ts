import { detectionFeature, encodeGeoJson } from "./detection-geojson.ts";
import { encodeGeoParquet } from "./geo-parquet.ts";
import { resultMessage, type ResultOrigin } from "./record-message.ts";
import type { ResultRecord } from "./result-record.ts";
import type { RunFile } from "../../pipeline/atomic-folder.ts";
import { type ArchivedScene, type ArchiveProvenance, stacCollection, stacItem } from "./stac.ts";

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const inOrder = (a: ResultRecord, b: ResultRecord): number =>
  a.acquisition - b.acquisition ||
  b.detection.score - a.detection.score ||
  a.detection.boxPx.y0 - b.detection.boxPx.y0 ||
  a.detection.boxPx.x0 - b.detection.boxPx.x0;

/**
 * The files of a run's archive, ready for `writeRunFolder`: detections as GeoParquet and GeoJSON, a STAC collection with an item a
 * scene. Plain data; records are put in order, so that arrival does not show.
 */
export const archiveFiles = (
  origin: ResultOrigin,
  records: readonly ResultRecord[],
  scenes: readonly ArchivedScene[],
  provenance: ArchiveProvenance,
): readonly RunFile[] => {
  const features = records.toSorted(inOrder).map((record) => detectionFeature(resultMessage(origin, record)));
  return [
    { path: "detections.parquet", content: encodeGeoParquet(features) },
    { path: "detections.geojson", content: encodeGeoJson(features) },
    { path: "stac/collection.json", content: json(stacCollection(scenes, provenance)) },
    ...scenes.map((scene) => ({ path: `stac/${scene.id}.json`, content: json(stacItem(scene, provenance)) })),
  ];
};
