import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { orderRecords, orderStage } from "../../../console/state/order-record.ts";
import type { Plan } from "../../../console/state/plan.ts";
import type { PolicyTables } from "../../../console/state/policy-tables.ts";
import { tableOf, TextList, type AnyRow, type TableShape } from "../../../pipeline/column-file.ts";
import { missionTables, type MissionTableName } from "../../../pipeline/mission/mission-tables.ts";
import { noAcquisition } from "../../../pipeline/mission/plan-tables.ts";
import "../../property-seed.ts";

const table = (name: MissionTableName, rows: readonly AnyRow[], texts: TextList) =>
  tableOf(missionTables[name] as TableShape, rows, texts);

interface Fate {
  readonly given: number;
  readonly due: number;
  readonly heard: number | null;
  readonly answer: "done" | "refused" | null;
  readonly taken: boolean;
  readonly landed: boolean;
}

const fate = fc.record({
  given: fc.integer({ min: 0, max: 100 }),
  due: fc.integer({ min: 1, max: 300 }),
  heard: fc.option(fc.integer({ min: 0, max: 100 })),
  answer: fc.constantFrom("done" as const, "refused" as const, null),
  taken: fc.boolean(),
  landed: fc.boolean(),
});

/** Orders as a record has them, of which only what was known at `t` has come. */
const opened = (fates: readonly Fate[], t: number) => {
  const texts = new TextList();
  const planTexts = new TextList();
  const known = (rows: readonly (AnyRow & { readonly at_s: number })[]) =>
    rows.filter(({ at_s }) => at_s <= t).toSorted((a, b) => a.at_s - b.at_s);
  const orders = fates.map(({ given, due }, n) => ({
    at_s: given,
    deadline_s: given + due,
    order: `o${n}`,
    kind: "look",
    tenant: "port",
    satellite: 0,
    priority: 5,
    west_deg: 5,
    south_deg: 43,
    east_deg: 6,
    north_deg: 44,
    acquisition: n % 2 === 0 ? n : noAcquisition,
    refused: "",
  }));
  const states = fates.flatMap(({ given, heard, answer }, n) => {
    if (heard === null) return [];
    const at = given + heard;
    const row = { satellite: 0, order: `o${n}`, why: answer === "refused" ? "bbox: …" : "" };
    const said = answer === null ? [] : [{ ...row, at_s: at + 20, state: answer }];
    return [{ ...row, at_s: at, state: "heard" }, ...said, { ...row, at_s: at + 30, state: "told" }];
  });
  const takenAt = ({ given, heard }: Fate) => given + (heard ?? 0) + 10;
  const takes = fates.flatMap((one, acquisition) =>
    one.heard !== null && one.taken && one.answer !== "refused" && acquisition % 2 === 0
      ? [{ one, acquisition }]
      : [],
  );
  const captures = takes.map(({ one, acquisition }) => ({
    at_s: takenAt(one),
    acquisition,
    satellite: 0,
    samples: 1,
    sensor_bytes: 1,
    tiles: 1,
    failure: "",
  }));
  const made = known(
    takes.map(({ one, acquisition }) => ({
      at_s: takenAt(one) + 1,
      satellite: 0,
      kind: 0,
      acquisition,
      tile: -1,
      bytes: 1,
      value: 0,
      asked_s: Number.NaN,
    })),
  );
  const landings = takes
    .filter(({ one }) => one.landed)
    .map(({ one, acquisition }) => ({
      at_s: takenAt(one) + 40,
      product: made.findIndex((row) => row["acquisition"] === acquisition),
      satellite: 0,
      station: 0,
      first_sent_s: takenAt(one) + 30,
      at_centre_s: takenAt(one) + 41,
    }));
  const names = ["products", "landings", "captures", "order_states"] as const;
  const rows = {
    products: made,
    landings: known(landings),
    captures: known(captures),
    order_states: known(states),
  };
  const tables = Object.fromEntries(names.map((name) => [name, table(name, rows[name], texts)]));
  const capture = new Int32Array(fates.length).fill(-1);
  rows.captures.forEach((row, at) => (capture[row["acquisition"] as number] = at));
  const plan = {
    orders: table("orders", orders, planTexts),
    orderTexts: planTexts.texts,
    acquisitions: { rows: fates.length, columns: {} },
  };
  return orderRecords(plan as unknown as Plan, tables as unknown as PolicyTables, texts.texts, capture);
};

describe("orders of a record", () => {
  test("stand where they stand at t, however much is known of what comes later", () => {
    fc.assert(
      fc.property(
        fc.array(fate, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 0, max: 400 }),
        (fates, t) => {
          const [live, whole] = [opened(fates, t), opened(fates, Infinity)];
          expect(live.map((order) => orderStage(order, t))).toEqual(
            whole.map((order) => orderStage(order, t)),
          );
        },
      ),
    );
  });

  test("go from given to the ground", () => {
    const [order] = opened(
      [{ given: 10, due: 200, heard: 5, answer: "done", taken: true, landed: true }],
      Infinity,
    );
    const stages = [5, 12, 20, 30, 70].map((t) => orderStage(order!, t));
    expect(stages).toEqual(["ahead", "waits", "on board", "taken", "landed"]);
    const [late] = opened(
      [{ given: 0, due: 50, heard: null, answer: null, taken: false, landed: false }],
      99,
    );
    expect(orderStage(late!, 49)).toBe("waits");
    expect(orderStage(late!, 50)).toBe("expired");
  });
});
