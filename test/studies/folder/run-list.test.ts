import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { differenceText } from "../../../cli/text/difference-text.ts";
import { stringifySummary, type RunSummary } from "../../../measure/summary/run-summary.ts";
import { writeRunFolder } from "../../../pipeline/atomic-folder.ts";
import { listRuns } from "../../../studies/folder/run-list.ts";
import { changeTags, parseTag, readTags, tagFiles } from "../../../studies/folder/run-tags.ts";
import { diffRuns } from "../../../studies/run-difference.ts";
import { summary } from "../../measure/report/fixture.ts";

let out = "";

const put = (name: string, change: Partial<RunSummary>, options: string): void => {
  mkdirSync(join(out, name));
  const content = stringifySummary({ ...summary, runId: name, ...change });
  writeFileSync(join(out, name, "summary.json"), content);
  writeFileSync(join(out, name, "scenario.yaml"), options);
};

beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), "swath-list-"));
  put("compare-1", {}, "seed: 1\nrate: 8Mbit/s\n");
  const policies = summary.policies
    .filter(({ policy }) => policy !== "screen")
    .map((one) => (one.policy === "detect" ? { ...one, products: { made: 100, delivered: 50 } } : one));
  const model = { ...summary.model, version: "0.2.0" };
  put("compare-2", { policies, model }, "seed: 1\nrate: 16Mbit/s\nclasses: ship\n");
  mkdirSync(join(out, "notes"));
  mkdirSync(join(out, ".simulate-0123abcd.partial"));
  writeFileSync(join(out, ".simulate-0123abcd.partial", "x.jsonl"), "");
});
afterAll(() => rmSync(out, { recursive: true }));

describe("a list of runs", () => {
  test("has what each is of, when it was written, its state and tags; what is no run costs itself alone", async () => {
    await changeTags(join(out, "compare-1"), ["b", "a", "b"], []);
    const { runs, leftOut } = listRuns(out);
    expect(runs.map(({ run, state, tags }) => [run, state, tags])).toEqual([
      ["compare-1", "finished", ["a", "b"]],
      ["compare-2", "finished", []],
      ["simulate-0123abcd", "unfinished", []],
    ]);
    expect(runs[0]).toMatchObject({ kind: "run", of: "builtin:harbour", from: "2026-08-13T00:00:00Z" });
    expect(Math.abs(Date.parse(runs[0]!.written) - Date.now())).toBeLessThan(600_000);
    expect(leftOut).toHaveLength(1);
    expect(leftOut[0]).toMatch(/no run in .*notes: wanted a summary\.json, got none/);
  });

  test("tags stay when a run is written again, and go when they are taken away", async () => {
    const folder = join(out, "compare-2");
    await changeTags(folder, ["kept"], []);
    const mark = { path: "summary.json", content: readFileSync(join(folder, "summary.json"), "utf8") };
    const options = { path: "scenario.yaml", content: readFileSync(join(folder, "scenario.yaml"), "utf8") };
    await writeRunFolder(folder, [mark, options, ...tagFiles(folder, ["new"])]);
    expect(readTags(folder)).toEqual(["kept", "new"]);
    expect(await changeTags(folder, [], ["kept", "new"])).toEqual([]);
    expect(tagFiles(folder, [])).toEqual([]);
  });

  test.each(["", "two words", "-dash", "x".repeat(65), "a,b"])("%j is no tag", (text) =>
    expect(() => parseTag(text, "--tag")).toThrow(/--tag: wanted one word/),
  );
});

describe("two runs side by side", () => {
  test("differ in options, in what they rest on, and in figures; the rest is counted", () => {
    const difference = diffRuns("compare-1", "compare-2", out);
    expect(difference.options).toEqual([
      { what: "rate", a: "8Mbit/s", b: "16Mbit/s" },
      { what: "classes", a: null, b: "ship" },
    ]);
    expect(difference.basis.map(({ what }) => what)).toEqual(["model"]);
    const detect = difference.figures.filter(({ of }) => of === "detect");
    expect(detect).toMatchObject([{ name: "scenes: delivered", a: 1, b: 0.5 }]);
    const screen = difference.figures.filter(({ of }) => of === "screen");
    expect(screen.length).toBeGreaterThan(15);
    expect(new Set(screen.map(({ b }) => b))).toEqual(new Set([undefined]));
    const text = differenceText(difference);
    expect(text).toMatch(/rate +8Mbit\/s +16Mbit\/s/);
    expect(text).toMatch(/detect +scenes: delivered +100 % +50 % +−50 %/);
    expect(text).toContain(`${difference.same} figures are the same`);
  });

  test("of the same answer, say that nothing differs", () => {
    const { figures, same } = diffRuns("compare-1", join(out, "compare-1"), out);
    expect(figures).toEqual([]);
    expect(same).toBeGreaterThan(100);
  });

  test("of two kinds are refused", () => {
    mkdirSync(join(out, "sweep-1"));
    const table = {
      schema: "swath-sweep/2",
      name: "sweep-1",
      command: "simulate",
      keys: ["seed"],
      common: "swath simulate",
      declared: false,
      rows: [],
    };
    writeFileSync(join(out, "sweep-1", "summary.json"), JSON.stringify(table));
    expect(() => diffRuns("compare-1", "sweep-1", out)).toThrow(
      /wanted two of one kind, got a run and a sweep/,
    );
  });
});
