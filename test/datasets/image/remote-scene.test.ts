import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openAccess } from "../../../datasets/access.ts";
import { catalogue } from "../../../datasets/dataset.ts";
import { writeGeoTiff } from "../../../datasets/geotiff/geotiff-writer.ts";
import { openScene } from "../../../datasets/image/file-scene.ts";
import { generator } from "../../fuzz/mutants.ts";
import { instant } from "../../../pipeline/units.ts";
import { crc32 } from "../geotiff-crc32.ts";
import { type LoopbackServer, startLoopbackServer } from "../http/loopback-server.ts";

const [width, height] = [1500, 1200];
const bandNames = ["B02", "B03", "B04", "B08"];
const windows = [0, 512, 1024].flatMap((y) =>
  [0, 512, 1024].map((x) => ({
    x,
    y,
    width: Math.min(512, width - x),
    height: Math.min(512, height - y),
  })),
);

let folder = "";
let server: LoopbackServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "swath-remote-"));
  server = await startLoopbackServer();
  const random = generator(1);
  await writeGeoTiff(join(folder, "a.tif"), {
    width,
    height,
    planes: bandNames.map(() => Uint16Array.from({ length: width * height }, () => random(4000))),
    bandNames,
    scale: 1e-4,
    nodata: 0,
    transform: [10, 0, 500_000, 0, -10, 4_600_000],
    epsg: 32_631,
    acquiredAt: instant(1_685_750_400),
    software: "test",
  });
  server.files.set("/a.tif", { data: await readFile(join(folder, "a.tif")), etag: '"one"' });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const readAll = async (reference: string, isExpected: boolean, bands: readonly string[]) => {
  await using access = openAccess();
  const [entry] = (await catalogue(reference, { access })).entries;
  const before = access.traffic();
  await using reader = await openScene(entry!.scene, entry!.assets, { access });
  if (isExpected) reader.expect!(windows, bands);
  const rasters = await Promise.all(windows.map((window) => reader.readWindow(window, bands)));
  const { requests, bytes } = access.traffic();
  const sums = rasters.flatMap(({ planes }) =>
    planes.map((plane) => crc32(new Uint8Array(plane.buffer, plane.byteOffset, plane.byteLength))),
  );
  return { sums, requests: requests - before.requests, bytes: bytes - before.bytes };
};

describe("a scene from a web server", () => {
  it("has the pixels of the file, whether its reader says ahead what it will read or not", async () => {
    const remote = `${server.origin}/a.tif`;
    const [local, plain, ahead] = await Promise.all([
      readAll(join(folder, "a.tif"), false, bandNames),
      readAll(remote, false, bandNames),
      readAll(remote, true, bandNames),
    ]);
    expect(plain.sums).toEqual(local.sums);
    expect(ahead.sums).toEqual(local.sums);
  });

  it("comes in few requests when it is expected, and without a byte of bands that nobody reads", async () => {
    const remote = `${server.origin}/a.tif`;
    const plain = await readAll(remote, false, ["B03"]);
    const ahead = await readAll(remote, true, ["B03"]);
    expect(ahead.requests).toBeLessThan(plain.requests);
    expect(ahead.bytes).toBeLessThanOrEqual(plain.bytes);
  });
});
