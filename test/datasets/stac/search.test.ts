import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { catalogue } from "../../../datasets/dataset.ts";
import { writeGeoTiff } from "../../../datasets/geotiff/geotiff-writer.ts";
import { parseBbox, parseDatetime } from "../../../datasets/stac/search.ts";
import { instant, seconds } from "../../../pipeline/units.ts";
import { type LoopbackServer, startLoopbackServer } from "../http/loopback-server.ts";

const root = mkdtempSync(join(tmpdir(), "swath-search-"));
let server: LoopbackServer;
beforeAll(async () => {
  server = await startLoopbackServer();
  const path = join(root, "made.tif");
  await writeGeoTiff(path, {
    width: 32,
    height: 32,
    planes: [new Uint16Array(32 * 32).fill(1500)],
    bandNames: ["B04"],
    scale: 0.0001,
    nodata: 0,
    epsg: 32_760,
    transform: [10, 0, 499_980, 0, -10, 1_200_040],
    acquiredAt: instant(0),
    software: "test",
  });
  server.files.set("/port.tif", { data: readFileSync(path) });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(root, { recursive: true, force: true });
});

const item = (n: number) => ({
  type: "Feature",
  stac_version: "1.0.0",
  id: `item-${n}`,
  collection: "s2",
  geometry: null,
  properties: { datetime: "2024-01-09T18:47:54Z" },
  links: [{ rel: "self", href: `${server.origin}/collections/s2/items/item-${n}` }],
  assets: { B04: { href: "/port.tif", type: "image/tiff", "eo:bands": [{ name: "B04" }] } },
});
const reach = { limits: { backoff: seconds(0.01), attempts: 2 } };

/** An API of ten items in pages of three, which takes POST or GET alone. */
const serveApi = (path: string, takes: "POST" | "GET", total = 10): string => {
  server.answers.push(({ method, url, body }, response) => {
    const address = new URL(url, server.origin);
    if (address.pathname !== path) return false;
    if (method !== takes) {
      response.writeHead(405).end();
      return true;
    }
    const asked = takes === "POST" ? JSON.parse(body) : Object.fromEntries(address.searchParams);
    const from = Number(asked.token ?? 0);
    const features = Array.from({ length: Math.min(3, total - from) }, (_, i) => item(from + i));
    const next = `${server.origin}${path}`;
    const link =
      takes === "POST"
        ? { rel: "next", href: next, method: "POST", merge: true, body: { token: `${from + 3}` } }
        : {
            rel: "next",
            href: `${next}?${new URLSearchParams({ ...asked, token: `${from + 3}` }).toString()}`,
          };
    const links = from + 3 < total ? [link] : [];
    response.writeHead(200).end(JSON.stringify({ type: "FeatureCollection", features, links }));
    return true;
  });
  return `stac+${server.origin}${path}`;
};

