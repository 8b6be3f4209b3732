import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { parseYolo } from "../../../../datasets/labels/formats/yolo-labels.ts";
import { box, context, document, labelsIn, picture, place, reasonsOf } from "./placed.ts";

describe("YOLO text", () => {
  const read = (text: string, ...more: Parameters<typeof context>) =>
    parseYolo([document(text)], context(...more));

  it("reads boxes with and without confidence, and polygons", () => {
    const text = "0 0.5 0.5 0.1 0.2\r\n1 0.25 0.5 0.5 1 0.93\n\n0 0 0 0.1 0 0.1 0.1 0.05 0.1\n";
    const labels = read(text, ["ship"]);
    expect(place(labelsIn(labels), picture)).toEqual([
      box("ship", 180, 120, 220, 180),
      box("class-1", 0, 0, 200, 300),
      box("ship", 0, 0, 40, 30),
    ]);
    expect(labels.notes).toEqual([expect.stringMatching(/classes 1 have no name among the 1 given/)]);
  });

  it("leaves out, by name, the line that is no label", () => {
    const broken = read(
      "0 0.5 0.5 0.1 0.2\n0 0.5 0.5\nship 0.5 0.5 0.1 0.2\n0 200 100 20 20\n0 0.5 0.5 0.1 0.2 45.5\n",
    );
    expect(labelsIn(broken)).toHaveLength(1);
    expect(reasonsOf(broken)).toEqual([
      '4 × no row of class cx cy w h or of a polygon (a.txt: line 2: "0 0.5 0.5")',
    ]);
  });

  const track = "0 0.064453 0.521484 0.089844 0.050781 0.873 3";
  const triangle = "0 0.1 0.1 0.3 0.1 0.2 0.4";
  const either = "0 0.3 0.3 0.2 0.2 0.9 1";

  it.each([
    ["a track number tells", track, [[7.812, 148.828, 43.75, 164.062]]],
    ["a corner that is no whole number tells", triangle, [[40, 30, 120, 120]]],
    [
      "the other rows of that length tell: boxes",
      `${either}\n${track}`,
      [
        [80, 60, 160, 120],
        [7.812, 148.828, 43.75, 164.062],
      ],
    ],
    [
      "the other rows of that length tell: triangles",
      `${either}\n${triangle}`,
      [
        [80, 60, 360, 300],
        [40, 30, 120, 120],
      ],
    ],
    [
      "boxes of four numbers beside it tell",
      `${either}\n0 0.5 0.5 0.1 0.2`,
      [
        [80, 60, 160, 120],
        [180, 120, 220, 180],
      ],
    ],
  ])("of seven numbers: %s", (_, text, boxes) => {
    const labels = place(labelsIn(read(text)), picture).map((label) =>
      typeof label === "string" ? label : Object.values(label.boxPx),
    );
    expect(labels).toEqual(boxes);
  });

  it("of seven numbers that nothing tells apart is left out by name", () => {
    expect(reasonsOf(read(either))).toEqual(["1 × may be a box or a triangle (a.txt: line 1: 7 numbers)"]);
    expect(reasonsOf(read(`${either}\n${track}\n${triangle}`))).toEqual([
      "1 × may be a box or a triangle (a.txt: line 1: 7 numbers)",
    ]);
    // Another file of the same set tells.
    const set = parseYolo([document(either), document(track, "b.txt")], context());
    expect(labelsIn(set)).toHaveLength(2);
  });

  it("takes the box of a pose, by kpt_shape or by its visibilities", () => {
    const pose3 = "0 0.5 0.5 0.4 0.6 0.4 0.3 2 0.6 0.7 1";
    const pose2 = "0 0.5 0.5 0.4 0.6 0.4 0.3 0.6 0.7";
    const whole = [box("class-0", 120, 60, 280, 240)];
    expect(place(labelsIn(read(pose3)), picture)).toEqual(whole);
    expect(place(labelsIn(read(pose2, [], [2, 2])), picture)).toEqual(whole);
  });

  it("reads turned boxes, confidences and track numbers behind polygons", () => {
    const turned = "2 0.2 0.2 0.4 0.3 0.3 0.5 0.1 0.4";
    const whole = [box("class-2", 40, 60, 160, 150)];
    for (const text of [turned, `${turned} 0.87`, `${turned} 0.87 12`, `${turned} 12`])
      expect(place(labelsIn(read(text)), picture), text).toEqual(whole);
  });

  const fraction = fc.double({ min: 0.05, max: 0.95, noNaN: true });
  it("never takes an outline of a small object for a pose", () => {
    const corner = fc.tuple(fraction, fraction);
    fc.assert(
      fc.property(corner, fc.array(corner, { minLength: 4, maxLength: 12 }), ([cx, cy], around) => {
        const points = around.map(([x, y]) => [cx + (x - 0.5) * 0.02, cy + (y - 0.5) * 0.02]);
        const text = `0 ${points
          .flat()
          .map((v) => v.toFixed(6))
          .join(" ")}`;
        const [label] = place(labelsIn(read(text)), { ...picture, width: 10_000, height: 10_000 });
        if (typeof label !== "object") return label === "no area" || labelsIn(read(text)).length === 0;
        return label.boxPx.x1 - label.boxPx.x0 <= 220 && label.boxPx.y1 - label.boxPx.y0 <= 220;
      }),
    );
  });
});
