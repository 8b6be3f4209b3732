import { readFileSync, writeFileSync } from "node:fs";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { describe, expect, test } from "vitest";
import { detectionFeature } from "../../../stations/archive/detection-geojson.ts";
import { encodeGeoParquet } from "../../../stations/archive/geo-parquet.ts";
import { records, results } from "./records.ts";

const golden = (name: string) => new URL(`../../golden/archive/${name}`, import.meta.url);
const encoded = encodeGeoParquet(results.map(detectionFeature));
if (process.env["SWATH_REGENERATE"]) writeFileSync(golden("detections.parquet"), encoded);

interface Expected {
  readonly types: Readonly<Record<string, string>>;
  readonly geo: unknown;
  readonly rows: readonly Readonly<Record<string, string | number | null>>[];
}

describe("what DuckDB and GDAL read from the file", () => {
  const expected = JSON.parse(readFileSync(golden("expected.json"), "utf8")) as Expected;

  test("was read from these very bytes", () => {
    expect(Buffer.from(encoded).equals(readFileSync(golden("detections.parquet")))).toBe(true);
  });

  test("columns and types", () => {
    expect(expected.types).toMatchObject({
      geometry: "GEOMETRY('OGC:CRS84')",
      class: "VARCHAR",
      acquisition: "INTEGER",
      score: "DOUBLE",
      x0_px: "DOUBLE",
      captured_at: "TIMESTAMP WITH TIME ZONE",
      latency_s: "DOUBLE",
    });
  });

  test("rows", () => {
    expect(expected.rows.map((row) => [row["scene"], row["class"], row["satellite"], row["score"]])).toEqual(
      records.map((r) => [r.scene.id, r.detection.className, r.satellite, r.detection.score]),
    );
    expect(expected.rows[0]).toMatchObject({
      x0_px: 10,
      y0_px: 20.5,
      x1_px: 18,
      y1_px: 31,
      latency_s: 3600.5,
    });
    const captured = new Date(`${expected.rows[0]?.["captured_at"]}`).toISOString();
    expect(captured).toBe(detectionFeature(results[0]!).properties.captured_at);
  });

  test("geometries: closed, valid, split at the antimeridian, null without georeference", () => {
    expect(expected.rows.map((row) => row["geometry"])).toEqual([
      "POLYGON ((8.9 44.39,8.91 44.39,8.91 44.4,8.9 44.4,8.9 44.39)) valid",
      "MULTIPOLYGON (((179.75 -16.5,180.0 -16.5,180 -16,179.75 -16,179.75 -16.5))," +
        "((-180 -16.5,-179.75 -16.5,-179.75 -16,-180 -16,-180 -16.5))) valid",
      null,
    ]);
  });

  test("GeoParquet metadata", () => {
    expect(expected.geo).toEqual({
      version: "1.1.0",
      primary_column: "geometry",
      columns: {
        geometry: {
          encoding: "WKB",
          geometry_types: ["MultiPolygon", "Polygon"],
          orientation: "counterclockwise",
          bbox: [-180, -16.5, 180, 44.4],
        },
      },
    });
  });
});

test("no detections make a file with no rows, and valid metadata", async () => {
  const { buffer } = encodeGeoParquet([]);
  expect(await parquetReadObjects({ file: buffer as ArrayBuffer })).toEqual([]);
  const { key_value_metadata: metadata } = parquetMetadata(buffer as ArrayBuffer);
  expect(metadata?.find(({ key }) => key === "geo")?.value).toContain('"geometry_types":[]');
});
