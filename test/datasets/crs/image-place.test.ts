import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { affineThrough } from "../../../datasets/crs/affine-fit.ts";
import { parseAuxXml } from "../../../datasets/crs/aux-xml.ts";
import { placeOf } from "../../../datasets/crs/place-files.ts";
import { placeImage } from "../../../datasets/crs/image-place.ts";
import { systemOfCode } from "../../../datasets/crs/epsg-table.ts";
import { systemOfWkt } from "../../../datasets/crs/wkt.ts";
import { importDataset } from "../../../datasets/import.ts";
import { openDataset } from "../../../datasets/dataset.ts";
import { gridDifference } from "../../../datasets/grid.ts";
import type { RasterFile } from "../../../datasets/geotiff/raster-file.ts";
import { type Affine, applyAffine } from "../../../pipeline/raster/georeference.ts";
import sharp from "sharp";
import { existsSync } from "node:fs";

const folder = await mkdtemp(join(tmpdir(), "swath-place-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

const number = fc.double({ min: -1000, max: 1000, noNaN: true });
const affine: fc.Arbitrary<Affine> = fc
  .tuple(
    fc.double({ min: 0.1, max: 100, noNaN: true }),
    number,
    fc.double({ min: -100, max: -0.1, noNaN: true }),
    number,
  )
  .map(([a, c, e, f]) => [a, a / 7, c, e / 9, e, f]);

describe("tie points", () => {
  it("give back the grid they lie on, in any number and order", () => {
    const place = fc.record({ column: fc.nat(10_000), row: fc.nat(10_000) });
    fc.assert(
      fc.property(affine, fc.array(place, { maxLength: 20 }), (grid, more) => {
        const corners = [
          { column: 0, row: 0 },
          { column: 5000, row: 0 },
          { column: 0, row: 5000 },
        ];
        const points = [...more, ...corners].map(({ column, row }) => {
          const [x, y] = applyAffine(grid, column, row);
          return { column, row, x, y };
        });
        const found = affineThrough(points);
        expect(found).not.toBeNull();
        for (const { column, row, x, y } of points) {
          const [fx, fy] = applyAffine(found!, column, row);
          expect(Math.hypot(fx - x, fy - y)).toBeLessThan(1e-6 * Math.max(grid[0], 1));
        }
      }),
    );
  });

  it("give nothing where the picture is bent, or where they lie on a line", () => {
    const square = [
      { column: 0, row: 0, x: 0, y: 0 },
      { column: 100, row: 0, x: 1000, y: 0 },
      { column: 0, row: 100, x: 0, y: -1000 },
      { column: 100, row: 100, x: 1000.2, y: -1000 },
    ];
    expect(affineThrough(square)).toBeNull();
    expect(affineThrough(square.slice(0, 2))).toBeNull();
    expect(affineThrough(square.map((point) => ({ ...point, row: 0 })))).toBeNull();
  });
});

describe("what lies beside an image", () => {
  const utm31 = 'PROJCS["x",GEOGCS["WGS 84",AUTHORITY["EPSG","4326"]],AUTHORITY["EPSG","32631"]]';
  const aux = (inside: string): string => `<PAMDataset>${inside}</PAMDataset>`;

  it("reads transform and system of an .aux.xml, and control points that lie on a grid", () => {
    const srs = `<SRS dataAxisToSRSAxisMapping="1,2">${utm31.replaceAll('"', "&quot;")}</SRS>`;
    const told = parseAuxXml(aux(`${srs}<GeoTransform> 5.0e+05, 10, 0, 4.6e+06, 0, -10</GeoTransform>`));
    expect(told).toMatchObject({
      transform: [10, 0, 500_000, 0, -10, 4_600_000],
      system: { crs: "EPSG:32631" },
    });
    const gcp = (pixel: number, line: number): string =>
      `<GCP Id="1" Pixel="${pixel}" Line="${line}" X="${500_000 + 10 * pixel}" Y="${4_600_000 - 10 * line}"/>`;
    const list = `<GCPList Projection="EPSG:32631">${gcp(0, 0)}${gcp(9, 0)}${gcp(0, 9)}${gcp(9, 9)}</GCPList>`;
    expect(parseAuxXml(aux(list)).transform).toEqual([10, 0, 500_000, 0, -10, 4_600_000]);
    expect(parseAuxXml(aux("<GeoTransform>0,1,0,0,0,1</GeoTransform>")).transform).toEqual({
      why: "the GeoTransform of its .aux.xml is the identity",
    });
  });

  it("is trusted in GDAL's order: .aux.xml, the file, the world file", async () => {
    const own = { transform: [20, 0, 0, 0, -20, 0], system: systemOfCode("EPSG:32632") } as const;
    const path = join(folder, "a.tif");
    const file = { path, width: 10, height: 10, placeClues: [own] } as unknown as RasterFile;
    await writeFile(join(folder, "a.tfw"), "10\n0\n0\n-10\n500005\n4599995\n");
    expect(await placeOf(file)).toMatchObject({
      georeference: { crs: "EPSG:32632", transform: own.transform },
    });
    const silent = { ...file, placeClues: [{ transform: null, system: own.system }] };
    expect(await placeOf(silent)).toMatchObject({
      georeference: { crs: "EPSG:32632", transform: [10, 0, 500_000, 0, -10, 4_600_000] },
    });
    await writeFile(`${path}.aux.xml`, aux("<GeoTransform>1,2,0,3,0,-2</GeoTransform>"));
    expect(await placeOf(file)).toMatchObject({
      georeference: { crs: "EPSG:32632", transform: [2, 0, 1, 0, -2, 3] },
    });
  });

  it("goes along when a dataset is copied", async () => {
    const from = join(folder, "photos");
    await importPhoto(from, utm31);
    const out = join(folder, "copied");
    await importDataset(from, { out, copy: true });
    for (const ending of ["pgw", "prj", "png.aux.xml"]) {
      expect(existsSync(join(out, "images", "photo", `photo.${ending}`))).toBe(true);
    }
    const [scene] = (await openDataset(out, { strict: true })).scenes;
    expect(scene?.georeference).toMatchObject({
      crs: "EPSG:32631",
      transform: [10, 0, 500_000, 0, -10, 4_600_000],
    });
  });
});

const importPhoto = async (from: string, prj: string): Promise<void> => {
  const { mkdir } = await import("node:fs/promises");
  await mkdir(from);
  const pixels = sharp({ create: { width: 8, height: 8, channels: 3, background: "red" } });
  await pixels.png().toFile(join(from, "photo.png"));
  await writeFile(join(from, "photo.pgw"), "10\n0\n0\n-10\n500005\n4599995\n");
  await writeFile(join(from, "photo.prj"), prj);
  await writeFile(join(from, "photo.png.aux.xml"), "<PAMDataset></PAMDataset>");
};

describe("places that are none", () => {
  const wgs84 = systemOfCode("EPSG:4326");
  const at = (transform: Affine, system = wgs84) => placeImage([{ transform, system }], 100, 100);

  it.each<[string, Affine, RegExp]>([
    ["latitudes over 90", [1, 0, 0, 0, -1, 120], /latitudes go up to 120|not on the Earth/],
    ["metres taken for degrees", [10, 0, 500_000, 0, -10, 4_600_000], /are not on the Earth/],
  ])("%s", (_, transform, why) => {
    expect(at(transform)).toEqual({ why: expect.stringMatching(why) });
  });

  it("a global grid of pixel centres is one, and so is one of 0 to 360 degrees", () => {
    expect(placeImage([{ transform: [1, 0, -180.5, 0, -1, 90.5], system: wgs84 }], 361, 181)).toHaveProperty(
      "georeference",
    );
    expect(placeImage([{ transform: [1, 0, 0, 0, -1, 90], system: wgs84 }], 360, 180)).toHaveProperty(
      "georeference",
    );
  });

  it("a system without a place in it, or nobody's datum", () => {
    expect(placeImage([{ transform: [1, 0, 0, 0, -1, 0], system: null }], 9, 9)).toEqual({
      why: "nothing says which coordinate reference system its numbers are in",
    });
    for (const [text, why] of [
      ['LOCAL_CS["site",UNIT["metre",1]]', /describes a LOCAL_CS/],
      ["PROJCS[", /is no well-known text/],
      [
        'GEOGCS["x",DATUM["Mine",SPHEROID["s",6377397.155,299.15]],UNIT["degree",0.0174532925199433]]',
        /nothing is known of its datum "Mine"/,
      ],
      [
        'GEOGCS["x",DATUM["Mars",SPHEROID["s",3396190,169.89]],UNIT["degree",0.0174532925199433]]',
        /not the Earth's/,
      ],
    ] as const) {
      expect(systemOfWkt(text)).toEqual({ why: expect.stringMatching(why) });
    }
  });
});

describe("grids", () => {
  const proj4 = "+proj=utm +zone=31 +datum=WGS84 +units=m +no_defs";
  const grid = (transform: Affine, more: object = {}) => ({
    width: 100,
    height: 100,
    georeference: { crs: "EPSG:32631", proj4, transform },
    ...more,
  });
  const here: Affine = [10, 0, 500_000, 0, -10, 4_600_000];

  it.each<[string, ReturnType<typeof grid>, RegExp | null]>([
    ["the same", grid(here), null],
    ["as far off as rounding has it", grid([10, 0, 500_000.5, 0, -10, 4_600_000]), null],
    ["half a pixel off", grid([10, 0, 500_005, 0, -10, 4_600_000]), /0\.5 pixels apart/],
    ["a pixel off", grid([10, 0, 500_010, 0, -10, 4_600_000]), /1\.0 pixels apart/],
    [
      "the same corner, other pixels",
      grid([20, 0, 500_000, 0, -20, 4_600_000]),
      /pixels of 20, others of 10/,
    ],
    ["other size", grid(here, { width: 50 }), /50 × 100 pixels, others 100 × 100/],
    [
      "another system",
      grid(here, { georeference: { crs: "EPSG:32632", proj4: proj4.replace("31", "32"), transform: here } }),
      /EPSG:32632, others EPSG:32631/,
    ],
  ])("%s", (_, other, said) => {
    const difference = gridDifference(other, grid(here));
    if (said === null) expect(difference).toBeNull();
    else expect(difference).toMatch(said);
  });
});
