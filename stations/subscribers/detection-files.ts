import type { DetectionFeature } from "../archive/detection-geojson.ts";
import { streamFlatGeobuf } from "../archive/flatgeobuf.ts";
import { streamGeoParquet } from "../archive/geo-parquet.ts";
import { resultVersion } from "../../pipeline/mission/result-message.ts";
import { csvFileHead, csvFileRow } from "./result-csv.ts";

/** A kind of file that detections can be had as. */
export interface DetectionFile {
  /** Media type. */
  readonly type: string;
  /** Without the dot. */
  readonly ending: string;
  /** The file in parts, as it becomes ready: none is held whole. */
  readonly encode: (groups: AsyncIterable<readonly DetectionFeature[]>) => AsyncGenerator<Uint8Array>;
}

async function* encodeGeoJson(
  groups: AsyncIterable<readonly DetectionFeature[]>,
): AsyncGenerator<Uint8Array> {
  let isFirst = true;
  yield Buffer.from('{"type":"FeatureCollection","features":[\n');
  for await (const features of groups) {
    const text = features.map((feature) => JSON.stringify(feature)).join(",\n");
    if (text !== "") yield Buffer.from(isFirst ? text : `,\n${text}`);
    isFirst &&= text === "";
  }
  yield Buffer.from("\n]}\n");
}

async function* encodeCsv(groups: AsyncIterable<readonly DetectionFeature[]>): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`${csvFileHead}\r\n`);
  for await (const features of groups) {
    const rows = features.map(({ id, properties }) =>
      csvFileRow({ ...properties, schema: resultVersion, id, outline_px: null, polygon: null }),
    );
    if (rows.length > 0) yield Buffer.from(`${rows.join("\r\n")}\r\n`);
  }
}

/** Formats by name. */
export const detectionFiles = {
  geojson: { type: "application/geo+json", ending: "geojson", encode: encodeGeoJson },
  geoparquet: { type: "application/vnd.apache.parquet", ending: "parquet", encode: streamGeoParquet },
  flatgeobuf: { type: "application/flatgeobuf", ending: "fgb", encode: streamFlatGeobuf },
  csv: { type: "text/csv; charset=utf-8", ending: "csv", encode: encodeCsv },
} as const satisfies Readonly<Record<string, DetectionFile>>;

/** Name of a format. */
export type DetectionFormat = keyof typeof detectionFiles;

/** Names of all formats. */
export const detectionFormats = Object.keys(detectionFiles) as readonly DetectionFormat[];

/** Rows that are put together at a time. */
const groupRows = 20_000;

/** Features in groups. Between groups whoever else has something to do may do it. */
export async function* grouped(
  features: Iterable<DetectionFeature>,
): AsyncGenerator<readonly DetectionFeature[]> {
  let group: DetectionFeature[] = [];
  for (const feature of features) {
    group.push(feature);
    if (group.length < groupRows) continue;
    yield group;
    group = [];
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  if (group.length > 0) yield group;
}
