import { describe, expect, it } from "vitest";
import { foreignText } from "../../../datasets/labels/foreign-text.ts";

const ask = (path: string, text: string): string | null =>
  foreignText({ path, text, encoding: "utf-8", json: null });

describe("label formats that are known and not read", () => {
  it.each<[string, string, string]>([
    [
      "LabelMe",
      "a.json",
      '{"version": "5.0", "shapes": [{"shape_type": "rectangle"}], "imagePath": "a.png"}',
    ],
    ["VIA projects", "p.json", '{"_via_settings": {}, "_via_img_metadata": {}}'],
    ["Supervisely", "a.png.json", '{"objects": [{"classTitle": "ship", "points": {"exterior": []}}]}'],
    [
      "CreateML",
      "c.json",
      '[{"image": "a.png", "annotations": [{"label": "ship", "coordinates": {"x": 1}}]}]',
    ],
    ["BDD100K", "b.json", '[{"name": "a.png", "labels": [{"box2d": {"x1": 1}}]}]'],
    ["Label Studio", "l.json", '[{"annotations": [{"result": [{"value": {"rectanglelabels": ["ship"]}}]}]}]'],
    ["Labelbox", "e.json", '[{"data_row": {"external_id": "a.png"}}]'],
    ["COCO results", "r.json", '[{"image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4], "score": 0.9}]'],
    [
      "CVAT",
      "annotations.xml",
      '<?xml version="1.0"?><annotations><image id="0" name="a.png"/></annotations>',
    ],
    ["HRSC2016", "a.xml", "<HRSC_Image><Img_ID>a</Img_ID></HRSC_Image>"],
    ["KITTI", "a.txt", "Car 0.00 0 -1.57 10.0 12.0 30.0 28.0 1.5 1.6 3.9 -1.0 1.5 20.0 -1.5\n"],
    ["MOT Challenge", "gt.txt", "1,-1,794.2,247.5,71.2,174.8,1,-1,-1\n"],
    ["VIA tables", "v.csv", "filename,region_count,region_shape_attributes\n"],
    ["run-length masks", "t.csv", "ImageId,EncodedPixels\na.png,500 10\n"],
    ["a corner or the middle", "l.csv", "image,x,y,w,h,class\na.png,10,12,20,16,ship\n"],
  ])("%s", (name, path, text) => expect(ask(path, text)).toContain(name));

  it.each([
    ["c.json", '{"images": [], "annotations": [], "categories": []}'],
    ["a.txt", "0 0.3 0.4 0.3 0.3\n"],
    ["a.xml", "<annotation><object/></annotation>"],
    ["l.csv", "filename,width,height,class,xmin,ymin,xmax,ymax\n"],
    ["notes.json", '{"title": "shapes of things"}'],
  ])("%s is none of them", (path, text) => expect(ask(path, text)).toBeNull());
});
