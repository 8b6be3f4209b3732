import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { maskBox } from "../../../datasets/labels/formats/coco-mask.ts";
import { parseGeoJsonLabels } from "../../../datasets/labels/formats/geojson-labels.ts";
import { parseWkt } from "../../../datasets/labels/formats/wkt.ts";
import { placerOn } from "../../../datasets/labels/place-label.ts";
import { proj4Definition } from "../../../pipeline/raster/projection.ts";
import { sceneOf } from "../../fake-scene.ts";

type Box = readonly [x0: number, y0: number, x1: number, y1: number];

/** What OpenCV and GDAL say; `labels.py` beside it made it. */
const golden: {
  readonly masks: readonly {
    readonly size: readonly [number, number];
    readonly counts: readonly number[];
    readonly packed: string;
    readonly box: Box | null;
  }[];
  readonly wkt: readonly { readonly wkt: string; readonly boxes: readonly Box[] }[];
  readonly ground: readonly { readonly epsg: number; readonly ring: readonly Box[]; readonly box: Box }[];
} = JSON.parse(readFileSync(new URL("../../golden/labels/labels.json", import.meta.url), "utf8"));

const boxOf = (points: readonly (readonly [number, number])[]): Box => [
  Math.min(...points.map(([x]) => x)),
  Math.min(...points.map(([, y]) => y)),
  Math.max(...points.map(([x]) => x)),
  Math.max(...points.map(([, y]) => y)),
];

describe("boxes by other software", () => {
  it("masks as runs and packed, against OpenCV", () => {
    expect(golden.masks).toHaveLength(60);
    for (const { size, counts, packed, box } of golden.masks) {
      const right = box && { x0: box[0], y0: box[1], x1: box[2], y1: box[3] };
      expect(maskBox({ counts, size })).toEqual(right);
      expect(maskBox({ counts: packed, size })).toEqual(right);
    }
  });

  it.each(golden.wkt)("$wkt, against OGR", ({ wkt, boxes }) => {
    const shape = parseWkt(wkt);
    expect(Array.isArray(shape) ? shape.map(boxOf) : shape).toEqual(boxes);
  });

  it("rings in seven CRS on a scene in UTM, against GDAL, to a thousandth of a pixel", () => {
    const scene = {
      ...sceneOf({ id: "port", width: 400, height: 300 }),
      georeference: {
        crs: "EPSG:32631",
        proj4: proj4Definition("EPSG:32631") ?? "",
        transform: [10, 0, 420_000, 0, -10, 4_480_000],
      },
    } as const;
    const place = placerOn(scene);
    for (const { epsg, ring, box } of golden.ground) {
      const crs = { type: "name", properties: { name: `urn:ogc:def:crs:EPSG::${epsg}` } };
      const geometry = { type: "Polygon", coordinates: [ring] };
      const read = parseGeoJsonLabels({ type: "FeatureCollection", crs, features: [{ geometry }] }, "a");
      const placement = place(read.loose[0]!);
      if (placement.kind !== "inside") throw new Error(`EPSG:${epsg}: ${placement.kind}`);
      Object.values(placement.boxPx).forEach((edge, i) =>
        expect(Math.abs(edge - box[i]!)).toBeLessThan(2e-3),
      );
    }
  });
});
