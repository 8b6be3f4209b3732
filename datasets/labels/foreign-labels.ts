import { basename, extname } from "node:path";

/** Label formats that are known and not read, by the ending of their files, and what to do about it. */
const byExtension: Readonly<Record<string, string>> = {
  ".shp": "Shapefiles are not read: convert it with ogr2ogr labels.geojson FILE.shp",
  ".gpkg": "GeoPackages are not read: convert it with ogr2ogr labels.geojson FILE.gpkg",
  ".kml": "KML is not read: convert it with ogr2ogr labels.geojson FILE.kml",
  ".kmz": "KMZ is not read: convert it with ogr2ogr labels.geojson FILE.kmz",
  ".gml": "GML is not read: convert it with ogr2ogr labels.geojson FILE.gml",
  ".geojsonl": "line-delimited GeoJSON is not read: convert it with ogr2ogr labels.geojson FILE.geojsonl",
  ".topojson": "TopoJSON is not read: convert it with ogr2ogr labels.geojson FILE.topojson",
  ".parquet": "Parquet tables are not read as labels: export CSV",
  ".xlsx": "spreadsheets are not read: export CSV",
  ".xls": "spreadsheets are not read: export CSV",
  ".tfrecord": "TFRecord is not read: export CSV or COCO",
  ".mat": "MATLAB files are not read: export CSV or COCO",
  ".jsonl": "JSON lines are not read: export COCO",
  ".ndjson": "JSON lines are not read: export COCO",
};

const kinds: readonly (readonly [RegExp, string])[] = [
  [/^via_.*\.json$/i, "VIA projects are not read: export COCO from VIA"],
];

/** Why a file that looks like labels by its name is not read; `null` for any other. */
export const foreignKind = (path: string): string | null =>
  kinds.find(([pattern]) => pattern.test(basename(path)))?.[1] ??
  byExtension[extname(path).toLowerCase()] ??
  null;
