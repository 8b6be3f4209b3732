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
  expect(bin["swath"]).toBe("dist/cli/main.js");
  expect(files).toContain("!dist/test");
});
