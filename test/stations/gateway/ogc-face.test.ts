import { execFile, execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DetectionFeature } from "../../../stations/archive/detection-geojson.ts";
import type { Gateway } from "../../../stations/gateway/gateway.ts";
import { ogcFace } from "../../../stations/gateway/ogc-face.ts";
import { type RunArchive, runArchive } from "../../../studies/serve/run-archive.ts";
import { answerCheck, type ApiDocument, gatewayOf } from "./answers.ts";
import { type FixtureRun, liveResults, writeFixtureRun } from "./run-folder.ts";

interface Page {
  readonly features: readonly DetectionFeature[];
  readonly links: readonly { readonly rel: string; readonly href: string }[];
  readonly numberMatched: number;
  readonly numberReturned: number;
}

let gateway: Gateway;
let fixture: FixtureRun;
let runs: RunArchive;
let ask: (url: string) => Promise<unknown>;
beforeAll(async () => {
  fixture = writeFixtureRun();
  runs = runArchive(fixture.out, { note: (text) => expect.unreachable(text) });
  for (const result of liveResults("compare-0badcafe-detect", 5)) runs.archive.hear(result);
  gateway = await gatewayOf([ogcFace(runs)]);
  const api = (await (await fetch(`${gateway.url}/api/openapi.json`)).json()) as ApiDocument;
  ask = answerCheck(api);
});
afterAll(() => gateway[Symbol.asyncDispose]());

const get = async <T>(path: string): Promise<T> => (await ask(`${gateway.url}/ogc${path}`)) as T;
const items = (words: string, collection = "detections"): Promise<Page> =>
  get(`/collections/${collection}/items${words}`);

describe("OGC API – Features over detections", () => {
  it("says where to begin, what it conforms to and which collections there are", async () => {
    const { links } = await get<Page>("");
    expect(links.map(({ rel }) => rel)).toEqual(["self", "service-desc", "conformance", "data"]);
    for (const { href } of links) expect((await fetch(href)).status).toBe(200);
    const { conformsTo } = await get<{ conformsTo: readonly string[] }>("/conformance");
    expect(conformsTo).toContain("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core");
    const { collections } = await get<{ collections: readonly { id: string; extent: unknown }[] }>(
      "/collections",
    );
    expect(collections.map(({ id }) => id)).toEqual(["detections", "compare-0badcafe-detect", fixture.run]);
    expect(await get(`/collections/${fixture.run}`)).toEqual(collections[2]);
    expect(await get(`/collections/${fixture.run}/queryables`)).toMatchObject({
      properties: { class: { enum: ["ship", "tug"] } },
    });
    expect((await fetch(`${gateway.url}/ogc/api`)).url).toBe(`${gateway.url}/api/openapi.json`);
  });

  it("pages through all of it by next links, each detection once", async () => {
    let url = `${gateway.url}/ogc/collections/detections/items?limit=7`;
    const ids: string[] = [];
    for (;;) {
      const page = (await ask(url)) as Page;
      expect(page).toMatchObject({ numberMatched: fixture.count + 5, numberReturned: page.features.length });
      ids.push(...page.features.map(({ id }) => id));
      const next = page.links.find(({ rel }) => rel === "next");
      if (next === undefined) break;
      url = next.href;
    }
    expect(new Set(ids).size).toBe(fixture.count + 5);
    const one = await get<DetectionFeature>(`/collections/detections/items/${ids[20]}`);
    expect(one).toMatchObject({ id: ids[20], type: "Feature" });
  });

  it("keeps to box, time, class and score, also across the antimeridian", async () => {
    const all = (await items("?limit=10000", fixture.run)).features;
    const of = async (words: string, keep: (feature: DetectionFeature) => boolean): Promise<void> => {
      const found = (await items(`?limit=1000&${words}`, fixture.run)).features;
      expect(found.length).toBeGreaterThan(0);
      expect(found).toEqual(all.filter(keep));
    };
    await of("class=tug&min_score=0.5", ({ properties: p }) => p.class === "tug" && p.score >= 0.5);
    await of("bbox=179,-18,-179,-16", ({ properties: p }) => p.scene === "taveuni");
    await of("bbox=8,44,0,9,45,100", ({ properties: p }) => p.scene === "genoa");
    await of(
      "datetime=2026-08-13T10:05:00Z/2026-08-13T10:10:00Z",
      ({ properties: { captured_at: at } }) =>
        at >= "2026-08-13T10:05:00.000Z" && at <= "2026-08-13T10:10:00.000Z",
    );
    await of("datetime=../2026-08-13", () => true);
    expect((await items("?datetime=2026-08-14/..", fixture.run)).features).toEqual([]);
    expect((await items("?class=whale")).numberMatched).toBe(0);
  });

  it("refuses what it does not understand, by name", async () => {
    const refused = async (path: string): Promise<readonly unknown[]> => {
      const { status, field, detail } = await get<Record<string, unknown>>(path);
      return [status, field, detail];
    };
    for (const [words, field, said] of [
      ["?bbox=1,2,3", "bbox", /bbox is not right: wanted west,south,east,north/],
      ["?bbox=1,50,3,40", "bbox", /south not above north/],
      ["?bbox=a,b,c,d", "bbox", /got "a,b,c,d"/],
      ["?limit=0", "limit", /a whole number from 1 on/],
      ["?limit=ten", "limit", /a whole number/],
      ["?datetime=2026-02-30", "datetime", /RFC 3339/],
      ["?datetime=../..", "datetime", /RFC 3339/],
      ["?min_score=2", "min_score", /a score from 0 to 1/],
      ["?klass=ship", "klass", /no parameter "klass" here: wanted one of f, bbox, datetime/],
      ["?limit=1&limit=2", "limit", /wanted it once/],
      ["?cursor=x", "cursor", /the cursor holds no longer/],
      ["?f=html", "f", /wanted json/],
    ] as const) {
      const [status, of, detail] = await refused(`/collections/detections/items${words}`);
      expect([status, of]).toEqual([400, field]);
      expect(detail).toMatch(said);
    }
    expect((await refused("/collections/nothing/items"))[0]).toBe(404);
    expect((await refused("/collections/nothing"))[0]).toBe(404);
    expect((await refused("/collections/detections/items/nothing"))[0]).toBe(404);
    expect((await refused("/collections?limit=3")).slice(0, 2)).toEqual([400, "limit"]);
  });
});

