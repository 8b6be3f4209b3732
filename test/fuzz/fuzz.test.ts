import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mutantOf, seedOf } from "./mutants.ts";
import { judge } from "./verdict.ts";

const golden = join(import.meta.dirname, "../golden/fuzz");

/** What the reference library made of the first mutants: r read, b broken, l large. `npm run bench:fuzz -- --record` wrote them. */
const verdicts = JSON.parse(readFileSync(join(golden, "verdicts.json"), "utf8")) as Readonly<
  Record<string, string>
>;

const maxMilliseconds = 5000;
const maxResidentBytes = 1e9;

/** Mutants that the reference and we may judge otherwise, of all of one seed: `npm run bench:fuzz -- --list 20` lists them. */
const excused = (name: string): number => (name.startsWith("zstd-") ? 0.35 : 0.05);

describe("damaged files", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "swath-fuzz-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const names = Object.keys(verdicts);
  it.each(names)("%s is broken where its reference says so", async (name) => {
    const seed = seedOf(name, readFileSync(join(golden, "seeds", name)));
    const decoder = name.split("-")[0]!;
    const ofDecoder = names.filter((other) => other.startsWith(`${decoder}-`));
    const wanted = verdicts[name]!;
    const wrong: string[] = [];
    for (let i = 0; i < wanted.length; i++) {
      const index = i * ofDecoder.length + ofDecoder.indexOf(name);
      const path = join(folder, `${index}-${name}`);
      await writeFile(path, mutantOf(seed, index));
      const start = performance.now();
      const { kind } = await judge(path);
      expect(performance.now() - start, `mutant ${index}`).toBeLessThan(maxMilliseconds);
      if (kind[0] !== wanted[i]) wrong.push(`mutant ${index}: ${kind}, reference ${wanted[i]}`);
      // Never the other way: what the format's own library refuses has no pixels.
      if (decoder === "zstd" || decoder === "deflate") {
        expect(kind === "read" && wanted[i] === "b", `mutant ${index}`).toBe(false);
      }
    }
    expect(wrong.length, wrong.join("; ")).toBeLessThanOrEqual(Math.ceil(wanted.length * excused(name)));
    expect(process.memoryUsage.rss()).toBeLessThan(maxResidentBytes);
  });
});
