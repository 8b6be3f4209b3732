import { describe, expect, it } from "vitest";
import type { ModelPorts } from "../../../operators/updates/model-keeper.ts";
import type { TriedWork } from "../../../operators/updates/model-trial.ts";
import type { Detection } from "../../../pipeline/detection/detection.ts";
import type { OrderAnswer } from "../../../pipeline/orders/order-answer.ts";
import { instant, type Instant } from "../../../pipeline/units.ts";
import {
  activate,
  box,
  bring,
  inForce,
  install,
  lastOf,
  launched,
  next,
  setting,
  work,
} from "./keeper-setting.ts";

const old = { model: launched.model, sha256: launched.sha256 };

describe("a canary stops", () => {
  const images: readonly (readonly Detection[])[] = [
    [box(0), box(40)],
    [box(5)],
    [box(9), box(80), box(120)],
  ];
  const flood = Array.from({ length: 60 }, (_, n) => box(12 * n + 6));

  /** Flies a trial of three images with a model that answers as given; a text is how it breaks. */
  const fly = async (
    answer: (image: readonly Detection[]) => TriedWork | string,
    more: Partial<ModelPorts> = {},
  ): Promise<OrderAnswer | undefined> => {
    const it = setting(more);
    bring(it, install());
    for (const [n, image] of images.entries()) {
      const at: Instant = instant(20 + n);
      const { beside } = await it.keeper.inForce(at);
      if (beside === null) break;
      const said = answer(image);
      if (typeof said === "string") it.keeper.failBeside(said, at);
      else it.keeper.tried("scene", at, work(image), said);
    }
    expect(await inForce(it, 100)).toEqual(["old", null]);
    expect(it.keeper.close().trials[0]?.outcome).toMatch(/^(failed|rejected)$/);
    return lastOf(it);
  };

  it.each<[string, (image: readonly Detection[]) => TriedWork | string, string]>([
    ["everything detected", () => work(flood), "promote"],
    ["nothing detected", () => work([]), "promote"],
    ["wrong classes", (image) => work(image.map((one) => ({ ...one, classId: 1 }))), "promote"],
    ["wrong places", (image) => work(image.map(({ boxPx }) => box(boxPx.x0 + 500))), "promote"],
    ["NaN weights", () => "its outputs are not numbers", "trial"],
    ["crash in run", () => "it broke: out of memory", "trial"],
    ["wrong output shape", () => "outputs do not fit the head", "trial"],
    ["too slow", (image) => work(image, { seconds: 4.5 }), "trial"],
    ["too hot", (image) => work(image, { speed: 0.4 }), "trial"],
  ])("a model with %s", async (_, answer, field) => {
    expect(await fly(answer)).toMatchObject({ answer: "refused", field });
  });

  it("a model that crashes at load", async () => {
    const answer = await fly(() => "never asked", { open: async () => Promise.reject(new Error("cut off")) });
    expect(answer).toMatchObject({ field: "trial", got: "does not load: cut off" });
  });

  it("the model before comes back where the new one breaks under watch", async () => {
    const cases: readonly [string, TriedWork | null][] = [
      ["keep", work(flood)],
      ["keep", work([])],
      ["watch", work([box(0)], { seconds: 9 })],
      ["watch", work([box(0)], { speed: 0.4 })],
      ["watch", null],
    ];
    for (const [field, after] of cases) {
      const it = setting();
      bring(it, install({ trial: 0, watch: 9 }));
      expect(await inForce(it, 20)).toEqual(["next", "old"]);
      it.keeper.tried("scene", instant(20), work([box(0)]), work([box(1)]));
      expect(lastOf(it)).toMatchObject({ answer: "accepted" });
      for (let t = 21; t < 26 && (await inForce(it, t))[0] === "next"; t++)
        if (after === null) it.keeper.fail(next, instant(t), "it broke");
        else it.keeper.tried("scene", instant(t), after, work([box(0)]));
      expect(await inForce(it, 100)).toEqual(["old", null]);
      expect(lastOf(it)).toMatchObject({ answer: "refused", field });
      expect(it.keeper.close().trials[0]).toMatchObject({ outcome: "failed" });
      expect(it.keeper.close().changes.at(-1)).toMatchObject({ why: "rolled back", ...old });
    }
  });

  it("nothing that holds its rule under watch, be there anything to see or not", async () => {
    const it = setting();
    bring(it, install({ trial: 0, watch: 4 }));
    for (let t = 20; t < 24; t++) {
      expect(await inForce(it, t)).toEqual(["next", "old"]);
      const image = t === 21 ? [box(0)] : [];
      it.keeper.tried("scene", instant(t), work(image), work(image));
    }
    expect(await inForce(it, 30)).toEqual(["next", null]);
    expect(lastOf(it)).toMatchObject({ answer: "done", note: "kept after 4 acquisitions under watch" });
    expect(it.keeper.close().trials[0]).toMatchObject({ outcome: "promoted", watched: 4 });
  });

  it("a watch ends where another model comes to work, or the one that watches breaks", async () => {
    const ordered = setting();
    bring(ordered, install({ trial: 0, watch: 9 }));
    ordered.hear(activate(launched.sha256), 30);
    expect(lastOf(ordered)).toMatchObject({ answer: "done" });
    expect(await inForce(ordered, 40)).toEqual(["old", null]);
    const broken = setting();
    bring(broken, install({ trial: 0, watch: 9 }));
    expect(await inForce(broken, 20)).toEqual(["next", "old"]);
    broken.keeper.failBeside("it broke", instant(20));
    expect(await inForce(broken, 40)).toEqual(["next", null]);
  });

  it("and lets a good one pass", async () => {
    const it = setting();
    bring(it, install());
    for (const [n, image] of images.entries())
      it.keeper.tried(
        "scene",
        instant(20 + n),
        work(image),
        work(image.map(({ boxPx }) => box(boxPx.x0 + 1))),
      );
    expect(await inForce(it, 100)).toEqual(["next", null]);
    expect(lastOf(it)).toMatchObject({ answer: "done", note: "promoted: agreement 1, old 1" });
  });
});
