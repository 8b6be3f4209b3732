import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { timeInName } from "../../datasets/acquisition-time.ts";
import { bandInFileName } from "../../datasets/band-name.ts";
import { findScenes } from "../../datasets/scene-files.ts";
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
      findScenes(paths, "root").scenes.map(({ id, files }) => [id, files.map(({ band }) => band)]),
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

  it("knows the squares of a grid from bands", () => {
    const grid = ["site_A1.png", "site_B1.png", "site_B2.png", "site_B3.png"];
    expect(Object.values(ids(grid))).toEqual([[null], [null], [null], [null]]);
    expect(Object.keys(ids(["relief_B1_grey.tif", "relief_C1_grey.tif"]))).toEqual([
      "relief_B1_grey",
      "relief_C1_grey",
    ]);
    expect(ids(["S2_1_B02.tif", "S2_1_B03.tif"])).toEqual({ root: ["B02", "B03"] });
  });

  const found = (paths: readonly string[], root = "root") =>
    findScenes(paths, root).scenes.map(({ id, files, aside }) => [
      id,
      files.map(({ band }) => band),
      aside.map((path) => path.replace(/^.*_(?=[A-Z_0-9]+\.)/i, "")),
    ]);

  it("leaves pictures of classes aside, beside their images and in a folder of their own", () => {
    const trees = ["images/a.png", "images/b.png", "masks/a.png", "masks/b_mask.png", "masks/c.png"];
    const tree = findScenes(trees, "root");
    expect(tree.scenes.flatMap(({ files }) => files.map(({ path }) => path))).toEqual([
      "images/a.png",
      "images/b.png",
      "masks/c.png",
    ]);
    expect(tree.strays).toEqual(["masks/a.png", "masks/b_mask.png"]);
    expect(found(["a.png", "a_gt.png", "a_label.png"])).toEqual([["a", [null], ["gt.png", "label.png"]]]);
    expect(found(["no_label.png"]).map(([id]) => id)).toEqual(["no_label"]);
  });

  it("takes a Landsat product for one scene, its quality layers aside", () => {
    const id = "LC09_L2SP_198030_20230603_20230605_02_T1";
    const names = ["QA_PIXEL", "SR_B2", "SR_B3", "SR_QA_AEROSOL", "ST_B10", "ST_EMIS"];
    const [scene] = findScenes(
      names.map((name) => `${id}_${name}.TIF`),
      "root",
    ).scenes;
    expect([scene?.id, scene?.files.map(({ band }) => band)]).toEqual([id, ["SR_B2", "SR_B3", "ST_B10"]]);
    expect(scene?.aside.map((path) => path.slice(id.length + 1))).toEqual([
      "QA_PIXEL.TIF",
      "SR_QA_AEROSOL.TIF",
      "ST_EMIS.TIF",
    ]);
  });

  it("takes a SAFE for one scene: each band once, at its finest; masks, SCL, TCI and previews aside", () => {
    const safe = "S2B_MSIL2A_20240603T104129_N0510_R008_T31TCJ_20240603T135421";
    const granule = `${safe}.SAFE/GRANULE/L2A_T31TCJ_A037822_20240603T104546`;
    const image = (name: string, size: number) =>
      `${granule}/IMG_DATA/R${size}m/T31TCJ_20240603T104129_${name}_${size}m.tif`;
    const paths = [
      ...["B02", "B08", "TCI"].map((name) => image(name, 10)),
      ...["B02", "B11", "SCL"].map((name) => image(name, 20)),
      `${granule}/QI_DATA/MSK_CLDPRB_20m.tif`,
      `${safe}.SAFE/S2B-ql.jpg`,
    ];
    const { scenes, strays } = findScenes(paths, "root");
    expect(scenes.map(({ id, files }) => [id, files.map(({ path }) => path.slice(-11))])).toEqual([
      [safe, ["B02_10m.tif", "B08_10m.tif", "B11_20m.tif"]],
    ]);
    expect([scenes[0]?.aside.length, strays]).toEqual([4, []]);
    // The same when the product itself is opened.
    const inside = paths.map((path) => path.slice(safe.length + 6));
    expect(findScenes(inside, `${safe}.SAFE`).scenes.map(({ id }) => id)).toEqual([safe]);
    expect(findScenes(paths.slice(-1), "root")).toEqual({ scenes: [], strays: [paths.at(-1)] });
  });

  it("takes loose files of a tile together over all pixel sizes; its picture alone is a picture", () => {
    const name = "T31TCJ_20230603T104129";
    const files = [
      `${name}_B02_10m.tif`,
      `${name}_B11_20m.tif`,
      `${name}_SCL_20m.tif`,
      `${name}_TCI_10m.tif`,
    ];
    expect(found(files)).toEqual([[name, ["B02", "B11"], ["20m.tif", "10m.tif"]]]);
    expect(found(files.slice(-1)).map(([, bands]) => bands)).toEqual([[null]]);
  });

  it("takes an analytic PlanetScope file for a scene, udm2 and visual aside; tiles cut from one stay apart", () => {
    const scene = "20230603_104129_12_2416_3B";
    const files = ["AnalyticMS_SR_8b_clip", "udm2_clip", "Visual_clip"].map((part) => `${scene}_${part}.tif`);
    expect(found(files).map(([id, bands, aside]) => [id, bands, (aside as string[]).length])).toEqual([
      [`${scene}_AnalyticMS_SR_8b_clip`, [null], 2],
    ]);
    expect(found([`${scene}_Visual_0.png`, `${scene}_Visual_1.png`])).toHaveLength(2);
  });

  it("leaves a mask aside that is named like a scene beside it, and no other", () => {
    expect(found(["a.tif", "a_mask.tif", "b_QA.tif"]).map(([id]) => id)).toEqual(["a", "b_QA"]);
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
          const scenes = findScenes(paths, "root").scenes;
          const all = scenes.flatMap(({ files, aside }) => [...files.map(({ path }) => path), ...aside]);
          expect(all.sort()).toEqual([...paths].sort());
          expect(new Set(scenes.map(({ id }) => id)).size).toBe(scenes.length);
          for (const { id } of scenes) expect(id).toMatch(/^[A-Za-z0-9._-]+$/);
        },
      ),
    );
  });
});
