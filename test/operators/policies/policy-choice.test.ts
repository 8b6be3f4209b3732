import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  kindOf,
  labelNamed,
  parsePolicies,
  parsePolicy,
  policyText,
} from "../../../operators/policies/policy-choice.ts";

describe("parsePolicy", () => {
  it("takes the usual settings where nothing is said, and is called by its name then", () => {
    expect(parsePolicy("compress")).toEqual({
      name: "compress",
      label: "compress",
      where: "ground",
      screens: false,
      settings: { format: "webp", quality: 75 },
    });
    expect(parsePolicy("compress:quality=75")).toEqual(parsePolicy("compress"));
    expect(parsePolicy("screen").screens).toBe(true);
    expect(parsePolicy("detect").where).toBe("board");
  });

  it("takes parameters, with their unit or without", () => {
    expect(parsePolicy("chips:margin=16px").settings).toEqual({ marginPx: 16, quality: 80 });
    expect(parsePolicy(" chips: quality = 60 , margin = 4 ").settings).toEqual({ marginPx: 4, quality: 60 });
  });

  it("gives every use a label that fits a folder and a subject", () => {
    expect(parsePolicy("compress:quality=50").label).toBe("compress-quality-50");
    expect(parsePolicy("screen:max-cloud=0.25").label).toBe("screen-max-cloud-0_25");
    expect(parsePolicy("adaptive:margin=9,sure-above=1/3").label).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(labelNamed("compress:quality=50")).toBe("compress-quality-50");
    expect(labelNamed("compress-quality-50")).toBe("compress-quality-50");
  });

  it("writes what it reads", () => {
    const chosen = fc.record({
      margin: fc.integer({ min: 0, max: 256 }),
      quality: fc.integer({ min: 1, max: 100 }),
      sure: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(chosen, ({ margin, quality, sure }) => {
        const policy = parsePolicy(`adaptive:margin=${margin},quality=${quality},sure-above=${sure}`);
        expect(parsePolicy(policyText(policy))).toEqual(policy);
        expect(policy.settings).toEqual({ marginPx: margin, quality, sureAbove: sure });
      }),
    );
  });

  it.each([
    ["", /--policy: wanted one of raw, .*, got ""/],
    ["Detect", /got "Detect"/],
    ["detect:", /--policy: detect: wanted no parameters, got ""/],
    ["raw:quality=3", /--policy: raw: wanted no parameters, got "quality=3"/],
    ["chips:", /--policy: chips: wanted some of margin=…, quality=…, got ""/],
    ["chips:margin", /got "margin"/],
    ["chips:marginPx=3", /got "marginPx=3"/],
    ["chips:margin=", /--policy: chips:margin: wanted a number from 0 to 256, got ""/],
    ["chips:margin=1e9", /wanted a number from 0 to 256, got "1e9"/],
    ["chips:margin=1.5", /wanted a whole number from 0 to 256, got "1.5"/],
    ["chips:margin=-1", /wanted a number from 0 to 256/],
    ["chips:margin=NaN", /wanted a number from 0 to 256/],
    ["chips:margin=3,margin=4", /--policy: chips: wanted margin once, got margin twice/],
    ["compress:format=png", /--policy: compress:format: wanted one of webp, avif, jpeg, got "png"/],
    ["compress:quality=0", /wanted a number from 1 to 100, got "0"/],
  ])("refuses %j in one line", (text, message) => {
    expect(() => parsePolicy(text)).toThrow(message);
  });
});

describe("parsePolicies", () => {
  const labels = (text: string) => parsePolicies(text).map(({ label }) => label);

  it("takes policies and their parameters between commas, in the order of the registry, each once", () => {
    expect(labels("detect,compress:quality=50,raw")).toEqual(["raw", "compress-quality-50", "detect"]);
    expect(labels("compress:quality=90,format=avif,compress:quality=50,compress,compress")).toEqual([
      "compress-format-avif-quality-90",
      "compress-quality-50",
      "compress",
    ]);
  });

  it.each(["", "raw,", "raw,,detect", "quality=5", "raw,quality=5", "raw;detect"])("refuses %j", (text) => {
    expect(() => parsePolicies(text)).toThrow(/--policies/);
  });
});

describe("kindOf", () => {
  it("names what a plan of another release has", () => {
    expect(() => kindOf({ name: "telepathy" })).toThrow(/policy telepathy: wanted one of raw/);
  });
});
