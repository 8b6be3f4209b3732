import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { timeInName } from "../../datasets/acquisition-time.ts";
import { bandInFileName } from "../../datasets/band-name.ts";
import { groupSceneFiles } from "../../datasets/scene-files.ts";
import { formatInstant } from "../../pipeline/units.ts";

describe("bands in file names", () => {
  it.each([
    ["genoa_2023-07-10_B02.tif", "B02", "genoa_2023-07-10"],
    [
      "2023-04-26-00_00_2023-04-26-23_59_Sentinel-2_L2A_B08_(Raw).tiff",
      "B08",
      "2023-04-26-00_00_2023-04-26-23_59_Sentinel-2_L2A",
    ],
    [
      "2023-08-23-00:00_2023-08-23-23:59_Sentinel-2_L2A_B11_(Raw).tiff",
      "B11",
      "2023-08-23-00:00_2023-08-23-23:59_Sentinel-2_L2A",
    ],
    ["T31TDF_20230710T103629_B8A_20m.tif", "B8A", "T31TDF_20230710T103629__20m"],
    ["scene-red.tif", "red", "scene"],
    ["B4.tif", "B04", ""],
  ])("%s holds %s", (name, band, stem) => {
    expect(bandInFileName(name)).toEqual({ band, stem });
  });

  it.each(["athens.tif", "coloured_reds.tif", "RGB.byte.tif", "AB02.tif"])("%s tells no band", (name) => {
    expect(bandInFileName(name)).toBeNull();
  });
});

describe("times in file names", () => {
  it.each([
    ["genoa_2023-07-10_B02.tif", "2023-07-10T00:00:00.000Z"],
    ["T31TDF_20230710T103629_B02.tif", "2023-07-10T10:36:29.000Z"],
    ["20181030_023205_1018_3B_Visual_0.png", "2018-10-30T02:32:05.000Z"],
    ["2023-04-26-00_00_2023-04-26-23_59_Sentinel-2_L2A_B08_(Raw).tiff", "2023-04-26T00:00:00.000Z"],
    ["b7ab0316-bf02-4266-b44a-cef6417f795c.jpg", null],
    ["scene_20231399.tif", null],
  ])("%s was taken at %s", (name, time) => {
    const found = timeInName(name);
    expect(found && formatInstant(found)).toBe(time);
  });
});

describe("scenes in a folder", () => {
  const ids = (paths: readonly string[]) =>
    Object.fromEntries(
      groupSceneFiles(paths, "root").map(({ id, files }) => [id, files.map(({ band }) => band)]),
    );

  it("names a scene by the folder that holds its bands, else by what the names share", () => {
    const bands = ["B02", "B03"];
    expect(ids(bands.map((band) => `genoa/2023-08-23-00:00_Sentinel-2_${band}_(Raw).tiff`))).toEqual({
      genoa: bands,
    });
    expect(ids(["a_B02.tif", "a_B03.tif", "b_B02.tif"])).toEqual({ a: ["B02", "B03"], b: ["B02"] });
    expect(ids(["x/B02.tif", "x/B03.tif", "y/B02.tif"])).toEqual({ x: bands, y: ["B02"] });
    expect(ids(["red.tif", "green.tif"])).toEqual({ root: ["green", "red"] });
  });

  it("keeps multi-band files apart, and equal names in different folders too", () => {
    expect(ids(["one.tif", "two.png"])).toEqual({ one: [null], two: [null] });
    expect(Object.keys(ids(["a/p.tif", "b/p.tif"]))).toEqual(["a-p", "b-p"]);
  });

  it("loses no file, gives every scene its own id and that id fits a subject and a file name", () => {
    const name = fc.constantFrom(
      "a",
      "b c",
      "é",
      "B02",
      "x_B03",
      "x_B04",
      "q/B02",
      "q/r_B08",
      "q/r/r",
      "..b",
    );
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(name, fc.constantFrom(".tif", ".png")).map((parts) => parts.join(""))),
        (paths) => {
          const scenes = groupSceneFiles(paths, "root");
          expect(scenes.flatMap(({ files }) => files.map(({ path }) => path)).sort()).toEqual(
            [...paths].sort(),
          );
          expect(new Set(scenes.map(({ id }) => id)).size).toBe(scenes.length);
          for (const { id } of scenes) expect(id).toMatch(/^[A-Za-z0-9._-]+$/);
        },
      ),
    );
  });
});
