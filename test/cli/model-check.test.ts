import { describe, expect, test } from "vitest";
import { alignLabels, labelledScenes } from "../../cli/label-classes.ts";
import { checkPage } from "../../cli/model-check-page.ts";
import { resultOf } from "../../cli/model-check-result.ts";
import { runCheck } from "../../cli/model-check-run.ts";
import { checkText } from "../../cli/model-check-text.ts";
import type { Dataset } from "../../datasets/dataset.ts";
import { openModel } from "../../models/model.ts";
import type { Label } from "../../pipeline/detection/detection.ts";
import { isSwathError, SwathError } from "../../pipeline/errors.ts";
import { cropRaster } from "../../pipeline/raster/crop.ts";
import type { Raster } from "../../pipeline/raster/raster.ts";
import type { SceneReader } from "../../pipeline/raster/scene.ts";
import { toyFolder, toyScene } from "../models/toys.ts";

const NAMES = ["B02", "B03", "B04", "B08"];

/** A dataset in memory: rasters with their labels. */
const datasetOf = (scenes: Readonly<Record<string, readonly [Raster, readonly Label[] | null]>>): Dataset => {
  const entries = Object.entries(scenes).map(([id, [raster, labels]]) => {
    const bands = raster.bands.map((band, i) => ({ ...band, name: NAMES[i] ?? band.name }));
    const { width, height } = raster;
    const scene = { id, width, height, bands, georeference: null, acquiredAt: null, platform: null };
    const reader: SceneReader = {
      scene,
      readWindow: async (window) => ({ ...cropRaster(raster, window), bands }),
      [Symbol.asyncDispose]: async () => {},
    };
    return { scene, reader, labels };
  });
  const find = (id: string) => entries.find(({ scene }) => scene.id === id);
  return {
    name: "toys",
    scenes: entries.map(({ scene }) => scene),
    skipped: [{ scene: "broken", error: new SwathError("raster", { what: "broken.tif is cut off" }) }],
    notes: [],
    labels: async (id) => find(id)?.labels ?? null,
    open: async (id) => find(id)?.reader as SceneReader,
  };
};

/** The toy network marks 20 × 40 px round the pixel after the object's corner. */
const boxAt = (x: number, y: number) => ({ x0: x - 9, y0: y - 19, x1: x + 11, y1: y + 21 });
const label = (x: number, y: number, className = "ship"): Label => ({ className, boxPx: boxAt(x, y) });

const harbour = datasetOf({
  east: [
    toyScene(160, 128, [
      [20, 30, 0.9], // labelled
      [60, 40, 0.8], // labelled; in several tiles
      [120, 90, 0.7], // not labelled
      [90, 100, 0.3], // labelled, below the threshold
    ]),
    [label(20, 30), label(60, 40), label(90, 100), label(140, 30)],
  ],
  west: [toyScene(100, 80, [[50, 40, 0.6]]), [label(50, 40)]],
  unseen: [toyScene(64, 64, []), null],
});

const asDrawn = { renamed: new Map<string, string>(), ignored: new Set<string>() };
const card = {
  tile: { sizePx: 64, overlapPx: 48, multipleOfPx: 16 },
  thresholds: { score: 0.1, mergeIou: 0.3 },
};

const checked = async (threads: number) => {
  await using folder = await toyFolder("toy-centre", card);
  await using model = await openModel(folder.path, { threads, threshold: 0.1 });
  const labelled = await labelledScenes(harbour, null);
  const run = await runCheck(harbour, model, labelled, { ...asDrawn, threads, tick: () => {} });
  const about = { dataset: harbour.name, threshold: 0.5, edgesPx: [30, 50], threads };
  return { run, result: resultOf(run, model.info, about) };
};