describe("a search of a STAC API", () => {
  it.each(["POST", "GET"] as const)("follows its pages by %s, to the number asked for", async (method) => {
    const reference = serveApi(`/${method}/search`, method);
    const search = {
      collections: ["s2", "l8"],
      bbox: "8.6,44.2,9.2,44.6",
      datetime: "2024-01-01/2024-01-31",
    };
    const found = await catalogue(reference, { reach, search, maxItems: 7, cacheDir: root });
    expect(found.entries.map(({ scene }) => scene.id)).toEqual([0, 1, 2, 3, 4, 5, 6].map((n) => `item-${n}`));
    const pages = server.seen.filter(({ url, method: by }) => url.startsWith(`/${method}/`) && by === method);
    expect(pages).toHaveLength(3);
    const asked =
      method === "POST"
        ? pages.map(({ body }) => JSON.parse(body))
        : pages.map(({ url }) => Object.fromEntries(new URL(url, server.origin).searchParams));
    const isPost = method === "POST";
    for (const page of asked) {
      expect(page).toMatchObject({
        collections: isPost ? ["s2", "l8"] : "s2,l8",
        bbox: isPost ? [8.6, 44.2, 9.2, 44.6] : "8.6,44.2,9.2,44.6",
        datetime: "2024-01-01T00:00:00Z/2024-01-31T23:59:59.999Z",
      });
    }
    expect(found.fetched?.requests).toBeGreaterThan(3);
  });

  it("stands in one reference, and takes twenty items where nobody says how many", async () => {
    const reference = serveApi("/many/search", "POST", 40);
    const found = await catalogue(`${reference}?collections=s2&bbox=1,2,3,4`, { reach, cacheDir: root });
    expect(found.entries).toHaveLength(20);
    expect(found.name).toBe("s2");
    expect(JSON.parse(server.seen.find(({ url }) => url === "/many/search")!.body)).toEqual({
      collections: ["s2"],
      bbox: [1, 2, 3, 4],
      limit: 20,
    });
  });

  it("begins at the landing page of an API as well", async () => {
    serveApi("/v1/search", "POST", 2);
    const links = [{ rel: "search", href: `${server.origin}/v1/search`, method: "POST" }];
    const data = Buffer.from(JSON.stringify({ type: "Catalog", id: "api", stac_version: "1.0.0", links }));
    server.files.set("/v1/", { data });
    expect((await catalogue(`stac+${server.origin}/v1/`, { reach, cacheDir: root })).entries).toHaveLength(2);
  });

  it.each<readonly [string, unknown, number, RegExp]>([
    [
      "error",
      { code: "BadRequest", description: "bbox\nis \u001b[31mwrong, see /x?sig=SECRET" },
      400,
      /got HTTP 400 Bad Request: bbox is \[31mwrong, see \/x\?…$/,
    ],
    [
      "nothing",
      { type: "FeatureCollection", features: [], links: [] },
      200,
      /found nothing: wanted \{"collections":\["none"\]\}, got no items/,
    ],
    ["text", "hello", 200, /pages? of|is malformed|wanted/],
    [
      "loop",
      { type: "FeatureCollection", features: [], links: [{ rel: "next", href: "?again=1" }] },
      200,
      /a next link that leads back/,
    ],
    [
      "away",
      {
        type: "FeatureCollection",
        features: [],
        links: [{ rel: "next", href: "http://127.0.0.1:9/search" }],
      },
      200,
      /a next link to 127\.0\.0\.1:9/,
    ],
  ])("says what is wrong in one line (%s)", async (name, answer, status, message) => {
    server.answers.push(({ url }, response) => {
      if (!url.startsWith(`/${name}/search`)) return false;
      response.writeHead(status).end(JSON.stringify(answer));
      return true;
    });
    const search = { collections: ["none"] };
    const error = await catalogue(`stac+${server.origin}/${name}/search`, {
      reach,
      search,
      cacheDir: root,
    }).catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ message: expect.stringMatching(message) });
    expect((error as Error).message).not.toMatch(/\p{Cc}|SECRET/u);
  });

  it("is asked for in words that are checked first", async () => {
    expect(parseBbox(" 170,-10,-170,10")).toEqual([170, -10, -170, 10]);
    for (const text of ["1,2,3", "1,2,3,4,5", "1,5,2,4", "200,0,201,1", "a,b,c,d", "1,,2,3"]) {
      expect(() => parseBbox(text), text).toThrow(/--bbox: wanted west,south,east,north/);
    }
    expect(parseDatetime("2023-06-03")).toBe("2023-06-03T00:00:00Z/2023-06-03T23:59:59.999Z");
    expect(parseDatetime("2023-06-03T10:41:29Z")).toBe("2023-06-03T10:41:29Z");
    expect(parseDatetime("2023-06-01/..")).toBe("2023-06-01T00:00:00Z/..");
    for (const text of [
      "yesterday",
      "2023-06-01/2023-05-01",
      "../..",
      "2023-13-01",
      "1/2/3",
      "2023-06-01T10:00:00",
    ]) {
      expect(() => parseDatetime(text), text).toThrow(/--datetime: wanted/);
    }
    await expect(catalogue(root, { search: { bbox: "1,2,3,4" } })).rejects.toThrow(
      /wanted a search, stac\+https/,
    );
  });
});
