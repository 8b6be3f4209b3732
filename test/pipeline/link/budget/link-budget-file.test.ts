import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { readLinkBudget } from "../../../../pipeline/link/budget/link-budget-file.ts";
import { readOpticalLink } from "../../../../pipeline/link/budget/optical-file.ts";
import { eirpOf } from "../../../../pipeline/link/budget/link-budget.ts";

const least = {
  frequency_ghz: 8.2,
  transmit_power_w: 2,
  transmit_gain_dbi: 6,
  g_over_t_db_per_k: 25,
  symbol_rate_msps: 50,
};

describe("a link budget from a file", () => {
  it("wants five numbers and says what it takes for the rest", () => {
    expect(readLinkBudget(least, "link.yaml")).toEqual({
      frequency: 8.2e9,
      transmitter: { power: 2, gain: 6, losses: 0 },
      receiver: { gOverT: 25, noiseTemperature: null },
      losses: 0,
      atmosphere: { gases: { surfaceVapour: 7.5 }, rain: null },
      coding: {
        kind: "dvb-s2",
        symbolRate: 50e6,
        rollOff: 0.2,
        pilots: true,
        modulations: ["QPSK", "8PSK", "16APSK", "32APSK"],
        hysteresis: 0.5,
      },
      implementationMargin: 1,
      linkMargin: 2,
      maxRate: null,
    });
  });

  it("takes EIRP for power and gain, bandwidth for symbol rate, gain and noise for G/T", () => {
    const budget = readLinkBudget(
      {
        frequency_ghz: 26,
        eirp_dbw: 20,
        receive_gain_dbi: 60,
        noise_temperature_k: 100,
        bandwidth_mhz: 500,
        roll_off: 0.25,
        modulations: ["16APSK", "QPSK"],
        rain: { rate_mm_h: 30, rain_height_km: 3.2 },
        max_rate_mbps: 1200,
      },
      "link.yaml",
    );
    expect(eirpOf(budget)).toBeCloseTo(20, 12);
    expect(budget.receiver).toEqual({ gOverT: 40, noiseTemperature: 100 });
    expect(budget.coding).toMatchObject({ symbolRate: 400e6, modulations: ["QPSK", "16APSK"] });
    expect(budget.atmosphere.rain).toEqual({ rate: 30, rainHeight: 3200, exceeded: 0.1, tilt: 45 });
    expect(budget.maxRate).toBe(1.2e9);
  });

  it.each([
    ["nothing", null, /^link\.yaml: wanted a mapping, got null$/],
    ["a list", [], /^link\.yaml: wanted a mapping, got \[\]$/],
    [
      "no frequency",
      { ...least, frequency_ghz: undefined },
      /frequency_ghz: wanted a number from 1 to 55, got nothing/,
    ],
    [
      "hertz for gigahertz",
      { ...least, frequency_ghz: 8.2e9 },
      /frequency_ghz: wanted a number from 1 to 55, got 82/,
    ],
    [
      "negative power",
      { ...least, transmit_power_w: -2 },
      /transmit_power_w: wanted a number from 0\.000001 to 100000, got -2/,
    ],
    ["a negative loss", { ...least, losses_db: -1 }, /losses_db: wanted a number from 0 to 100, got -1/],
    [
      "text",
      { ...least, transmit_gain_dbi: "6 dBi" },
      /transmit_gain_dbi: wanted a number from -30 to 80, got "6 dBi"/,
    ],
    ["not a number", { ...least, transmit_gain_dbi: Number.NaN }, /transmit_gain_dbi: wanted a number/],
    ["twice the power", { ...least, eirp_dbw: 3 }, /transmit_power_w: wanted nothing beside eirp_dbw, got 2/],
    [
      "twice the receiver",
      { ...least, receive_gain_dbi: 40 },
      /receive_gain_dbi: wanted nothing beside g_over_t_db_per_k/,
    ],
    [
      "no receiver",
      { ...least, g_over_t_db_per_k: undefined },
      /receive_gain_dbi: wanted a number from -30 to 90, got nothing/,
    ],
    ["two widths", { ...least, bandwidth_mhz: 60 }, /bandwidth_mhz: wanted nothing beside symbol_rate_msps/],
    ["a coding", { ...least, coding: "turbo" }, /coding: wanted one of dvb-s2, shannon, got "turbo"/],
    [
      "a modulation",
      { ...least, modulations: ["QPSK", "64APSK"] },
      /modulations: wanted a list of QPSK, 8PSK/,
    ],
    ["no modulation", { ...least, modulations: [] }, /modulations: wanted a list of QPSK/],
    [
      "rain without height",
      { ...least, rain: { rate_mm_h: 30 } },
      /rain\.rain_height_km: wanted a number from 0 to 10, got nothing/,
    ],
    [
      "rain all year",
      { ...least, rain: { rate_mm_h: 30, rain_height_km: 3, exceeded_percent: 100 } },
      /rain\.exceeded_percent: wanted a number from 0\.001 to 5, got 100/,
    ],
    [
      "a slip of the pen",
      { ...least, link_margin: 3 },
      /link\.yaml: unknown field "link_margin": wanted one of .*link_margin_db/,
    ],
    [
      "a slip in rain",
      { ...least, rain: { rate_mm_h: 3, rain_height_km: 3, p: 1 } },
      /link\.yaml: rain: unknown field "p"/,
    ],
  ])("refuses %s with the field and its range", (_, value, message) => {
    expect(() => readLinkBudget(value, "link.yaml")).toThrow(message);
  });
});

