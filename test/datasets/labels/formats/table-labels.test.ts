import { describe, expect, it } from "vitest";
import { parseTable } from "../../../../datasets/labels/formats/table-labels.ts";
import { box, labelsIn, picture, place } from "./placed.ts";

describe("tables", () => {
  const placed = (text: string) => place(labelsIn(parseTable(text, "a.csv")), picture);

  it("hold quoted polygons, doubled quotes and line ends in cells", () => {
    const text =
      'id,image_id,geometry,class\n1,port.jpg,"[(8, 3), (18, 3),\n (18, 9.5), (8, 3)]","the ""big"" one"\n';
    expect(parseTable(text, "a.csv").images[0]?.image).toBe("port.jpg");
    expect(placed(text)).toEqual([box('the "big" one', 8, 3, 18, 9.5)]);
  });

  it.each([
    ["TensorFlow", "filename,width,height,class,xmin,ymin,xmax,ymax\na.png,400,300,ship,28,74,42,82"],
    ["DeepForest", "image_path,xmin,ymin,xmax,ymax,label\na.png,28,74,42,82,ship"],
    ["keras-retinanet, no header", "/data/a.png,28,74,42,82,ship\n/data/b.png,,,,,"],
    ["semicolons", "image;geometry;class\na.png;[(28,74),(42,74),(42,82)];ship"],
    ["tabs", "image\tgeometry\tclass\na.png\t28 74 42 74 42 82\tship"],
    [
      "SpaceNet",
      'ImageId,BuildingId,PolygonWKT_Pix,PolygonWKT_Geo,label\na,1,"POLYGON ((28 74 0,42 74 0,42 82 0,28 74 0),(1 1 0,2 2 0,3 3 0,1 1 0))","POLYGON ((1 1,2 2,3 3,1 1))",ship\nb,-1,POLYGON EMPTY,POLYGON EMPTY,',
    ],
    [
      "WKT with Z and SRID",
      'image,wkt,class\na.png,"SRID=4326;MULTIPOLYGON Z (((28 74 1,42 74 1,42 82 1,28 74 1)))",ship',
    ],
    ["fractions", "ImageID,LabelName,XMin,XMax,YMin,YMax\na,ship,0.07,0.105,0.24666666667,0.27333333333"],
  ])("of %s", (_, text) => {
    expect(placed(text)).toEqual([box("ship", 28, 74, 42, 82)]);
  });

  it("take a bbox column only where its rows tell what it is", () => {
    expect(placed('image_id,bbox,class\na,"[28, 74, 14, 8]",ship')).toEqual([box("ship", 28, 74, 42, 82)]);
    expect(() => placed('image_id,bbox,class\na,"[8, 4, 14, 8]",ship')).toThrow(
      /two corners or a corner and a size/,
    );
  });

  it("refuse degrees that are not called so, and columns that are none of labels", () => {
    expect(() =>
      placed('image,geometry\na,"POLYGON ((2.083516 40.445963,2.083526 40.445243,2.085176 40.445256))"'),
    ).toThrow(/look like degrees/);
    expect(() => placed("a,b\n1,2")).toThrow(/not a label table/);
  });

  it("leave out by name the row that is broken, and no other", () => {
    const read = parseTable(
      'image_id,geometry\np.jpg,"[(8, 3), (1"\n,"[(1,1),(2,2),(3,1)]"\np.jpg,POINT (1 2)\np.jpg,"[(8,3),(18,3),(18,9)]"\np.jpg,"open\n',
      "a.csv",
    );
    expect(place(labelsIn(read), picture)).toEqual([box("object", 8, 3, 18, 9)]);
    expect(read.leftOut.map(({ reason, count }) => [reason, count])).toEqual([
      ["a polygon that is no list of pairs", 2],
      ["no image named", 1],
      ["a POINT, which has no extent", 1],
    ]);
  });
});
