import { mkdtempSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ResultMessage } from "../../../pipeline/mission/result-message.ts";
import { resultMessage } from "../../../stations/archive/record-message.ts";
import { type DetectionFeature, detectionFeature } from "../../../stations/archive/detection-geojson.ts";
import { type DetectionArchive, detectionArchive } from "../../../stations/archive/detection-archive.ts";
import { anyDetection, type DetectionQuery } from "../../../stations/archive/detection-query.ts";
import { encodeGeoParquet } from "../../../stations/archive/geo-parquet.ts";
import { readDetections } from "../../../stations/archive/read-detections.ts";
import { instant } from "../../../pipeline/units.ts";
import { origin, records, results } from "./records.ts";

const folder = mkdtempSync(join(tmpdir(), "swath-archive-"));
const record = records[0]!;

/** Squares of 0.2° whose centre is [longitude, latitude], over the antimeridian too. */
const resultAt = (
  run: string,
  acquisition: number,
  [longitude, latitude]: readonly [number, number],
  className: string,
  score: number,
): ResultMessage => {
  const wrap = (x: number): number => ((((x + 180) % 360) + 360) % 360) - 180;
  return {
    ...resultMessage(
      { run, policy: "detect" },
      {
        ...record,
        acquisition,
        capturedAt: instant(1e9 + 60 * acquisition),
        receivedAt: instant(1e9 + 60 * acquisition + 1.5),
        detection: { ...record.detection, className, score },
        polygonLonLat: [
          [wrap(longitude - 0.1), latitude - 0.1],
          [wrap(longitude + 0.1), latitude - 0.1],
          [wrap(longitude + 0.1), latitude + 0.1],
          [wrap(longitude - 0.1), latitude + 0.1],
        ],
      },
    ),
    longitude,
    latitude,
  };
};

const seen = fc.uniqueArray(
  fc.record({
    run: fc.constantFrom("a-detect", "b-raw", "c-detect"),
    acquisition: fc.integer({ min: 0, max: 40 }),
    place: fc.tuple(fc.integer({ min: -180, max: 179 }), fc.integer({ min: -80, max: 80 })),
    className: fc.constantFrom("ship", "tug", "dam"),
    score: fc.integer({ min: 0, max: 255 }).map((code) => code / 255),
  }),
  {
    maxLength: 60,
    selector: ({ run, acquisition, className, score }) => `${run}/${acquisition}/${className}/${score}`,
  },
);
const query: fc.Arbitrary<DetectionQuery> = fc.record({
  bbox: fc.option(
    fc
      .tuple(
        fc.integer({ min: -180, max: 180 }),
        fc.integer({ min: -90, max: 90 }),
        fc.integer({ min: -180, max: 180 }),
        fc.integer({ min: -90, max: 90 }),
      )
      .map(([west, a, east, b]) => [west, Math.min(a, b), east, Math.max(a, b)] as const),
  ),
  fromMs: fc.option(fc.integer({ min: 0, max: 40 }).map((at) => 1e12 + 60_000 * at)),
  toMs: fc.option(fc.integer({ min: 0, max: 40 }).map((at) => 1e12 + 60_000 * at)),
  classes: fc.option(fc.subarray(["ship", "tug", "dam", "whale"])),
  minScore: fc.constantFrom(0, 0.3, 0.9),
  runs: fc.option(fc.subarray(["a-detect", "b-raw", "d"])),
  scenes: fc.constantFrom(null, null, ["genoa"], ["other"]),
});

/** By the words of the question, over all that was put in. Boxes of whole degrees never end within 0.1° of a whole degree by chance: they may touch. */
const isWanted = (
  { properties: p, geometry }: DetectionFeature,
  { bbox, fromMs, toMs, classes, minScore, runs, scenes }: DetectionQuery,
): boolean => {
  const at = Date.parse(p.captured_at);
  const rings =
    geometry === null
      ? []
      : geometry.type === "Polygon"
        ? [geometry.coordinates[0]!]
        : geometry.coordinates.map(([ring]) => ring!);
  const overlaps = ([west, south, east, north]: readonly number[]): boolean =>
    rings.some(
      (ring) =>
        ring.some(([x]) => x <= east!) &&
        ring.some(([x]) => x >= west!) &&
        ring.some(([, y]) => y <= north!) &&
        ring.some(([, y]) => y >= south!),
    );
  const boxes =
    bbox === null || bbox[0] <= bbox[2]
      ? [bbox]
      : [
          [bbox[0], bbox[1], 180, bbox[3]],
          [-180, bbox[1], bbox[2], bbox[3]],
        ];
  return (
    at >= (fromMs ?? -Infinity) &&
    at <= (toMs ?? Infinity) &&
    p.score >= minScore &&
    (classes === null || classes.includes(p.class)) &&
    (runs === null || runs.includes(p.run)) &&
    (scenes === null || scenes.includes(p.scene)) &&
    boxes.some((box) => box === null || overlaps(box))
  );
};

