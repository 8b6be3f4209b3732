import { describe, expect, test } from "vitest";
import { onboardOf } from "../../../operators/onboard/satellite-flight.ts";
import { BoardSettings } from "../../../operators/onboard/board-settings.ts";
import { parsePolicy } from "../../../operators/policies/policy-choice.ts";
import type { OrderNamed } from "../../../pipeline/orders/order.ts";
import { instant } from "../../../pipeline/units.ts";
import { inlineTileCodec } from "../../../pipeline/product/tile-codec.ts";
import { leaveOutBadScenes } from "../../../pipeline/raster/scene-errors.ts";
import { pixelDetector, sourceOf } from "../../fake-scene.ts";
import { planOf } from "../../mission-fixture.ts";

const orderOf = (name: "score" | "policy", value: string): OrderNamed<"parameter"> => ({
  id: "one",
  tenant: "mission",
  to: null,
  issuedAt: instant(0),
  deadline: instant(100),
  priority: 5,
  signature: null,
  kind: "parameter",
  body: { name, value },
});

const bench = { at: instant(10), acquisition: null, take: () => undefined, say: () => undefined };
const policy = parsePolicy("chips");

describe("parameters that orders change", () => {
  test("a score holds from then on, and settings of the policy within their ranges", async () => {
    const settings = new BoardSettings({ policy, scoreThreshold: 0.3 });
    expect(settings.isChanged(policy)).toBe(false);
    expect(settings.obey(orderOf("score", "0.6"), bench)).toMatchObject({
      answer: "done",
      note: "score 0.6",
    });
    expect(settings.obey(orderOf("policy", "margin=3"), bench)).toMatchObject({
      answer: "done",
      note: "chips: margin 3",
    });
    expect(settings.isChanged(policy)).toBe(true);
    const detector = pixelDetector();
    const plan = { ...planOf([]), policy };
    const tools = { source: sourceOf([]), detector, judge: null, codec: inlineTileCodec, inFlight: 1 };
    const more = { sceneErrors: leaveOutBadScenes };
    const onboard = onboardOf(plan, "sat", { ...tools, ...more }, new AbortController().signal);
    const applied = settings.applied(onboard);
    expect(applied.policy.settings).toMatchObject({ marginPx: 3 });
    const found = [0.9, 0.6, 0.59].map((score) => ({
      classId: 0,
      score,
      boxPx: { x0: 0, y0: 0, x1: 1, y1: 1 },
    }));
    const fixed = settings.applied({ ...onboard, detector: { ...detector, detect: async () => found } });
    const tile = {} as Parameters<typeof detector.detect>[0];
    expect((await fixed.detector?.detect(tile))?.map(({ score }) => score)).toEqual([0.9, 0.6]);
  });

  test.each([
    ["score", "0.2", "0.3"],
    ["score", "2", "1"],
    ["score", "high", "number"],
    ["policy", "margin=100000", "0"],
    ["policy", "colour=red", "margin=…"],
  ] as const)("%s %s is refused with what was wanted, and changes nothing", (name, value, wanted) => {
    const settings = new BoardSettings({ policy, scoreThreshold: 0.3 });
    const answer = settings.obey(orderOf(name, value), bench);
    expect(answer).toMatchObject({ answer: "refused", field: "value" });
    expect(answer.answer === "refused" ? answer.wanted : "").toContain(wanted);
    expect(settings.isChanged(policy)).toBe(false);
  });
});
