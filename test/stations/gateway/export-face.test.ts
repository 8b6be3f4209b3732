import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exportFace } from "../../../stations/gateway/export-face.ts";
import type { Gateway } from "../../../stations/gateway/gateway.ts";
import { readDetections } from "../../../stations/archive/read-detections.ts";
import { runArchive, withHeard } from "../../../studies/serve/run-archive.ts";
import { gatewayOf } from "./answers.ts";
import { type FixtureRun, liveResults, writeFixtureRun } from "./run-folder.ts";

const folder = mkdtempSync(join(tmpdir(), "swath-export-"));
let gateway: Gateway;
let fixture: FixtureRun;
const heard: ReturnType<typeof liveResults>[number][] = [];
beforeAll(async () => {
  fixture = writeFixtureRun();
  const runs = runArchive(fixture.out, { note: (text) => expect.unreachable(text) });
  const journal = {
    first: 1,
    get head() {
      return heard.length;
    },
    read: (from: number) =>
      Promise.resolve({
        entries: heard
          .slice(from - 1)
          .map((result) => ({ result, data: Buffer.from(JSON.stringify(result)) })),
        next: heard.length + 1,
      } as never),
  };
  gateway = await gatewayOf([exportFace(withHeard(runs, journal))]);
});
afterAll(() => gateway[Symbol.asyncDispose]());

const ask = (words: string): Promise<Response> => fetch(`${gateway.url}/api/detections/export?${words}`);
const save = async (words: string, ending: string): Promise<string> => {
  const response = await ask(words);
  expect(response.status).toBe(200);
  const file = join(folder, `${Math.random()}.${ending}`);
  writeFileSync(file, Buffer.from(await response.arrayBuffer()));
  return file;
};

describe("detections as files", () => {
  it("are GeoJSON and CSV of what was asked for", async () => {
    const all = (await (await ask("format=geojson")).json()) as { features: readonly object[] };
    expect(all.features).toHaveLength(fixture.count);
    const some = (await (await ask("class=tug&min_score=0.4&scene=genoa,cape%20town")).json()) as {
      features: readonly { properties: { class: string; score: number; scene: string } }[];
    };
    expect(some.features.length).toBeGreaterThan(0);
    for (const { properties: p } of some.features)
      expect([p.class, p.score >= 0.4, p.scene !== "taveuni"]).toEqual(["tug", true, true]);
    const csv = (await (await ask("format=csv&bbox=179,-20,-179,-10")).text()).trim().split("\r\n");
    expect(csv[0]).toMatch(/^id,run,policy,scene,.*,latency_s,model$/);
    expect(csv.slice(1).every((row) => row.includes("taveuni"))).toBe(true);
    expect(csv).toHaveLength(11);
  });

  it("are GeoParquet that our own reader takes for the run", async () => {
    const file = await save(`format=geoparquet&run=${fixture.run}`, "parquet");
    const table = await readDetections(file, { run: fixture.run, policy: "detect" });
    const { features } = (await (await ask("format=geojson")).json()) as { features: readonly object[] };
    expect(Array.from({ length: table.rows }, (_, row) => table.featureAt(row))).toEqual(features);
  });

  it("know what was heard of a run at work, by its run or its command's", async () => {
    heard.push(...liveResults("compare-0badcafe-detect", 4));
    const count = async (run: string): Promise<number> =>
      ((await (await ask(`run=${run}`)).json()) as { features: readonly object[] }).features.length;
    expect(await count("compare-0badcafe")).toBe(4);
    expect(await count("compare-0badcafe-detect,replay-00c0ffee")).toBe(4 + fixture.count);
    heard.push(...liveResults("compare-0badcafe-detect", 6));
    expect(await count("compare-0badcafe")).toBe(6);
  });

  it("refuse what is not there, with what there is", async () => {
    const refused = async (words: string) =>
      (await (await ask(words)).json()) as { status: number; detail: string };
    expect(await refused("class=whale")).toMatchObject({
      status: 400,
      detail: expect.stringMatching(/unknown class "whale": wanted ship, tug/),
    });
    expect(await refused("run=none")).toMatchObject({
      status: 404,
      detail: expect.stringMatching(/unknown run "none": wanted .*replay-00c0ffee/),
    });
    expect(await refused("format=shp")).toMatchObject({
      status: 400,
      detail: expect.stringMatching(/geojson, geoparquet, flatgeobuf, csv/),
    });
  });
});

const gdal = spawnSync("ogrinfo", ["--version"], { encoding: "utf8" }).status === 0;
if (!gdal) console.warn("skipped: files with GDAL: ogrinfo is not installed (apt-get install gdal-bin)");
const drivers = gdal ? execFileSync("ogrinfo", ["--formats"], { encoding: "utf8" }) : "";

describe.skipIf(!gdal)("GDAL as a reader", () => {
  const reads = (file: string): string => execFileSync("ogrinfo", ["-al", file], { encoding: "utf8" });

  it.skipIf(!drivers.includes("FlatGeobuf"))("reads FlatGeobuf: all rows, types, places", async () => {
    const text = reads(await save(`format=flatgeobuf&run=${fixture.run}`, "fgb"));
    expect(text.match(/^OGRFeature/gm)).toHaveLength(fixture.count);
    expect(text).toMatch(/Geometry: Multi Polygon/);
    expect(text).toMatch(/WGS 84/);
    expect(text).toMatch(/score: Real/);
    expect(text).toMatch(/captured_at: DateTime/);
    expect(text).toMatch(/captured_at \(DateTime\) = 2026\/08\/13 10:00:00/);
    expect(text).toMatch(
      /MULTIPOLYGON \(\(\(8\.698 44\.198,8\.702 44\.198,8\.702 44\.202,8\.698 44\.202,8\.698 44\.198\)\)\)/,
    );
    const near = execFileSync(
      "ogrinfo",
      ["-al", "-so", "-where", "class = 'tug' AND score > 0.5", await save("format=flatgeobuf", "fgb")],
      { encoding: "utf8" },
    );
    expect(near).toMatch(/Feature Count: [1-9]/);
  });

  it.skipIf(!drivers.includes("Parquet"))("reads GeoParquet", async () => {
    expect(reads(await save("format=geoparquet", "parquet"))).toMatch(/captured_at/);
  });
});
