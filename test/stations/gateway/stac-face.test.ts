import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { catalogue } from "../../../datasets/dataset.ts";
import { writeGeoTiff } from "../../../datasets/geotiff/geotiff-writer.ts";
import { instant, seconds } from "../../../pipeline/units.ts";
import type { Gateway } from "../../../stations/gateway/gateway.ts";
import { stacFace } from "../../../stations/gateway/stac-face.ts";
import { runArchive } from "../../../studies/serve/run-archive.ts";
import { type LoopbackServer, startLoopbackServer } from "../../datasets/http/loopback-server.ts";
import { answerCheck, type ApiDocument, gatewayOf } from "./answers.ts";
import { type FixtureRun, writeFixtureRun } from "./run-folder.ts";

const scratch = mkdtempSync(join(tmpdir(), "swath-stac-"));
let gateway: Gateway;
let one: FixtureRun;
let two: FixtureRun;
let imagery: LoopbackServer;
let ask: ReturnType<typeof answerCheck>;
beforeAll(async () => {
  imagery = await startLoopbackServer();
  const path = join(scratch, "genoa.tif");
  await writeGeoTiff(path, {
    width: 32,
    height: 32,
    planes: [new Uint16Array(32 * 32).fill(1500)],
    bandNames: ["B04"],
    scale: 0.0001,
    nodata: 0,
    epsg: 32_632,
    transform: [10, 0, 499_980, 0, -10, 4_900_040],
    acquiredAt: instant(0),
    software: "test",
  });
  imagery.files.set("/genoa.tif", { data: readFileSync(path) });
  one = writeFixtureRun();
  two = writeFixtureRun(one.out, {
    name: "second",
    id: "replay-2",
    count: 3,
    derived: `${imagery.origin}/genoa.tif`,
  });
  const runs = runArchive(one.out, { note: (text) => expect.unreachable(text) });
  gateway = await gatewayOf([stacFace(runs)]);
  ask = answerCheck((await (await fetch(`${gateway.url}/api/openapi.json`)).json()) as ApiDocument);
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await imagery[Symbol.asyncDispose]();
});

interface ItemPage {
  readonly features: readonly {
    readonly id: string;
    readonly collection: string;
    readonly assets: Readonly<Record<string, { readonly href: string }>>;
  }[];
  readonly numberMatched: number;
}

const root = (): string => `${gateway.url}/stac`;
const search = (body: object): Promise<ItemPage> =>
  ask(`${root()}/search`, { method: "POST", body: JSON.stringify(body) }) as Promise<ItemPage>;
const ids = ({ features }: ItemPage): readonly string[] => features.map(({ id }) => id);

describe("STAC API over scenes", () => {
  it("lists runs as collections, and items whose links and assets lead on", async () => {
    expect(await ask(root())).toMatchObject({ type: "Catalog" });
    expect(await ask(`${root()}/conformance`)).toBeDefined();
    const { collections } = (await ask(`${root()}/collections`)) as {
      collections: readonly { id: string }[];
    };
    expect(collections.map(({ id }) => id)).toEqual([one.run, two.run].toSorted());
    expect(await ask(`${root()}/collections/${one.run}`)).toMatchObject({ license: "other" });
    const page = (await ask(`${root()}/collections/${one.run}/items`)) as ItemPage;
    expect(ids(page)).toEqual(["cape town", "genoa", "taveuni"]);
    const [cape] = page.features;
    expect(cape?.assets["geojson"]?.href).toBe(
      `${gateway.url}/api/detections/export?format=geojson&run=${one.run}&scene=cape+town`,
    );
    expect(await ask(`${root()}/collections/${one.run}/items/cape%20town`)).toEqual(cape);
  });

  it("searches by place, shape, time, name and run", async () => {
    expect(ids(await search({ collections: [one.run] }))).toHaveLength(3);
    expect(ids(await search({ bbox: [179.9, -18, -179.9, -16], collections: [one.run] }))).toEqual([
      "taveuni",
    ]);
    const coordinates = [8.9, 44.4];
    expect(ids(await search({ intersects: { type: "Point", coordinates } }))).toEqual(["genoa", "genoa"]);
    const line = [
      [0, 44],
      [20, 45],
    ];
    expect(ids(await search({ intersects: { type: "LineString", coordinates: line }, limit: 1 }))).toEqual([
      "genoa",
    ]);
    expect(ids(await search({ ids: ["taveuni", "nothing"] }))).toEqual(["taveuni", "taveuni"]);
    expect(ids(await search({ datetime: "2026-08-07T00:00:00Z/..", collections: [one.run] }))).toEqual([
      "cape town",
      "taveuni",
    ]);
    const text = encodeURIComponent(JSON.stringify({ type: "Point", coordinates }));
    const got = (await ask(`${root()}/search?intersects=${text}&collections=${two.run}`)) as ItemPage;
    expect(ids(got)).toEqual(["genoa"]);
  });

  it("refuses what it does not understand", async () => {
    const refused = async (body: string): Promise<unknown> => {
      const answer = await ask(`${root()}/search`, { method: "POST", body });
      return [(answer as { status: number }).status, (answer as { field?: string }).field];
    };
    expect(await refused('{"bbox":[1,2]}')).toEqual([400, "bbox"]);
    expect(await refused('{"limit":0}')).toEqual([400, "limit"]);
    expect(await refused('{"datetime":"yesterday"}')).toEqual([400, "datetime"]);
    expect(await refused('{"intersects":{"type":"Circle"}}')).toEqual([400, "intersects.type"]);
    expect(await refused('{"bbox":[1,2,3,4],"intersects":{"type":"Point","coordinates":[1,2]}}')).toEqual([
      400,
      "intersects",
    ]);
    expect(await refused('{"query":{}}')).toEqual([400, "body"]);
    expect(await refused("no json")).toEqual([400, undefined]);
    expect(await ask(`${root()}/collections/none`)).toMatchObject({ status: 404 });
    expect(await ask(`${root()}/collections/${one.run}/items/none`)).toMatchObject({ status: 404 });
    expect(await ask(`${root()}/search?intersects=x`)).toMatchObject({ status: 400, field: "intersects" });
  });

  it("is read by Python's standard library, by GET and POST, page by page", async () => {
    const script = fileURLToPath(new URL("stac-client.py", import.meta.url));
    const run = promisify(execFile);
    const { stdout } = await run("/usr/bin/python3", [script, root(), "8,44,9,45"]);
    const all = [one.run, two.run]
      .toSorted()
      .flatMap((name) => ["cape town", "genoa", "taveuni"].map((id) => [name, id]));
    expect(JSON.parse(stdout)).toEqual({ post: all, get: all, near: all.filter(([, id]) => id === "genoa") });
  });

  it("is read by swath's own client, which gets at imagery that is on the net", async () => {
    const reach = { limits: { backoff: seconds(0.01), attempts: 2 } };
    const found = await catalogue(`stac+${root()}/search`, {
      reach,
      search: { collections: [two.run], bbox: "8,44,9.5,45" },
      cacheDir: scratch,
    });
    expect(
      found.entries.map(({ scene }) => [scene.id, scene.width, scene.bands.map(({ name }) => name)]),
    ).toEqual([["genoa", 32, ["B04"]]]);
  });
});
