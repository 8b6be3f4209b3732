import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { labelsToGeoJson, parseGeoJsonLabels } from "../../../../datasets/labels/formats/geojson-labels.ts";
import { proj4Definition } from "../../../../pipeline/raster/projection.ts";
import type { Scene } from "../../../../pipeline/raster/scene.ts";
import { box, labelsIn, picture, place, reasonsOf, scene } from "./placed.ts";

describe("GeoJSON", () => {
  const boxes = fc.array(
    fc.tuple(fc.nat(398), fc.nat(298), fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 200 })),
  );

  it.each([
    ["on the ground", scene],
    ["in pixels", picture],
  ])("gives back what it was given, %s", (_, at) => {
    fc.assert(
      fc.property(boxes, (corners) => {
        const labels = corners.map(([x0, y0, w, h], i) => ({
          className: "ship",
          boxPx: { x0, y0, x1: Math.min(400, x0 + w), y1: Math.min(300, y0 + h) },
          ...(i % 3 === 0 ? { ignore: true } : {}),
        }));
        const written: unknown = JSON.parse(JSON.stringify(labelsToGeoJson(labels, at)));
        expect(place(labelsIn(parseGeoJsonLabels(written, "a.geojson")), at)).toEqual(labels);
      }),
      { numRuns: 50 },
    );
  });

  const ring = (x: number, y: number, side: number) => [
    [x, y, 12],
    [x + side, y, 12],
    [x + side, y + side, 12],
    [x, y + side, 12],
    [x, y, 12],
  ];
  const feature = (geometry: unknown, properties: unknown = { class: "ship" }) => ({
    type: "Feature",
    geometry,
    properties,
  });
  const collection = (features: readonly unknown[], more: object = {}) =>
    parseGeoJsonLabels({ type: "FeatureCollection", features, ...more }, "a");
  const polygon = (...coordinates: readonly unknown[]) => ({ type: "Polygon", coordinates });

  it("says that longitudes have no place on a scene without one", () => {
    const written = labelsToGeoJson([{ className: "ship", boxPx: { x0: 1, y0: 1, x1: 9, y1: 9 } }], scene);
    expect(place(labelsIn(parseGeoJsonLabels(written, "a")), picture)).toEqual([
      "longitude and latitude, but the scene has no georeference",
    ]);
  });

  it("takes coordinates in the CRS of its crs member, and refuses one that is not known", () => {
    const crs = (name: string) => ({ crs: { type: "name", properties: { name } } });
    const utm = collection(
      [feature(polygon(ring(420_100, 4_479_800, 100)))],
      crs("urn:ogc:def:crs:EPSG::32631"),
    );
    expect(place(labelsIn(utm), scene)).toEqual([box("ship", 10, 10, 20, 20)]);
    expect(() => collection([], crs("urn:ogc:def:crs:EPSG::999999"))).toThrow(/export it in EPSG:4326/);
    expect(
      labelsIn(collection([feature(polygon(ring(2, 40, 1)))], crs("urn:ogc:def:crs:OGC:1.3:CRS84"))),
    ).toHaveLength(1);
  });

  it("refuses coordinates none of which can be degrees, and leaves out the one feature that cannot", () => {
    const utm = feature(polygon(ring(422_280, 4_477_660, 100)));
    expect(() => collection([utm, feature(null)])).toThrow(/cannot be degrees.*got 422280 4477660/);
    const mixed = collection([utm, feature(polygon(ring(2, 40, 1)))]);
    expect(labelsIn(mixed)).toHaveLength(1);
    expect(reasonsOf(mixed)).toEqual([
      "1 × coordinates that cannot be degrees (a: feature 0: 422280 4477660)",
    ]);
  });

  it("counts features without a polygon, and keeps numbers as class names", () => {
    const read = collection([
      feature(null),
      feature(polygon()),
      feature({ type: "Point", coordinates: [1, 2] }),
      feature(polygon([[1, "x"]])),
      "stray",
      feature({ type: "MultiPolygon", coordinates: [[ring(1, 1, 1)], [ring(5, 5, 1)]] }, { type_id: 73 }),
    ]);
    expect(labelsIn(read).map(({ className }) => className)).toEqual(["73", "73"]);
    expect(read.leftOut.map(({ reason }) => reason)).toEqual([
      "no geometry",
      "an empty geometry",
      "a Point, which has no extent",
      "a polygon whose coordinates are no pairs of numbers",
      "no feature",
    ]);
  });

  it("takes xView's box in pixels of the image that it names", () => {
    const xview = { bounds_imcoords: "12,15,46,77", type_id: 73, image_id: "2355.tif" };
    const read = collection([feature(polygon(ring(2, 40, 1)), xview)]);
    expect(read.images[0]?.image).toBe("2355.tif");
    expect(place(labelsIn(read), picture)).toEqual([box("73", 12, 15, 46, 77)]);
  });

  it.each([
    ["degrees", "EPSG:4326", [0.01, 0, 179, 0, -0.01, 11]],
    ["Web Mercator", "EPSG:3857", [1000, 0, 19_940_000, 0, -1000, 1_300_000]],
    ["UTM 60", "EPSG:32660", [1000, 0, 700_000, 0, -1000, 1_300_000]],
  ] as const)("lies on one side at the antimeridian, whole or cut: %s", (_, crs, transform) => {
    const at: Scene = { ...scene, georeference: { crs, proj4: proj4Definition(crs) ?? "", transform } };
    const across = feature(
      polygon([
        [179.9, 10],
        [-179.9, 10],
        [-179.9, 10.1],
        [179.9, 10.1],
        [179.9, 10],
      ]),
    );
    const halves = {
      type: "MultiPolygon",
      coordinates: [
        [
          [
            [179.9, 10],
            [180, 10],
            [180, 10.1],
            [179.9, 10.1],
            [179.9, 10],
          ],
        ],
        [
          [
            [-180, 10],
            [-179.9, 10],
            [-179.9, 10.1],
            [-180, 10.1],
            [-180, 10],
          ],
        ],
      ],
    };
    const [whole, cut] = place(labelsIn(collection([across, feature(halves)])), at);
    expect(cut).toEqual(whole);
    if (typeof whole !== "object") throw new Error(`not placed: ${whole}`);
    const { x0, x1 } = whole.boxPx;
    expect((x1 - x0) * transform[0]).toBeCloseTo(
      crs === "EPSG:4326" ? 0.2 : crs === "EPSG:3857" ? 22_264 : 22_000,
      -3,
    );
  });
});
