import { describe, expect, it } from "vitest";
import {
  checkModel,
  compare,
  isSwathError,
  openDataset,
  openModel,
  simulate,
  SwathError,
} from "../../index.ts";

const thrown = async (work: () => Promise<unknown>): Promise<SwathError> => {
  const error = await work().then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(isSwathError(error), String(error)).toBe(true);
  return error as SwathError;
};

describe("a caller's mistake", () => {
  const dataset = "builtin:harbour?scenes=1&size=256";

  it.each([
    ["rate", { rate: "fast" }, "rate"],
    ["a number out of range", { hours: -1 }, "hours"],
    ["a word that is none", { schedule: "sometimes" }, "schedule"],
    ["crosslinks without terminals", { spacecraft: "cubesat-6u", crosslinks: "grid" }, "crosslinks"],
    ["credentials without a server", { creds: "me.creds" }, "creds"],
    ["a policy that is none", { policies: ["guess"] }, "policies"],
  ])("%s is a SwathError that names its field", async (_, more, field) => {
    const { tag, parts } = await thrown(() => compare({ dataset, ...more }));
    expect(tag).toBe("config");
    expect(parts.field).toBe(field);
    expect(parts.wanted).toBeTruthy();
  });

  it("an option that is none is told with those there are", async () => {
    const { parts } = await thrown(() => compare({ dataset, segmentloss: 0.1 } as never));
    expect(parts).toMatchObject({ field: "segmentloss", got: '"segmentloss"' });
    expect(parts.wanted).toMatch(/segmentLoss/);
  });

  it("a dataset, a model or a workload that is not there is one too", async () => {
    expect((await thrown(() => openDataset("/nowhere"))).tag).toBe("dataset");
    expect((await thrown(() => openModel("no-such-model"))).tag).toBe("model");
    expect((await thrown(() => checkModel({ model: "no-such-model", dataset }))).tag).toBe("model");
    expect((await thrown(() => simulate({ workload: "/nowhere" }))).tag).toBe("config");
  });
});
