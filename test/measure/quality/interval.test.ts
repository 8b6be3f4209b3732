import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Label } from "../../../pipeline/detection/detection.ts";
import { tallyOf, unitsOf, weighed } from "../../../measure/quality/accuracy-tally.ts";
import { precisionRecall } from "../../../measure/quality/average-precision.ts";
import {
  accuracyIntervals,
  type NamedScene,
  pairedDifference,
  tallied,
} from "../../../measure/quality/interval.ts";
import { summariseQuality } from "../../../measure/quality/quality-summary.ts";
import { shareInterval, unitFor } from "../../../measure/quality/resampling.ts";
import { seeded } from "../../../pipeline/seeded.ts";

const at = (x: number, y: number, side = 10) => ({ x0: x, y0: y, x1: x + side, y1: y + side });
const ship = (score: number, boxPx = at(0, 0)) => ({ className: "ship", score, boxPx });
const label = (boxPx = at(0, 0), ignore = false): Label => ({ className: "ship", boxPx, ignore });

const box = fc
  .tuple(fc.nat(600), fc.nat(600), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }))
  .map(([x0, y0, w, h]) => ({ x0, y0, x1: x0 + w, y1: y0 + h }));
const scenes: fc.Arbitrary<readonly NamedScene[]> = fc
  .array(
    fc
      .record({
        labels: fc.array(fc.record({ className: fc.constant("ship"), boxPx: box, ignore: fc.boolean() }), {
          maxLength: 8,
        }),
        noise: fc.array(box, { maxLength: 6 }),
        scores: fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 14, maxLength: 14 }),
      })
      .map(({ labels, noise, scores }) => ({
        labels,
        detections: [...labels.map(({ boxPx }) => boxPx), ...noise].map((one, i) =>
          ship((scores[i] ?? 0) / 20, one),
        ),
      })),
    { minLength: 1, maxLength: 6 },
  )
  .map((all) => all.map((one, i) => ({ ...one, id: `scene ${i % 4}` })));

test("with every unit counted once, figures are those of the curve", () => {
  fc.assert(
    fc.property(scenes, fc.constantFrom("scene", "block"), (all, unit) => {
      const judged = all.map((scene) => tallied(scene));
      const units = unitsOf(judged, unit);
      const figures = weighed(tallyOf(judged, unit, units), new Float64Array(units.length).fill(1), 0.5);
      const { ap50, bestF1, recallAtPrecision90, at: counted, labels } = precisionRecall(all);
      const close = (one: number | null, other: number | null) =>
        other === null ? expect(one).toBeNull() : expect(one).toBeCloseTo(other, 12);
      close(figures.ap50, ap50);
      close(figures.recallAtPrecision90, recallAtPrecision90);
      if (labels > 0) close(figures.bestF1, bestF1?.f1 ?? null);
      const reported = all.map((one) => ({
        ...one,
        detections: one.detections.filter((d) => d.score >= 0.5),
      }));
      close(figures.ap50FromThreshold, precisionRecall(reported).ap50);
      const { truePositives, falsePositives } = counted(0.5);
      close(
        figures.precision,
        truePositives + falsePositives === 0 ? null : truePositives / (truePositives + falsePositives),
      );
      close(figures.recall, labels === 0 ? null : truePositives / labels);
    }),
  );
});

/** P(X ≤ k) of a binomial distribution. */
const binomial = (n: number, p: number, k: number): number => {
  let [term, sum] = [(1 - p) ** n, (1 - p) ** n];
  for (let i = 1; i <= k; i += 1) {
    term *= ((n - i + 1) / i) * (p / (1 - p));
    sum += term;
  }
  return sum;
};

/** Smallest k with P(X ≤ k) ≥ q. */
const quantileOf = (n: number, p: number, q: number): number => {
  let k = 0;
  while (binomial(n, p, k) < q) k += 1;
  return k;
};

test.each([
  [10, 3],
  [40, 20],
  [100, 93],
])("a share over %i units, of which %i hold, lies where the binomial distribution has it", (n, held) => {
  const interval = shareInterval(Array.from({ length: n }, (_, i) => ({ unit: `${i}`, holds: i < held })));
  for (const [end, q] of [
    [interval?.low, 0.025],
    [interval?.high, 0.975],
  ] as const) {
    expect(Math.abs((end ?? NaN) * n - quantileOf(n, held / n, q))).toBeLessThanOrEqual(1);
  }
});