const gdal = spawnSync("ogrinfo", ["--version"], { encoding: "utf8" }).status === 0;
if (!gdal) console.warn("skipped: OGC API with GDAL: ogrinfo is not installed (apt-get install gdal-bin)");

describe.skipIf(!gdal)("GDAL as a client", () => {
  const ogr = (command: string, ...words: readonly string[]): Promise<string> =>
    new Promise((resolve, reject) => {
      // Not `execFileSync`: the server answers from this very process.
      execFile(command, words, { timeout: 30_000 }, (error, stdout, stderr) =>
        error === null ? resolve(stdout + stderr) : reject(new Error(`${error.message} ${stderr}`)),
      );
    });

  it("reads the layers, counts and filters", async () => {
    const listed = await ogr("ogrinfo", `OAPIF:${gateway.url}/ogc`);
    expect(listed).toMatch(/detections/);
    expect(listed).toMatch(new RegExp(fixture.run));
    const layer = await ogr("ogrinfo", "-so", `OAPIF:${gateway.url}/ogc`, fixture.run);
    expect(layer).toMatch(new RegExp(`Feature Count: ${fixture.count}`));
    expect(layer).toMatch(/captured_at: DateTime/);
    expect(layer).toMatch(/score: Real/);
    const near = await ogr(
      "ogrinfo",
      "-so",
      "-spat",
      "8",
      "44",
      "9.5",
      "45",
      `OAPIF:${gateway.url}/ogc`,
      fixture.run,
    );
    expect(near).toMatch(/Feature Count: 10\b/);
  });

  it("copies all of it, page by page, into a file of its own", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "swath-ogr-")), "copy.geojson");
    await ogr("ogr2ogr", "-oo", "PAGE_SIZE=4", file, `OAPIF:${gateway.url}/ogc`, fixture.run);
    const text = execFileSync("ogrinfo", ["-so", "-al", file], { encoding: "utf8" });
    expect(text).toMatch(new RegExp(`Feature Count: ${fixture.count}`));
  });
});
