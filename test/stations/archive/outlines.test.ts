import { parquetReadObjects } from "hyparquet";
import { describe, expect, test } from "vitest";
import type { OutlinePx } from "../../../pipeline/detection/outline.ts";
import { encodeGeoParquet } from "../../../stations/archive/geo-parquet.ts";
import { detectionFeature } from "../../../stations/archive/detection-geojson.ts";
import { renderReport } from "../../../measure/report/run-report.ts";
import { fixture } from "../../measure/report/fixture.ts";
import { results } from "./records.ts";

const outlinePx: OutlinePx = [
  [10.5, 20.5],
  [18, 24],
  [14, 31],
];
const [plain, , nowhere] = results;
const outlined = [plain!, nowhere!].map((record) => ({
  ...record,
  outline_px: outlinePx,
}));

/** Well-known binary, little-endian: 1, type 3 (polygon), rings, points, x and y of each (OGC 06-103r4, 8.2). */
const polygonIn = (wkb: Uint8Array): readonly (readonly number[])[] => {
  const view = new DataView(wkb.buffer, wkb.byteOffset, wkb.byteLength);
  expect([view.getUint8(0), view.getUint32(1, true), view.getUint32(5, true)]).toEqual([1, 3, 1]);
  return Array.from({ length: view.getUint32(9, true) }, (_, i) => [
    view.getFloat64(13 + 16 * i, true),
    view.getFloat64(21 + 16 * i, true),
  ]);
};

describe("outlines in the archive", () => {
  test("GeoJSON has them in pixels, also where there is no place on Earth; boxes alone have no such property", () => {
    for (const record of outlined) expect(detectionFeature(record).properties.outline_px).toEqual(outlinePx);
    expect(detectionFeature(plain!).properties).not.toHaveProperty("outline_px");
  });

  test("GeoParquet has them as a column of polygons, null for boxes; files of boxes alone have no such column", async () => {
    const { buffer } = encodeGeoParquet([outlined[0]!, plain!].map(detectionFeature));
    const rows = await parquetReadObjects({ file: buffer as ArrayBuffer, utf8: false, geoparquet: false });
    expect(polygonIn(rows[0]?.["outline_px"] as Uint8Array)).toEqual([...outlinePx, outlinePx[0]]);
    expect(rows[1]?.["outline_px"]).toBeNull();
    const boxes = await parquetReadObjects({
      file: encodeGeoParquet(results.map(detectionFeature)).buffer as ArrayBuffer,
    });
    expect(boxes[0]).not.toHaveProperty("outline_px");
  });

  test("the report draws the outline instead of the box", async () => {
    const input = await fixture();
    const [scene, ...scenes] = input.scenes;
    const box = {
      kind: "plain",
      className: "ship",
      score: 0.75,
      boxPx: { x0: 10, y0: 20, x1: 18, y1: 31 },
      outlinePx,
    } as const;
    const shown = { ...scene!, marks: null, picture: { ...scene!.picture!, boxes: [box] } };
    const page = renderReport({ ...input, scenes: [shown, ...scenes] });
    expect(page).toContain('<polygon class="line" points="10.5,20.5 18,24 14,31"');
    expect(page).toContain("ship .75");
  });
});
