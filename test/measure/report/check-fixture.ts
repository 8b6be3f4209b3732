import { resultOf, type CheckResult } from "../../../measure/check/check-result.ts";
import type { CheckRun } from "../../../measure/check/checked-scene.ts";
import { checkPage } from "../../../measure/report/check-report.ts";
import { spacecraftOf } from "../../../operators/presets/spacecraft-preset.ts";
import { findSpacecraftPreset } from "../../../operators/presets/preset-lookup.ts";
import { joules, seconds } from "../../../pipeline/units.ts";
import { sceneOf, sourceOf } from "../../fake-scene.ts";

const shapes = ["east", "middle", "north", "south", "west", "whole"].map((id) => ({
  id,
  width: 160,
  height: 120,
}));

const boxAt = (n: number) => ({
  x0: 12 + 30 * (n % 4),
  y0: 10 + 30 * Math.floor(n / 4),
  x1: 24 + 30 * (n % 4),
  y1: 20 + 30 * Math.floor(n / 4),
});

/** A made-up check: six scenes of which two were trained on; the n-th label of a scene is found with a score of its own, or is not. */
const run: CheckRun = {
  scenes: shapes.map((shape, s) => ({
    scene: sceneOf(shape),
    labels: Array.from({ length: 8 }, (_, n) => ({ className: "ship", boxPx: boxAt(n) })),
    detections: [
      ...Array.from({ length: 8 }, (_, n) => n)
        .filter((n) => (n * 7 + s * 3) % 5 !== 0)
        .map((n) => ({ className: "ship", score: 0.95 - 0.07 * n, boxPx: boxAt(n) })),
      { className: "ship", score: 0.4 + 0.05 * s, boxPx: { x0: 130, y0: 90, x1: 142, y1: 99 } },
    ],
  })),
  judged: new Set(["ship"]),
  cost: {
    pixels: 115_200,
    modelPixels: 150_000,
    tiles: 12,
    elapsed: seconds(2),
    onBoard: seconds(1),
    energy: joules(9),
  },
  notes: ["scene broken left out: /home/somebody/broken.tif is cut off"],
};

/** What the check came to. */
export const checked: CheckResult = resultOf(
  run,
  {
    name: "toy",
    version: "1.0.0",
    sha256: "0".repeat(64),
    precision: "fp32",
    tile: { sizePx: 128, overlapPx: 16 },
    opsPerPixel: 100,
    scoreThreshold: 0.05,
    classes: ["ship"],
  } as unknown as Parameters<typeof resultOf>[1],
  {
    dataset: "/home/somebody/ships",
    threshold: 0.5,
    edgesPx: [10, 20],
    threads: 1,
    spacecraft: spacecraftOf(findSpacecraftPreset("cubesat-6u")!),
    excuses: null,
    tiling: null,
    training: {
      listed: true,
      trainedOn: ["east", "west"].map((scene) => ({ scene, name: scene })),
      apart: 4,
      unknown: [],
    },
  },
);

const source = sourceOf(shapes);

/** Its page. */
export const page = (): Promise<string> => checkPage(checked, run, (scene) => source.open(scene));
