import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isEmpty, screenFor } from "../../../operators/onboard/screen.ts";
import type { CloudJudge, CloudQuestion } from "../../../pipeline/detection/cloud-judge.ts";
import type { Band, PixelWindow, Raster } from "../../../pipeline/raster/raster.ts";
import type { SceneReader } from "../../../pipeline/raster/scene.ts";
import type { Tile } from "../../../pipeline/raster/tile-plan.ts";
import { instant } from "../../../pipeline/units.ts";
import { band } from "../../fake-scene.ts";

const bands: readonly Band[] = [band("B02"), band("B03"), band("B04"), band("B08")];
const names = bands.map(({ name }) => name);
const side = 8;
const raster = (of: readonly Band[], valid: Uint8Array | null = null): Raster => ({
  width: side,
  height: side,
  bands: of,
  planes: of.map((_, b) => new Uint16Array(side * side).fill(100 * (b + 1))),
  valid,
});
const tile: Tile = {
  index: 0,
  window: { x: 40, y: 20, width: side, height: side },
  core: { x: 42, y: 21, width: 4, height: 6 },
};
const captured = {
  acquisition: { index: 0, satellite: "sat", scene: "a", at: instant(0) },
  tile,
  raster: raster(bands),
};
const signal = new AbortController().signal;

/** Writes down what it is asked. */
const recorder = (share: number) => {
  const asked: CloudQuestion[] = [];
  const judge: CloudJudge = {
    info: { name: "j", version: "1", sha256: "0", bands: [], opsPerPixel: 90, precision: "int8" },
    cloudShare: async (question) => {
      asked.push(question);
      return share;
    },
    [Symbol.asyncDispose]: async () => {},
  };
  return { judge, asked };
};
const reader = (read: (window: PixelWindow, wanted: readonly string[]) => Raster): SceneReader => ({
  scene: { id: "a", width: 99, height: 99, bands, georeference: null, acquiredAt: null, platform: null },
  readWindow: async (window, wanted) => read(window, wanted),
  [Symbol.asyncDispose]: async () => {},
});
const unread = reader(() => {
  throw new Error("read again what the camera had handed over");
});

describe("screenFor", () => {
  it("hands the judge its bands in its order, and the core in pixels of the window", async () => {
    const { judge, asked } = recorder(0.25);
    const screen = screenFor(judge, { bands: ["B08", "B02"], step: 3 }, unread, names, signal);
    expect(screen.ownBands).toEqual([]);
    expect(await screen.cloudShare(captured, captured.raster)).toBe(0.25);
    const [question] = asked;
    expect(question?.raster.bands.map(({ name }) => name)).toEqual(["B08", "B02"]);
    expect(question?.raster.planes.map(([first]) => first)).toEqual([400, 100]);
    expect(question?.core).toEqual({ x: 2, y: 1, width: 4, height: 6 });
    expect(question?.step).toBe(3);
  });

  it("reads what the camera has not handed over, apart from what goes down", async () => {
    const { judge, asked } = recorder(0);
    const seen: unknown[] = [];
    const extra = raster([band("B11"), band("B02")]);
    const screening = { bands: ["B11", "B02"], step: 1 };
    const read = reader((window, wanted) => {
      seen.push(window, wanted);
      return extra;
    });
    const screen = screenFor(judge, screening, read, names, signal);
    expect(screen.ownBands).toEqual(["B11"]);
    await screen.cloudShare(captured, captured.raster);
    expect(seen).toEqual([tile.window, ["B11", "B02"]]);
    expect(asked[0]?.raster).toBe(extra);
  });

  it("charges every sample once and the network for what it sees; an empty tile is only looked through", () => {
    const { judge } = recorder(0);
    const screen = screenFor(judge, { bands: ["B02", "B03"], step: 2 }, unread, names, signal);
    const work = screen.work(tile, { samples: 24 * 4 }, null);
    expect(work).toEqual({ modelPixels: 16, opsPerPixel: 90, precision: "int8", encodedSamples: 128 });
    expect(screen.work(tile, { samples: 96 }, "empty")).toMatchObject({
      modelPixels: 0,
      encodedSamples: 96,
    });
  });

  it("goes by brightness without a judge, or where the plan has none for the scene", async () => {
    const { judge, asked } = recorder(1);
    for (const screen of [
      screenFor(judge, undefined, unread, names, signal),
      screenFor(null, { bands: names, step: 1 }, unread, names, signal),
    ]) {
      expect(await screen.cloudShare(captured, captured.raster)).toBe(0);
      expect(screen.work(tile, { samples: 96 }, null)).toMatchObject({ modelPixels: 0, encodedSamples: 96 });
    }
    expect(asked).toEqual([]);
  });
});

describe("isEmpty", () => {
  it("holds only where no pixel is measured", () => {
    expect(isEmpty(raster(bands))).toBe(false);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: side * side, maxLength: side * side, max: 1 }), (valid) => {
        expect(isEmpty(raster(bands, valid))).toBe(valid.every((one) => one === 0));
      }),
    );
  });
});