describe("checking a model", () => {
  test("counts what was found, missed and made up", async () => {
    const { result } = await checked(2);
    const { quality, bySize, misses, falseAlarms, scenes, speed, energy, notes } = result;
    expect(quality.labels).toBe(5);
    expect(quality.counts).toEqual({ truePositives: 3, falsePositives: 1, falseNegatives: 2, ignored: 0 });
    // Scores 0.9 hit, 0.8 hit, 0.7 miss, 0.6 hit, 0.3 hit: (1 + 1) / 5 + 4/5 · 2 / 5.
    expect(quality.ap50).toBeCloseTo(0.4 + 0.32, 10);
    expect(
      bySize.map(({ labels, found, missed, falseAlarms: alarms }) => [labels, found, missed, alarms]),
    ).toEqual([
      [0, 0, 0, 0],
      [5, 3, 2, 1],
      [0, 0, 0, 0],
    ]);
    expect(misses.map(({ scene, score }) => [scene, score && Math.round(score * 10) / 10])).toEqual([
      ["east", 0.3],
      ["east", null],
    ]);
    expect(falseAlarms).toMatchObject([{ scene: "east", boxPx: boxAt(120, 90), overlap: 0 }]);
    expect(scenes.map(({ id, labels, found }) => [id, labels, found])).toEqual([
      ["east", 4, 2],
      ["west", 1, 1],
    ]);
    expect(speed).toMatchObject({ pixels: 160 * 128 + 100 * 80, threads: 2 });
    // 5 ms a tile and 10 W; the two operations a pixel of this network weigh nothing.
    expect(energy.joules).toBeCloseTo(speed.tiles * 0.005 * 10, 2);
    expect(notes).toEqual(["scene broken left out: broken.tif is cut off"]);
  });

  test("is the same whatever the number of threads", async () => {
    const [one, three] = [await checked(1), await checked(3)];
    expect(three.run.scenes).toEqual(one.run.scenes);
    expect(three.result.quality).toEqual(one.result.quality);
  });

  test("prints and draws it", async () => {
    const { run, result } = await checked(1);
    const text = checkText(result);
    expect(text).toContain("AP50      0.720");
    expect(text).toContain("3 found, 2 missed, 1 false");
    const page = await checkPage(result, run, (id) => harbour.open(id));
    expect(page.match(/data:image\/webp;base64/g)).toHaveLength(3);
    expect(page).toContain("seen at 0.30, below the threshold");
    expect(page).toContain("no label there");
    // Self-contained: nothing is fetched, nothing runs.
    expect(page).not.toMatch(/<script|https?:\/\/|url\(/);
    expect(await checkPage(result, run, (id) => harbour.open(id))).toBe(page);
  });
});

const refused = (tag: "label" | "config", match: RegExp): unknown =>
  expect.toSatisfy((e) => isSwathError(e, tag) && match.test(e.message), `${tag}: ${match}`);

describe("labels to check by", () => {
  const [scene] = harbour.scenes as [Dataset["scenes"][number]];
  const classes = ["ship", "airplane"];

  test("are matched by name whatever the case, or as the user says", () => {
    const drawn = [label(1, 1, "Ship"), label(2, 2, "Plane"), label(3, 3, "buoy")];
    const { labels, judged, notes } = alignLabels([{ scene, labels: drawn }], classes, {
      ...asDrawn,
      renamed: new Map([["Plane", "airplane"]]),
    });
    expect(labels.get(scene.id)?.map(({ className }) => className)).toEqual(["ship", "airplane"]);
    expect([...judged]).toEqual(["ship", "airplane"]);
    expect(notes).toEqual(["1 labels of class buoy left out: the model has ship, airplane"]);
  });

  test("of ignored classes excuse what is found there, in every class judged", () => {
    const drawn = [label(1, 1), label(9, 9, "raft")];
    const { labels, notes } = alignLabels([{ scene, labels: drawn }], ["ship"], {
      ...asDrawn,
      ignored: new Set(["raft"]),
    });
    expect(labels.get(scene.id)).toEqual([label(1, 1), { ...label(9, 9), ignore: true }]);
    expect(notes).toEqual([]);
  });

  test("of other classes, of no class of the model, or none at all are refused", async () => {
    const strange = [{ scene, labels: [label(1, 1, "Vessel")] }];
    expect(() => alignLabels(strange, classes, asDrawn)).toThrow(
      refused("label", /other classes than the model's: wanted ship, airplane, got Vessel; .*--map/),
    );
    expect(() =>
      alignLabels(strange, classes, { ...asDrawn, renamed: new Map([["Vessel", "boat"]]) }),
    ).toThrow(refused("config", /--map to "boat": wanted a class of the model: ship, airplane/));
    await expect(labelledScenes(harbour, ["unseen"])).rejects.toThrow(
      refused("label", /got 1 scene without any/),
    );
    await expect(labelledScenes(harbour, ["north"])).rejects.toThrow(
      refused("config", /no scene "north" in toys: wanted one of east, west, unseen/),
    );
  });
});
