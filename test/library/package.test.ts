import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { onnxRuntimeVersion } from "../../models/runtimes/onnx-library.ts";

interface Locked {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly hasInstallScript?: boolean;
  readonly license?: string;
  readonly engines?: { readonly node?: string };
  readonly peer?: boolean;
}

const read = <T>(file: string): T => JSON.parse(readFileSync(file, "utf8")) as T;
const { packages } = read<{ packages: Readonly<Record<string, Locked>> }>("npm-shrinkwrap.json");
const shipped = Object.entries(packages).filter(
  ([path, { dev, peer }]) => path !== "" && dev !== true && peer !== true,
);

test("what the package installs runs no script", () => {
  expect(shipped.length).toBeGreaterThan(20);
  expect(shipped.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path)).toEqual([]);
});

test("what the package installs has a permissive licence", () => {
  const permissive =
    /^\(?(MIT|MIT-0|ISC|BSD-[23]-Clause|0BSD|Apache-2\.0|BlueOak-1\.0\.0|CC0-1\.0|Unlicense|Python-2\.0|LGPL-3\.0-or-later)/;
  const others = shipped.filter(([, { license }]) => !permissive.test(license ?? ""));
  expect(others.map(([path, { license }]) => `${path}: ${license}`)).toEqual([]);
});

test("the runtime that is fetched is the one that is tested", () => {
  expect(packages["node_modules/onnxruntime-node"]?.version).toBe(onnxRuntimeVersion);
});

test("the package says where its types and its commands are", () => {
  const { exports, files, bin } = read<{
    readonly exports: Readonly<Record<string, unknown>>;
    readonly files: readonly string[];
    readonly bin: Readonly<Record<string, string>>;
  }>("package.json");
  expect(exports["."]).toEqual({ types: "./dist/index.d.ts", default: "./dist/index.js" });
  expect(bin["swath"]).toBe("dist/bin/swath.js");
  expect(files).toContain("!dist/test");
});

test("the bill of materials names all that the package installs, with licence and digest", () => {
  const { stdout } = spawnSync(process.execPath, ["sbom.mjs"], { encoding: "utf8", maxBuffer: 1e8 });
  const { components } = JSON.parse(stdout) as {
    readonly components: readonly {
      readonly purl: string;
      readonly hashes?: readonly unknown[];
      readonly licenses?: readonly unknown[];
    }[];
  };
  const named = new Map(components.map((one) => [decodeURIComponent(one.purl), one]));
  const missing = shipped.filter(([path, { version = "", optional }]) => {
    const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
    const one = named.get(`pkg:npm/${name}@${version}`);
    return optional !== true && (one === undefined || !one.hashes?.length || !one.licenses?.length);
  });
  expect(missing.map(([path]) => path)).toEqual([]);
});
