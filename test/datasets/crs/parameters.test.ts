import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type CoordinateSystem, type NoPlace, settleAt } from "../../../datasets/crs/coordinate-system.ts";
import { systemOfWkt } from "../../../datasets/crs/wkt.ts";
import { openGeoTiff } from "../../../datasets/geotiff/geotiff.ts";
import { projectionOf } from "../../../pipeline/raster/projection.ts";
import { metresBetween } from "./metres-between.ts";

interface Form {
  readonly text: string;
  readonly points: readonly (readonly [x: number, y: number, longitude: number, latitude: number])[];
}

interface Described {
  readonly name: string;
  readonly wkt1?: Form;
  readonly esri?: Form;
  readonly wkt2?: Form;
  /** Base64. */
  readonly tiff?: Form;
}

const golden = new URL("../../golden/crs/parameters.json", import.meta.url);
const systems = JSON.parse(readFileSync(golden, "utf8")) as readonly Described[];

const folder = await mkdtemp(join(tmpdir(), "swath-parameters-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What is said, for each way of writing, of systems that are refused by name. Everything else has to be right. */
const refused: Readonly<Record<string, RegExp>> = {
  Robinson: /\(robin\) is not one that Swath computes as PROJ does/,
  orthographic: /\(ortho\) is not one that Swath computes as PROJ does|projection "Local" is not/,
  "orthographic, sphere: esri": /projection "Local" is not one that is known for certain/,
  // Esri's text has no place for a shift: PROJ then takes the datum for WGS 84.
  "Gauss-Krüger with a shift of its own: esri": /nothing is known of its datum/,
  "Swiss: esri": /nothing is known of its datum/,
  "New Zealand map grid: esri": /nothing is known of its datum/,
  "ED50 by parameters: esri": /nothing is known of its datum/,
};

const furthest = (system: CoordinateSystem | NoPlace, { points }: Form): number | NoPlace => {
  if ("why" in system) return system;
  let worst = 0;
  for (const [x, y, longitude, latitude] of points) {
    const settled = settleAt(system, x, y);
    if ("why" in settled) return settled;
    const off = metresBetween(projectionOf(settled.proj4).toLonLat(x, y), [longitude, latitude]);
    if (!(off <= worst)) worst = off;
  }
  return worst;
};

const systemInTiff = async (base64: string): Promise<CoordinateSystem | NoPlace> => {
  const path = join(folder, "described.tif");
  await writeFile(path, Buffer.from(base64, "base64"));
  await using file = await openGeoTiff(path);
  return file.placeClues?.[0]?.system ?? { why: "no system in its keys" };
};

describe("systems that only their parameters describe lie where PROJ has them", () => {
  for (const described of systems) {
    for (const key of ["wkt1", "esri", "wkt2", "tiff"] as const) {
      const form = described[key];
      if (form === undefined) continue;
      it(`${described.name}: ${key}`, async () => {
        const system = key === "tiff" ? await systemInTiff(form.text) : systemOfWkt(form.text);
        const off = furthest(system, form);
        const why = refused[`${described.name}: ${key}`] ?? refused[described.name];
        if (why !== undefined) expect(off).toEqual({ why: expect.stringMatching(why) });
        else if (typeof off === "number") expect(off).toBeLessThan(1);
        else expect.fail(off.why);
      });
    }
  }
});
