import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../../operators/policies/policy-choice.ts";
import { judgeOfPlan, planScreening } from "../../../studies/engine/screening.ts";
import type { Screening } from "../../../pipeline/mission/run-plan.ts";
import type { Scene } from "../../../pipeline/raster/scene.ts";
import { band, utm } from "../../fake-scene.ts";

const scene = (id: string, names: readonly string[], more: Parameters<typeof band>[1] = {}): Scene => ({
  id,
  width: 600,
  height: 600,
  bands: names.map((name) => band(name, more)),
  georeference: utm,
  acquiredAt: null,
  platform: null,
});
const sentinel = scene("s2", ["B02", "B03", "B04", "B08"]);
const picture = scene("picture", ["red", "green", "blue"], { sampleType: "uint8", unit: "dn" });

describe("planScreening", () => {
  it("plans for the scenes that the model can judge, and says why the others go by brightness", async () => {
    const planned = await planScreening("clouds", [sentinel, picture], 512, 1);
    await using judge = planned.judge;
    expect(planned.screening).toEqual({
      model: "clouds",
      modelSha256: judge?.info.sha256,
      scenes: { s2: { bands: ["B02", "B03", "B04", "B08"], step: 3 } },
    });
    expect(planned.notes).toHaveLength(1);
    expect(planned.notes[0]).toMatch(/1 of 2 scenes by brightness.*nir/);
  });

  it("goes by brightness where it is told to, or where no scene fits", async () => {
    expect(await planScreening("brightness", [sentinel], 512, 1)).toEqual({
      screening: null,
      judge: null,
      notes: [],
    });
    const planned = await planScreening("clouds", [picture], 512, 1);
    expect(planned).toMatchObject({ screening: null, judge: null });
    expect(planned.notes[0]).toMatch(/all scenes by brightness/);
  });

  it("refuses a model that cannot judge, and one that is not there", async () => {
    await expect(planScreening("ships-s2", [sentinel], 512, 1)).rejects.toThrow(/judge of clouds/);
    await expect(planScreening("nowhere", [sentinel], 512, 1)).rejects.toThrow(/model "nowhere"/);
  });
});

describe("judgeOfPlan", () => {
  const screening: Screening = { model: "clouds", modelSha256: "0".repeat(64), scenes: {} };

  it("opens nothing where nothing is screened by a model", async () => {
    const policy = parsePolicy("screen:max-cloud=0.7");
    expect(await judgeOfPlan({ policy: parsePolicy("raw"), screening }, undefined)).toBeNull();
    expect(await judgeOfPlan({ policy, screening: null }, undefined)).toBeNull();
  });

  it("opens the model of the plan, or what this machine calls so, and no other", async () => {
    const policy = parsePolicy("screen:max-cloud=0.7");
    const wrong = judgeOfPlan({ policy, screening }, undefined);
    await expect(wrong).rejects.toThrow(/not the one that the run screens by: wanted weights 000000000000…/);
    const planned = await planScreening("clouds:int8", [sentinel], 512, 1);
    await planned.judge?.[Symbol.asyncDispose]();
    await using judge = await judgeOfPlan({ policy, screening: planned.screening }, undefined);
    expect(judge?.info).toMatchObject({ name: "clouds:int8", precision: "int8" });
    await expect(judgeOfPlan({ policy, screening: planned.screening }, "clouds")).rejects.toThrow(
      /not the one/,
    );
  });
});
