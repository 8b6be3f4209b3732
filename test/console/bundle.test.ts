import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";

const folder = "dist/console";
const assets = join(folder, "assets");
const packed = (names: readonly string[]): number =>
  names.reduce((sum, name) => sum + gzipSync(readFileSync(join(assets, name))).length, 0);

describe.skipIf(!existsSync(folder))("the console's bundle (npm run build)", () => {
  it("is 400 kB at most with gzip, without the base map", () => {
    const names = readdirSync(assets).filter((name) => /\.(js|css)$/.test(name));
    expect(names.length).toBe(2);
    expect(packed(names)).toBeLessThanOrEqual(400_000);
  });

  it("asks nobody else for anything: no address of another server in page, script or style", () => {
    const texts = [join(folder, "index.html"), ...readdirSync(assets).map((name) => join(assets, name))]
      .filter((path) => /\.(html|js|css)$/.test(path))
      .map((path) => readFileSync(path, "utf8"));
    // Names of XML and of schemas, which nothing opens; that nothing else is asked for the browser test sees.
    const foreign = texts
      .flatMap((text) => [...text.matchAll(/https?:\/\/[\w.-]+\w/g)].map(([address]) => address))
      .filter((address) => !/\/\/(www\.w3\.org|json-schema\.org)$/.test(address));
    expect(foreign).toEqual([]);
  });

  it("names every file by its content", () => {
    expect(readdirSync(assets).every((name) => /-[0-9a-f]{10}\.(js|css|json)$/.test(name))).toBe(true);
  });
});
