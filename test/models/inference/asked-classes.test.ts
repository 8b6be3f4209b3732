import { expect, test } from "vitest";
import { reportingOnly, requireClasses } from "../../../models/inference/asked-classes.ts";
import type { Detection } from "../../../pipeline/detection/detection.ts";
import type { Detector, DetectorInfo } from "../../../pipeline/detection/detector.ts";

const boxPx = { x0: 0, y0: 0, x1: 4, y1: 4 };
const found: readonly Detection[] = [2, 0, 1, 0].map((classId, i) => ({
  classId,
  score: 0.9 - i / 10,
  boxPx,
}));
const info = { classes: ["ship", "airplane", "car"] } as unknown as DetectorInfo;
const tile = {} as Parameters<Detector["detect"]>[0];

test("classes that are not asked for are not reported, and the others keep their numbers and order", async () => {
  const detect = reportingOnly({ info, detect: async () => found }, ["car", "ship"]);
  expect((await detect(tile)).map(({ classId }) => classId)).toEqual([2, 0, 0]);
});

test("a class that the model does not have is refused with those that it has", () => {
  expect(() => requireClasses(["ship", "boat"], info.classes, 'model "any"')).toThrow(
    /--classes for model "any": wanted some of ship, airplane, car, got "boat"/,
  );
  expect(() => requireClasses([], info.classes, "any")).not.toThrow();
});
