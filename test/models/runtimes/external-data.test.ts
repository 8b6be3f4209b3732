import { copyFile, mkdtemp, readFile, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { inspectModel } from "../../../models/inspection.ts";
import { addModel } from "../../../models/model-folder.ts";
import { openModel } from "../../../models/model.ts";
import { modelError } from "../toys.ts";

/** Of `test/golden/models/answers.py`: all its weights lie in `outside.onnx.data`. */
const golden = (name: string): string =>
  fileURLToPath(new URL(`../../golden/models/answers/${name}`, import.meta.url));

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "swath-outside-"));
  for (const name of ["outside.onnx", "outside.onnx.data"]) await copyFile(golden(name), join(folder, name));
});
afterEach(() => rm(folder, { recursive: true }));

const network = (): string => join(folder, "outside.onnx");
const weights = (): string => join(folder, "outside.onnx.data");

describe("weights beside an ONNX file", () => {
  test("are copied with it, and a change of them is a change of the model", async () => {
    const { folder: added } = await addModel({ file: network(), headOptions: {} }, join(folder, "models"));
    await (await openModel(added, { threads: 1 }))[Symbol.asyncDispose]();
    const bytes = await readFile(join(added, "outside.onnx.data"));
    await writeFile(join(added, "outside.onnx.data"), bytes.with(0, (bytes[0] ?? 0) ^ 1));
    await expect(openModel(added)).rejects.toThrow(modelError(/not the one that its card describes/));
  });

  test("are weights that radiation can reach", async () => {
    await using model = await openModel(network(), { threads: 1 });
    expect(model.weightBits).toBeGreaterThan(0);
  });

  test("that are not there are named", async () => {
    await rm(weights());
    await expect(inspectModel(network())).rejects.toThrow(
      modelError(/weights of outside\.onnx beside it: wanted "outside\.onnx\.data".*got no such file/),
    );
  });

  test("that are cut off are refused", async () => {
    await truncate(weights(), 10);
    await expect(openModel(network())).rejects.toThrow(modelError(/wanted bytes \d+ to \d+.*got 10 bytes/));
  });

  test.each([
    ["../outside.onnx.d", /wanted a file in the same folder, got "\.\.\/outside/],
    ["/tmp/outside.onnx", /wanted a file in the same folder/],
  ])("elsewhere (%s) are not read", async (location, message) => {
    // The same length, so that the file stays whole.
    const bytes = await readFile(network());
    const text = bytes.toString("latin1").replaceAll("outside.onnx.data", location.padEnd(17, "x"));
    await writeFile(network(), Buffer.from(text, "latin1"));
    await expect(openModel(network())).rejects.toThrow(modelError(message));
  });

  test("behind a link to elsewhere are not read", async () => {
    await rm(weights());
    await symlink(golden("outside.onnx.data"), weights());
    await expect(openModel(network())).rejects.toThrow(modelError(/a link to elsewhere/));
  });
});
