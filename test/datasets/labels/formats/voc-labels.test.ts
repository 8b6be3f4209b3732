import { describe, expect, it } from "vitest";
import { parseVoc } from "../../../../datasets/labels/formats/voc-labels.ts";
import { box, document, labelsIn, picture, place, reasonsOf } from "./placed.ts";

describe("Pascal VOC", () => {
  const xml = (object: string, size = "<size><width>400</width><height>300</height></size>") =>
    document(
      `<?xml version="1.0"?><!-- a --><annotation><filename>a.png</filename>${size}${object}</annotation>`,
      "a.xml",
    );
  const object = (name: string, ...[x0, y0, x1, y1]: readonly (number | string)[]) =>
    `<object><name>${name}</name><part><name>bow</name><bndbox><xmin>1</xmin></bndbox></part><difficult>0</difficult><bndbox><xmin>${x0}</xmin><ymax>${y1}</ymax><ymin>${y0}</ymin><xmax>${x1}</xmax></bndbox></object>`;

  it("counts whole pixels from 1, the last included, unless an edge says otherwise", () => {
    const one = parseVoc([xml(object("ship &amp; tug", 29, 75, 42, 82))]);
    expect(place(labelsIn(one), picture)).toEqual([box("ship & tug", 28, 74, 42, 82)]);
    expect(one.images[0]).toMatchObject({ image: "a", size: [400, 300] });
    const zero = parseVoc([
      xml(object("ship", 29, 75, 42, 82)),
      { ...xml(object("ship", 0, 0, 8, 8)), path: "b.xml" },
    ]);
    expect(place(labelsIn(zero), picture)).toEqual([box("ship", 29, 75, 42, 82), box("ship", 0, 0, 8, 8)]);
    expect(place(labelsIn(parseVoc([xml(object("ship", 29.5, 75, 42, 82))])), picture)).toEqual([
      box("ship", 29.5, 75, 42, 82),
    ]);
  });

  it("reads turned boxes and difficult objects, leaves out by name what has no box, and fails file by file", () => {
    const turned =
      "<object><name>ship</name><difficult>1</difficult><robndbox><cx>100</cx><cy>100</cy><w>40</w><h>20</h><angle>1.5707963267948966</angle></robndbox></object>";
    const read = parseVoc([
      xml(`${turned}${object("ship", "x", 1, 2, 3)}`),
      document("<annotation>", "b.xml"),
      document("<a/>", "c.xml"),
    ]);
    expect(place(labelsIn(read), picture)).toEqual([{ ...box("ship", 90, 80, 110, 120), ignore: true }]);
    expect(reasonsOf(read)).toEqual(["1 × no bndbox of four numbers (a.xml: object 1)"]);
    expect(read.failed.map(({ message }) => message)).toEqual([
      "b.xml: not a Pascal VOC file: wanted one <annotation>, got <annotation> is not closed",
      "c.xml: not a Pascal VOC file: wanted one <annotation>, got <a>",
    ]);
  });
});
