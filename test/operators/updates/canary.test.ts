import { describe, expect, it } from "vitest";
import type { ModelPorts } from "../../../operators/updates/model-keeper.ts";
import type { TriedWork } from "../../../operators/updates/model-trial.ts";
import type { Detection } from "../../../pipeline/detection/detection.ts";
import type { OrderAnswer } from "../../../pipeline/orders/order-answer.ts";
import { instant, type Instant } from "../../../pipeline/units.ts";
import { box, bring, inForce, install, lastOf, setting, work } from "./keeper-setting.ts";

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
      const { candidate } = await it.keeper.inForce(at);
      if (candidate === null) break;
      const said = answer(image);
      if (typeof said === "string") it.keeper.failTrial(said, at);
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
