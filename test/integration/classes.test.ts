import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { onlyRun, scratch, summaryOf, swath } from "./swath.ts";

/** A network that sees a ship and a car on anything bright (test/golden/models/answers.py), on a bright picture. */
const folder = scratch();
const scenes = join(folder, "scenes");
const network = join(import.meta.dirname, "../golden/models/answers/v8-transposed.onnx");

const fly = async (name: string, ...more: readonly string[]) => {
  const out = join(folder, name);
  const { code, stderr } = await swath([
    "replay",
    scenes,
    `--model=${network}`,
    "--policy=detect",
    "--constellation=walker:1",
    "--schedule=cadence",
    "--no-day",
    "--hours=6",
    "--seed=3",
    `--out=${out}`,
    ...more,
  ]);
  if (code !== 0) return { code, stderr };
  const text = readFileSync(join(onlyRun(out), "detect/detections.geojson"), "utf8");
  const { features } = JSON.parse(text) as {
    features: { properties: { class: string; box_px: number[] } }[];
  };
  const [policy] = summaryOf(out).policies;
  return { code, found: features.map(({ properties }) => properties), bytes: policy?.bytes.onLink };
};

beforeAll(async () => {
  mkdirSync(scenes);
  const bright = { create: { width: 128, height: 128, channels: 3, background: "#fff" } } as const;
  await sharp(bright).png().toFile(join(scenes, "bright_2023-06-03.png"));
});

describe("swath replay --classes", () => {
  it("reports on board, and sends, what is asked for and nothing else", async () => {
    const [all, one] = [await fly("all"), await fly("one", "--classes=car")];
    const cars = all.found?.filter((found) => found.class === "car");
    expect(new Set(all.found?.map((found) => found.class))).toEqual(new Set(["ship", "car"]));
    expect(one.found?.map(({ class: name, box_px }) => [name, box_px])).toEqual(
      cars?.map(({ class: name, box_px }) => [name, box_px]),
    );
    expect(one.bytes?.byProduct.detections).toBeLessThan(all.bytes?.byProduct.detections ?? 0);
  }, 60_000);

  it("refuses a class that the model does not have, with those that it has", async () => {
    const { code, stderr } = await fly("none", "--classes=car,plane");
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/--classes .*wanted some of ship, car, got "plane"/),
    ]);
  }, 60_000);
});
