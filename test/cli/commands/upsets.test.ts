import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { addRunOptions } from "../../../cli/commands/replay.ts";
import { summaryText } from "../../../cli/text/run-text.ts";
import { upsetOptions } from "../../../studies/options/mission-options.ts";
import { readOptions, type Written } from "../../../studies/options/option.ts";
import { readScenario } from "../../../studies/options/scenario.ts";
import { upsetPlanOf } from "../../../studies/options/upsets.ts";
import { upsetComparison } from "../../../cli/text/upset-text.ts";
import { isSwathError } from "../../../pipeline/errors.ts";
import type { UpsetSummary } from "../../../measure/summary/upset-summary.ts";
import { renderReport } from "../../../measure/report/run-report.ts";
import { fixture, summary } from "../../measure/report/fixture.ts";
import { policySummary } from "../../measure/report/policy-fixture.ts";

const config = (match: RegExp) => (error: unknown) =>
  isSwathError(error, "config") && match.test(error.message);

const parseUpsets = (written: Written<typeof upsetOptions>) =>
  upsetPlanOf(readOptions(upsetOptions, written));

describe("--upsets and --protection", () => {
  it("are read as they are written", () => {
    expect(parseUpsets({})).toBeNull();
    expect(parseUpsets({ upsets: "0" })).toBeNull();
    expect(parseUpsets({ upsets: "0x", protection: "ecc" })).toBeNull();
    expect(parseUpsets({ upsets: "100x" })).toEqual({ factor: 100, protection: "none", scrubEvery: 600 });
    expect(parseUpsets({ upsets: "1e4", protection: "scrub", scrub: "1h" })).toEqual({
      factor: 1e4,
      protection: "scrub",
      scrubEvery: 3600,
    });
  });

  it("are refused in one line that says what is wanted", () => {
    expect(() => parseUpsets({ upsets: "many" })).toThrow(expect.toSatisfy(config(/--upsets.*many/)));
    expect(() => parseUpsets({ upsets: "-1" })).toThrow(expect.toSatisfy(config(/--upsets/)));
    expect(() => parseUpsets({ upsets: "10x", scrub: "never" })).toThrow(expect.toSatisfy(config(/--scrub/)));
    expect(() => parseUpsets({ protection: "ecc" })).toThrow(expect.toSatisfy(config(/--upsets FACTOR/)));
  });

  it("name the run only where they are given", () => {
    const scenarioOf = (...args: readonly string[]) => {
      const command = addRunOptions(new Command("test")).exitOverride();
      command.parse(args, { from: "user" });
      return readScenario("builtin:harbour", command.opts());
    };
    expect(Object.keys(scenarioOf().options)).not.toContain("upsets");
    expect(scenarioOf().upsets).toBeNull();
    const asked = scenarioOf("--upsets", "100x", "--protection", "vote");
    expect(asked.options).toMatchObject({ upsets: "100x", protection: "vote" });
    expect(asked.upsets).toMatchObject({ factor: 100, protection: "vote" });
  });
});

const upsets: UpsetSummary = {
  factor: 1000,
  protection: "none",
  scrubSeconds: 600,
  weightUpsets: 3629,
  tileUpsets: 12,
  corrected: 0,
  reloads: 0,
  lostTiles: 75,
  computeSeconds: 3.87,
  protectionSeconds: 0,
  protectionJoules: 0,
  memoryFactor: 1,
  without: {
    identical: false,
    foundFraction: 0.44,
    confirmedFraction: 1,
    detections: 27,
    ap50FromThreshold: 0.744,
    computeSeconds: 3.87,
    energyJoules: 40.7,
  },
};

const hit = (change: Partial<UpsetSummary> = {}) =>
  policySummary("detect", { upsets: { ...upsets, ...change } });

describe("what particles did", () => {
  it("stands under the table of a run, and nowhere without", () => {
    expect(summaryText(summary)).not.toContain("Radiation");
    expect(summaryText({ ...summary, policies: [hit()] })).toContain(
      [
        "Radiation:",
        "  detect: upsets 1,000×, protection none: bits turned over: 3,629 in weights, 12 in tiles, 0 put right, tiles without an answer: 75;",
        "    44 % of the detections without upsets found, 100 % of those made confirmed;",
      ].join("\n"),
    );
  });

  it("is compared in a line a protection, the run without first", () => {
    const lines = upsetComparison({
      ...summary,
      policies: [hit(), hit({ protection: "vote", memoryFactor: 3 })],
    });
    const [, , head, calm, none, vote] = lines.split("\n");
    expect(head).toMatch(/^protection +weights +tiles +put right +reloads +lost +found +same +AP50/);
    expect(calm).toMatch(/^\(no upsets\) +0 +0 +0 +0 +0 +27 +0\.744 +3\.87 s +40\.7 J +1×$/);
    expect(none).toMatch(/^none +3,629 +12 +0 +0 +75 /);
    expect(vote).toMatch(/^vote .* 3×$/);
    for (const line of [head, calm, none, vote]) expect(line?.length).toBeLessThanOrEqual(110);
  });

  it("has a section in the report where it was asked for", async () => {
    const input = await fixture();
    expect(renderReport(input)).not.toContain(">Radiation</h2>");
    const page = renderReport({ ...input, summary: { ...input.summary, policies: [hit()] } });
    expect(page).toContain(">Radiation</h2>");
    expect(page).toContain("3,629");
    expect(page).toContain("44 % / 100 %");
  });
});