const ids = (features: Iterable<DetectionFeature>): readonly string[] => [...features].map(({ id }) => id);

const pagesOf = (archive: DetectionArchive, asked: DetectionQuery, limit: number): readonly string[] => {
  const found: string[] = [];
  let after: string | null = null;
  do {
    const page = archive.page(asked, limit, after);
    if (page === null) throw new Error("the cursor does not hold");
    expect(page.features.length).toBeLessThanOrEqual(limit);
    found.push(...ids(page.features));
    after = page.next;
  } while (after !== null);
  return found;
};

describe("the archive", () => {
  it("gives what is wanted, each once, in pages of any length, and counts it", () => {
    fc.assert(
      fc.property(seen, query, fc.integer({ min: 1, max: 7 }), (all, asked, limit) => {
        const archive = detectionArchive();
        const said = all.map(({ run, acquisition, place, className, score }) =>
          resultAt(run, acquisition, place, className, score),
        );
        for (const result of [...said, ...said]) archive.hear(result);
        const wanted = said.map(detectionFeature).filter((feature) => isWanted(feature, asked));
        const found = pagesOf(archive, asked, limit);
        expect(found.toSorted()).toEqual(ids(wanted).toSorted());
        expect(ids(archive.all(asked))).toEqual(found);
        expect(archive.count(asked)).toBe(found.length);
      }),
      { numRuns: 200 },
    );
  });

  it("goes on with a page while others come", () => {
    const archive = detectionArchive();
    const hear = (run: string, count: number, from = 0): void => {
      for (let i = from; i < from + count; i += 1) archive.hear(resultAt(run, i, [i % 180, 0], "ship", 0.5));
    };
    hear("b", 700);
    const first = archive.page(anyDetection, 300, null)!;
    hear("a", 5);
    hear("c", 5);
    hear("b", 5, 700);
    const second = archive.page(anyDetection, 1000, first.next)!;
    expect(first.features.length + second.features.length).toBe(700 + 5 + 5);
    expect(new Set(ids([...first.features, ...second.features])).size).toBe(710);
  });

  it("holds a finished run as its file has it, and tells pages that began before", async () => {
    const file = join(folder, "detections.parquet");
    const features = results.map(detectionFeature);
    writeFileSync(file, encodeGeoParquet(features));
    const archive = detectionArchive();
    for (const result of results.slice(0, 2)) archive.hear(result);
    const began = archive.page(anyDetection, 1, null)!;
    expect(archive.runs()).toMatchObject([{ run: origin.run, isLive: true, detections: 2 }]);
    archive.keep(await readDetections(file, origin));
    expect([...archive.all(anyDetection)]).toEqual(features);
    for (const feature of features) expect(archive.find(feature.id)).toEqual(feature);
    expect(archive.find("run-7-detect.0.0123456789abcdef")).toBeNull();
    expect(archive.find("no id")).toBeNull();
    expect(archive.page(anyDetection, 1, began.next)).toBeNull();
    archive.hear({ ...results[0]!, score: 0.1 });
    expect(archive.runs()).toMatchObject([
      { isLive: false, detections: 3, classes: ["ferry “Süd”", "ship"] },
    ]);
    archive.forget(origin.run);
    expect(archive.count(anyDetection)).toBe(0);
  });

  it("reads outlines, and names what a file lacks or where it is cut short", async () => {
    const file = join(folder, "outlines.parquet");
    const outlined = detectionFeature({
      ...results[0]!,
      outline_px: [
        [10.5, 20.5],
        [18, 24],
        [14, 31],
      ],
    });
    writeFileSync(file, encodeGeoParquet([outlined]));
    const table = await readDetections(file, origin);
    expect(table.featureAt(0)).toEqual(outlined);
    await expect(readDetections(file, { ...origin, run: "other" })).rejects.toThrow(
      /holds no detections that this release reads: wanted rows of other, got "run-7-detect"/,
    );
    truncateSync(file, 900);
    await expect(readDetections(file, origin)).rejects.toThrow(/cannot be read as Parquet/);
    await expect(readDetections(join(folder, "none.parquet"), origin)).rejects.toThrow(/ENOENT/);
  });
});
