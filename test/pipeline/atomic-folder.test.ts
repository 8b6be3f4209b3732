import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeRunFolder } from "../../pipeline/atomic-folder.ts";

let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "swath-folder-"));
});
afterEach(() => rm(root, { recursive: true }));

const run = (text: string) => [
  { path: "summary.json", content: text },
  { path: "stac/a.json", content: new TextEncoder().encode("{}") },
];

test("writes folders within, replaces an earlier run and leaves nothing beside it", async () => {
  const folder = join(root, "runs", "one");
  await writeRunFolder(folder, [...run("first"), { path: "gone.txt", content: "" }]);
  await writeRunFolder(`${folder}/`, run("second"));
  expect(await readFile(join(folder, "summary.json"), "utf8")).toBe("second");
  expect((await readdir(folder)).toSorted()).toEqual(["stac", "summary.json"]);
  expect(await readdir(join(root, "runs"))).toEqual(["one"]);
});

test("a disk that fills up leaves the earlier run as it was, and nothing half-written", async () => {
  const folder = join(root, "one");
  await writeRunFolder(folder, run("first"));
  let written = 0;
  const full = async (path: string, content: string | Uint8Array) => {
    if (++written > 1)
      throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    await writeFile(path, content);
  };
  await expect(writeRunFolder(folder, run("second"), full)).rejects.toMatchObject({
    tag: "storage",
    message: expect.stringMatching(/not written: got ENOSPC.*; the disk is full/) as string,
  });
  expect(written).toBe(2);
  expect(await readFile(join(folder, "summary.json"), "utf8")).toBe("first");
  expect(await readdir(root)).toEqual(["one"]);
});

test("a folder with other things in it is not replaced", async () => {
  await mkdir(join(root, "photos"));
  await writeFile(join(root, "photos", "cat.jpg"), "");
  await expect(writeRunFolder(join(root, "photos"), run(""))).rejects.toMatchObject({ tag: "storage" });
  expect(await readdir(join(root, "photos"))).toEqual(["cat.jpg"]);
});

test.each(["../out.json", "/etc/x", "a/../../b"])("a file may not leave the folder: %s", async (path) => {
  const files = [{ path, content: "" }];
  await expect(writeRunFolder(join(root, "one"), files)).rejects.toMatchObject({ tag: "storage" });
  expect(await readdir(root)).toEqual([]);
});

test("a path through a file says so", async () => {
  await writeFile(join(root, "file"), "");
  await expect(writeRunFolder(join(root, "file", "run"), run(""))).rejects.toThrow(
    /part of the path is a file/,
  );
});
