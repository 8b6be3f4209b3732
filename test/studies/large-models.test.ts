import { readFileSync, writeFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { type LargeModels, largeModelPage, reckonLargeModels } from "../../cli/text/large-model-text.ts";
import { eightBillion, type Generation } from "../../studies/large-models.ts";

let models: LargeModels;
beforeAll(async () => {
  models = await reckonLargeModels();
}, 60_000);

const rates = (name: string): readonly Generation[] =>
  models.rows.find(({ spacecraft }) => spacecraft === name)!.rates;

test("tokens a second are bandwidth over bytes of weights, of all chips; what is short of memory is refused", () => {
  // 550 GB/s over 8.19 GB, and 22 TB/s × 72 over 16.38 GB.
  expect(rates("three-body")[1]).toMatchObject({ boundBy: "memory traffic", refusal: null });
  expect((rates("three-body")[1] as { tokensPerSecond: number }).tokensPerSecond).toBeCloseTo(67.149, 3);
  expect((rates("ai1")[0] as { tokensPerSecond: number }).tokensPerSecond).toBeCloseTo(96_694.6, 0);
  expect(rates("bupt-1").map(({ refusal }) => refusal !== null)).toEqual([true, true, false]);
  expect(eightBillion.weights.map(({ bytes }) => bytes / 1e9)).toEqual([
    expect.closeTo(16.38, 2) as number,
    expect.closeTo(8.19, 2) as number,
    expect.closeTo(4.61, 2) as number,
  ]);
});

test("an upload takes its bytes over the rate of contact time, and a larger model never fewer passes", () => {
  for (const { uplink, costs } of models.uploads) {
    for (const { weights, onUplink, contactTime, median, last } of costs) {
      expect(contactTime).toBeCloseTo((8 * onUplink) / uplink.value, 6);
      // 8 bytes for every 7 and the ends of each telecommand frame.
      expect(onUplink / weights).toBeCloseTo(1.166, 2);
      expect(last.after).toBeGreaterThanOrEqual(median.after);
      expect(last.after).toBeGreaterThan(contactTime);
    }
    for (const key of ["median", "last"] as const) {
      const passes = costs.map((cost) => cost[key].passes);
      expect(passes).toEqual(passes.toSorted((a, b) => a - b));
    }
  }
});

test("docs/large-models.md is what the presets and the contacts say", () => {
  const page = new URL("../../docs/large-models.md", import.meta.url);
  // After a change: npm run docs, or SWATH_REGENERATE=1 npx vitest run test/studies/large-models.test.ts
  if (process.env["SWATH_REGENERATE"]) writeFileSync(page, largeModelPage(models));
  expect(readFileSync(page, "utf8")).toBe(largeModelPage(models));
});
