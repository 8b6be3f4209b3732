import type { DayPolicy, DaySummary } from "../../../measure/summary/day-summary.ts";
import type { Verdict, Verdicts } from "../../../measure/summary/verdict-summary.ts";
import { policyNames, type PolicyName } from "./shown-policies.ts";

/** Times what the contacts can carry that each policy asks for; made up, with raw as the one that does not fit. */
const asked: Readonly<Record<PolicyName, number>> = {
  raw: 1.28,
  compress: 0.17,
  screen: 0.81,
  detect: 0.0004,
  chips: 0.012,
  adaptive: 0.003,
};

const capacity = 1.1e12;
const satellites = ["SENTINEL-2A", "SENTINEL-2B", "SENTINEL-2C"];

const fitting = (one: Omit<Verdict, "verdict" | "reason" | "satellite" | "all">): Verdict => ({
  ...one,
  verdict: (one.margin ?? 2) >= 1 ? "fits" : "does not fit",
  satellite: "SENTINEL-2A",
  all: null,
  reason: null,
});

/** Verdicts of a made-up policy; under `raw` the link and the store give way. */
export const verdicts = (policy: PolicyName): Verdicts => {
  const use = asked[policy];
  const margin = Math.min(6.1, 1 / use);
  const link: Verdict = {
    ...fitting({
      subject: "link",
      value: use * capacity,
      limit: capacity,
      unit: "B",
      margin: 1 / use,
      limitedBy: "contact time",
    }),
    all: { value: 3 * use * capacity, limit: 3.4 * capacity },
  };
  const store = fitting({
    subject: "store",
    value: 40e9 * use,
    limit: 2.5e12,
    unit: "B",
    margin: 1 / use,
    limitedBy: use > 1 ? "full in 1.6 d: more is made than the contacts carry" : "fullest in a day",
  });
  return {
    limits: [
      link,
      fitting({
        subject: "computer",
        value: 86_400 / 6.1,
        limit: 86_400,
        unit: "s",
        margin: 6.1,
        limitedBy: "operations",
      }),
      fitting({
        subject: "power",
        value: 0.87,
        limit: 0.6,
        unit: "charge",
        margin: 9.4,
        limitedBy: "the battery in eclipse",
      }),
      fitting({
        subject: "heat",
        value: 301,
        limit: 318,
        unit: "K",
        margin: null,
        limitedBy: "even with the computer always at work it stays below",
      }),
      store,
    ],
    fits: use < 1,
    givesWayFirst: use > 0.17 ? "link" : "computer",
    largestDuty: {
      work: margin,
      duty: 0.1 * margin,
      limitedBy: use > 0.17 ? "link" : "computer",
      fitsFlown: true,
      moreFits: false,
    },
  };
};

const dayPolicy = (policy: PolicyName): DayPolicy => {
  const produced = 3 * asked[policy] * capacity;
  const deliveredFraction = Math.min(0.98, 0.98 / Math.max(1, asked[policy]));
  const made = 10_368;
  const delivered = Math.round(made * deliveredFraction);
  return {
    policy,
    products: { made, delivered },
    deliveredFraction: delivered / made,
    medianSeconds: 900 + 9000 * asked[policy],
    p90Seconds: deliveredFraction > 0.9 ? 3600 + 20_000 * asked[policy] : null,
    bytes: {
      produced,
      delivered: (produced * delivered) / made,
      backlog: produced - (produced * delivered) / made,
      dropped: 0,
      onLink: (1.18 * produced * delivered) / made,
    },
    energyJoules: { camera: 8e5, compute: 4e6, radio: 1e6, crosslink: 0, total: 5.8e6 },
    curve: Array.from({ length: 41 }, (_, n) => ({
      seconds: 120 + 86_000 * (n / 40) ** 3 * Math.min(1, asked[policy] + 0.1),
      fraction: (deliveredFraction * n) / 40,
    })),
    contacts: satellites.map((satellite, n) => ({
      satellite,
      seconds: 14_600 - 3000 * n,
      couldCarryBytes: capacity * (1 - 0.2 * n),
      askedBytes: asked[policy] * capacity,
      carriedBytes: Math.min(asked[policy], 1 - 0.2 * n) * capacity,
    })),
  };
};

/** A made-up full day under every policy. */
export const day: DaySummary = {
  from: "2026-08-13T00:00:00Z",
  hours: 24,
  duty: 0.1,
  imagedFraction: 0.1,
  camera: { swathMetres: 20_000, groundSpeedMetresPerSecond: 6900, metresPerPixel: 10 },
  pictures: { count: 10_368, seconds: 10, megapixels: 13.8, everySeconds: 40 },
  built: ["A picture of the day covers 10 s of flight: 2,000 × 6,900 pixels of 10 m, 13.8 megapixels."],
  assumed: ["a camera that images a tenth of its orbits"],
  policies: policyNames.map(dayPolicy),
};
