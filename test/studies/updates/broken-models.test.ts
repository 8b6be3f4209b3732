import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { digestOfFiles } from "../../../models/updates/model-files.ts";
import { compare, type RunResult } from "../../../studies/requests.ts";
import { readUpdateModel } from "../../../studies/updates/model-update.ts";
import { brokenOnBoard, brokenOnGround, writeBroken } from "../../models/updates/broken.ts";
import { retrainedFiles } from "../../models/updates/retrained.ts";
import { writeImages } from "./ship-images.ts";

/*
 * One mission, with a satellite for each kind of broken: each is launched with the shipped model, is sent one that is broken, tries it beside its own on an image of ships, and
 * goes on with its own. A last one is sent the good model, a retrained one.
 */
const folder = mkdtempSync(join(tmpdir(), "swath-test-"));
const imagesEach = 4;

/** What a kind of broken is to end as: on trial, before it works, or under watch, since it was taken in without a trial. */
interface Case {
  readonly kind: string;
  readonly outcome: "failed" | "rejected";
  readonly why: RegExp;
  readonly isWatched?: true;
}

const rejected = { outcome: "rejected", why: /^agreement >= 0.5: agreement 0(\.[0-4]\d*)?, old/ } as const;
const cases: readonly Case[] = [
  { kind: "weights that are not numbers", outcome: "failed", why: /wanted finite numbers, got NaN/ },
  { kind: "a head of zeros", ...rejected },
  { kind: "a saturated head", ...rejected },
  { kind: "a threshold that lets everything pass", ...rejected },
  { kind: "a wrong scale of quantised weights", ...rejected },
  { kind: "bands in another order", ...rejected },
  { kind: "kernels in another order", ...rejected },
  { kind: "outputs of another shape", outcome: "failed", why: /^does not load: .*heatmap/ },
  { kind: "a graph that cannot be loaded", outcome: "failed", why: /^does not load: / },
  { kind: "another operator", outcome: "failed", why: /^does not load: / },
  { kind: "forty times the work", outcome: "failed", why: /^too slow: \d+\.\d times as long/ },
  { kind: "boxes of another scale", ...rejected },
  { kind: "weights that are not numbers", outcome: "failed", why: /wanted finite numbers/, isWatched: true },
  {
    kind: "a saturated head",
    outcome: "failed",
    why: /^under watch: agreement >= 0.5: agreement 0/,
    isWatched: true,
  },
  { kind: "forty times the work", outcome: "failed", why: /^under watch: too slow/, isWatched: true },
];
const satellites = cases.length + 1;
const satellite = (n: number): string => `walker-${`${n + 1}`.padStart(`${satellites}`.length, "0")}-1`;
const good = satellites - 1;

let run: RunResult;
const digests = new Map<number, string>();
let launched = "";

const orderOf = async (n: number, from: string, isWatched: boolean): Promise<object> => {
  digests.set(n, digestOfFiles((await readUpdateModel(from)).files));
  const how = isWatched ? { watch: 1 } : { trial: 1 };
  return { id: `model-${n}`, kind: "model-install", from, to: satellite(n), deadline: "2d", ...how };
};

beforeAll(async () => {
  const orders: object[] = [];
  for (const [n, { kind, isWatched }] of cases.entries()) {
    const fault = brokenOnBoard[kind];
    if (fault === undefined) throw new RangeError(kind);
    orders.push(await orderOf(n, await writeBroken(join(folder, `broken-${n}`), fault), isWatched ?? false));
  }
  const next = join(folder, "retrained");
  mkdirSync(next);
  for (const [name, bytes] of await retrainedFiles()) writeFileSync(join(next, name), bytes);
  orders.push({
    ...(await orderOf(good, next, false)),
    promote: "agreement >= 0.2",
    watch: 1,
    keep: "agreement >= 0.1",
  });
  for (const [kind, fault] of Object.entries(brokenOnGround)) {
    const id = kind.replaceAll(" ", "-");
    const from = await writeBroken(join(folder, id), fault);
    orders.push({ id, kind: "model-install", from, to: satellite(0), deadline: "2d" });
  }
  const install = { kind: "model-install", from: next, to: satellite(0), deadline: "2d" };
  orders.push(
    { ...install, id: "late", deadline: "1min" },
    { ...install, id: "listed", promote: ["agreement >= 0"] },
    { ...install, id: "nowhere", to: "walker-99-1" },
    { ...install, id: `model-${good}` },
  );
  launched = digestOfFiles((await readUpdateModel("ships-s2:int8")).files);
  const path = join(folder, "orders.json");
  writeFileSync(path, JSON.stringify({ orders }));
  run = await compare({
    dataset: await writeImages(join(folder, "images"), imagesEach * satellites),
    policies: "detect",
    model: "ships-s2:int8",
    tile: "128",
    overlap: "0",
    constellation: `walker:${satellites}/${satellites}/1`,
    schedule: "cadence",
    cadence: "20min",
    stations: "builtin",
    hours: "24",
    orders: path,
    noDay: true,
  });
}, 120_000);
afterAll(() => run[Symbol.asyncDispose]());

