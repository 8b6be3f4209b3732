/* oxlint-disable unicorn/no-thenable -- orders have a field of that name */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compare, type RunResult } from "../../../studies/requests.ts";
import { brokenOnBoard, writeBroken } from "../../models/updates/broken.ts";
import { retrainedFiles } from "../../models/updates/retrained.ts";
import { writeImages } from "./ship-images.ts";

/*
 * One mission of four satellites: a good model goes to a canary, then to two others in two waves; a broken one to another canary, whom the same others would follow.
 */
const folder = mkdtempSync(join(tmpdir(), "swath-test-"));
const [canary, first, second, broken] = [1, 2, 3, 4].map((n) => `walker-${n}-1`) as [
  string,
  string,
  string,
  string,
];
let run: RunResult;
beforeAll(async () => {
  const next = join(folder, "retrained");
  mkdirSync(next);
  for (const [name, bytes] of await retrainedFiles()) writeFileSync(join(next, name), bytes);
  const fault = brokenOnBoard["a saturated head"];
  if (fault === undefined) throw new RangeError("a kind of broken that is gone");
  const bad = await writeBroken(join(folder, "broken"), fault);
  const install = { kind: "model-install", deadline: "2d", trial: 1 };
  const good = { ...install, promote: "agreement >= 0.1", from: next, to: canary };
  const orders = [
    { ...good, id: "good", then: [first, second], waves: 2 },
    { ...install, id: "bad", from: bad, to: broken, then: [first, second] },
    { ...good, id: "late", deadline: "1min", then: [first] },
  ];
  const path = join(folder, "orders.json");
  writeFileSync(path, JSON.stringify({ orders }));
  run = await compare({
    dataset: await writeImages(join(folder, "images"), 16),
    policies: "detect",
    model: "ships-s2:int8",
    tile: "128",
    overlap: "0",
    constellation: "walker:4/4/1",
    schedule: "cadence",
    cadence: "1h",
    stations: "builtin",
    hours: "30",
    orders: path,
    noDay: true,
  });
}, 120_000);
afterAll(() => run[Symbol.asyncDispose]());

const orderOf = (id: string) => {
  const found = run.summary.policies[0]?.orders?.orders.find((one) => one.id === id);
  if (found === undefined) throw new RangeError(`no order ${id}`);
  return found;
};
const timeOf = (at: string | null | undefined): number => Date.parse(at ?? "");

describe("those who follow a canary", () => {
  it("are sent the model once it is done there, wave by wave", () => {
    const [at, before, after] = [orderOf("good"), orderOf(`good_${first}`), orderOf(`good_${second}`)];
    expect([at.fate, before.fate, after.fate]).toEqual(["done", "done", "done"]);
    expect(timeOf(before.heardAt)).toBeGreaterThan(timeOf(at.toldAt));
    expect(timeOf(after.heardAt)).toBeGreaterThan(timeOf(before.toldAt));
    for (const id of [`good_${first}-000000`, `good_${second}-000000`])
      expect(timeOf(orderOf(id).heardAt)).toBeGreaterThan(timeOf(at.toldAt));
    const models = run.summary.policies[0]?.models ?? [];
    const ways = models.map(({ satellite, changes }) => [satellite, changes.map(({ why }) => why)]);
    expect(Object.fromEntries(ways)).toEqual({
      [canary]: ["launched", "promoted"],
      [first]: ["launched", "installed"],
      [second]: ["launched", "installed"],
      [broken]: ["launched"],
    });
  });

  it("are sent nothing where it is stopped there", () => {
    expect(orderOf("bad")).toMatchObject({ fate: "refused", refusal: { by: "satellite", field: "promote" } });
    for (const satellite of [first, second])
      for (const id of [`bad_${satellite}`, `bad_${satellite}-000000`])
        expect(orderOf(id).fate).toBe("not-heard");
  });

  it("are refused where the canary's order is", () => {
    expect(orderOf("late")).toMatchObject({ fate: "refused", refusal: { by: "ground", field: "deadline" } });
    expect(orderOf(`late_${first}`)).toMatchObject({ fate: "refused", refusal: { by: "ground" } });
  });
});
