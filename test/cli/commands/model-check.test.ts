import { describe, expect, test } from "vitest";
import { readSpacecraft } from "../../../studies/inputs/spacecraft-file.ts";
import { alignLabels } from "../../../measure/quality/label-classes.ts";
import { checkPage } from "../../../measure/report/check-report.ts";
import { resultOf } from "../../../measure/check/check-result.ts";
import { runCheck } from "../../../studies/check.ts";
import { checkText } from "../../../cli/text/check-text.ts";
import { runTiling, tilingReference, tilingRows } from "../../../studies/check-tiling.ts";
import type { Excuses } from "../../../measure/check/excuse.ts";
import type { TileShape } from "../../../pipeline/raster/tile-plan.ts";
import type { Dataset } from "../../../datasets/dataset.ts";
import { openModel } from "../../../models/model.ts";
import { isSwathError } from "../../../pipeline/errors.ts";
import { toyFolder, toyScene } from "../../models/toys.ts";
import { boxAt, datasetOf, label } from "../toy-dataset.ts";
import { labelledScenes } from "../../../studies/inputs/labelled-scenes.ts";
import type { CheckRun } from "../../../measure/check/checked-scene.ts";

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

/** The tilings of scenes that a check has looked at. */
const tiled = async (
  folder: string,
  run: CheckRun,
  chosen: TileShape,
  reference = tilingReference(chosen, false),
) => {
  await using model = await openModel(folder, { threads: 2, threshold: 0.1, tileSizePx: reference.sizePx });
  const { judged, scenes } = run;
  return await runTiling(harbour, model, scenes, {
    reference,
    chosen,
    threshold: 0.5,
    judged,
    threads: 2,
    tick: () => {},
  });
};

const asDrawn = { renamed: new Map<string, string>(), ignored: new Set<string>() };

const card = {
  tile: { sizePx: 64, overlapPx: 48, multipleOfPx: 16 },
  thresholds: { score: 0.1, mergeIou: 0.3 },
};

const spacecraft = readSpacecraft("cubesat-6u");

const checked = async (
  threads: number,
  more: { readonly excuses?: Excuses; readonly tiling?: true } = {},
) => {
  await using folder = await toyFolder("toy-centre", card);
  await using model = await openModel(folder.path, { threads, threshold: 0.1 });
  const labelled = await labelledScenes(harbour, null);
  const { computer } = spacecraft;
  const tick = () => {};
  const run = await runCheck(harbour, model, labelled, { ...asDrawn, threads, computer, tick });
  const about = {
    dataset: harbour.name,
    threshold: 0.5,
    edgesPx: [30, 50],
    threads,
    spacecraft,
    excuses: more.excuses ?? null,
    training: { listed: true, trainedOn: [{ scene: "west", name: "West" }], apart: 1, unknown: [] },
    tiling: more.tiling === true ? await tiled(folder.path, run, model.info.tile) : null,
  };
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
    // 5 ms a tile, above what the computer draws idle; the two operations a pixel of this network weigh nothing.
    const { power, idlePower } = spacecraft.computer;
    expect(energy.joules).toBeCloseTo(speed.tiles * 0.005 * (power - idlePower), 2);
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
    expect(text).toMatch(/AP50 +0\.72.* over all scores from 0\.1 on; .* kept apart from training/);
    // From 0.5 on the last hit is not reported: 2/5 + 1/5 · 3/4.
    expect(text).toMatch(/\n +0\.55.* from 0\.5 on/);
    expect(result.quality.ap50FromThreshold).toBeCloseTo(0.4 + 0.15, 10);
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

describe("checking how tiles change what is found", () => {
  test("counts what a smaller overlap loses against the whole scene", async () => {
    const { tiling } = (await checked(2, { tiling: true })).result;
    const rows = tiling?.rows.map((row) => [row.sizePx, row.overlapPx, row.lost, row.added, row.moved]) ?? [];
    // The toy network sees one pixel: only boxes that the edge of a tile cuts can differ.
    expect(tiling?.reference).toEqual({ kind: "whole", blockPx: 2560, sizePx: 2560, overlapPx: 0 });
    expect(tiling).toMatchObject({ detections: 4, ap50: 0.72 });
    expect(rows.slice(0, 2)).toEqual([
      [64, 0, 0, 0, 2],
      [64, 32, 0, 0, 0],
    ]);
    expect(tiling?.rows[1]).toMatchObject({ isChosen: true, compute: 4, ap50: 0.72 });
    const text = checkText((await checked(1, { tiling: true })).result);
    expect(text).toContain(
      "at 64 px tiles an overlap of 32 px changes nothing; the 32 px in use change 0 of 4",
    );
  });

  test("cuts a scene that is too large into blocks, and each object counts in one of them", async () => {
    await using folder = await toyFolder("toy-centre", card);
    const { run, result } = await checked(1);
    const reference = { kind: "whole", blockPx: 80, sizePx: 80, overlapPx: 0 } as const;
    const { detections, rows } = await tiled(folder.path, run, { ...result.model.tile }, reference);
    expect(detections).toBe(4);
    // No block is larger than 80 px, so that larger tiles are the blocks themselves.
    const large = rows.find(({ sizePx, overlapPx }) => sizePx === 256 && overlapPx === 128);
    expect(large).toMatchObject({ computeHere: 1, lost: 0, added: 0, moved: 0 });
  });

  test("rows hold the usual overlaps up to half a tile, and the one in use", () => {
    const rows = tilingRows(tilingReference({ sizePx: 640, overlapPx: 500 }, true), {
      sizePx: 640,
      overlapPx: 500,
    });
    expect(rows.map(({ overlapPx }) => overlapPx)).toEqual([0, 32, 64, 96, 128, 192, 500]);
    expect(new Set(rows.map(({ sizePx }) => sizePx))).toEqual(new Set([640]));
    expect(tilingReference({ sizePx: 640, overlapPx: 128 }, true)).toMatchObject({
      kind: "overlap",
      overlapPx: 480,
    });
    expect(tilingReference({ sizePx: 512, overlapPx: 64, gridPx: 48 }, false)).toMatchObject({
      sizePx: 2544,
    });
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
    expect(notes).toEqual(["1 label of class buoy left out: the model has ship, airplane"]);
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