/** The models that a satellite's images were looked at with, in the order of time: beginnings of digests. */
const modelsBehind = (id: string): readonly string[] => {
  const found = new Map<number, string>();
  for (const row of run.detections("detect"))
    if (row["satellite"] === id) found.set(Number(row["acquisition"]), String(row["model"]));
  return [...found].toSorted(([a], [b]) => a - b).map(([, model]) => model);
};
const booksOf = (id: string) => run.summary.policies[0]?.models?.find((one) => one.satellite === id);
const fateOf = (id: string) => run.summary.policies[0]?.orders?.orders.find((one) => one.id === id);

describe("a model that goes up broken is stopped", () => {
  it.each(cases.map((one, n) => [one.kind, one.isWatched ? "under watch" : "on trial", one, n] as const))(
    "%s, %s",
    (_kind, _how, { outcome, why, isWatched }, n) => {
      const { changes = [], trials = [] } = booksOf(satellite(n)) ?? {};
      expect(trials.map((one) => [one.sha256, one.outcome])).toEqual([[digests.get(n), outcome]]);
      expect(trials[0]?.why).toMatch(why);
      const ways = isWatched ? ["launched", "installed", "rolled back"] : ["launched"];
      expect(changes.map((one) => one.why)).toEqual(ways);
      expect(changes.at(-1)?.sha256).toBe(launched);
      expect(fateOf(`model-${n}`)).toMatchObject({ fate: "refused", refusal: { by: "satellite" } });
      // The last image is looked at with the old model, and so is every one of a satellite that has tried the new one.
      const behind = modelsBehind(satellite(n));
      expect(behind.at(-1)).toBe(launched.slice(0, 16));
      expect(new Set(behind).size).toBeLessThanOrEqual(isWatched ? 2 : 1);
    },
  );

  it("and a good one takes over", () => {
    const { changes = [], trials = [] } = booksOf(satellite(good)) ?? {};
    expect(trials.map(({ outcome, watched }) => [outcome, watched])).toEqual([["promoted", 1]]);
    expect(changes.map(({ why }) => why)).toEqual(["launched", "promoted"]);
    const behind = modelsBehind(satellite(good));
    expect(behind[0]).toBe(launched.slice(0, 16));
    expect(behind.at(-1)).toBe(digests.get(good)?.slice(0, 16));
    expect(fateOf(`model-${good}`)).toMatchObject({ fate: "done" });
  });
});

describe("a model whose files show that it is broken never goes up", () => {
  it.each([
    ["a-file-cut-short", "from"],
    ["other-classes", "classes"],
    ["other-bands", "bands"],
    ["other-units", "units"],
  ])("%s", (id, field) => {
    expect(fateOf(id)).toMatchObject({ fate: "refused", refusal: { by: "ground", field } });
  });
});

describe("an order that does not fit is refused alone, pieces and all", () => {
  it.each([
    ["late", "deadline"],
    ["listed", "promote"],
    ["nowhere", "to"],
    [`model-${good}`, "id"],
  ])("%s", (id, field) => {
    const all = run.summary.policies[0]?.orders?.orders ?? [];
    const refused = all.filter((one) => one.fate === "refused" && one.id?.startsWith(id) === true);
    expect(refused.map(({ refusal }) => refusal)).toMatchObject([{ by: "ground", field }]);
  });
});
