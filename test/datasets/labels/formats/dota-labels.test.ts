import { describe, expect, it } from "vitest";
import { parseDota } from "../../../../datasets/labels/formats/dota-labels.ts";
import { box, document, labelsIn, picture, place, reasonsOf } from "./placed.ts";

describe("DOTA text", () => {
  it("reads corners, classes and difficulties past its head", () => {
    const text =
      "imagesource:GoogleEarth\ngsd:0.146\n10 20 30 25 28 40 8 35 small-vehicle 1\n1 1 9 1 9 9 1 9 ship 0\n1 2 3 ship\n";
    const read = parseDota([document(text)]);
    expect(place(labelsIn(read), picture)).toEqual([
      { ...box("small-vehicle", 8, 20, 30, 40), ignore: true },
      box("ship", 1, 1, 9, 9),
    ]);
    expect(reasonsOf(read)).toEqual([
      '1 × no row of eight numbers, a class and a difficulty (a.txt: line 5: "1 2 3 ship")',
    ]);
  });
});
