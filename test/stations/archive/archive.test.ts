import { describe, expect, test } from "vitest";
import { instant } from "../../../pipeline/units.ts";
import { archiveFiles } from "../../../stations/archive/archive.ts";
import { detectionFeature, encodeGeoJson } from "../../../stations/archive/detection-geojson.ts";
import { stacCollection, stacItem } from "../../../stations/archive/stac.ts";
import { origin, records, results } from "./records.ts";

const provenance = {
  runId: "run-7",
  softwareVersion: "0.1.0",
  flownOver: true,
  model: { name: "ship-s2", version: "1", sha256: "ab" },
};
const scene = {
  id: "genoa",
  footprintLonLat: records[0]!.polygonLonLat,
  recordedAt: null,
  platform: null,
  derivedFrom: ["../../ships/genoa.tif"],
  capturedAt: [instant(200), instant(100)],
  satellites: ["SENTINEL-2A"],
  detections: 1,
};

describe("GeoJSON", () => {
  test("a detection says what, where, when and how late", () => {
    expect(detectionFeature(results[0]!).properties).toMatchObject({
      class: "ship",
      box_px: [10, 20.5, 18, 31],
      captured_at: "2026-08-13T10:00:00.250Z",
      latency_s: 3600.5,
    });
  });

  test("a detection of an image without a place has the geometry of its pixels, and says so", () => {
    const { geometry, geometry_px, properties } = detectionFeature(results[2]!);
    expect([geometry, properties.place]).toEqual([null, "pixels"]);
    expect(geometry_px).toEqual({
      type: "Polygon",
      coordinates: [
        [
          [10, 20.5],
          [18, 20.5],
          [18, 31],
          [10, 31],
          [10, 20.5],
        ],
      ],
    });
    const placed = detectionFeature(results[0]!);
    expect(placed.properties.place).toBe("ground");
    expect(placed).not.toHaveProperty("geometry_px");
  });

  test("the collection parses, one feature a line, with none as well", () => {
    const text = encodeGeoJson(results.map(detectionFeature));
    expect(JSON.parse(text)).toMatchObject({ type: "FeatureCollection", features: { length: 3 } });
    expect(text.trim().split("\n")).toHaveLength(records.length + 2);
    expect(JSON.parse(encodeGeoJson([]))).toEqual({ type: "FeatureCollection", features: [] });
  });
});

describe("STAC", () => {
  test("several captures become a range, one becomes the datetime", () => {
    expect(stacItem(scene, provenance).properties).toMatchObject({
      datetime: null,
      start_datetime: "1970-01-01T00:01:40.000Z",
      end_datetime: "1970-01-01T00:03:20.000Z",
      "processing:software": { swath: "0.1.0", "ship-s2": "1" },
    });
    const once = stacItem({ ...scene, capturedAt: [instant(100)] }, provenance).properties;
    expect(once).toMatchObject({ datetime: "1970-01-01T00:01:40.000Z" });
    expect(once).not.toHaveProperty("start_datetime");
  });

  test("the imagery's own date, platform and source stay; a load test names no satellite", () => {
    const dated = { ...scene, recordedAt: instant(50), platform: "sentinel-2b" };
    const item = stacItem(dated, provenance);
    expect(item.properties).toMatchObject({
      datetime: "1970-01-01T00:00:50.000Z",
      platform: "sentinel-2b",
      "swath:satellites": ["SENTINEL-2A"],
      "swath:captured_at": ["1970-01-01T00:03:20.000Z", "1970-01-01T00:01:40.000Z"],
    });
    expect(item.links).toContainEqual({ rel: "derived_from", href: "../../ships/genoa.tif" });
    const loaded = stacItem(dated, { ...provenance, flownOver: false }).properties;
    expect(loaded).toMatchObject({ "swath:load_test": true });
    expect(loaded).not.toHaveProperty("swath:satellites");
  });

  test("an item has a bbox exactly when it has a geometry", () => {
    expect(stacItem(scene, provenance)).toMatchObject({ bbox: [8.9, 44.39, 8.91, 44.4] });
    const nowhere = stacItem({ ...scene, footprintLonLat: null }, provenance);
    expect(nowhere.geometry).toBeNull();
    expect(nowhere).not.toHaveProperty("bbox");
  });

  test("the collection links every item and spans them", () => {
    const collection = stacCollection([scene], provenance);
    expect(collection.links.map(({ href }) => href)).toContain("genoa.json");
    expect(collection.extent.spatial.bbox).toEqual([[8.9, 44.39, 8.91, 44.4]]);
  });
});

test("the archive does not show in which order results arrived", () => {
  const one = archiveFiles(origin, records, [scene], provenance);
  expect(archiveFiles(origin, records.toReversed(), [scene], provenance)).toEqual(one);
  expect(one.map(({ path }) => path)).toEqual([
    "detections.parquet",
    "detections.geojson",
    "stac/collection.json",
    "stac/genoa.json",
  ]);
});
