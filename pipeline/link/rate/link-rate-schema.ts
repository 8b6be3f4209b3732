import { z } from "zod";
import { modulations } from "../budget/modcod.ts";

/** A number from `low` to `high`; the message is what was wanted. */
const within = (unit: string, low: number, high: number) =>
  z.custom<number>(
    (value) => typeof value === "number" && value >= low && value <= high,
    `${unit === "" ? "a number" : unit}, ${low} … ${high}`,
  );

const rate = z.custom<number>(
  (value) => typeof value === "number" && Number.isFinite(value) && value > 0,
  "bits a second, above 0",
);
const loss = within("decibels", 0, 100);

const coding = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({ kind: z.literal("shannon"), bandwidth: within("hertz", 100, 1e10) }),
    z.strictObject({
      kind: z.literal("dvb-s2"),
      symbolRate: within("symbols a second", 100, 1e10),
      rollOff: within("", 0.05, 0.35),
      pilots: z.boolean("true or false"),
      modulations: z
        .array(z.enum(modulations, `one of ${modulations.join(", ")}`), "a list of modulations")
        .min(1, "at least one modulation"),
      hysteresis: within("decibels", 0, 10),
    }),
  ],
  "shannon or dvb-s2",
);

const site = z.strictObject({
  latitude: within("degrees", -90, 90),
  altitude: within("metres", -500, 9000),
  gOverT: within("decibels per kelvin", -40, 70).nullable(),
});

const budget = z.strictObject({
  frequency: within("hertz", 1e9, 55e9),
  transmitter: z.strictObject({
    power: within("watts", 1e-6, 1e5),
    gain: within("decibels", -30, 80),
    losses: loss,
  }),
  receiver: z.strictObject({
    gOverT: within("decibels per kelvin", -40, 70),
    noiseTemperature: within("kelvin", 3, 10_000).nullable(),
  }),
  losses: loss,
  atmosphere: z.strictObject({
    gases: z.strictObject({ surfaceVapour: within("grams per cubic metre", 0, 60) }).nullable(),
    rain: z
      .strictObject({
        rate: within("millimetres per hour", 0, 300),
        rainHeight: within("metres", 0, 10_000),
        exceeded: within("per cent", 0.001, 5),
        tilt: within("degrees", 0, 90),
      })
      .nullable(),
  }),
  coding,
  implementationMargin: within("decibels", 0, 20),
  linkMargin: within("decibels", 0, 40),
  maxRate: rate.nullable(),
});

/** An optical link, as it stands in spacecraft. */
export const opticalSchema = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({
      kind: z.literal("reference"),
      rate,
      range: within("metres", 1000, 1e9),
      maxRate: rate,
    }),
    z.strictObject({
      kind: z.literal("telescopes"),
      wavelength: within("metres", 1e-7, 1e-5),
      power: within("watts", 1e-6, 1000),
      transmitAperture: within("metres", 1e-3, 10),
      receiveAperture: within("metres", 1e-3, 10),
      divergence: within("radians", 1e-8, 1).nullable(),
      transmitEfficiency: within("a share", 0, 1),
      receiveEfficiency: within("a share", 0, 1),
      losses: loss,
      photonsPerBit: within("photons", 0.1, 1e6),
      maxRate: rate,
    }),
  ],
  "reference or telescopes",
);

/** Zod schema of a `LinkRate` from outside, every figure in its range. */
export const linkRateSchema = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({ kind: z.literal("fixed"), rate }),
    z.strictObject({
      kind: z.literal("by-elevation"),
      steps: z
        .array(z.strictObject({ fromElevation: within("degrees", 0, 90), rate }), "a list of steps")
        .min(1, "at least one step"),
    }),
    z.strictObject({
      kind: z.literal("budget"),
      budget,
      sites: z.record(z.string(), site, "sites by station, or {}"),
    }),
    z.strictObject({ kind: z.literal("optical"), link: opticalSchema }),
  ],
  "a link rate whose `kind` is fixed, by-elevation, budget or optical",
);
