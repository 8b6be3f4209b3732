import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { labelsToGeoJson, parseGeoJsonLabels } from "../../../datasets/labels/geojson-labels.ts";
import { parseCoco } from "../../../datasets/labels/coco.ts";
import { parseCsv } from "../../../datasets/labels/csv.ts";
import { placeLabels } from "../../../datasets/labels/drawn-label.ts";
import { parseYolo } from "../../../datasets/labels/yolo-labels.ts";
import { proj4Definition } from "../../../pipeline/raster/projection.ts";
import type { Scene } from "../../../pipeline/raster/scene.ts";

const scene: Scene = {
  id: "port",
  width: 400,
  height: 300,
  bands: [],
  georeference: {
    crs: "EPSG:32631",
    proj4: proj4Definition("EPSG:32631") ?? "",
    transform: [10, 0, 420_000, 0, -10, 4_480_000],
  },
  acquiredAt: null,
  platform: null,
};
const picture: Scene = { ...scene, georeference: null };

const coco = {
  images: [{ id: 1, file_name: "port_rgb.tiff", width: 400, height: 300 }],
  categories: [{ id: 3, name: "ship" }],
  annotations: [
    { image_id: 1, category_id: 3, bbox: [10, 20, 30, 5], iscrowd: 0 },
    { image_id: 1, category_id: 3, bbox: [390, 290, 20, 20], iscrowd: 1 },
    { image_id: 1, category_id: 3, bbox: [500, 20, 30, 5] },
  ],
};

describe("COCO", () => {
  it("reads boxes, clips at the edge, takes crowds as labels to ignore, refuses what lies outside", () => {
    const [image] = parseCoco(coco, "coco.json");
    const { labels, errors } = placeLabels(image?.labels ?? [], scene, "coco.json");
    expect(labels).toEqual([
      { className: "ship", boxPx: { x0: 10, y0: 20, x1: 40, y1: 25 } },
      { className: "ship", boxPx: { x0: 390, y0: 290, x1: 400, y1: 300 }, ignore: true },
    ]);
    expect(errors.map(({ message }) => message)).toEqual([
      'coco.json: label 2 (ship) of scene "port": wanted a box with area inside 400 × 300 pixels, got x 500…530, y 20…25',
    ]);
  });

  it("names the annotation that speaks of an image or a category that is not there", () => {
    const [first] = coco.annotations;
    const stray = { ...coco, annotations: [first, { ...first, image_id: 9 }] };
    expect(() => parseCoco(stray, "coco.json")).toThrow(/annotation 1 names image 9/);
    expect(() => parseCoco({ ...coco, categories: [] }, "coco.json")).toThrow(
      /annotation 0 names category 3/,
    );
    expect(() => parseCoco({ images: [], annotations: 4 }, "coco.json")).toThrow(/not a COCO file/);
  });
});

describe("YOLO text", () => {
  it("reads boxes with and without confidence, and polygons", () => {
    const text = "0 0.5 0.5 0.1 0.2\r\n1 0.25 0.5 0.5 1 0.93\n\n0 0 0 0.1 0 0.1 0.1\n";
    const { labels } = placeLabels(parseYolo(text, "a.txt", ["ship"]), picture, "a.txt");
    expect(labels).toEqual([
      { className: "ship", boxPx: { x0: 180, y0: 120, x1: 220, y1: 180 } },
      { className: "class-1", boxPx: { x0: 0, y0: 0, x1: 200, y1: 300 } },
      { className: "ship", boxPx: { x0: 0, y0: 0, x1: 40, y1: 30 } },
    ]);
  });

  it("names the line that is no label", () => {
    expect(() => parseYolo("0 0.5 0.5 0.1 0.2\n0 0.5 0.5\n", "a.txt")).toThrow(
      /a\.txt: line 2.*got "0 0\.5 0\.5"/,
    );
    expect(() => parseYolo("ship 0.5 0.5 0.1 0.2", "a.txt")).toThrow(/line 1/);
  });
});

describe("CSV with polygons", () => {
  it("reads quoted polygons and doubled quotes", () => {
    const text =
      'id,image_id,geometry,class\n1,port.jpg,"[(8, 3), (18, 3), (18, 9.5), (8, 3)]","the ""big"" one"\n';
    const [image] = parseCsv(text, "a.csv");
    expect(image?.image).toBe("port.jpg");
    expect(placeLabels(image?.labels ?? [], picture, "a.csv").labels).toEqual([
      { className: 'the "big" one', boxPx: { x0: 8, y0: 3, x1: 18, y1: 9.5 } },
    ]);
  });

  it("names a missing column and the line of a broken polygon", () => {
    expect(() => parseCsv("a,b\n1,2", "a.csv")).toThrow(/not a label table/);
    expect(() => parseCsv('image_id,geometry\np.jpg,"[(8, 3), (1"', "a.csv")).toThrow(/a\.csv: line 2/);
  });
});

describe("GeoJSON", () => {
  const boxes = fc.array(
    fc.tuple(fc.nat(398), fc.nat(298), fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 200 })),
  );

  it.each([
    ["on the ground", scene],
    ["in pixels", picture],
  ])("gives back what it was given, %s", (_, place) => {
    fc.assert(
      fc.property(boxes, (corners) => {
        const labels = corners.map(([x0, y0, w, h], i) => ({
          className: "ship",
          boxPx: { x0, y0, x1: Math.min(400, x0 + w), y1: Math.min(300, y0 + h) },
          ...(i % 3 === 0 ? { ignore: true } : {}),
        }));
        const written: unknown = JSON.parse(JSON.stringify(labelsToGeoJson(labels, place)));
        expect(placeLabels(parseGeoJsonLabels(written, "a.geojson"), place, "a.geojson")).toEqual({
          labels,
          errors: [],
        });
      }),
      { numRuns: 50 },
    );
  });

  it("refuses longitudes on a scene without place, and coordinates that are none", () => {
    const written = labelsToGeoJson([{ className: "ship", boxPx: { x0: 1, y0: 1, x1: 9, y1: 9 } }], scene);
    const [error] = placeLabels(parseGeoJsonLabels(written, "a"), picture, "a").errors;
    expect(error?.message).toMatch(/wanted pixel coordinates, since the scene has no georeference/);
    const utm = {
      type: "FeatureCollection",
      crs: { properties: { name: "urn:ogc:def:crs:EPSG::32631" } },
      features: [],
    };
    expect(() => parseGeoJsonLabels(utm, "a")).toThrow(/export it in EPSG:4326/);
  });
});