describe("an optical link from a file", () => {
  const laser = {
    wavelength_nm: 1550,
    power_w: 1,
    transmit_aperture_m: 0.08,
    receive_aperture_m: 0.08,
    transmit_efficiency: 0.8,
    receive_efficiency: 0.7,
    losses_db: 3,
    photons_per_bit: 100,
    max_rate_mbps: 10_000,
  };

  it("is two telescopes, or a rate at a distance", () => {
    expect(readOpticalLink({ ...laser, divergence_urad: 15 }, "laser.yaml")).toMatchObject({
      kind: "telescopes",
      divergence: 15e-6,
      maxRate: 10e9,
    });
    expect(readOpticalLink(laser, "laser.yaml")).toMatchObject({ divergence: null });
    const reference = { reference_rate_mbps: 100_000, reference_range_km: 1000 };
    expect(readOpticalLink(reference, "laser.yaml")).toEqual({
      kind: "reference",
      rate: 100e9,
      range: 1e6,
      maxRate: 100e9,
    });
  });

  it.each([
    [
      "efficiency over 1",
      { ...laser, transmit_efficiency: 1.2 },
      /transmit_efficiency: wanted a number from 0\.001 to 1, got 1\.2/,
    ],
    [
      "half of each",
      { ...laser, reference_rate_mbps: 1, reference_range_km: 1 },
      /unknown field "wavelength_nm"/,
    ],
  ])("refuses %s", (_, value, message) => {
    expect(() => readOpticalLink(value, "laser.yaml")).toThrow(message);
  });
});

describe("docs/link.md", () => {
  const page = readFileSync(new URL("../../../../docs/link.md", import.meta.url), "utf8");

  it("shows a budget that can be read", () => {
    const [, example = ""] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
    expect(readLinkBudget(parse(example), "docs/link.md").frequency).toBe(8.2e9);
  });

  it("names every field", () => {
    const fieldsOf = (read: () => unknown): readonly string[] => {
      try {
        read();
      } catch (error) {
        return (/wanted one of (.*)$/.exec((error as Error).message)?.[1] ?? "").split(", ");
      }
      return [];
    };
    const { g_over_t_db_per_k: _, ...without } = least;
    const receiver = { receive_gain_dbi: 40, noise_temperature_k: 100 };
    const fields = [
      ...fieldsOf(() => readLinkBudget({ ...without, ...receiver, no_such: 1 }, "x")),
      ...fieldsOf(() =>
        readLinkBudget({ ...least, rain: { rate_mm_h: 1, rain_height_km: 1, no_such: 1 } }, "x"),
      ),
      ...fieldsOf(() =>
        readLinkBudget({ ...least, symbol_rate_msps: undefined, bandwidth_mhz: 1, no_such: 1 }, "x"),
      ),
    ];
    expect(fields.length).toBeGreaterThan(20);
    const unnamed = fields.filter((field) => !new RegExp(`\\b${field}\\b`).test(page));
    expect(unnamed).toEqual([]);
  });
});
