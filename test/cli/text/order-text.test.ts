import { expect, it } from "vitest";
import { orderText } from "../../../cli/text/order-text.ts";
import type { RunSummary } from "../../../studies/answer.ts";
import { summary } from "../../measure/report/fixture.ts";
import { policySummary } from "../../measure/report/policy-fixture.ts";

const row = {
  id: "look-1",
  kind: "look",
  tenant: "port",
  priority: 5,
  satellite: "W01",
  fate: "done",
  issuedAt: "2026-01-01T00:00:00.000Z",
  deadline: "2026-01-01T06:00:00.000Z",
  contact: "W01.gs.0",
  heardAt: "2026-01-01T00:08:00.000Z",
  takenAt: "2026-01-01T01:00:00.000Z",
  doneAt: "2026-01-01T01:00:01.000Z",
  toldAt: "2026-01-01T02:00:00.000Z",
  landedAt: "2026-01-01T02:30:00.000Z",
};
const never = { contact: null, heardAt: null, takenAt: null, doneAt: null, toldAt: null, landedAt: null };
const refusal = { by: "ground", field: "id", wanted: "one of its own", got: "look-1 twice" };

const summaryWith = (parts: object): RunSummary => ({
  ...summary,
  policies: [{ ...policySummary("detect"), ...parts }],
});

const plain = (text: string): string => text;

it("says of each order when it was on board, flown and down, or who refused it and why", () => {
  const rows = [row, { ...row, ...never, fate: "refused", satellite: null, refusal }];
  const orders = {
    given: 30,
    done: 1,
    inTime: 1,
    orders: [...rows, ...Array.from({ length: 28 }, () => row)],
  };
  const lines = orderText(summaryWith({ orders }), plain);
  expect(lines[1]).toBe("Orders under detect: 1 of 30 done, 1 in time; times since the order was given:");
  expect(lines[3]).toMatch(/look-1 +look +port +W01 +8 min 0?0 s +1 h 0?0 min +2 h 30 min +done$/);
  expect(lines[4]).toMatch(/– +– +– +refused by the ground: id: wanted one of its own, got look-1 twice$/);
  expect(lines.at(-1)).toBe("  and 10 more in summary.json");
});

it("says which model was at work, what trials came to, and what tenants paid", () => {
  const models = [
    {
      satellite: "W01",
      mostBytes: 1,
      changes: [
        { at: row.issuedAt, model: "ships 1", sha256: "a", why: "launched", order: null },
        { at: row.takenAt, model: "ships 2", sha256: "b", why: "promoted", order: "m1" },
      ],
      trials: [{ model: "ships 2", outcome: "promoted", acquisitions: 5, why: "f1 0.7 >= 0.6" }],
    },
  ];
  const tenancy = {
    currency: "EUR",
    tenants: [
      {
        tenant: "port",
        acquisitions: 3,
        detections: 12,
        usefulDetections: 9,
        chargedMicro: 2_500_000,
        refundedMicro: 0,
        refused: 1,
      },
    ],
  };
  const lines = orderText(summaryWith({ models, tenancy }), plain);
  expect(lines).toContain("  W01: ships 1 (launched 01-01 00:00) → ships 2 (promoted 01-01 01:00)");
  expect(lines).toContain("    ships 2 promoted after 5 acquisitions: f1 0.7 >= 0.6");
  expect(lines.at(-1)).toMatch(/^ {2}port +3 +12 +9 +2\.50 +0\.00 +1$/);
});

it("says nothing of a mission without any", () => {
  expect(orderText(summaryWith({}), plain)).toEqual([]);
});
