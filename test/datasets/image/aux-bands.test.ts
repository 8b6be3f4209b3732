import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { catalogue } from "../../../datasets/dataset.ts";
import { writeGeoTiff } from "../../../datasets/geotiff/geotiff-writer.ts";
import { openRaster } from "../../../datasets/image/open-raster.ts";
import { instant } from "../../../pipeline/units.ts";
import { startLoopbackServer } from "../http/loopback-server.ts";

const root = mkdtempSync(join(tmpdir(), "swath-aux-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const tif = join(root, "a.tif");
const png = join(root, "b.png");
const whole = { x: 0, y: 0, width: 2, height: 2 };

const pam = (inside: string): string =>
  `<PAMDataset>\n  <PAMRasterBand band="1">\n    ${inside}\n  </PAMRasterBand>\n</PAMDataset>\n`;

beforeAll(async () => {
  await writeGeoTiff(tif, {
    width: 2,
    height: 2,
    planes: [Uint16Array.of(1, 2, 3, 7)],
    bandNames: ["red"],
    scale: 2,
    nodata: 1,
    epsg: 32_631,
    transform: [10, 0, 500_000, 0, -10, 4_600_000],
    acquiredAt: instant(0),
    software: "test",
  });
  await sharp(Uint8Array.of(1, 2, 3, 7), { raw: { width: 2, height: 2, channels: 1 } })
    .toColourspace("b-w")
    .png()
    .toFile(png);
});

// What is right is what gdalinfo and gdal_translate of GDAL 3.6.2 say of the same files.
describe("what an .aux.xml says of bands", () => {
  it("wins over the file's nodata, not over its scale", async () => {
    writeFileSync(
      `${tif}.aux.xml`,
      pam("<NoDataValue>7</NoDataValue><UnitType>K</UnitType><Offset>-1</Offset><Scale>3</Scale>"),
    );
    await using file = await openRaster(tif);
    expect(file).toMatchObject({
      nodata: 7,
      bands: [{ description: "red", scale: 2, offset: 0, unit: "K" }],
    });
    expect((await file.readWindow(whole, [0])).valid).toEqual(Uint8Array.of(1, 1, 1, 0));
    rmSync(`${tif}.aux.xml`);
    await using alone = await openRaster(tif);
    expect((await alone.readWindow(whole, [0])).valid).toEqual(Uint8Array.of(0, 1, 1, 1));
  });

  it("is taken where the file says nothing, and reaches the scene", async () => {
    writeFileSync(
      `${png}.aux.xml`,
      pam(
        '<Description>nir</Description><NoDataValue le_hex_equiv="0000000000000840">3.0</NoDataValue><Offset>-0.1</Offset><Scale>0.0001</Scale>',
      ),
    );
    await using file = await openRaster(png);
    expect(file).toMatchObject({ nodata: 3, bands: [{ description: "nir", scale: 0.0001, offset: -0.1 }] });
    expect((await file.readWindow(whole, [0])).valid).toEqual(Uint8Array.of(1, 1, 0, 1));
    const { entries } = await catalogue(png);
    expect(entries[0]?.scene.bands).toMatchObject([
      { name: "nir", nodata: 3, scale: 0.0001, offset: -0.1, unit: "reflectance" },
    ]);
  });

  it("that no sample can hold, and statistics, change nothing", async () => {
    writeFileSync(
      `${png}.aux.xml`,
      pam('<NoDataValue>-9999</NoDataValue><Metadata><MDI key="STATISTICS_MAXIMUM">7</MDI></Metadata>'),
    );
    await using file = await openRaster(png);
    expect(file).toMatchObject({ nodata: null, bands: [{ scale: 1, offset: 0 }] });
    expect((await file.readWindow(whole, [0])).valid).toBeNull();
  });
});

describe("files beside an image on the web", () => {
  const item = (assets: Readonly<Record<string, { href: string; type?: string }>>) => ({
    data: Buffer.from(
      JSON.stringify({
        type: "Feature",
        stac_version: "1.0.0",
        id: "one",
        geometry: null,
        properties: { datetime: "2024-01-09T18:47:54Z" },
        links: [],
        assets,
      }),
    ),
  });

  it("are read where the item names them, and not asked for where it does not", async () => {
    await using server = await startLoopbackServer();
    server.files.set("/b.png", { data: readFileSync(png) });
    server.files.set("/b.png.aux.xml", { data: Buffer.from(pam("<NoDataValue>7</NoDataValue>")) });
    server.files.set("/b.pgw", { data: Buffer.from("10\n0\n0\n-10\n500005\n4599995\n") });
    server.files.set("/b.prj", {
      data: Buffer.from(
        'PROJCS["WGS 84 / UTM zone 31N",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",3],PARAMETER["scale_factor",0.9996],PARAMETER["false_easting",500000],PARAMETER["false_northing",0],UNIT["metre",1],AUTHORITY["EPSG","32631"]]',
      ),
    });
    const image = { href: "b.png", type: "image/png" };
    server.files.set("/alone.json", item({ image }));
    server.files.set(
      "/item.json",
      item({
        image,
        pam: { href: "b.png.aux.xml" },
        world: { href: "b.pgw" },
        system: { href: "b.prj" },
      }),
    );
    const alone = await catalogue(`${server.origin}/alone.json`);
    expect(alone.entries[0]?.scene).toMatchObject({ georeference: null, bands: [{ nodata: null }] });
    expect(server.seen.filter(({ url }) => !/json$|png$/.test(url))).toEqual([]);
    const told = await catalogue(`${server.origin}/item.json`);
    expect(told.entries[0]?.scene).toMatchObject({
      georeference: { crs: "EPSG:32631", transform: [10, 0, 500_000, 0, -10, 4_600_000] },
      bands: [{ nodata: 7 }],
    });
  });
});

describe("labels on the web", () => {
  it("are read by --labels, and named by their address", async () => {
    await using server = await startLoopbackServer();
    const table = (width: number): { data: Buffer } => ({
      data: Buffer.from(`filename,width,height,class,xmin,ymin,xmax,ymax\nb.png,${width},2,ship,0,0,1,1\n`),
    });
    server.files.set("/labels.csv", table(2));
    server.files.set("/wrong.csv", table(3));
    const found = await catalogue(png, { labels: `${server.origin}/labels.csv?key=secret` });
    expect(found.entries[0]?.labels).toMatchObject([{ className: "ship" }]);
    expect(found.labelTally?.sources).toMatchObject([{ file: `${server.origin}/labels.csv` }]);
    const wrong = await catalogue(png, { labels: `${server.origin}/wrong.csv?key=secret` });
    const said = wrong.skipped.map(({ error }) => error.message).join(" ");
    expect(said).toContain(`${server.origin}/wrong.csv: labels of b.png do not fit scene "b"`);
    expect(said).not.toMatch(/secret|swath-copies/);
    await expect(catalogue(png, { labels: `${server.origin}/none.csv` })).rejects.toThrow(/none\.csv.*404/);
  });
});
