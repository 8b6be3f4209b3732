import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parsePolicy } from "../../../operators/policies/policy-choice.ts";
import { closePart, openPart, type PartHead } from "../../../studies/array/part-file.ts";
import { gatherParts } from "../../../studies/array/part-list.ts";
import { unitsOf } from "../../../studies/array/scene-part.ts";

let out = "";
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), "swath-parts-"));
});
afterEach(() => rm(out, { recursive: true }));

const write = async (
  path: string,
  index: number,
  of: number,
  more: Partial<Omit<PartHead, "schema" | "swath">> = {},
): Promise<void> => {
  const folder = join(out, path);
  await openPart(folder);
  await closePart(folder, {
    command: "compare",
    dataset: "ships/",
    options: { seed: "1" },
    chosen: { policies: "raw" },
    strict: false,
    shard: { index, of },
    reads: { options: "aa", orbits: "bb" },
    files: {},
    works: [],
    records: [],
    ...more,
  });
};

const gather = () => gatherParts([out]);

describe("gatherParts", () => {
  it("finds the parts of a job in order, wherever below they lie", async () => {
    await write("job/2of3", 2, 3);
    await write("job/0of3", 0, 3);
    await write("elsewhere/job/1of3", 1, 3, { reads: { orbits: "bb", options: "aa" } });
    expect((await gather()).map(({ head }) => head.shard.index)).toEqual([0, 1, 2]);
    expect(await gatherParts([join(out, "job"), join(out, "elsewhere")])).toHaveLength(3);
  });

  it.each<[string, () => Promise<void>, RegExp]>([
    ["none", async () => undefined, /got none; run the parts first$/],
    [
      "a part missing",
      async () => {
        await write("job/0of3", 0, 3);
        await write("job/2of3", 2, 3);
      },
      /wanted all 3, got 2: 1\/3 not there; run them again with the same options, such as --shard 1\/3$/,
    ],
    [
      "a part that is not finished",
      async () => {
        await write("job/0of2", 0, 2);
        await mkdir(join(out, "job/1of2"));
      },
      /1\/2 not there, of which 1 began; .* --shard 1\/2$/,
    ],
    [
      "two of the same part",
      async () => {
        await write("a/0of1", 0, 1);
        await write("b/0of1", 0, 1);
      },
      /^part 0\/1: wanted one of it, got two, in .*a\/0of1 and .*b\/0of1; remove one$/,
    ],
    [
      "parts of two splits",
      async () => {
        await write("a/0of2", 0, 2);
        await write("a/1of2", 1, 2);
        await write("a/0of3", 0, 3);
      },
      /wanted one split of the job, got parts of 2 and of 3/,
    ],
    [
      "a part of another configuration",
      async () => {
        await write("a/0of3", 0, 3);
        await write("a/1of3", 1, 3);
        await write("b/2of3", 2, 3, { reads: { options: "aa", orbits: "cc" } });
      },
      /^part 2\/3 in .*: wanted the configuration of part 0\/3 in .*, got another \(orbits\); run that part again/,
    ],
    [
      "one part that stops at the first bad scene",
      async () => {
        await write("a/0of2", 0, 2);
        await write("a/1of2", 1, 2, { strict: true });
      },
      /got another \(--strict\)/,
    ],
  ])("refuses %s", async (_, make, message) => {
    await make();
    await expect(gather()).rejects.toThrow(message);
  });
});

describe("unitsOf", () => {
  const policies = ["raw", "detect", "chips"].map((name) => parsePolicy(name));
  it.each([
    [10, 3],
    [2, 5],
    [1, 1],
    [3, 16],
  ])("gives each of %i scenes under each policy to one of %i parts", (count, of) => {
    const scenes = Array.from({ length: count }, (_, n) => `s${n}`);
    const parts = Array.from({ length: of }, (_, index) => unitsOf(scenes, policies, { index, of }));
    const all = parts.flat().map(({ scene, policy }) => `${scene} ${policy.label}`);
    expect(all.toSorted()).toEqual(
      scenes.flatMap((scene) => policies.map(({ label }) => `${scene} ${label}`)).toSorted(),
    );
    // A scene's policies share what the model saw.
    if (count >= of)
      for (const part of parts) expect(part.length).toBe(3 * new Set(part.map(({ scene }) => scene)).size);
  });
});
