import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { placeLabels, type Label } from "../../../console/map/labels.ts";
import type { Box } from "../../../console/map/view.ts";

const frame: Box = { x: 0, y: 0, width: 400, height: 300 };
const label = fc.record({
  key: fc.uuid(),
  text: fc.string({ minLength: 1, maxLength: 12 }),
  x: fc.integer({ min: 0, max: 400 }),
  y: fc.integer({ min: 0, max: 300 }),
  radius: fc.integer({ min: 3, max: 10 }),
  bold: fc.boolean(),
  colour: fc.constant("#000"),
});
const box = fc.record({
  x: fc.integer({ min: 0, max: 380 }),
  y: fc.integer({ min: 0, max: 280 }),
  width: fc.integer({ min: 1, max: 40 }),
  height: fc.integer({ min: 1, max: 40 }),
});
const widthOf = ({ text }: Label): number => 7 * text.length;
const apart = (a: Box, b: Box): boolean =>
  a.x >= b.x + b.width || b.x >= a.x + a.width || a.y >= b.y + b.height || b.y >= a.y + a.height;

describe("labels", () => {
  it("lie inside, over no mark and over no other", () => {
    fc.assert(
      fc.property(
        fc.array(label, { maxLength: 40 }),
        fc.array(box, { maxLength: 10 }),
        (labels, obstacles) => {
          const placed = placeLabels(labels, obstacles, frame, widthOf, new Map());
          for (const [i, one] of placed.entries()) {
            expect(one.box.x >= 0 && one.box.x + one.box.width <= 400).toBe(true);
            expect(one.box.y >= 0 && one.box.y + one.box.height <= 300).toBe(true);
            expect(obstacles.every((obstacle) => apart(one.box, obstacle))).toBe(true);
            expect(placed.slice(i + 1).every((other) => apart(one.box, other.box))).toBe(true);
          }
        },
      ),
    );
  });

  it("of higher rank are placed first, and keep their place in the next picture", () => {
    const [a, b]: Label[] = ["first", "second"].map((key) => ({
      key,
      text: "name",
      x: 200,
      y: 150,
      radius: 5,
      bold: false,
      colour: "#000",
    }));
    if (a === undefined || b === undefined) throw new Error("no labels");
    const spots = new Map<string, number>();
    const [first, second] = placeLabels([a, b], [], frame, widthOf, spots);
    expect(first?.key).toBe("first");
    // The second one finds its mark's right side taken.
    expect(second?.box).not.toEqual(first?.box);
    const again = placeLabels([b, a], [], frame, widthOf, spots);
    expect(again.find(({ key }) => key === "second")?.box).toEqual(second?.box);
  });

  it("say what they belong to when they had to move away", () => {
    const one = { key: "a", text: "name", x: 200, y: 150, radius: 5, bold: false, colour: "#000" };
    const wall: Box = { x: 180, y: 130, width: 48, height: 40 };
    const [placed] = placeLabels([one], [wall], frame, widthOf, new Map());
    expect(placed === undefined || placed.hairline).toBe(true);
  });
});
