import { describe, expect, test } from "vitest";
import { diagnoses, nothingToCompare } from "../../../measure/summary/diagnosis.ts";
import type { PolicySummary } from "../../../measure/summary/run-summary.ts";
import { summary } from "../report/fixture.ts";
import { policySummary } from "../report/policy-fixture.ts";

const blank = { quality: null, agreementWithRaw: null, losses: [] } as const;
const detect = (change: Partial<PolicySummary>): PolicySummary =>
  policySummary("detect", { ...blank, ...change });
const raw = (change: Partial<PolicySummary>): PolicySummary => policySummary("raw", { ...blank, ...change });
const told = (...policies: readonly PolicySummary[]): string =>
  diagnoses({ ...summary, policies }).join("\n");

describe("an empty answer", () => {
  test("of a starved link is not that nothing was found", () => {
    const books = {
      producedBytes: 900,
      deliveredBytes: 0,
      onBoardBytes: 600,
      droppedBytes: { "store-full": 300 },
    };
    const starved = detect({ detections: { onBoard: 41, delivered: 0 }, conservation: books });
    expect(told(starved)).toBe(
      "detect: 41 detections made on board, none on the ground: the link did not carry them; 600 B are still on board, 300 B were given up because the store was full.",
    );
    expect(told(starved)).not.toMatch(/bands/);
  });

  test("of imagery that never came is told as that", () => {
    const unseen = raw({
      detections: { onBoard: 0, delivered: 0 },
      tiles: { captured: 9, screenedEmpty: 0, screenedCloudy: 0, processedOnBoard: 0, processedOnGround: 0 },
      products: { made: 9, delivered: 0 },
      conservation: { producedBytes: 900, deliveredBytes: 0, onBoardBytes: 900, droppedBytes: {} },
    });
    expect(told(unseen)).toMatch(
      /^raw: none of 9 products came down, so the model on the ground saw nothing; 900 B/,
    );
    expect(told(unseen)).not.toMatch(/bands/);
  });

  test("of imagery that came in part says how much the ground had to look at", () => {
    const tiles = {
      captured: 9,
      screenedEmpty: 0,
      screenedCloudy: 0,
      processedOnBoard: 0,
      processedOnGround: 2,
    };
    const part = raw({
      detections: { onBoard: 0, delivered: 0 },
      tiles,
      products: { made: 9, delivered: 2 },
    });
    expect(told(part)).toBe(
      "raw: the ground found nothing in the 2 products that came down; 7 of 9 did not.",
    );
  });

  test("of tiles that were all screened out is the screen's", () => {
    const tiles = {
      captured: 9,
      screenedEmpty: 2,
      screenedCloudy: 7,
      processedOnBoard: 0,
      processedOnGround: 0,
    };
    const screened = policySummary("screen", {
      ...blank,
      detections: { onBoard: 0, delivered: 0 },
      tiles,
      products: { made: 0, delivered: 0 },
    });
    expect(told(screened)).toMatch(/every tile was left out on board \(2 empty, 7 cloudy\)/);
  });

  test("of a model that looked at everything asks for bands, units and pixel size", () => {
    const nothing = detect({ detections: { onBoard: 0, delivered: 0 } });
    expect(told(nothing)).toMatch(/^Nothing was found: .*\n`swath model check`.*bands/);
  });

  test("of one policy beside others that found something speaks of that policy alone", () => {
    const starved = detect({ detections: { onBoard: 41, delivered: 0 } });
    expect(told(raw({}), starved)).toMatch(/^detect: 41 detections made on board/);
    expect(told(raw({}))).toBe("");
  });
});

test("a run that has nothing to compare says so", () => {
  const none = {
    matched: 0,
    ofRaw: 0,
    ofPolicy: 0,
    rawFoundFraction: 1,
    rawFoundInterval: null,
    policyConfirmedFraction: 1,
    policyConfirmedInterval: null,
    identical: true,
  };
  const empty = { detections: { onBoard: 0, delivered: 0 } };
  expect(told(raw(empty), detect({ ...empty, agreementWithRaw: none }))).toMatch(
    /Nothing to compare: neither raw nor/,
  );
  expect(nothingToCompare({ ...summary, policies: [detect({})] })).toEqual([
    "Nothing to compare: detect is the only policy that ran.",
  ]);
  expect(nothingToCompare(summary)).toEqual([]);
});
