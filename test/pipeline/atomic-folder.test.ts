import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { writeRunFolder } from "../../pipeline/atomic-folder.ts";
import { parseManifest } from "../../pipeline/run-manifest.ts";

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
  expect((await readdir(folder)).toSorted()).toEqual(["manifest.json", "stac", "summary.json"]);
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

test("the manifest has the digest of every file but of those that people may change", async () => {
  const folder = join(root, "one");
  await writeRunFolder(folder, [...run("text"), { path: "tags.json", content: "[]", mutable: true }]);
  const { files } = parseManifest(await readFile(join(folder, "manifest.json"), "utf8"), "manifest.json");
  const digests = new Map(files.map(({ path, sha256 }) => [path, sha256]));
  expect([...digests.keys()]).toEqual(["stac/a.json", "summary.json"]);
  // As `printf text | sha256sum` has it.
  expect(digests.get("summary.json")).toBe(
    "982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1",
  );
});

describe("what a killed writer left", () => {
  /** A process that has ended. */
  const deadPid = (): number => spawnSync(process.execPath, ["-e", ""]).pid;

  test("is swept by the next one, and a run that was being replaced is put back", async () => {
    const left = (name: string, pid: number, host = hostname()): string =>
      join(root, `.${name}.partial-~${host}~${pid}~`);
    const dead = deadPid();
    await mkdir(left("half", dead));
    await mkdir(`${left("two", dead)}.old`);
    await writeFile(join(`${left("two", dead)}.old`, "summary.json"), "kept");
    await mkdir(left("busy", process.ppid));
    await mkdir(left("elsewhere", dead, "another-host"));
    await mkdir(join(root, ".simulate-3f2a.partial"));
    await writeRunFolder(join(root, "one"), run("text"));
    expect((await readdir(root)).toSorted()).toEqual(
      [
        ".simulate-3f2a.partial",
        basename(left("busy", process.ppid)),
        basename(left("elsewhere", dead, "another-host")),
        "one",
        "two",
      ].toSorted(),
    );
    expect(await readFile(join(root, "two", "summary.json"), "utf8")).toBe("kept");
  });

  test("of another host goes after a day", async () => {
    const path = join(root, ".one.partial-~another-host~1~");
    await mkdir(path);
    const yesterday = new Date(Date.now() - 25 * 3_600_000);
    await utimes(path, yesterday, yesterday);
    await writeRunFolder(join(root, "one"), run("text"));
    expect(await readdir(root)).toEqual(["one"]);
  });
});
