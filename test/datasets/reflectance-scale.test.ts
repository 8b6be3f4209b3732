import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { CatalogueOptions } from "../../datasets/catalogue.ts";
import { catalogue } from "../../datasets/dataset.ts";
import { writeGeoTiff } from "../../datasets/geotiff/geotiff-writer.ts";
import type { Band } from "../../pipeline/raster/raster.ts";
import { instant } from "../../pipeline/units.ts";

const root = mkdtempSync(join(tmpdir(), "swath-scale-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const side = 64;
const pixels = (value: (i: number) => number): Uint16Array =>
  Uint16Array.from({ length: side * side }, (_, i) => value(i));
/** Counts of 1/10,000 as water and land have them. */
const usual = (i: number): number => 300 + ((i * 37) % 2500);

const write = (path: string, bandNames: readonly string[], plane: Uint16Array): Promise<void> => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  return writeGeoTiff(join(root, path), {
    width: side,
    height: side,
    planes: bandNames.map(() => plane),
    bandNames,
    scale: 1,
    nodata: 0,
    epsg: 32631,
    transform: [10, 0, 420_000, 0, -10, 4_480_000],
    acquiredAt: instant(0),
    software: "test",
  });
};

const bandsOf = async (path: string, options: CatalogueOptions = {}): Promise<readonly Band[]> => {
  const { entries } = await catalogue(join(root, path), options);
  return entries.flatMap(({ scene }) => scene.bands);
};
const worthOf = async (path: string, options: CatalogueOptions = {}) =>
  (await bandsOf(path, options)).map(({ scale, offset, unit }) => [
    Number(scale.toPrecision(8)),
    offset,
    unit,
  ]);

describe("what a count is worth when no file says it", () => {
  it("does not depend on a few bright pixels", async () => {
    await write(
      "glint/a_B02.tif",
      [""],
      pixels((i) => (i === 2000 ? 65_000 : usual(i))),
    );
    expect(await worthOf("glint")).toEqual([[1e-4, 0, "reflectance"]]);
  });

  it("is 1/65535 where all counts are those of 1/10000 stretched over 16 bits", async () => {
    const stretched = pixels((i) => Math.round(usual(i) * 6.5535));
    await write("stretched/a_B02.tif", [""], stretched);
    expect(await worthOf("stretched")).toEqual([[Number((1 / 65_535).toPrecision(8)), 0, "reflectance"]]);
    // What is certain of one scene is not taken from it by others.
    await write("both/a_B02.tif", [""], stretched);
    await write("both/b_B02.tif", [""], pixels(usual));
    await write("both/c_B02.tif", [""], pixels(usual));
    expect((await worthOf("both")).map(([scale]) => scale)).toEqual([
      Number((1 / 65_535).toPrecision(8)),
      1e-4,
      1e-4,
    ]);
  });

  it("is asked for where many counts are brighter than any reflectance; that scene alone is left out", async () => {
    await write(
      "bright/a_B02.tif",
      [""],
      pixels((i) => 22_000 + ((i * 7) % 5000)),
    );
    await write("bright/b_B02.tif", [""], pixels(usual));
    const found = await catalogue(join(root, "bright"));
    expect(found.entries.map(({ scene }) => scene.id)).toEqual(["b"]);
    expect(found.skipped[0]?.error.message).toMatch(
      /scene "a".*100 % of them above 20000; .*--reflectance-scale/,
    );
    expect(await worthOf("bright", { reflectanceScale: 1 / 40_000 })).toEqual([
      [1 / 40_000, 0, "reflectance"],
      [1 / 40_000, 0, "reflectance"],
    ]);
  });
});

describe("what a product says of its counts", () => {
  const safe = (baseline: string): string =>
    `S2B_MSIL2A_20240603T104129_N${baseline}_R008_T31TCJ_20240603T135421.SAFE`;
  const image = "GRANULE/L2A_T31TCJ_A01_20240603T104129/IMG_DATA/R10m/T31TCJ_20240603T104129_B02_10m.tif";

  it.each([
    ["0510", -0.1],
    ["0400", -0.1],
    ["0301", 0],
  ])("Sentinel-2, baseline %s in the product's name: offset %s", async (baseline, offset) => {
    await write(`${safe(baseline)}/${image}`, [""], pixels(usual));
    expect(await worthOf(safe(baseline))).toEqual([[1e-4, offset, "reflectance"]]);
  });

  it("Sentinel-2, as MTD_MSIL2A.xml has it, whatever the name says", async () => {
    await write(`mtd/${safe("0301")}/${image}`, [""], pixels(usual));
    const xml =
      '<n1:Level-2A_User_Product><BOA_QUANTIFICATION_VALUE unit="none">20000</BOA_QUANTIFICATION_VALUE>' +
      '<BOA_ADD_OFFSET band_id="0">-1</BOA_ADD_OFFSET><BOA_ADD_OFFSET band_id="1">-500</BOA_ADD_OFFSET></n1:Level-2A_User_Product>';
    writeFileSync(join(root, "mtd", safe("0301"), "MTD_MSIL2A.xml"), xml);
    expect(await worthOf("mtd")).toEqual([[5e-5, -0.025, "reflectance"]]);
  });

  const landsat = "LC09_L1TP_198030_20230603_20230605_02_T1";
  const mtl = {
    txt: `GROUP = LANDSAT_METADATA_FILE
  GROUP = IMAGE_ATTRIBUTES
    SPACECRAFT_ID = "LANDSAT_9"
    DATE_ACQUIRED = 2023-06-03
    SCENE_CENTER_TIME = "10:40:01.5Z"
    SUN_ELEVATION = 30.0
  END_GROUP = IMAGE_ATTRIBUTES
  GROUP = LEVEL1_RADIOMETRIC_RESCALING
    REFLECTANCE_MULT_BAND_2 = 2.0000E-05
    REFLECTANCE_ADD_BAND_2 = -0.100000
  END_GROUP = LEVEL1_RADIOMETRIC_RESCALING
END_GROUP = LANDSAT_METADATA_FILE
END`,
    xml: `<?xml version="1.0"?><LANDSAT_METADATA_FILE><IMAGE_ATTRIBUTES><SPACECRAFT_ID>LANDSAT_9</SPACECRAFT_ID>
      <DATE_ACQUIRED>2023-06-03</DATE_ACQUIRED><SCENE_CENTER_TIME>10:40:01.5Z</SCENE_CENTER_TIME><SUN_ELEVATION>30.0</SUN_ELEVATION>
      </IMAGE_ATTRIBUTES><LEVEL1_RADIOMETRIC_RESCALING><REFLECTANCE_MULT_BAND_2>2.0000E-05</REFLECTANCE_MULT_BAND_2>
      <REFLECTANCE_ADD_BAND_2>-0.1</REFLECTANCE_ADD_BAND_2></LEVEL1_RADIOMETRIC_RESCALING></LANDSAT_METADATA_FILE>`,
    json: JSON.stringify({
      LANDSAT_METADATA_FILE: {
        IMAGE_ATTRIBUTES: {
          SPACECRAFT_ID: "LANDSAT_9",
          DATE_ACQUIRED: "2023-06-03",
          SCENE_CENTER_TIME: "10:40:01.5Z",
          SUN_ELEVATION: "30.0",
        },
        LEVEL1_RADIOMETRIC_RESCALING: {
          REFLECTANCE_MULT_BAND_2: "2.0000E-05",
          REFLECTANCE_ADD_BAND_2: "-0.1",
        },
      },
    }),
  };

  it.each(Object.entries(mtl))(
    "Landsat level 1, with the sun's height, by its MTL as %s",
    async (kind, text) => {
      await write(`l1-${kind}/${landsat}_B2.TIF`, [""], pixels(usual));
      writeFileSync(join(root, `l1-${kind}`, `${landsat}_MTL.${kind}`), text);
      // Twice the level-1 numbers, since sin 30° is a half.
      expect(await worthOf(`l1-${kind}`)).toEqual([[4e-5, expect.closeTo(-0.2, 12), "reflectance"]]);
      const { entries } = await catalogue(join(root, `l1-${kind}`));
      expect(entries[0]?.scene).toMatchObject({
        platform: "landsat-9",
        acquiredAt: Date.parse("2023-06-03T10:40:01.5Z") / 1000,
      });
    },
  );

  it("Landsat level 1 without its MTL: counts stay counts, and a note says why", async () => {
    await write(`l1-bare/${landsat}_B2.TIF`, [""], pixels(usual));
    const found = await catalogue(join(root, "l1-bare"));
    expect(found.entries[0]?.scene.bands[0]).toMatchObject({ unit: "dn", scale: 1, commonName: "blue" });
    expect(found.notes).toEqual([
      expect.stringMatching(/no LC09_.*_MTL file says what a count of B2 is worth/),
    ]);
  });
});
