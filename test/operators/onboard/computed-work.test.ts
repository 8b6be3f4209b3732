import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../../operators/policies/policy-choice.ts";
import { computeWork, type ComputedWork } from "../../../operators/onboard/computed-work.ts";
import { onboardOf } from "../../../operators/onboard/satellite-flight.ts";
import { detectsOnBoard } from "../../../pipeline/mission/policy.ts";
import { leaveOutBadScenes } from "../../../pipeline/raster/scene-errors.ts";
import { inlineTileCodec } from "../../../pipeline/product/tile-codec.ts";
import { defaultSpacecraft, fly, planOf } from "../../mission-fixture.ts";
import { pixelDetector, sourceOf } from "../../fake-scene.ts";
import type { PixelTools } from "../../../operators/onboard/pixel-tools.ts";

const scenes = [
  { id: "a", width: 70, height: 50 },
  { id: "broken", width: 64, height: 64, brokenRow: 60 },
  { id: "b", width: 40, height: 40, blank: { x: 0, y: 0, width: 40, height: 12 } },
];
const { signal } = new AbortController();

describe.each(["raw", "detect", "chips", "compress"])("under policy %s", (name) => {
  it("a flight from work that was worked out before sends the same segments and writes the same ledger", async () => {
    const policy = parsePolicy(name);
    const plan = planOf(scenes, { policy, measureLossless: true, spacecraft: defaultSpacecraft });
    const tools: PixelTools = {
      source: sourceOf(scenes),
      detector: detectsOnBoard(policy) ? pixelDetector() : null,
      judge: null,
      codec: inlineTileCodec,
      inFlight: 2,
      sceneErrors: leaveOutBadScenes,
    };
    const works = new Map<string, ComputedWork>();
    for (const acquisition of plan.acquisitions) {
      const work = await computeWork(onboardOf(plan, "sat", tools, signal), acquisition, tools);
      works.set(acquisition.scene, structuredClone(work));
    }
    expect(works.get("broken")?.record.failure).toMatch(/./);
    const looked = pixelDetector();
    const again = await fly(plan, scenes, {
      ...(detectsOnBoard(policy) ? { detector: looked } : {}),
      computed: async ({ scene }) => works.get(scene) ?? null,
    });
    const straight = await fly(plan, scenes);
    expect(again.ledger).toEqual(straight.ledger);
    expect(again.segments).toEqual(straight.segments);
    expect(again.events).toEqual(straight.events);
    expect(straight.ledger.products.length).toBeGreaterThan(1);
    expect(looked.seen).toEqual([]);
  });
});
