import type { Label } from "../../../pipeline/detection/detection.ts";
import { summariseQuality } from "../../../measure/quality/quality-summary.ts";
import type { PolicySummary } from "../../../measure/summary/run-summary.ts";
import type { PolicyName } from "./shown-policies.ts";
import { seeded } from "../../../pipeline/seeded.ts";
import { verdicts } from "./day-fixture.ts";
import type { NamedDetection } from "../../../pipeline/detection/named-detection.ts";

const baseline = 1_284_000_000;

const random = seeded("report fixture", 1);

/** A made-up number, the same in every run. */
export const number = (low: number, high: number): number => low + (high - low) * random.uniform();

/** A made-up harbour: where ships lie in an 800 × 560 picture, and what a model of that `skill` makes of it. */
export const labels: readonly Label[] = Array.from({ length: 24 }, () => {
  const [x, y, w, h] = [number(30, 560), number(40, 500), number(8, 34), number(6, 22)];
  return { className: "ship", boxPx: { x0: x, y0: y, x1: x + w, y1: y + h } };
});

const found = (skill: number): readonly NamedDetection[] => [
  ...labels.flatMap(({ boxPx: { x0, y0, x1, y1 } }) =>
    number(0, 1) > skill
      ? []
      : [
          {
            className: "ship",
            score: number(0.35, 0.98),
            boxPx: {
              x0: x0 + number(-1, 1),
              y0: y0 + number(-1, 1),
              x1: x1 + number(-1, 1),
              y1: y1 + number(-1, 1),
            },
          },
        ],
  ),
  ...Array.from({ length: Math.round((1 - skill) * 30) }, () => {
    const [x, y] = [number(20, 700), number(20, 520)];
    return { className: "ship", score: number(0.25, 0.6), boxPx: { x0: x, y0: y, x1: x + 14, y1: y + 11 } };
  }),
];

/** What the model finds on lossless pixels, and on lossy ones. */
export const sound = found(0.88);

export const lossy = found(0.72);

interface Shape {
  readonly payload: Partial<PolicySummary["bytes"]["onLink"]["byProduct"]>;
  readonly delivered: number;
  readonly onBoard: boolean;
  readonly latency: readonly [queue: number, compute: number, wait: number, transmit: number, ground: number];
  readonly joules: readonly [compute: number, radio: number];
}

const shapes: Readonly<Record<PolicyName, Shape>> = {
  raw: {
    payload: { tileLossless: 471e6 },
    delivered: 37,
    onBoard: false,
    latency: [0, 0, 16_400, 310, 4],
    joules: [320, 41_200],
  },
  compress: {
    payload: { tileLossy: 61.3e6 },
    delivered: 100,
    onBoard: false,
    latency: [3, 6, 3900, 41, 4],
    joules: [2100, 5900],
  },
  screen: {
    payload: { tileLossless: 388e6 },
    delivered: 64,
    onBoard: false,
    latency: [1, 2, 11_800, 220, 4],
    joules: [900, 34_000],
  },
  detect: {
    payload: { detections: 31_400 },
    delivered: 100,
    onBoard: true,
    latency: [14, 11, 2650, 0.2, 0.4],
    joules: [6300, 260],
  },
  chips: {
    payload: { detections: 31_400, chips: 2.9e6 },
    delivered: 100,
    onBoard: true,
    latency: [15, 12, 2660, 0.9, 0.5],
    joules: [6400, 520],
  },
  adaptive: {
    payload: { detections: 31_400, chips: 0.71e6 },
    delivered: 100,
    onBoard: true,
    latency: [15, 12, 2655, 0.4, 0.5],
    joules: [6400, 330],
  },
};

/** One policy's part, with sums that add up. */
const platformSummary = (batteryWait: number): PolicySummary["platform"] => ({
  power: {
    generated: 9.1e6,
    demanded: 4.2e6,
    unmet: 0,
    lost: 2.1e5,
    shed: 4.6e6,
    storedChange: 9e4,
    lowestCharge: 0.71,
  },
  highestTemperatureKelvin: 311,
  eclipseFraction: 0.36,
  loads: { base: 4e6, contact: 6e4, camera: 2e3, compute: 1e5, transmit: 3e4, crosslink: 0 },
  waits: { battery: batteryWait, heat: 0, throttled: 12, count: batteryWait > 0 ? 2 : 0 },
});

