import { describe, expect, it } from "vitest";
import type { ModelPorts } from "../../../operators/updates/model-keeper.ts";
import { SwathError } from "../../../pipeline/errors.ts";
import { instant } from "../../../pipeline/units.ts";
import {
  activate,
  box,
  bring,
  inForce,
  install,
  lastOf,
  launched,
  next,
  piece,
  setting,
  sha256,
  work,
} from "./keeper-setting.ts";

describe("a satellite's models", () => {
  it("come in pieces over contacts, in any order, and before their order", async () => {
    const it = setting();
    expect(it.hear(piece(4), 1)).toMatchObject({ answer: "done" });
    expect(it.hear(piece(1), 1)).toMatchObject({ answer: "done" });
    expect(it.hear(install(), 50)).toMatchObject({ answer: "accepted" });
    for (const n of [0, 3]) it.hear(piece(n), 60);
    expect(await inForce(it, 60)).toEqual(["old", null]);
    it.hear(piece(2), 70);
    // It is on trial from when the last piece was on board, and no earlier.
    expect(await inForce(it, 69)).toEqual(["old", null]);
    expect(await inForce(it, 70)).toEqual(["old", `ships ${next.sha256.slice(0, 4)}`]);
    expect(it.reserved()).toBe(100);
  });

  it("are promoted by rule after so many images, from then on", async () => {
    const it = setting();
    bring(it, install({ promote: "agreement >= 0.6 and seconds <= 2 * old" }));
    const seen = (at: number): void =>
      it.keeper.tried(
        "scene",
        instant(at),
        work([box(0), box(50)]),
        work([box(1), box(51), box(90)], { seconds: 1.5, joules: 15 }),
      );
    seen(20);
    seen(30);
    expect(lastOf(it)).toMatchObject({ answer: "accepted" });
    seen(40);
    expect(lastOf(it)).toMatchObject({
      answer: "done",
      at: 40,
      note: "promoted: agreement 0.6667, old 0.6667; seconds 1.5, old 1",
    });
    expect(await inForce(it, 39)).toEqual(["old", null]);
    expect(await inForce(it, 40)).toEqual(["next", null]);
    const { changes, trials } = it.keeper.close();
    expect(changes.map(({ at, why }) => [at, why])).toEqual([
      [0, "launched"],
      [40, "promoted"],
    ]);
    expect(trials).toMatchObject([
      { outcome: "promoted", acquisitions: 3, computeSeconds: 4.5, computeEnergy: 45, order: "up" },
    ]);
  });

  it("are judged by what the ground knows, where it does", () => {
    const exam = new Map([["labelled", [{ classId: 0, ignore: false, boxPx: box(0).boxPx }]]]);
    const unpack: ModelPorts["unpack"] = (_, data) => ({
      files: new Map([["model.json", data]]),
      trust: "1",
      exam,
    });
    const good = setting({ unpack });
    bring(good, install({ promote: "f1 >= old - 0.02", trial: 2 }));
    good.keeper.tried("labelled", instant(20), work([box(0), box(70)]), work([box(0)]));
    good.keeper.tried("elsewhere", instant(30), work([]), work([box(3)]));
    expect(lastOf(good)).toMatchObject({ answer: "done", note: "promoted: f1 1, old 0.6667" });
    const bad = setting({ unpack });
    bring(bad, install({ promote: "f1 >= old - 0.02", trial: 1 }));
    bad.keeper.tried("labelled", instant(20), work([box(0)]), work([box(0), box(70), box(90)]));
    expect(lastOf(bad)).toMatchObject({
      answer: "refused",
      field: "promote",
      wanted: "f1 >= old - 0.02",
      got: "f1 0.5, old 1",
    });
    // Nothing is promoted on a figure that is not known.
    const unknown = setting({ unpack });
    bring(unknown, install({ promote: "f1 >= old - 0.02", trial: 1 }));
    unknown.keeper.tried("elsewhere", instant(20), work([box(0)]), work([box(0)]));
    expect(lastOf(unknown)).toMatchObject({ answer: "refused", got: "f1 not known, old not known" });
  });

  it("that are rejected leave the store, or stay to be activated by an order", async () => {
    const gone = setting();
    bring(gone, install({ trial: 1 }));
    gone.keeper.tried("s", instant(20), work([box(0)]), work([]));
    expect(gone.reserved()).toBe(0);
    expect(gone.hear(activate(next.sha256), 30)).toMatchObject({ answer: "refused", field: "sha256" });
    const kept = setting();
    bring(kept, install({ trial: 1, rollback: "never" }));
    kept.keeper.tried("s", instant(20), work([box(0)]), work([]));
    expect(kept.reserved()).toBe(100);
    expect(kept.hear(activate(next.sha256), 30)).toMatchObject({ answer: "done" });
    expect(await inForce(kept, 30)).toEqual(["next", null]);
    expect(kept.hear(activate(launched.sha256, 3), 40)).toMatchObject({ answer: "done" });
    expect(await inForce(kept, 35)).toEqual(["next", null]);
    expect(await inForce(kept, 40)).toEqual(["old", null]);
  });

  it("that fail at work give their place to the last one that worked", async () => {
    const it = setting();
    bring(it, install({ trial: 0 }));
    expect(await inForce(it, 11)).toEqual(["next", null]);
    it.keeper.fail(next, instant(50), "its outputs are not numbers");
    expect(await inForce(it, 50)).toEqual(["old", null]);
    expect(await inForce(it, 49)).toEqual(["next", null]);
    const { changes, trials } = it.keeper.close();
    expect(changes.at(-1)).toMatchObject({ why: "rolled back", order: "up", at: 50 });
    expect(trials).toMatchObject([{ outcome: "failed", why: "its outputs are not numbers" }]);
    expect(() => it.keeper.fail(launched, instant(60), "gone")).toThrow("one that works");
    expect(it.keeper.isReplaceable(launched)).toBe(false);
  });

  it("that do not load at work are replaced before they see an image", async () => {
    const it = setting({ open: async () => Promise.reject(new Error("no such operator")) });
    bring(it, install({ trial: 0 }));
    expect(await inForce(it, 20)).toEqual(["old", null]);
    expect(it.keeper.close().trials).toMatchObject([
      { outcome: "failed", why: "does not load: no such operator" },
    ]);
  });

  it("are refused with field, wanted and got", () => {
    const broken = setting();
    broken.hear(install({ uploadSha256: sha256("another") }), 1);
    for (let n = 0; n < 5; n++) broken.hear(piece(n), 2);
    expect(lastOf(broken)).toMatchObject({ answer: "refused", field: "uploadSha256", got: "other bytes" });
    const unproven = setting({
      unpack: () => {
        throw new SwathError("model", {
          what: "model update up: root",
          field: "root",
          wanted: "ours",
          got: "theirs",
        });
      },
    });
    bring(unproven, install());
    expect(lastOf(unproven)).toEqual({
      answer: "refused",
      at: 10,
      field: "root",
      wanted: "ours",
      got: "theirs",
    });
    expect(unproven.reserved()).toBe(0);
    const full = setting({}, 80);
    expect(full.hear(install(), 1)).toMatchObject({
      answer: "refused",
      field: "size",
      wanted: "room for it in the store",
    });
    const crowded = setting({}, 105);
    crowded.hear(install(), 1);
    expect(crowded.hear(piece(0), 1)).toMatchObject({ answer: "refused", field: "data" });
    const outside = setting();
    outside.hear(install(), 1);
    expect(outside.hear(piece(5, 20), 2)).toMatchObject({ answer: "refused", field: "offset" });
    expect(setting().hear(install({ promote: "f1 >" }), 1)).toMatchObject({
      answer: "refused",
      field: "promote",
    });
    expect(setting().hear(install({}, "x".repeat(60)), 1)).toMatchObject({ answer: "refused", field: "id" });
    const late = setting();
    late.hear({ ...install(), deadline: instant(5) }, 1);
    for (let n = 0; n < 5; n++) late.hear(piece(n), 6);
    expect(late.keeper.close().trials).toEqual([]);
    expect(late.reserved()).toBe(0);
  });

  it("that come while another is on trial end its trial", async () => {
    const it = setting();
    bring(it, install());
    bring(it, install({ sha256: sha256("third"), sequence: 2 }, "up2"), 20);
    expect(it.keeper.close().trials).toMatchObject([
      { outcome: "rejected" },
      { outcome: "under way", endedAt: null },
    ]);
  });
});
