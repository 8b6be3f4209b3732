import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { seconds } from "../../../pipeline/units.ts";
import { type Gateway, openGateway } from "../../../stations/gateway/gateway.ts";
import { newSecret } from "../../../stations/gateway/login.ts";
import { runsFace } from "../../../stations/gateway/runs-face.ts";
import { runFolders } from "../../../studies/serve/run-folders.ts";
import { smallRecord } from "../../studies/record/small-record.ts";
import { gatewayOf } from "./answers.ts";
import { writeFixtureRun } from "./run-folder.ts";

const [width, height] = [64, 64];

/** Any pixels, each unlike its neighbours. */
const pixels = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 2654435761) >>> 24);

let root: string;
let gateway: Gateway;
let run: string;
const image = (): string => join(root, "images", "genoa.tif");

const writeImage = async (path: string, content: Uint8Array): Promise<void> => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(
    path,
    await sharp(content, { raw: { width, height, channels: 3 } })
      .tiff({ compression: "deflate" })
      .toBuffer(),
  );
};

const setJson = (path: string, change: (value: Record<string, unknown>) => object): void =>
  writeFileSync(
    path,
    JSON.stringify(change(JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>)),
  );

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "swath-scene-"));
  const runs = join(root, "runs");
  run = writeFixtureRun(runs, { derived: "../../../../images/genoa.tif" }).name;
  const folder = join(runs, run);
  setJson(join(folder, "summary.json"), (summary) => ({
    ...summary,
    dataset: { ...(summary["dataset"] as object), name: "images" },
  }));
  for (const { path, content } of (await smallRecord(run, null)).files()) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  await writeImage(image(), pixels);
  const sha256 = createHash("sha256").update(readFileSync(image())).digest("hex");
  const identity = { schema: "swath-identity/1", files: { genoa: [{ file: "genoa.tif", sha256 }] } };
  writeFileSync(join(folder, "identity.json"), JSON.stringify(identity));
  gateway = await gatewayOf([runsFace(runFolders(runs, { listForMs: 0 }))]);
});
afterEach(async () => {
  await gateway[Symbol.asyncDispose]();
  rmSync(root, { recursive: true });
});

const ask = (query: string, scene = "genoa", init: RequestInit = {}): Promise<Response> =>
  fetch(`${gateway.url}/api/runs/${run}/scenes/${scene}/picture?${query}`, init);

const problem = async (query: string, scene?: string): Promise<string> => {
  const response = await ask(query, scene);
  expect(response.headers.get("Content-Type")).toBe("application/problem+json");
  return `${response.status} ${((await response.json()) as { readonly detail: string }).detail}`;
};

describe("a picture of a scene from the dataset of a run", () => {
  it("has the pixels of the dataset, one for one, and an ETag", async () => {
    const [x, y, w, h] = [17, 5, 40, 30];
    const response = await ask(`bbox=${x},${y},${x + w},${y + h}&from=dataset`);
    expect(response.status, await response.clone().text()).toBe(200);
    expect(response.headers.get("Content-Type")).toBe("image/webp");
    const { data, info } = await sharp(await response.arrayBuffer())
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: w, height: h, channels: 3 });
    const wanted = Array.from({ length: h }, (_, row) =>
      pixels.subarray(((y + row) * width + x) * 3, ((y + row) * width + x + w) * 3),
    );
    expect(Buffer.compare(data, Buffer.concat(wanted))).toBe(0);
    const etag = response.headers.get("ETag") ?? "";
    const again = await ask(`bbox=${x},${y},${x + w},${y + h}&from=dataset`, "genoa", {
      headers: { "If-None-Match": etag },
    });
    expect(again.status).toBe(304);
  });

  it("is given only to those who know whence it comes, and only where the scene is", async () => {
    expect(await problem("bbox=0,0,8,8")).toMatch(/^400 from is not right: wanted dataset/);
    expect(await problem("bbox=0,0,8,8&from=downlink")).toMatch(/^400 from is not right/);
    for (const bbox of ["8,8,8,9", "0,0,8", "0,0,1.5,2", "-1,0,8,8", "0,0,1025,8", "a,b,c,d"])
      expect(await problem(`bbox=${bbox}&from=dataset`), bbox).toMatch(/^400 bbox is not right: wanted x0/);
    expect(await problem(`bbox=0,0,${width + 1},8&from=dataset`)).toMatch(
      new RegExp(`^400 bbox leaves scene "genoa": wanted within 0,0,${width},${height}`),
    );
  });

  it("is of scenes that the run has read, and of no other file", async () => {
    for (const scene of ["taveuni", "..%2F..%2Fgenoa", "__proto__", "%2Fetc%2Fpasswd"])
      expect(await problem("bbox=0,0,8,8&from=dataset", scene), scene).toMatch(
        /^404 no scene .* wanted one of genoa/,
      );
    // A STAC item that leads elsewhere: the bytes there are not those that the run read.
    const secret = join(root, "elsewhere", "genoa.tif");
    await writeImage(secret, pixels.toReversed());
    const item = join(root, "runs", run, "detect", "stac", "genoa.json");
    writeFileSync(
      item,
      JSON.stringify({ links: [{ rel: "derived_from", href: "../../../../elsewhere/genoa.tif" }] }),
    );
    expect(await problem("bbox=0,0,8,8&from=dataset")).toMatch(
      /^409 the dataset of scene "genoa" has changed since the run.*other bytes in genoa\.tif/,
    );
  });

  it("is refused once the dataset has moved or changed, and given again once it is back", async () => {
    const query = "bbox=0,0,8,8&from=dataset";
    expect((await ask(query)).status).toBe(200);
    const aside = join(root, "aside.tif");
    renameSync(image(), aside);
    expect(await problem(query)).toMatch(
      /^410 the dataset of scene "genoa" is not where the run read it: got no genoa\.tif/,
    );
    await writeImage(image(), pixels.toReversed());
    expect(await problem(query)).toMatch(/^409 .*other bytes in genoa\.tif/);
    writeFileSync(image(), "no picture");
    expect(await problem(query)).toMatch(/^410 /);
    renameSync(aside, image());
    expect((await ask(query)).status).toBe(200);
  });

  it("needs the login where everything does", async () => {
    const faces = [runsFace(runFolders(join(root, "runs"), { listForMs: 0 }))];
    const [host, secret] = ["0.0.0.0", newSecret()];
    const note = (text: string): void => {
      throw new Error(text);
    };
    await using open = await openGateway({
      host,
      port: 0,
      faces,
      secret,
      origins: [],
      loginValid: seconds(60),
      note,
    });
    const url = `${open.url.replace("0.0.0.0", "127.0.0.1")}/api/runs/${run}/scenes/genoa/picture?bbox=0,0,8,8&from=dataset`;
    expect((await fetch(url)).status).toBe(401);
    const headers = { Authorization: `Bearer ${open.token}` };
    expect((await fetch(url, { headers })).status).toBe(200);
  });
});
