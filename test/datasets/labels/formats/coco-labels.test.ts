import { describe, expect, it } from "vitest";
import { parseCoco } from "../../../../datasets/labels/formats/coco-labels.ts";
import { box, labelsIn, picture, place, reasonsOf, scene } from "./placed.ts";

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
  it("reads boxes, clips at the edge, takes crowds as labels to ignore, leaves out what lies outside", () => {
    expect(place(labelsIn(parseCoco(coco, "coco.json")), scene)).toEqual([
      box("ship", 10, 20, 40, 25),
      { ...box("ship", 390, 290, 400, 300), ignore: true },
      "outside",
    ]);
  });

  it("leaves out, by name, what speaks of an image or a category that is not there", () => {
    const [first] = coco.annotations;
    const stray = parseCoco(
      { ...coco, annotations: [first, { ...first, image_id: 9 }, { ...first, image_id: {} }] },
      "c",
    );
    expect(labelsIn(stray)).toHaveLength(1);
    expect(reasonsOf(stray)).toEqual([
      "1 × an image that the file does not list (c: annotation 1 names image 9)",
      "1 × no image_id (c: annotation 2)",
    ]);
    const nameless = parseCoco({ ...coco, categories: [] }, "c");
    expect(reasonsOf(nameless)).toEqual([
      "3 × a category that the file does not list (c: annotation 0 names category 3)",
    ]);
    expect(() => parseCoco({ images: [], annotations: 4 }, "coco.json")).toThrow(/not a COCO file/);
  });

  const shaped = (annotation: object, size: object = { width: 400, height: 300 }) =>
    parseCoco(
      {
        images: [{ id: 1, file_name: "a.png", ...size }],
        categories: [{ id: 3, name: "ship" }],
        annotations: [{ image_id: 1, category_id: 3, ...annotation }],
      },
      "c",
    );

  it.each([
    ["no box, one polygon", { segmentation: [[28, 74, 42, 74, 42, 82, 28, 82]] }],
    ["an empty box, a flat polygon", { bbox: [], segmentation: [28, 74, 42, 74, 42, 82, 28, 82] }],
    [
      "a box of zeros, two polygons",
      {
        bbox: [0, 0, 0, 0],
        segmentation: [
          [28, 74, 30, 74, 30, 80],
          [40, 70.5, 42, 82, 41, 82],
        ],
      },
    ],
    ["null for a box", { bbox: null, segmentation: [[28, 74, 42, 74, 42, 82, 28, 82]] }],
  ])("derives the box: %s", (_, annotation) => {
    const [label] = place(labelsIn(shaped(annotation)), picture);
    expect(label).toMatchObject({ boxPx: { x0: 28, x1: 42, y1: 82 } });
  });

  it.each([
    [{}, "neither a box nor an outline"],
    [{ bbox: [1, 2, 3] }, "a box that is not four numbers"],
    [{ bbox: [1, 2, 3, 4, 30] }, "a box that is not four numbers"],
    [{ bbox: [9, 9, -3, 4] }, "a box of negative size"],
    [{ bbox: [9, 9, 0, 4], segmentation: [] }, "no area"],
    [{ segmentation: [[1, 2, 3]] }, "an outline that is no list of pairs"],
    [{ segmentation: { counts: [4, 2], size: [300, 400] } }, "a mask whose runs do not fill its size"],
    [{ segmentation: { counts: [120_000], size: [300, 400] } }, "an empty mask"],
    [{ segmentation: { counts: [120_000], size: [400, 300] } }, "a mask of another size than its image"],
    [{ segmentation: { counts: "~~", size: [300, 400] } }, "a packed mask that cannot be unpacked"],
  ])("leaves out %j: %s", (annotation, reason) => {
    const read = shaped(annotation);
    expect(labelsIn(read)).toEqual([]);
    expect(read.leftOut.map((one) => one.reason)).toEqual([reason]);
  });
});
