import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../../operators/policies/policy-choice.ts";
import {
  processAcquisition,
  type Onboard,
  type ReadyDraft,
} from "../../../operators/onboard/acquisition-work.ts";
import { WorkClock } from "../../../operators/flight/work-clock.ts";
import { envelopeOverheadBytes } from "../../../pipeline/link/transfer/envelope.ts";
import { decodeChips } from "../../../pipeline/product/chip.ts";
import { decodeDetections } from "../../../pipeline/product/detection-batch.ts";
import { decodeTile } from "../../../pipeline/product/lossless/lossless-tile.ts";
import { decodeLossyTile } from "../../../pipeline/product/lossy-tile.ts";
import type { Policy } from "../../../pipeline/mission/policy.ts";
import { inlineTileCodec } from "../../../pipeline/product/tile-codec.ts";
import { windowArea } from "../../../pipeline/raster/raster.ts";
import { planTiles } from "../../../pipeline/raster/tile-plan.ts";
import { instant, seconds } from "../../../pipeline/units.ts";
import { pixelDetector, readerOf, type FakeScene } from "../../fake-scene.ts";
import { defaultSpacecraft } from "../../mission-fixture.ts";

const scene: FakeScene = { id: "a", width: 80, height: 56, blank: { x: 0, y: 0, width: 28, height: 28 } };
const tile = { sizePx: 32, overlapPx: 8 };
const plan = planTiles({ x: 0, y: 0, width: 80, height: 56 }, tile);
const bands = ["B02", "B03"];
const computer = {
  ...defaultSpacecraft.computer,
  peakOps: { fp32: 1e6 },
  utilisation: 1,
  samplesPerSecond: 1e5,
  tileOverhead: seconds(0.5),
};
const benchFrom = (freeFrom: number) => ({
  clock: new WorkClock(instant(Math.max(1000, freeFrom)), null),
  captured: () => undefined,
});
const acquisition = { index: 4, satellite: "sat", scene: "a", at: instant(1000) };

const run = async (policy: Policy, more: Partial<Onboard> = {}, freeFrom = 0, fake = scene) => {
  const detector = pixelDetector();
  const onboard: Onboard = {
    policy,
    computer,
    bands: { a: bands },
    tile,
    detector,
    judge: null,
    radiation: null,
    screening: null,
    codec: inlineTileCodec,
    measureLossless: false,
    inFlight: 3,
    signal: new AbortController().signal,
    ...more,
  };
  const drafts: ReadyDraft[] = [];
  const record = await processAcquisition(
    onboard,
    acquisition,
    readerOf(fake),
    benchFrom(freeFrom),
    async (draft) => void drafts.push(draft),
  );
  return { record, drafts, detector };
};