export const policySummary = (policy: PolicyName, change: Partial<PolicySummary> = {}): PolicySummary => {
  const { payload, delivered, onBoard, latency, joules } = shapes[policy];
  const byProduct = { detections: 0, chips: 0, tileLossless: 0, tileLossy: 0, ...payload };
  const sent = Object.values(byProduct).reduce((sum, bytes) => sum + bytes, 0);
  const [framing, retransmission, idle] = [Math.round(sent * 0.16), Math.round(sent * 0.021), 4210];
  const total = sent + framing + retransmission + idle;
  const [queue, compute, waitForContact, transmit, ground] = latency;
  const sum = latency.reduce((all, stage) => all + stage, 0);
  const stays = Math.round((sent / delivered) * (100 - delivered));
  const [computeJoules, radio] = joules;
  const ofRaw = Math.round((sound.length * shapes.raw.delivered) / 37);
  return {
    policy,
    settings: {},
    verdicts: verdicts(policy),
    acquisitions: { planned: 100, captured: 100, processedOnBoard: 100, delivered },
    tiles: {
      captured: 4900,
      screenedEmpty: 0,
      screenedCloudy: policy === "screen" ? 611 : 0,
      processedOnBoard: onBoard ? 4900 : 0,
      processedOnGround: onBoard ? 0 : 4900,
    },
    detections: { onBoard: onBoard ? 2170 : 0, delivered: Math.round(21.7 * delivered) },
    bytes: {
      sensorUncompressed: 2_411_000_000,
      rawLossless: 1_102_000_000,
      rawLosslessFramed: baseline,
      onLink: { total, byProduct, framing, retransmission, idle },
      uplink: 18_400,
    },
    savingFraction: 1 - total / baseline,
    conservation: {
      producedBytes: sent + stays,
      deliveredBytes: sent,
      onBoardBytes: Math.round(stays / 2),
      droppedBytes: stays === 0 ? {} : { "store-full": stays - Math.round(stays / 2) },
    },
    deliveredShare: { acquisitionsFraction: delivered / 100, bytesFraction: sent / (sent + stays) },
    contacts: { used: 46, transmitSeconds: total / 12.5e6 },
    latencySeconds: {
      median: sum * 0.83,
      p90: sum * 1.9,
      mean: { queue, compute, waitForContact, transmit, ground, total: sum },
    },
    pictureDelays: {
      made: 100,
      delivered,
      medianSeconds: delivered >= 50 ? sum * 0.83 : null,
      p90Seconds: delivered >= 90 ? sum * 1.9 : null,
      slowestSeconds: sum * 2.4,
    },
    products: { made: 100, delivered },
    energyJoules: {
      camera: 1800,
      compute: computeJoules,
      radio,
      crosslink: 0,
      total: 1800 + computeJoules + radio,
      perMegapixel: (1800 + computeJoules + radio) / 1204,
    },
    platform: platformSummary(policy === "detect" ? 340 : 0),
    crosslinks: null,
    quality: summariseQuality(
      [{ id: "harbour-003", labels, detections: policy === "compress" ? lossy : sound }],
      0.3,
      new Map([["harbour-003", "apart"]]),
    ),
    agreementWithRaw:
      policy === "compress"
        ? {
            matched: 16,
            ofRaw,
            ofPolicy: lossy.length,
            rawFoundFraction: 16 / ofRaw,
            rawFoundInterval: { low: 0.6, high: 0.9 },
            policyConfirmedFraction: 16 / lossy.length,
            policyConfirmedInterval: { low: 0.5, high: 0.8 },
            identical: false,
          }
        : {
            matched: ofRaw,
            ofRaw,
            ofPolicy: ofRaw,
            rawFoundFraction: 1,
            rawFoundInterval: null,
            policyConfirmedFraction: 1,
            policyConfirmedInterval: null,
            identical: true,
          },
    losses: [
      { what: "frame", reason: "corrupt", count: 31, bytes: retransmission },
      ...(stays === 0
        ? []
        : [
            {
              what: "product" as const,
              reason: "store-full",
              count: 1210,
              bytes: stays - Math.round(stays / 2),
            },
          ]),
      ...(policy === "screen"
        ? [{ what: "tile" as const, reason: "cloudy", count: 611, bytes: 140_000_000 }]
        : []),
    ],
    ...change,
  };
};