test("one unit, or draws that are all alike, tell no interval", () => {
  expect(shareInterval([{ unit: "a", holds: true }])).toBeNull();
  expect(shareInterval(["a", "b", "c"].map((unit) => ({ unit, holds: true })))).toBeNull();
});

const random = seeded("interval test", 1);
const harbour = (id: string, skill: number): NamedScene => {
  const labels = Array.from({ length: 12 }, (_, i) => label(at(100 * i, 0)));
  return {
    id,
    labels,
    detections: labels.flatMap(({ boxPx }, i) =>
      random.uniform() < skill
        ? [ship(0.4 + random.uniform() / 2, boxPx)]
        : [ship(0.4 + random.uniform() / 2, at(100 * i, 500))],
    ),
  };
};
const ports = Array.from({ length: 8 }, (_, i) => harbour(`port ${i}`, 0.3 + 0.08 * i));

describe("intervals", () => {
  test("hold their figure, over scenes from five on and over blocks below", () => {
    expect([unitFor(4), unitFor(5)]).toEqual(["block", "scene"]);
    for (const few of [ports, ports.slice(0, 3)]) {
      const quality = summariseQuality(few, 0.5);
      const { unit, units, ap50FromThreshold, recall } = quality?.intervals ?? {};
      expect(unit).toBe(few === ports ? "scene" : "block");
      if (few === ports) expect(units).toBe(8);
      expect(ap50FromThreshold?.low).toBeLessThan(quality?.ap50FromThreshold ?? 0);
      expect(ap50FromThreshold?.high).toBeGreaterThan(quality?.ap50FromThreshold ?? 1);
      expect(recall?.low).toBeLessThan(quality?.recall ?? 0);
    }
  });

  test("are the same whenever they are drawn, whatever the order of scenes", () => {
    const judged = ports.map((scene) => tallied(scene));
    const once = accuracyIntervals(judged, "scene", 0.5);
    expect(accuracyIntervals(judged.toReversed(), "scene", 0.5)).toEqual(once);
  });

  test("of two results that share their scenes are narrower in pairs", () => {
    const worse = ports.map((scene) => ({ ...scene, detections: scene.detections.slice(1) }));
    const [a, b] = [ports, worse].map((all) => all.map((scene) => tallied(scene)));
    if (a === undefined || b === undefined) throw new Error("there are two");
    const paired = pairedDifference(b, a, "scene", 0.4);
    const { ap50FromThreshold: alone } = accuracyIntervals(a, "scene", 0.4).intervals;
    const width = (one: { low: number; high: number } | null | undefined) => (one ? one.high - one.low : NaN);
    expect(width(paired?.interval)).toBeLessThan(width(alone) / 2);
    expect(pairedDifference(a, a, "scene", 0.4)).toEqual({ difference: 0, interval: { low: 0, high: 0 } });
  });
});

test("scenes that the model was trained on are told from the others", () => {
  const training = new Map([
    ["port 0", "apart"],
    ["port 1", "apart"],
    ["port 7", "trainedOn"],
  ] as const);
  const { apart, trainedOn, unknown } = summariseQuality(ports, 0.4, training)?.byTraining ?? {};
  expect([apart?.scenes, trainedOn?.scenes, unknown?.scenes]).toEqual([2, 1, 5]);
  expect(apart?.ap50FromThreshold).toBeCloseTo(precisionRecall(ports.slice(0, 2)).ap50 ?? -1, 12);
  expect(trainedOn?.labels).toBe(12);
});

test("the summary states the model's threshold, and no precision where nothing was found", () => {
  const scene = { id: "one", labels: [label()], detections: [ship(0.4)] };
  expect(summariseQuality([scene], 0.3)).toMatchObject({ precision: 1, recall: 1, f1: 1, labels: 1 });
  expect(summariseQuality([scene], 0.5)).toMatchObject({
    precision: null,
    recall: 0,
    f1: null,
    ap50FromThreshold: 0,
  });
});