describe("processAcquisition", () => {
  it("raw: sends every core that holds a measurement, without loss, and counts the empty one", async () => {
    const { record, drafts, detector } = await run(parsePolicy("raw"));
    expect(drafts.map((draft) => draft.tile)).toEqual(plan.slice(1).map(({ index }) => index));
    for (const draft of drafts) {
      const { core } = plan[draft.tile ?? 0] as (typeof plan)[number];
      const original = await readerOf(scene).readWindow(core, bands);
      expect(decodeTile(draft.payload, original.bands)).toEqual(original);
    }
    expect(detector.seen).toEqual([]);
    expect(record).toMatchObject({
      tiles: plan.length,
      emptyTiles: 1,
      cloudyTiles: 0,
      modelTiles: 0,
      detections: 0,
    });
    expect(record.samples).toBe(80 * 56 * 2);
    expect(record.sensorBytes).toBe(80 * 56 * 2 * 2);
    expect(record.emptyBytes).toBe(28 * 28 * 2 * 2);
    expect(record.losslessBytes).toBe(
      drafts.reduce((sum, { payload }) => sum + payload.length + envelopeOverheadBytes, 0),
    );
  });

  it("spends on each tile what the hardware says, one tile after the other, from when the computer is free", async () => {
    const { record, drafts } = await run(parsePolicy("raw"), {}, 1200);
    const cores = plan.map(({ core }) => core.width * core.height * 2);
    const spent = cores.map((samples, index) => 0.5 + (index === 0 ? 0 : samples / 1e5));
    const readyAt = spent.map((_, index) => 1200 + spent.slice(0, index + 1).reduce((a, b) => a + b));
    expect(record.startedAt).toBe(1200);
    drafts.forEach((draft, i) => expect(draft.readyAt).toBeCloseTo(readyAt[i + 1] ?? 0, 9));
    expect(record.readyAt).toBe(drafts.at(-1)?.readyAt);
    expect(record.computeSeconds).toBeCloseTo(record.readyAt - 1200, 12);
    expect((await run(parsePolicy("raw"), {}, 200)).record.startedAt).toBe(1000);
  });

  it("detect: sends one batch, looks at whole windows, and not at what holds no measurement", async () => {
    const { record, drafts, detector } = await run(parsePolicy("detect"));
    expect(drafts.map(({ kind }) => kind)).toEqual(["detections"]);
    const batch = decodeDetections((drafts[0] as ReadyDraft).payload);
    expect(batch.scene).toBe("a");
    expect(batch.detections).toHaveLength(record.detections);
    expect(record.detections).toBeGreaterThan(10);
    expect(record.modelTiles).toBe(plan.length - 1);
    expect(detector.seen.every(({ width, height }) => width === 32 && height === 32)).toBe(true);
    const model = plan.slice(1).reduce((sum) => sum + (32 * 32 * 1000) / 1e6, 0);
    expect(record.computeSeconds).toBeCloseTo(plan.length * 0.5 + model, 9);
    expect(record.losslessBytes).toBeNull();
  });

  it("detect: measures the lossless size beside its work, the same as raw sends, at no cost in time", async () => {
    const raw = await run(parsePolicy("raw"));
    const measured = await run(parsePolicy("detect"), { measureLossless: true });
    const plain = await run(parsePolicy("detect"));
    expect(measured.record.losslessBytes).toBe(raw.record.losslessBytes);
    expect(measured.record.computeSeconds).toBe(plain.record.computeSeconds);
  });

  it("chips: a picture for every detection, ready after the batch by what encoding them takes", async () => {
    const { record, drafts } = await run(parsePolicy("chips:margin=4,quality=60"));
    const [batch, chips] = drafts;
    expect(drafts.map(({ kind }) => kind)).toEqual(["detections", "chips"]);
    const pictures = decodeChips(chips?.payload ?? new Uint8Array());
    expect(pictures.map(({ detectionIndex }) => detectionIndex)).toEqual([
      ...Array(record.detections).keys(),
    ]);
    const pixels = pictures.reduce((sum, { window }) => sum + window.width * window.height, 0);
    expect((chips?.readyAt ?? 0) - (batch?.readyAt ?? 0)).toBeCloseTo((pixels * 2) / 1e5, 6);
    expect(record.readyAt).toBe(chips?.readyAt);
  });

  it("adaptive: pictures only of what the model is not sure of, none when it is of all", async () => {
    const { drafts } = await run(parsePolicy("adaptive:sure-above=0.6,margin=4,quality=60"));
    const { detections } = decodeDetections((drafts[0] as ReadyDraft).payload);
    const unsure = detections.flatMap(({ score }, index) => (score < 0.6 ? [index] : []));
    expect(unsure.length).toBeGreaterThan(0);
    expect(unsure.length).toBeLessThan(detections.length);
    const pictures = decodeChips((drafts[1] as ReadyDraft).payload);
    expect(pictures.map(({ detectionIndex }) => detectionIndex)).toEqual(unsure);
    const sure = await run(parsePolicy("adaptive:sure-above=0,margin=4,quality=60"));
    expect(sure.drafts.map(({ kind }) => kind)).toEqual(["detections"]);
  });

  it("compress: every core as a lossy tile of its size, the mask exact", async () => {
    const { drafts, record } = await run(parsePolicy("compress:format=webp,quality=80"));
    expect(drafts).toHaveLength(plan.length - 1);
    for (const draft of drafts) {
      const { core } = plan[draft.tile ?? 0] as (typeof plan)[number];
      const original = await readerOf(scene).readWindow(core, bands);
      const decoded = await decodeLossyTile(draft.payload, original.bands);
      expect([decoded.width, decoded.height, decoded.valid]).toEqual([
        core.width,
        core.height,
        original.valid,
      ]);
    }
    expect(record.losslessBytes).toBeNull();
  });

  it("screen: leaves cloudy tiles out, and counts tiles and bytes: in = sent + empty + cloudy", async () => {
    const cloudy = { ...scene, bright: 0.5 };
    const { drafts, record } = await run(parsePolicy("screen:max-cloud=0.5"), {}, 0, cloudy);
    expect(record.cloudyTiles).toBeGreaterThan(0);
    expect(drafts.length).toBeGreaterThan(0);
    expect(drafts.length + record.emptyTiles + record.cloudyTiles).toBe(plan.length);
    const sent = drafts.reduce((sum, { encodedSamples }) => sum + encodedSamples * 2, 0);
    expect(sent + record.emptyBytes + record.cloudyBytes).toBe(record.sensorBytes);
    expect(record.losslessBytes).toBeNull();
    const measured = await run(parsePolicy("screen:max-cloud=0.5"), { measureLossless: true }, 0, cloudy);
    expect(measured.record.losslessBytes).toBe(
      (await run(parsePolicy("raw"), {}, 0, cloudy)).record.losslessBytes,
    );
  });

  it("screen: asks the judge of the plan, and charges its operations as those of any model", async () => {
    const judging = (share: number, opsPerPixel: number): Partial<Onboard> => ({
      judge: {
        info: { name: "j", version: "1", sha256: "0", bands: [...bands], opsPerPixel, precision: "fp32" },
        cloudShare: async () => share,
        [Symbol.asyncDispose]: async () => {},
      },
      screening: { model: "j", modelSha256: "0", scenes: { a: { bands, step: 1 } } },
    });
    const policy = parsePolicy("screen:max-cloud=0.5");
    const none = await run(policy, judging(0.51, 0));
    expect(none.drafts).toEqual([]);
    expect(none.record.cloudyTiles + none.record.emptyTiles).toBe(plan.length);
    const all = await run(policy, judging(0.5, 0));
    expect(all.record.cloudyTiles).toBe(0);
    const costly = await run(policy, judging(0.51, 200));
    const seen = plan.reduce((sum, { window }) => sum + windowArea(window), 0);
    const extra = costly.record.computeSeconds - none.record.computeSeconds;
    // At most every window, at 200 operations a pixel and a million a second.
    expect(extra).toBeGreaterThan(0);
    expect(extra).toBeLessThanOrEqual((seen * 200) / 1e6 + 1e-9);
    const elsewhere = { ...judging(0.51, 0), screening: { model: "j", modelSha256: "0", scenes: {} } };
    expect((await run(policy, elsewhere)).record.cloudyTiles).toBeLessThan(none.record.cloudyTiles);
  });

  it("sends an empty batch of a scene without anything in it", async () => {
    const nothing = { ...scene, blank: { x: 0, y: 0, width: 80, height: 56 } };
    const { drafts, record } = await run(parsePolicy("chips:margin=4,quality=60"), {}, 0, nothing);
    expect(drafts.map(({ kind }) => kind)).toEqual(["detections"]);
    expect(decodeDetections((drafts[0] as ReadyDraft).payload).detections).toEqual([]);
    expect(record).toMatchObject({ emptyTiles: plan.length, modelTiles: 0, losslessBytes: 0 });
  });

  it("refuses to detect on board without a model, and takes all bands of a scene that the plan does not name", async () => {
    await expect(run(parsePolicy("detect"), { detector: null })).rejects.toThrow(/no model/);
    const { record } = await run(parsePolicy("raw"), { bands: {} });
    expect(record.samples).toBe(80 * 56 * 2);
  });

  it("lets no read run on when a product cannot be kept", async () => {
    let open = 0;
    const reader = readerOf(scene);
    const counting = {
      ...reader,
      async readWindow(...args: Parameters<typeof reader.readWindow>) {
        open++;
        await new Promise((resolve) => setImmediate(resolve));
        open--;
        return reader.readWindow(...args);
      },
    };
    const onboard: Onboard = {
      policy: parsePolicy("raw"),
      computer,
      bands: { a: bands },
      tile,
      detector: null,
      judge: null,
      radiation: null,
      screening: null,
      codec: inlineTileCodec,
      measureLossless: false,
      inFlight: 3,
      signal: new AbortController().signal,
    };
    const keep = (): Promise<void> => Promise.reject(new Error("disk full"));
    const work = processAcquisition(onboard, acquisition, counting, benchFrom(0), keep);
    await expect(work).rejects.toThrow("disk full");
    expect(open).toBe(0);
  });
});
