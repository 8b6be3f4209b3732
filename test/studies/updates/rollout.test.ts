/* oxlint-disable unicorn/no-thenable -- orders have a field of that name */
import fc from "fast-check";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { namedSigners, readUpdateModel, type ReadModel } from "../../../studies/updates/model-update.ts";
import { expandUpdates, type ExpandedOrders } from "../../../studies/updates/order-updates.ts";
import { wavesOf } from "../../../studies/updates/rollout.ts";
import { retrainedFiles } from "../../models/updates/retrained.ts";
import "../../property-seed.ts";

describe("waves", () => {
  it("have every follower once, in order, none empty, each no smaller than the one before but for rounding", () => {
    fc.assert(
      fc.property(fc.nat(300), fc.integer({ min: 1, max: 16 }), (count, waves) => {
        const followers = Array.from({ length: count }, (_, n) => `sat-${n}`);
        const parts = wavesOf(followers, waves);
        expect(parts.flat()).toEqual(followers);
        expect(parts.length).toBeLessThanOrEqual(waves);
        const sizes = parts.map(({ length }) => length);
        expect(sizes.every((size, n) => size > 0 && size + 1 >= (sizes[n - 1] ?? 0))).toBe(true);
      }),
    );
  });

  it("double", () => {
    const sizes = wavesOf(
      Array.from({ length: 14 }, (_, n) => `${n}`),
      3,
    );
    expect(sizes.map(({ length }) => length)).toEqual([2, 4, 8]);
  });
});

describe("an order to install with those who follow", () => {
  const folder = mkdtempSync(join(tmpdir(), "swath-test-"));
  const satellites = ["one", "two", "three", "four"];
  let launched: ReadModel;
  beforeAll(async () => {
    launched = await readUpdateModel("ships-s2:int8");
    for (const [name, bytes] of await retrainedFiles()) writeFileSync(join(folder, name), bytes);
  });
  const expanded = (more: object): Promise<ExpandedOrders> =>
    expandUpdates(
      [{ id: "v4", kind: "model-install", from: folder, deadline: "2d", to: "two", trial: 3, ...more }],
      {
        launched,
        signers: namedSigners("test"),
        satellites,
        acquisitions: [],
        labels: new Map(),
        verify: () => null,
        refusal: null,
      },
    );

  it("becomes one for each, which waits for the wave before; those who follow work at once", async () => {
    const { value, after, made, refused } = await expanded({ then: "all", waves: 2, watch: 4 });
    expect(refused).toEqual([]);
    const entries = value as readonly Readonly<Record<string, unknown>>[];
    const installs = entries.filter(({ kind }) => kind === "model-install");
    expect(installs.map(({ id, to, trial, watch }) => [id, to, trial, watch])).toEqual([
      ["v4", "two", 3, 4],
      ["v4_one", "one", 0, 4],
      ["v4_three", "three", 0, 4],
      ["v4_four", "four", 0, 4],
    ]);
    const canary = [{ order: "v4", satellite: "two" }];
    const first = [{ order: "v4_one", satellite: "one" }];
    for (const { id } of entries) {
      const name = `${id as string}`;
      const wanted = name.startsWith("v4_one") ? canary : name.startsWith("v4_") ? first : undefined;
      expect(after.get(name)).toEqual(wanted);
      expect(made.has(name)).toBe(true);
    }
  });

  it("is refused for those who are nobody, the canary itself, and waves that are none", async () => {
    for (const [more, field] of [
      [{ then: "five" }, "then"],
      [{ then: ["one", "two"] }, "then"],
      [{ then: "" }, "then"],
      [{ then: "all", waves: 0 }, "waves"],
      [{ then: "all", waves: 17 }, "waves"],
      [{ then: "all", id: "x".repeat(54) }, "id"],
    ] as const)
      expect((await expanded(more)).refused, JSON.stringify(more)).toMatchObject([{ field }]);
  });
});
