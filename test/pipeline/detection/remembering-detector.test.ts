import { expect, test } from "vitest";
import type { Detection } from "../../../pipeline/detection/detection.ts";
import type { Detector } from "../../../pipeline/detection/detector.ts";
import { rememberingDetector } from "../../../pipeline/detection/remembering-detector.ts";
import type { PlacedRaster } from "../../../pipeline/raster/placed.ts";

const tile = (value: number, more: Partial<PlacedRaster> = {}): PlacedRaster => ({
  width: 4,
  height: 4,
  bands: [{ name: "B02", sampleType: "uint16", scale: 1, offset: 0, unit: "dn", nodata: null }],
  planes: [new Uint16Array(16).fill(value)],
  valid: null,
  ...more,
});

/** Gives the number of the call as the score. */
const counting = (): Detector & { calls: number } => {
  const detector = {
    calls: 0,
    info: { name: "counting" } as Detector["info"],
    detect: async (): Promise<readonly Detection[]> => {
      detector.calls++;
      return [{ classId: 0, score: detector.calls, boxPx: { x0: 0, y0: 0, x1: 1, y1: 1 } }];
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
  return detector;
};

test("looks at the same tile once, and at another each time anything differs", async () => {
  const asked = counting();
  await using detector = rememberingDetector(asked);
  const first = await detector.detect(tile(7));
  expect(await detector.detect(tile(7))).toEqual(first);
  expect(asked.calls).toBe(1);
  const [band] = tile(7).bands;
  for (const other of [
    tile(8),
    tile(7, { sceneMiddlePx: { x: 3, y: 4 } }),
    tile(7, { bands: [{ ...band!, scale: 2 }] }),
    tile(7, { valid: new Uint8Array(16).fill(1) }),
  ])
    await detector.detect(other);
  expect(asked.calls).toBe(5);
});

test("weights that are turned over are asked anew, and not remembered", async () => {
  const asked = counting();
  await using detector = rememberingDetector(asked);
  await detector.detect(tile(7));
  await detector.detect(tile(7), undefined, [3]);
  await detector.detect(tile(7), undefined, [3]);
  expect(asked.calls).toBe(3);
  expect(await detector.detect(tile(7))).toMatchObject([{ score: 1 }]);
});

test("a failure is told and not kept", async () => {
  const asked = counting();
  let broken = true;
  await using detector = rememberingDetector({
    ...asked,
    detect: async (one) => {
      if (broken) throw new Error("no");
      return await asked.detect(one);
    },
  });
  await expect(detector.detect(tile(7))).rejects.toThrow("no");
  broken = false;
  expect(await detector.detect(tile(7))).toHaveLength(1);
});
