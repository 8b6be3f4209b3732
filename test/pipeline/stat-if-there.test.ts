import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listFiles } from "../../datasets/file-tree.ts";
import { locateModel } from "../../models/card/location.ts";
import { statIfThere } from "../../pipeline/stat-if-there.ts";

const folder = mkdtempSync(join(tmpdir(), "swath-refused-"));
const closed = join(folder, "closed");
let parentMode = 0;

/** Root may look everywhere: it goes on as nobody for a while. */
const asNobody = async <T>(work: () => Promise<T>): Promise<T> => {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
};

beforeAll(() => {
  mkdirSync(closed);
  writeFileSync(join(closed, "model.onnx"), "");
  symlinkSync(join(closed, "model.onnx"), join(folder, "linked.tif"));
  symlinkSync(join(folder, "nowhere"), join(folder, "dangling.tif"));
  // Nobody has to come as far as here.
  parentMode = statSync(tmpdir()).mode;
  chmodSync(tmpdir(), parentMode | 0o011);
  chmodSync(folder, 0o755);
  chmodSync(closed, 0o700);
  if (process.geteuid?.() !== 0) chmodSync(closed, 0o000);
});
afterAll(() => {
  chmodSync(closed, 0o700);
  chmodSync(tmpdir(), parentMode);
  rmSync(folder, { recursive: true });
});

describe("a look at a path", () => {
  it.each(["nothing", "linked.tif/below", "x".repeat(300), "a\0b"])("finds nothing at %j", async (name) => {
    expect(await statIfThere(join(folder, name), "model")).toBeNull();
  });

  it("takes a refused permission for what it is", async () => {
    const refused = asNobody(() => statIfThere(join(closed, "model.onnx"), "label"));
    await expect(refused).rejects.toThrow(
      /model\.onnx cannot be looked at: got EACCES.*; see who may read it/,
    );
  });

  it("says of a model that it may not be looked at, and not that there is none", async () => {
    const refused = asNobody(() => locateModel(join(closed, "model.onnx")));
    await expect(refused).rejects.toThrow(/model\.onnx cannot be looked at: got EACCES/);
  });

  it("lists a link that may not be followed, for whoever reads it to say why, and none that leads nowhere", async () => {
    expect(await asNobody(() => listFiles(folder, false))).toEqual(["linked.tif"]);
  });
});
