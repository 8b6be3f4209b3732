import { describe, expect, it } from "vitest";
import { finalCells, finalVerdicts } from "../../../console/reading/final-verdicts.ts";
import { unknownVerdicts, type Verdict, type Verdicts } from "../../../measure/summary/verdict-summary.ts";
import type { MissionHead } from "../../../pipeline/mission/mission-head.ts";

const head = { policies: [{ label: "raw" }, { label: "chips" }] } as unknown as MissionHead;
const unknown = unknownVerdicts("left out: --no-day");
const judged = (over: Partial<Verdict>): Verdict => ({
  ...(unknown.limits[0] as Verdict),
  verdict: "fits",
  limitedBy: "x",
  reason: null,
  satellite: "walker-1-1",
  ...over,
});

describe("verdicts at the end of a run", () => {
  it("are those of the summary, policy by policy in its order, flights of a simulation alike; another file has none", () => {
    const other: Verdicts = { ...unknown, fits: true };
    const summary = { policies: [{ verdicts: unknown, more: 1 }, { verdicts: other }] };
    expect([...finalVerdicts(head, summary)]).toEqual([
      ["raw", unknown],
      ["chips", other],
    ]);
    expect(finalVerdicts(head, { flights: [{ verdicts: other }] }).get("raw")).toEqual(other);
    expect(finalVerdicts(head, { policies: [{}] }).size).toBe(0);
    expect(finalVerdicts(head, null).size).toBe(0);
  });

  it("say the deciding figure, its limit, whose it is and how much room is left", () => {
    const limits: Verdicts["limits"] = [
      judged({ subject: "link", unit: "B", value: 2e6, limit: 1e6, margin: 0.5, verdict: "does not fit" }),
      judged({ subject: "computer", unit: "s", value: 10, limit: 100, margin: 10 }),
      judged({ subject: "power", unit: "charge", value: 0.7, limit: 0.6, margin: 1.2 }),
      judged({ subject: "heat", unit: "K", value: 293.15, limit: 318.15, margin: null }),
      unknown.limits[4] as Verdict,
    ];
    const cells = finalCells({ ...unknown, limits }, () => "1");
    expect(cells.map(({ name, fits, word, figure, of }) => [name, fits, word, figure, of])).toEqual([
      ["link", false, "does not fit", "2 MB of 1 MB", "worst 1, room for 0.50 × the work"],
      ["computer", true, "fits", "10 %", "worst 1, room for 10 × the work"],
      ["power", true, "fits", "70 %", "worst 1, floor 60 %, room for 1.2 × the work"],
      ["heat", true, "fits", "20.0 °C", "worst 1, limit 45 °C"],
      ["store", null, "not known", "", "left out: --no-day"],
    ]);
    expect(cells.map(({ share }) => Number(share.toFixed(2)))).toEqual([2, 0.1, 0.75, 0.44, 0]);
  });
});
