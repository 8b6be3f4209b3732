import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { excuse, excuseText, type Excuses } from "../../../measure/check/excuse.ts";
import { isSwathError } from "../../../pipeline/errors.ts";
import type { BoxPx } from "../../../pipeline/detection/box.ts";
import type { Georeference } from "../../../pipeline/raster/georeference.ts";
import type { CheckedScene } from "../../../measure/check/checked-scene.ts";
import { readAreas } from "../../../studies/inputs/areas.ts";
import { parseMargin } from "../../../cli/options/margin.ts";

/** 10 m a pixel; the upper left corner at 3° east, 45° north. */
const here: Georeference = {
  crs: "EPSG:32631",
  proj4: "+proj=utm +zone=31 +datum=WGS84 +units=m +no_defs",
  transform: [10, 0, 500_000, 0, -10, 4_982_950.4],
};

const box = (x: number, y: number, side = 10): BoxPx => ({ x0: x, y0: y, x1: x + side, y1: y + side });

const found = (x: number, y: number, score: number) => ({ className: "ship", score, boxPx: box(x, y) });

const sceneWith = (georeference: Georeference | null): CheckedScene => ({
  scene: { id: "port", width: 200, height: 200, bands: [], georeference, acquiredAt: null, platform: null },
  labels: [{ className: "ship", boxPx: box(50, 50) }],
  detections: [
    found(50, 50, 0.9), // on the label
    found(55, 50, 0.8), // a second box of it: 1/3 shared
    found(75, 50, 0.7), // 15 px beside it
    found(150, 150, 0.6), // far away
  ],
});

const scores = ({ detections }: CheckedScene): readonly number[] => detections.map(({ score }) => score);

const margin = (text: string): Excuses => ({ margin: parseMargin(text), areas: [] });

const folder = await mkdtemp(join(tmpdir(), "swath-areas-"));

afterAll(() => rm(folder, { recursive: true }));

const fileOf = async (value: unknown): Promise<string> => {
  const path = join(folder, "areas.geojson");
  await writeFile(path, JSON.stringify(value));
  return path;
};

describe("excused detections", () => {
  test("are those off every label and so near to one, from side to side", () => {
    expect(scores(excuse(sceneWith(null), margin("14.9px")))).toEqual([0.9, 0.8, 0.7, 0.6]);
    expect(scores(excuse(sceneWith(null), margin("15")))).toEqual([0.9, 0.8, 0.6]);
    expect(scores(excuse(sceneWith(null), margin("500px")))).toEqual([0.9, 0.8]);
  });

  test("may be given in metres where the scene says how large its pixels are", () => {
    expect(scores(excuse(sceneWith(here), margin("149m")))).toEqual([0.9, 0.8, 0.7, 0.6]);
    expect(scores(excuse(sceneWith(here), margin("151m")))).toEqual([0.9, 0.8, 0.6]);
    expect(() => excuse(sceneWith(null), margin("150m"))).toThrow(/--ignore-margin in metres: .*port lies/);
  });

  test("may lie in areas, holes left out", async () => {
    // 0.0127° east is 1 km at 45° north: the lower right quarter; 0.009° south is 1 km.
    const quarter = [
      [3.0127, 44.991],
      [3.03, 44.991],
      [3.03, 44.98],
      [3.0127, 44.98],
      [3.0127, 44.991],
    ];
    const hole = quarter.map(([x = 0, y = 0]) => [3.0197 + (x - 3.0197) / 9, 44.986 + (y - 44.986) / 9]);
    const polygon = (rings: unknown) => ({ type: "Polygon", coordinates: rings });
    const areasOf = async (rings: unknown) => {
      const feature = { type: "Feature", properties: {}, geometry: polygon(rings) };
      const areas = await readAreas(await fileOf({ type: "FeatureCollection", features: [feature] }));
      return { margin: null, areas };
    };
    expect(scores(excuse(sceneWith(here), await areasOf([quarter])))).toEqual([0.9, 0.8, 0.7]);
    expect(scores(excuse(sceneWith(here), await areasOf([quarter, hole])))).toEqual([0.9, 0.8, 0.7, 0.6]);
    const areas = await readAreas(await fileOf(polygon([quarter])));
    expect(excuseText({ margin: parseMargin("20"), areas })).toBe(
      "within 20 px of a label or in 1 ignored area",
    );
  });

  test.each(["", "-3px", "20 ft", "px", "1e3"])("margin %j is refused", (text) => {
    expect(() => parseMargin(text)).toThrow(/--ignore-margin: wanted 20px or 200m/);
  });

  test("areas that are no polygons, or no file, are refused in one line", async () => {
    const refusal = /--ignore-areas .*: wanted GeoJSON polygons, got/;
    const isRefused = (e: unknown): boolean => isSwathError(e, "config") && refusal.test(e.message);
    const point = await fileOf({ type: "Point", coordinates: [3, 45] });
    await expect(readAreas(point)).rejects.toSatisfy(isRefused);
    await expect(readAreas(join(folder, "absent.geojson"))).rejects.toSatisfy(isRefused);
  });
});
